"""What a finished store holds, counted for the build report: by source, by language, and copies."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from groundedqa.index.store import open_read_only

_TITLES = 3  # of a source, told by name


@dataclass(slots=True)
class SourceFacts:
    """What came of one source; ``languages`` counts documents, "" those of none."""

    documents: int = 0
    sections: int = 0
    words: int = 0
    passages: int = 0
    without_fragment: int = 0
    titles: list[str] = field(default_factory=list)
    languages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many of a document's passages say the same as those of an earlier one."""

    document: str
    source: str
    of: str
    of_source: str
    copied: int
    passages: int


def facts_by_source(path: Path) -> dict[str, SourceFacts]:
    """The facts of each source in the store, in the order of its first document's id.

    Texts pass one by one: what is held is a line for each source and an entry for each document.
    """
    by_source: dict[str, SourceFacts] = {}
    of_document: dict[str, SourceFacts] = {}
    with closing(open_read_only(path)) as db:
        for doc_id, source, title, language, sections, text in db.execute(
            "SELECT doc_id, source, title, language, json_array_length(sections), text"
            " FROM documents ORDER BY doc_id"
        ):
            facts = of_document[doc_id] = by_source.setdefault(source, SourceFacts())
            facts.documents += 1
            facts.sections += sections
            facts.words += len(text.split())
            facts.languages[language or ""] = facts.languages.get(language or "", 0) + 1
            if len(facts.titles) < _TITLES:
                facts.titles.append(title)
        for doc_id, unnamed in db.execute("SELECT doc_id, fragment IS NULL FROM passages"):
            facts = of_document[doc_id]
            facts.passages += 1
            facts.without_fragment += unnamed
    return by_source


def overlaps(path: Path, most: int) -> tuple[int, list[Overlap]]:
    """How many pairs of documents share passages, and those that share the most of theirs."""
    pairs = (
        "SELECT p.doc_id AS copy, q.doc_id AS first, count(*) AS copied FROM passages p"
        " JOIN passages q ON q.row = p.copy_of"
        " WHERE p.copy_of <> p.row AND p.doc_id <> q.doc_id GROUP BY p.doc_id, q.doc_id"
    )
    with closing(open_read_only(path)) as db:
        (count,) = db.execute(f"SELECT count(*) FROM ({pairs})").fetchone()
        if not count:
            return 0, []
        found = db.execute(
            f"WITH pairs AS ({pairs}), sizes AS (SELECT doc_id, count(*) AS passages"
            " FROM passages WHERE doc_id IN (SELECT copy FROM pairs) GROUP BY doc_id)"
            " SELECT copy, own.source, first, other.source, copied, passages FROM pairs"
            " JOIN sizes ON sizes.doc_id = copy JOIN documents own ON own.doc_id = copy"
            " JOIN documents other ON other.doc_id = first"
            " ORDER BY copied * 1.0 / passages DESC, copied DESC, copy, first LIMIT ?",
            (most,),
        )
        return count, [Overlap(*row) for row in found]
