"""One reading process, as a build sees it: jobs in, frames out, and what it died of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass

from groundedqa.errors import CorpusError
from groundedqa.read import wire
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Source

_CHUNK = 1 << 16
_PATIENCE = 5.0  # seconds for an idle process to end by itself
# Each reads on one core: the libraries of some readers would start a thread for each there is.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one source may take: seconds without a sign of life, more for large ones, and bytes."""

    seconds: float = 20
    seconds_per_mb: float = 1
    memory: int = 2 << 30
    starting: float = 60  # seconds in which a process must have started

    def of(self, size: int) -> float:
        """The seconds for a source of so many bytes."""
        return self.seconds + self.seconds_per_mb * (size // 1_000_000)


class ReadingProcess:
    """A worker (see `worker`), from its start to its end."""

    def __init__(self, table: str, profile: SiteProfile, bounds: Bounds) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "groundedqa.read.worker", table],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert self._process.stdout
        assert self._process.stdin
        self._in, self._out = self._process.stdin, self._process.stdout
        os.set_blocking(self._out.fileno(), False)
        self._buffer = bytearray()
        self.started = False
        self.ended = False
        # The fields that were set and no others: what was not has its own meaning.
        described = profile.model_dump_json(exclude_unset=True)
        self._send({"profile": described, "memory": bounds.memory})

    def read(self, source: Source, *, explain: bool) -> None:
        """Begin with a source; its frames end with `wire.END`."""
        path = os.fsencode(source.path).hex()
        self._send({"path": path, "name": source.name, "explain": explain})

    def _send(self, job: dict[str, object]) -> None:
        try:
            self._in.write(wire.frame([[job]]))
            self._in.flush()
        except BrokenPipeError:
            pass  # it has died; the end of what it says tells so too

    def fileno(self) -> int:
        """What to wait for."""
        return self._out.fileno()

    def frames(self) -> list[tuple[int, list[wire.Item]]]:
        """What has come, frame by frame with its size; never waits. ``ended``: that was all.

        Raises:
            ValueError: it is not in the form of frames.
        """
        try:
            while data := os.read(self.fileno(), _CHUNK):
                self._buffer += data
                if len(data) < _CHUNK:
                    break
            self.ended = self.ended or not data
        except BlockingIOError:
            pass
        return list(wire.taken_off(self._buffer))

    def kill(self) -> None:
        """End it in the midst of whatever it does."""
        self._process.kill()
        self.ended = True
        self._close()

    def died_of(self) -> str:
        """What ended it, in words."""
        status = self._close()
        return f"signal {-status}" if status < 0 else f"status {status}"

    def end(self) -> None:
        """Let it end, now that it has nothing to do."""
        self._close()

    def not_started(self) -> CorpusError:
        """What to raise where it never began."""
        return CorpusError(
            f"the process that reads sources did not start ({self.died_of()}); "
            f"see what `{sys.executable} -m groundedqa.read.worker groundedqa.read.table` says"
        )

    def _close(self) -> int:
        for pipe in (self._in, self._out):
            with suppress(BrokenPipeError):
                pipe.close()
        try:
            return self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGKILL)
            return self._process.wait()
