"""The process that reads for a build: ``python -m groundedqa.read.worker TABLE``.

It takes jobs from standard input and answers on standard output, in the frames of `wire`. ``TABLE``
is the dotted name of the module whose ``READERS`` it has. It ends when its input closes, at once:
while it reads a source, the system's signal for that ends it in the midst of whatever it does.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from groundedqa.read import wire
from groundedqa.read.events import Opened
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Dropped, Reader, Source
from groundedqa.read.source import read_source, unforeseen

_BATCH = 262_144  # characters of text
_SECONDS = 1.0  # after which what is there is sent, however little


class _Answers:
    """Items on their way to the build: sent when they are many, or when a second has gone by."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._items: list[wire.Item] = []
        self._size = 0
        self._sent = time.monotonic()

    def add(self, item: wire.Item, size: int = 100) -> None:
        self._items.append(item)
        self._size += size
        if self._size > _BATCH or time.monotonic() - self._sent > _SECONDS:
            self.send()

    def send(self) -> None:
        self._out.write(wire.frame(self._items))
        self._out.flush()
        self._items, self._size, self._sent = [], 0, time.monotonic()

    def last(self, *item: Any) -> None:
        self.add(list(item))
        self.send()


def main() -> None:
    """Read what is asked for until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build is interrupted, and closes the input
    with os.fdopen(os.dup(1), "wb") as out, os.fdopen(os.dup(0), "rb") as jobs:
        os.dup2(2, 1)  # whatever a library prints is no frame
        readers: Sequence[Reader] = import_module(sys.argv[1]).READERS
        hello = _received(jobs)
        if hello is None:
            return
        profile = SiteProfile.model_validate_json(hello["profile"])
        _limit(hello["memory"])
        answers = _Answers(out)
        sys.excepthook = _telling(answers)
        answers.last(wire.READY)
        with Path(os.devnull).open("wb") as nowhere:  # a hostile file prints nowhere
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        while job := _received(jobs):
            _end_with_input(jobs, True)
            _read(job, profile, readers, answers)
            _end_with_input(jobs, False)
            answers.last(wire.END)  # only now: the next job may follow at once, and is no end


def _received(jobs: BinaryIO) -> dict[str, Any] | None:
    head = jobs.read(wire.LENGTH.size)
    if len(head) < wire.LENGTH.size:
        return None
    data = jobs.read(wire.LENGTH.unpack(head)[0])
    found: dict[str, Any] = json.loads(data)[0][0]
    return found


def _limit(memory: int) -> None:
    """No more than so many bytes beyond what the interpreter has taken, and no core files."""
    statm = Path("/proc/self/statm")
    pages = int(statm.read_text("ascii").split()[0]) if statm.exists() else 0
    taken = pages * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = memory + taken
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _end_with_input(jobs: BinaryIO, on: bool) -> None:
    """Whether the end of the input ends this process at once (SIGIO, whose default that is)."""
    fd = jobs.fileno()
    fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(fd, fcntl.F_GETFL)
    fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_ASYNC if on else flags & ~os.O_ASYNC)
    if on and select.select([fd], [], [], 0)[0]:  # it ended before: no signal comes any more
        sys.exit()


def _read(
    job: dict[str, Any], profile: SiteProfile, readers: Sequence[Reader], answers: _Answers
) -> None:
    source = Source(Path(os.fsdecode(bytes.fromhex(job["path"]))), job["name"])
    dropped: list[Dropped] | None = [] if job["explain"] else None
    try:
        for event in read_source(source, profile, dropped, readers):
            for each in dropped or ():
                answers.add(wire.item_of(each))
            if dropped:
                dropped.clear()
            answers.add(wire.item_of(event), len(getattr(event, "text", "")) + 100)
            if isinstance(event, Opened):
                answers.send()  # should its reader end this process, it is known which one did
    except MemoryError:
        answers.last(wire.MEMORY)
        sys.exit()  # what is left of its memory is in pieces
    except OSError as error:
        answers.last(wire.FULL_DISK, error.errno)
        sys.exit()


def _telling(answers: _Answers) -> Any:
    """A last word on a fault that nobody foresaw."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        del kind, trace
        answers.last(wire.FAULT, unforeseen("", error).reason)

    return tell


if __name__ == "__main__":
    main()
