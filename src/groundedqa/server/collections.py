"""One process serves many collections, each opened when it is first asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from groundedqa.ask import Asker
from groundedqa.errors import GroundedQAError
from groundedqa.server.reload import Follower
from groundedqa.snapshot import Collection, Served, collections, not_found, served

_log = structlog.get_logger()
DEFAULT = "default"
DEFAULT_MB = 4096
_PATIENCE = 20.0  # seconds that the first question waits for its collection to be opened
_IDLE = 5.0  # seconds after the last question: what is being answered was begun long before
_TIDY = 1.0


@dataclass
class _Open:
    """A collection that is followed, and when it was last asked for."""

    follower: Follower
    used: float = field(default_factory=time.monotonic)


class Collections:
    """The Askers by the name of their collection; threads may share it.

    ``open_asker`` opens one, ``names`` tells which there are now, ``describe`` what one serves. The
    default one is followed from the start and stays; the others are opened when they are first
    asked for, and once all that is open has more than ``megabytes`` of files, those are closed that
    were not asked for longest.
    """

    def __init__(
        self,
        open_asker: Callable[[str], Asker],
        names: Callable[[], Sequence[str]],
        describe: Callable[[str], Served],
        *,
        default: str = DEFAULT,
        every: float = 0.5,
        megabytes: int = DEFAULT_MB,
    ) -> None:
        self.index: Path | None = None  # the folder that they are of, if they are
        self._open_asker = open_asker
        self._names = names
        self._describe = describe
        self._every = every
        self._most = megabytes * 1_000_000
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._tidying = threading.Thread(target=self._tidy_often, name="tidy", daemon=True)
        self.default = default
        self.follower = self._follower(default)
        self._open = {default: _Open(self.follower)}

    @classmethod
    def single(cls, open_asker: Callable[[], Asker], every: float = 0.5) -> Collections:
        """One collection, under the default's name."""

        def described(name: str) -> Served:
            return replace(single.asker(name).served(), collection=name)

        single = cls(lambda _: open_asker(), lambda: [DEFAULT], described, every=every)
        return single

    @classmethod
    def of_index(
        cls,
        index: Path,
        open_asker: Callable[[Collection], Asker],
        *,
        default: str = DEFAULT,
        megabytes: int = DEFAULT_MB,
    ) -> Collections:
        """Those of a folder of snapshots, as they come and go."""
        found = cls(
            lambda name: open_asker(Collection(index, name)),
            lambda: [each.name for each in collections(index)],
            lambda name: served(Collection(index, name)),
            default=default,
            megabytes=megabytes,
        )
        found.index = index
        return found

    def start(self, wait: float = 0) -> None:
        """Begin to follow the default one, and wait so many seconds at most until it is open.

        A second call changes nothing.
        """
        if not self._tidying.ident:
            self.follower.start()
            self._tidying.start()
        self.follower.wait(wait)

    def stop(self) -> None:
        """End, and give every snapshot back."""
        self._stopped.set()
        with self._lock:
            opened = list(self._open.values())
        for each in opened:
            each.follower.stop()

    def names(self) -> list[str]:
        """The collections that there are, open or not."""
        return list(self._names())

    def served(self, name: str) -> Served:
        """What a collection has published, open or not.

        Raises:
            CollectionNotFoundError: there is none of this name.
        """
        if name not in self.names():
            raise not_found(name)
        return self._describe(name)

    def is_open(self, name: str) -> bool:
        """Whether asking for it takes no time."""
        return name in self._open

    def asker(self, name: str) -> Asker:
        """The Asker of a collection; where it is not open this waits until it is.

        Raises:
            CollectionNotFoundError: there is none of this name.
            GroundedQAError: why it can't be asked now.
        """
        opened = self._open.get(name) or self._follow(name)
        opened.used = time.monotonic()
        if opened.follower.missing and name != self.default and name not in self.names():
            raise not_found(name)
        return opened.follower.asker

    def tidy(self) -> None:
        """Close what was removed, and beyond the bound what was not asked for longest."""
        listed = set(self.names())
        with self._lock:
            opened = dict(self._open)
        size = {name: _size(each.follower) for name, each in opened.items()}
        del opened[self.default]
        for name, each in sorted(opened.items(), key=lambda item: item[1].used):
            gone = name not in listed and each.follower.missing
            idle = time.monotonic() - each.used > _IDLE
            if gone or (idle and sum(size.values()) > self._most):
                del size[name]
                self._close(name)

    def _follow(self, name: str) -> _Open:
        if name not in self.names():
            raise not_found(name)
        with self._lock:
            opened = self._open.get(name)
            if opened is None:
                opened = self._open[name] = _Open(self._follower(name))
                opened.follower.start()
        opened.follower.wait(_PATIENCE)
        return opened

    def _follower(self, name: str) -> Follower:
        return Follower(lambda: self._open_asker(name), self._every)

    def _close(self, name: str) -> None:
        with self._lock:
            closed = self._open.pop(name)
        closed.follower.stop()
        _log.info("closed", collection=name)

    def _tidy_often(self) -> None:
        while not self._stopped.wait(_TIDY):
            try:
                self.tidy()
            except OSError as error:  # the index is not to be read just now
                _log.error("tidying failed", error=str(error))


def _size(follower: Follower) -> int:
    try:
        return follower.asker.size
    except (GroundedQAError, OSError):  # not open yet, or being deleted
        return 0
