"""Every document of a corpus into a store, and what the build report says of the sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from groundedqa import read
from groundedqa.errors import CorpusError
from groundedqa.index import StoreWriter
from groundedqa.read import Notice, Opened, Problem

# (what is being done, how much of it is done, of how much); the total is 0 where it is not known.
Progress = Callable[[str, int, int], None]

_LISTED = 50  # problems in an error's message


@dataclass
class Reading:
    """What there is to say of the sources."""

    sources: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, str]] = field(default_factory=list)
    notices: list[dict[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many of each."""
        documents = sum(source["documents"] for source in self.sources)
        return {
            "sources": len(self.sources),
            "documents": documents,
            "problems": len(self.problems),
            "removed": len(self.left_out),
        }

    def report(self, counts: Mapping[str, int]) -> dict[str, Any]:
        """The build report, with the counts of what was made."""
        return {
            "counts": {**counts, **self.counts()},
            "sources": self.sources,
            "problems": self.problems,
            "notices": self.notices,
            "removed": sorted(self.left_out),
        }

    def check(self, corpus: Path, *, strict: bool) -> None:
        """Refuse a corpus of which nothing is left, and with ``strict`` any with a problem.

        Raises:
            CorpusError: it is refused.
        """
        if strict and self.problems:
            listed = "\n".join(
                f"  {p['source']} {p['place']}: {p['reason']}" for p in self.problems[:_LISTED]
            )
            raise CorpusError(
                f"{len(self.problems)} sources can't be read, and --strict was said:\n{listed}"
            )
        if not self.counts()["documents"] and not self.left_out:
            count = len(self.problems)
            first = f"; the first of {count} problems: {self.problems[0]}" if count else ""
            raise CorpusError(f"no document could be read in {corpus}{first}")


def read_into(
    store: StoreWriter, events: Iterable[read.Event], left_out: tuple[str, ...]
) -> Reading:
    """Take in what a corpus is read as; documents that were taken down stay out."""
    reading = Reading()
    for event in events:
        if isinstance(event, Opened):
            opened = {"source": event.source, "reader": event.reader, "chosen_by": event.chosen_by}
            reading.sources.append({**opened, "documents": 0})
        elif isinstance(event, Problem):
            problem = {"source": event.source, "place": event.place, "reason": event.reason}
            reading.problems.append(problem)
        elif isinstance(event, Notice):
            reading.notices.append(asdict(event))
        elif event.doc_id in left_out:
            reading.left_out.append(event.doc_id)
        else:
            store.add_document(event)
            reading.sources[-1]["documents"] += 1
    return reading
