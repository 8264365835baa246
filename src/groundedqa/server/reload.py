"""Following what is published: a thread opens the new snapshot while the old one answers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

from groundedqa.ask import Asker
from groundedqa.errors import GroundedQAError, SnapshotMissingError

_log = structlog.get_logger()
_EVERY = 0.5  # seconds between looks at the one small file
_PATIENCE = 2.0
_SHARE = 4  # a snapshot that is refused again and again takes a fifth of one core at most


class Follower:
    """Holds the Asker that answers now; without one, says why there is none.

    ``open_asker`` is called until it succeeds, in the follower's own thread.
    """

    def __init__(self, open_asker: Callable[[], Asker], every: float = _EVERY) -> None:
        self._open = open_asker
        self._every = every
        self._asker: Asker | None = None
        self._problem: GroundedQAError | None = SnapshotMissingError(
            "the service is starting: the snapshot is being verified; ask again in a moment"
        )
        self._stop = threading.Event()
        self._looked = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    @property
    def asker(self) -> Asker:
        """The Asker that answers now.

        Raises:
            GroundedQAError: why there is none yet.
        """
        if self._asker is None:
            assert self._problem is not None
            raise self._problem
        return self._asker

    @property
    def problem(self) -> str | None:
        """Why the newest snapshot is not the one that answers; None if it is."""
        return str(self._problem) if self._problem else None

    @property
    def missing(self) -> bool:
        """Whether nothing is published, or is no more."""
        return isinstance(self._problem, SnapshotMissingError) and self._looked.is_set()

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until it has looked once, so long at most."""
        self._looked.wait(seconds)

    def stop(self) -> None:
        """End, and give the snapshot back."""
        self._stop.set()
        self._thread.join(_PATIENCE)  # it may be verifying: nobody waits for the end of that
        if self._asker is not None:
            self._asker.close()

    def look(self) -> None:
        """Look once: open what is published, or change to it."""
        try:
            if self._asker is None:
                self._asker = self._open()
                _log.info("ready", snapshot=self._asker.snapshot_id)
            elif self._asker.reload():
                _log.info("reloaded", snapshot=self._asker.snapshot_id)
            self._problem = None
        except GroundedQAError as error:
            if str(error) != self.problem:
                _log.error("snapshot refused", error=str(error))
            self._problem = error
        except Exception as error:  # noqa: BLE001 - a dead follower would serve old text for ever
            unforeseen = GroundedQAError(f"following what is published failed: {error!r}")
            if str(unforeseen) != self.problem:
                _log.error("following failed", exc_info=error)
            self._problem = unforeseen

    def _run(self) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            self.look()
            self._looked.set()
            took = time.monotonic() - started
            self._stop.wait(max(self._every, _SHARE * took if self._problem else 0))
