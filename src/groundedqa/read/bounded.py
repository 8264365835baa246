"""Sources read by processes under bounds of time and memory, in the order in which they were given.

One hostile file costs one Problem: its process is ended, and another takes its place. What comes
of sources before their turn is kept, up to a bound; a process that is ahead of it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from groundedqa.read.crew import Crew, Task, Turn
from groundedqa.read.events import Event, Problem
from groundedqa.read.process import Bounds
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Dropped, Source

TABLE = "groundedqa.read.table"
DEFAULT_BOUNDS = Bounds()


def read_bounded(
    sources: Iterable[Source | Problem],
    profile: SiteProfile,
    readers: int,
    dropped: list[Dropped] | None = None,
    bounds: Bounds = DEFAULT_BOUNDS,
    table: str = TABLE,
) -> Iterator[Event]:
    """The events of all sources as `read_source` gives them one by one, whatever ``readers`` is.

    ``readers`` is how many processes read at once, at least 1; few small sources are read by one.
    ``table`` is the module whose ``READERS`` they have.

    Raises:
        CorpusError: no process could be started.
    """
    task = Task(profile, bounds, table, dropped is not None)
    with closing(Crew(task, readers, iter(sources))) as crew:
        for turn in crew.turns():
            while turn.batches or not turn.done:
                if not turn.batches:
                    crew.attend()
                yield from _events(turn, dropped)
                crew.hand_out()
            if isinstance(turn.source, Problem):
                yield turn.source
                continue
            if turn.reason:
                yield Problem(turn.source.name, "", turn.reason)
            turn.source.discard()


def _events(turn: Turn, dropped: list[Dropped] | None) -> Iterator[Event]:
    while turn.batches:
        size, batch = turn.batches.popleft()
        turn.kept -= size
        for event in batch:
            if not isinstance(event, Dropped):
                yield event
            elif dropped is not None:
                dropped.append(event)
