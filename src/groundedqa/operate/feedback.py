"""What students say of citations: helpful or not, one voice for each caller and day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from groundedqa.errors import CitationNotFoundError, FeedbackError
from groundedqa.ground import cited_document
from groundedqa.operate.answer_ids import Asked
from groundedqa.operate.database import opened

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS feedback (day TEXT, collection TEXT, question TEXT, "
    "citation_id TEXT, who TEXT, doc_id TEXT, snapshot TEXT, helpful INTEGER, "
    "PRIMARY KEY (day, collection, question, citation_id, who))"
)
# A caller who found any passage of a document helpful that day found the document helpful.
_VOICES = (
    "SELECT question, doc_id, MAX(helpful) FROM feedback WHERE collection = ? "
    "GROUP BY question, doc_id, day, who ORDER BY MIN(rowid)"
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What the voices of a collection come to, for ``evaluate`` and ``tune``.

    A question whose documents nobody's majority found helpful is not in it, for nobody knows that
    the corpus answers it: ``left_out`` counts those.
    """

    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]
    left_out: int

    def write(self, folder: Path) -> None:
        """Write ``queries.jsonl`` and ``qrels.tsv`` into a folder, which is made.

        Raises:
            OSError: the disk refuses.
        """
        folder.mkdir(parents=True, exist_ok=True)
        lines = [{"_id": query_id, "text": text} for query_id, text in self.queries.items()]
        queries = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / "queries.jsonl").write_text(queries, encoding="utf-8")
        rows = [
            f"{query_id}\t{doc_id}\t{helpful}\n"
            for query_id, judged in self.qrels.items()
            for doc_id, helpful in judged.items()
        ]
        qrels = "".join(["query-id\tcorpus-id\tscore\n", *rows])
        (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")


class Feedback:
    """The voices in the operator's database. Threads and processes may share it."""

    def __init__(self, database: Path) -> None:
        self._path = database

    def add(self, asked: Asked, citation_id: str, *, helpful: bool) -> None:
        """Keep one voice; what the caller said before that day of the same is replaced.

        Raises:
            FeedbackError: the answer did not hold the citation.
            StorageError: the database can't be written.
        """
        asked.check(citation_id)
        doc_id = document_of(citation_id)
        given = asked.given
        row = (asked.day, given.collection, given.question, citation_id, asked.who)
        with opened(self._path, _SCHEMA) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, doc_id, given.snapshot, int(helpful)),
            )

    def judged(self, collection: str) -> Judged:
        """The questions of a collection with the documents that most callers found helpful, or not.

        Questions that differ in case, blanks and marks at the end alone are one. A document that as
        many found helpful as not is not judged.

        Raises:
            StorageError: the database can't be read.
        """
        texts: dict[str, str] = {}
        balance: dict[str, dict[str, int]] = {}
        with opened(self._path, _SCHEMA) as connection:
            for question, doc_id, helpful in connection.execute(_VOICES, (collection,)):
                query_id = hashlib.sha256(same(question).encode()).hexdigest()[:12]
                texts.setdefault(query_id, question)
                votes = balance.setdefault(query_id, {})
                votes[doc_id] = votes.get(doc_id, 0) + (1 if helpful else -1)
        qrels = {
            query_id: {doc_id: int(votes > 0) for doc_id, votes in sorted(judged.items()) if votes}
            for query_id, judged in balance.items()
        }
        answered = {each: judged for each, judged in qrels.items() if any(judged.values())}
        queries = {query_id: texts[query_id] for query_id in answered}
        return Judged(queries, answered, len(balance) - len(answered))


def document_of(citation_id: str) -> str:
    """The document that a citation names.

    Raises:
        FeedbackError: it is no citation's id.
    """
    try:
        return cited_document(citation_id)
    except CitationNotFoundError as error:
        raise FeedbackError(f"{error}; send one of the answer") from error


def same(question: str) -> str:
    """What questions have in common that are asked alike."""
    return " ".join(question.casefold().split()).rstrip(" ?!.…")
