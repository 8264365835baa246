"""The processes that read for one build, and the sources that wait for their turn."""

from __future__ import annotations

import os
import select
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from groundedqa.read import wire
from groundedqa.read.events import Event, Problem
from groundedqa.read.process import Bounds, ReadingProcess
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Dropped, Source

_AHEAD = 64 << 20  # bytes that may be kept of sources whose turn has not come
_TURNS = 64  # sources, for each process, that may be read before their turn
_FEW = 8  # fewer sources than this are read by one process ...
_SMALL = 1 << 20  # ... if they are no larger than this together, in bytes


@dataclass(slots=True)
class Turn:
    """A source whose events come when those before it have come."""

    source: Source | Problem
    batches: deque[tuple[int, list[Event | Dropped]]] = field(default_factory=deque)
    kept: int = 0  # bytes
    done: bool = False
    reason: str = ""  # why it ended before its end


@dataclass(slots=True)
class _Worker:
    process: ReadingProcess
    turn: Turn | None = None
    since: float = field(default_factory=time.monotonic)  # the last sign of life
    seconds: float = 0  # that may go by until the next

    def left(self, now: float) -> float:
        return self.since + self.seconds - now


@dataclass(frozen=True, slots=True)
class Task:
    """What the processes of a crew are started with."""

    profile: SiteProfile
    bounds: Bounds
    table: str
    explain: bool


class Crew:
    """At most ``size`` processes; they start when there is work, and are replaced when they end."""

    def __init__(self, task: Task, size: int, given: Iterator[Source | Problem]) -> None:
        self._task = task
        self._size = size
        self._given = given
        self._pending: deque[Source | Problem] = deque()
        self._workers: list[_Worker] = []
        self._turns: deque[Turn] = deque()
        self._begun = self._bytes = 0

    def turns(self) -> Iterator[Turn]:
        """Each source in its turn; work goes on with those after it."""
        while True:
            self.hand_out()
            if not self._turns:
                return
            yield self._turns[0]
            self._turns.popleft()

    def hand_out(self) -> None:
        """Give sources to those who have nothing to do."""
        while len(self._turns) < _TURNS * self._size:
            self._look_ahead()
            if not self._pending:
                return
            if isinstance(self._pending[0], Problem):
                self._turns.append(Turn(self._pending.popleft(), done=True))
                continue
            worker = self._idle()
            if worker is None:
                return
            self._begin(worker, self._pending[0])
            self._pending.popleft()

    def attend(self) -> None:
        """Wait until something comes of a source, or a bound is reached."""
        full = sum(turn.kept for turn in self._turns) > _AHEAD
        first = self._turns[0]
        busy = [w for w in self._workers if w.turn and (w.turn is first or not full)]
        now = time.monotonic()
        wait = max(0.0, min(worker.left(now) for worker in busy))
        ready, _, _ = select.select([w.process for w in busy], [], [], wait)
        now = time.monotonic()
        for worker in busy:
            if worker.process in ready:
                self._take(worker, now)
            elif worker.left(now) <= 0:
                self._stop(worker)
        for worker in self._workers:
            if worker not in busy:
                worker.since = now  # it may be waiting for us

    def close(self) -> None:
        """End all processes, whatever they do."""
        for worker in self._workers:
            if worker.turn:
                worker.process.kill()
            else:
                worker.process.end()
        self._workers.clear()

    def _look_ahead(self) -> None:
        while len(self._pending) < _FEW:
            following = next(self._given, None)
            if following is None:
                return
            self._pending.append(following)
            self._begun += 1
            self._bytes += _size(following)

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if worker.turn is None:
                return worker
        most = self._size if self._begun >= _FEW or self._bytes > _SMALL else 1
        if len(self._workers) >= most:
            return None
        task = self._task
        worker = _Worker(ReadingProcess(task.table, task.profile, task.bounds))
        self._workers.append(worker)
        return worker

    def _begin(self, worker: _Worker, source: Source) -> None:
        bounds = self._task.bounds
        worker.turn = Turn(source)
        worker.since = time.monotonic()
        worker.seconds = bounds.of(_size(source)) if worker.process.started else bounds.starting
        worker.process.read(source, explain=self._task.explain)
        self._turns.append(worker.turn)

    def _take(self, worker: _Worker, now: float) -> None:
        """What has come of a worker; and its end, if that has."""
        worker.since = now
        turn = worker.turn
        assert turn
        try:
            for size, items in worker.process.frames():
                self._heed(worker, turn, items)
                events = [event for item in items if (event := wire.event_of(item))]
                turn.batches.append((size, events))
                turn.kept += size
        except ValueError:  # no frame, or no event: it is not itself any more
            self._lose(worker, turn, "the reader's process gave no readable answer")
        if worker.process.ended and not turn.done:
            if not worker.process.started:
                raise worker.process.not_started()
            reason = f"the reader's process died ({worker.process.died_of()})"
            self._lose(worker, turn, reason)

    def _heed(self, worker: _Worker, turn: Turn, items: list[wire.Item]) -> None:
        bounds = self._task.bounds
        for kind, *said in items:
            if kind == wire.READY:
                worker.process.started = True
                worker.seconds = bounds.of(_size(turn.source))
            elif kind == wire.END:
                turn.done = True
                worker.turn = None
            elif kind == wire.MEMORY:
                most = f"{bounds.memory / (1 << 30):.3g} GiB"
                self._lose(worker, turn, f"needed more than {most} of memory")
            elif kind == wire.FULL_DISK:
                raise OSError(int(said[0]), os.strerror(int(said[0])))
            elif kind == wire.FAULT:
                self._lose(worker, turn, str(said[0]))

    def _stop(self, worker: _Worker) -> None:
        assert worker.turn
        if not worker.process.started:
            worker.process.kill()
            raise worker.process.not_started()
        reason = f"reading took more than {worker.seconds:.3g} s and was stopped"
        self._lose(worker, worker.turn, reason)

    def _lose(self, worker: _Worker, turn: Turn, reason: str) -> None:
        worker.process.kill()
        self._workers.remove(worker)
        turn.reason = reason
        turn.done = True


def _size(source: Source | Problem) -> int:
    try:
        return 0 if isinstance(source, Problem) else source.path.stat().st_size
    except OSError:
        return 0  # its reader says what is wrong with it
