"""A table of readers that do to their process what a hostile file could: see `read.worker`."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator

from groundedqa.read.markdown import READER as MARKDOWN
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, RawDocument, Reader, Source


def _eat() -> None:
    kept = []
    while True:
        kept.append(bytearray(64 << 20))


def _print() -> None:
    os.write(1, b"\xff" * 100_000)
    sys.stdout.write("all is well")
    sys.stdout.flush()


def _full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


DEEDS: dict[str, Callable[[], object]] = {
    "dies": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "exits": lambda: os._exit(0),
    "faults": lambda: ctypes.string_at(0),
    "sleeps": lambda: time.sleep(60),
    "loops": lambda: re.match(r"(a+)+$", "a" * 60 + "b"),  # in C, and holds the lock
    "eats": _eat,
    "prints": _print,
    "closes": lambda: os.closerange(3, 100),
    "is full": _full,
    "stops": lambda: os.kill(os.getpid(), signal.SIGSTOP),
}


def _read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    for number, raw in enumerate(MARKDOWN.read(source, profile)):
        yield raw
        deed = DEEDS.get(source.path.stem)
        if deed and not number:
            deed()


READERS = (Reader("hostile", (".md",), lambda _: False, _read),)
