"""Asker: a question to an Answer, from whatever snapshot is published now."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from groundedqa.clean import clean_line
from groundedqa.encode import Encoder, find_weights, load_exported
from groundedqa.errors import (
    DocumentNotFoundError,
    EncoderMismatchError,
    QuestionError,
    SnapshotMissingError,
)
from groundedqa.ground import CitationState, cite, cited_document, look_up
from groundedqa.retrieve import DenseRetriever, Retriever
from groundedqa.snapshot import Collection, Snapshot, current, open_current
from groundedqa.types import Answer, Document, Filters, Hit

LONGEST_QUESTION = 10_000
MOST_CITATIONS = 50
DEFAULT_CITATIONS = 5
_ALLOWED_CONTROLS = "\t\n\r"


@dataclass
class _Serving:
    """An open snapshot with what answers from it, and how many calls are reading it."""

    snapshot: Snapshot
    encoder: Encoder
    retriever: Retriever
    readers: int = 0
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """A citation looked up in one snapshot: with its document there, None if it is gone."""

    state: CitationState
    document: Document | None
    snapshot: str


class Asker:
    """Answers questions from one collection; one Asker serves all threads.

    ``model`` names the encoder that must have made the snapshot; None takes the one that did.

    Raises:
        SnapshotError: nothing is published, or it does not verify.
        EncoderError: the snapshot's encoder is not here, or is another one than ``model``.
    """

    def __init__(
        self, collection: Collection, *, model: str | None = None, threads: int | None = None
    ) -> None:
        self._collection = collection
        self._expected = find_weights(model).name if model else None
        self._threads = threads
        self._lock = threading.Lock()
        self._withdrawn = False  # nothing is published any more
        self._serving = self._open(None)

    @property
    def snapshot_id(self) -> str:
        """The id of the snapshot that answers now."""
        return self._serving.snapshot.id

    def ask(
        self, question: str, k: int = DEFAULT_CITATIONS, filters: Filters | None = None
    ) -> Answer:
        """The passages that answer, best first, each as a checked citation.

        Raises:
            QuestionError: the question is empty, too long or not text, or k is not 1 to 50.
        """
        started = time.perf_counter()
        text = check_question(question)
        if not 1 <= k <= MOST_CITATIONS:
            raise QuestionError(f"k must be 1 to {MOST_CITATIONS}, not {k}")
        with self._reading() as serving:
            store = serving.snapshot.store
            hits = serving.retriever.retrieve(text, k, filters or Filters())
            # A long document is read once, however many of its passages are cited.
            cited = dict.fromkeys(hit.passage.doc_id for hit in hits)
            documents = {doc_id: store.document(doc_id) for doc_id in cited}
            citations = tuple(
                cite(
                    rank,
                    hit,
                    documents[hit.passage.doc_id],
                    store.fragment(hit.passage.passage_id),
                )
                for rank, hit in enumerate(hits, 1)
            )
            return Answer(
                question=question.strip(),
                decision="answered" if citations else "abstained",
                answerable=None,
                citations=citations,
                snapshot=serving.snapshot.id,
                took_ms=round((time.perf_counter() - started) * 1000, 3),
            )

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The ranked passages before anything is cited: an Asker is a Retriever too."""
        with self._reading() as serving:
            return serving.retriever.retrieve(clean_line(question), k, filters)

    def document(self, doc_id: str) -> Document:
        """A document of the snapshot that answers now.

        Raises:
            DocumentNotFoundError: there is none of this id.
        """
        with self._reading() as serving:
            return serving.snapshot.store.document(doc_id)

    def look_up(self, citation_id: str) -> Located:
        """Whether a citation stands, has moved or is gone in the snapshot that answers now.

        Raises:
            CitationNotFoundError: this is no citation id.
        """
        doc_id = cited_document(citation_id)
        with self._reading() as serving:
            try:
                document = serving.snapshot.store.document(doc_id)
            except DocumentNotFoundError:
                document = None
            return Located(look_up(citation_id, document), document, serving.snapshot.id)

    def reload(self) -> bool:
        """Change to the snapshot that is published now; whether that is another one.

        It is opened and verified here while the old one goes on answering, and the old one is
        closed when the last call that reads it returns. If the new one is refused the old one
        stays; with nothing published it answers no more, for it may hold what was taken down.

        Raises:
            SnapshotMissingError: nothing is published.
            GroundedQAError: what is published can't be served.
        """
        old = self._serving
        published = current(self._collection)
        if published is None:
            with self._lock:
                self._withdrawn = True
            raise self._nothing()
        if published == old.snapshot.id and not self._withdrawn:
            return False
        new = self._open(old)
        with self._lock:
            self._serving = new
            self._withdrawn = False
            old.retired = True
            idle = old.readers == 0
        if idle:
            old.snapshot.close()
        return True

    def close(self) -> None:
        """Give the snapshot back."""
        self._serving.snapshot.close()

    def _nothing(self) -> SnapshotMissingError:
        return SnapshotMissingError(
            f"no snapshot is published any more in {self._collection.home}; make one with: "
            "groundedqa build"
        )

    def _open(self, old: _Serving | None) -> _Serving:
        snapshot = open_current(self._collection)
        try:
            name = str(snapshot.manifest.encoder["name"])
            if self._expected not in (None, name):
                raise EncoderMismatchError(
                    f"snapshot {snapshot.id} was made by the encoder {name}, not by "
                    f"{self._expected}; serve with the former, or build with the latter"
                )
            encoder: Encoder
            if old is not None and old.encoder.name == name:
                encoder = old.encoder
            else:
                encoder = load_exported(self._collection.encoders, name, self._threads)
            retriever = DenseRetriever(encoder, snapshot.vectors, snapshot.store)
            # Answering once reads in what the first question would else wait for.
            retriever.retrieve("ready", 1, Filters())
        except BaseException:
            snapshot.close()
            raise
        return _Serving(snapshot, encoder, retriever)

    @contextmanager
    def _reading(self) -> Iterator[_Serving]:
        """One snapshot for the whole of a call, kept open until the call returns."""
        with self._lock:
            if self._withdrawn:
                raise self._nothing()
            serving = self._serving
            serving.readers += 1
        try:
            yield serving
        finally:
            with self._lock:
                serving.readers -= 1
                last = serving.retired and serving.readers == 0
            if last:
                serving.snapshot.close()


def check_question(question: str) -> str:
    """The question as it is encoded: clean, on one line.

    Raises:
        QuestionError: it is blank, longer than 10,000 characters, or holds what no text holds.
    """
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question)} characters; at most {LONGEST_QUESTION} are read"
        )
    for character in question:
        control = ord(character) < 0x20 or ord(character) == 0x7F
        if (control and character not in _ALLOWED_CONTROLS) or "\ud800" <= character <= "\udfff":
            raise QuestionError(
                f"the question holds the character U+{ord(character):04X}, which no text holds"
            )
    text = clean_line(question)
    if not text:
        raise QuestionError("the question is blank; it must hold 1 to 10,000 characters")
    return text
