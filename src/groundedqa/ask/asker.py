"""Asker: a question to an Answer, from whatever snapshot is published now."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from groundedqa.ask.answering import Answering
from groundedqa.ask.encoders import Encoders
from groundedqa.ask.located import Located
from groundedqa.ask.question import Wanted, check_question, check_wanted
from groundedqa.ask.ranking import Ranking
from groundedqa.ask.serving import Serving
from groundedqa.encode import find_weights
from groundedqa.errors import (
    DocumentNotFoundError,
    EncoderMismatchError,
    SnapshotMissingError,
)
from groundedqa.ground import cited_document, look_up
from groundedqa.index import Suggestion
from groundedqa.index.protocol import Vectors
from groundedqa.snapshot import Collection, Served, current, open_current, served
from groundedqa.stages import listener, timed
from groundedqa.types import Answer, Document, Filters, Hit


class Asker:
    """Answers questions from one collection; one Asker serves all threads.

    ``model`` names the encoder that must have made the snapshot; None takes the one that did.
    ``ranking`` says how hits are ordered; None leaves it to the snapshot's tuning. ``encoders`` is
    for several Askers that share what they encode with.

    Raises:
        SnapshotError: nothing is published, or it does not verify.
        EncoderError: the snapshot's encoder is not here, or is another one than ``model``.
    """

    def __init__(
        self,
        collection: Collection,
        *,
        model: str | None = None,
        encoders: Encoders | None = None,
        ranking: Ranking | None = None,
    ) -> None:
        self._collection = collection
        self._ranking = ranking or Ranking()
        self._expected = find_weights(model).name if model else None
        self._encoders = encoders or Encoders()
        self._lock = threading.Lock()
        self._withdrawn = False  # nothing is published any more
        self._serving = self._open()

    @property
    def snapshot_id(self) -> str:
        """The id of the snapshot that answers now."""
        return self._serving.snapshot.id

    @property
    def ranked_by(self) -> str:
        """What of the settings an answer depends on."""
        return self._ranking.described

    def served(self) -> Served:
        """What the collection has published."""
        return served(self._collection)

    @property
    def size(self) -> int:
        """The bytes of the files that it has open or mapped."""
        return self._serving.snapshot.size

    def ask(
        self, question: str, filters: Filters | None = None, wanted: Wanted | None = None
    ) -> Answer:
        """The passages that answer, best first, each as a checked citation.

        Where the corpus does not answer with the certainty that the site asks for, there are none.

        Raises:
            QuestionError: the question is empty, too long or not text, or what is wanted of the
                answer is out of bounds.
        """
        started = time.perf_counter()
        text = check_question(question)
        wanted = wanted or Wanted()
        check_wanted(wanted)
        filters = filters or Filters()
        with self._reading() as serving:
            answering = serving.answering
            hits = answering.retriever.retrieve(text, wanted.k, filters)
            with timed("ground"):
                judged = answering.judge(text, hits, filters, wanted)
                answered = judged.reason is None
                shown = answered or wanted.near_misses
                citations = answering.citations(text, hits) if shown else ()
            heard = listener()
            if heard is not None:
                heard.decided("answered" if answered else "abstained", judged.reason)
            return Answer(
                question=question.strip(),
                decision="answered" if answered else "abstained",
                answerable=round(judged.answerable, 6),
                calibrated=answering.calibrator.calibrated,
                reason=judged.reason,
                citations=citations if answered else (),
                near_misses=() if answered else citations,
                related=answering.related(text, wanted.related),
                facets=answering.facets(filters, wanted.facets),
                snapshot=serving.snapshot.id,
                took_ms=round((time.perf_counter() - started) * 1000, 3),
            )

    @property
    def published(self) -> float | None:
        """When what is published was: seconds since the epoch; None once nothing is."""
        try:
            return self._collection.current.stat().st_mtime
        except FileNotFoundError:
            return None

    def retrieve(self, question: str, k: int, filters: Filters) -> list[Hit]:
        """The ranked passages before anything is judged or cited: an Asker is a Retriever too."""
        with self._reading() as serving:
            return serving.answering.retriever.retrieve(check_question(question), k, filters)

    def vector(self, question: str) -> Vectors:
        """The question's unit vector, (dim), by the encoder of the snapshot that answers now."""
        with self._reading() as serving:
            return serving.answering.vector(check_question(question))

    def suggest(self, typed: str, k: int) -> list[Suggestion]:
        """Questions and headings of the corpus that complete or correct what was typed."""
        with self._reading() as serving:
            return serving.snapshot.parts.suggestions.suggest(typed, k)

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
        new = self._open()
        with self._lock:
            self._serving = new
            self._withdrawn = False
        self._retire(old)
        return True

    def close(self) -> None:
        """Give the snapshot back once no call reads it; whoever asks from now on is refused."""
        with self._lock:
            self._withdrawn = True
        self._retire(self._serving)

    def _retire(self, serving: Serving) -> None:
        with self._lock:
            serving.retired = True
            idle = serving.readers == 0
        if idle:
            serving.snapshot.close()

    def _nothing(self) -> SnapshotMissingError:
        return SnapshotMissingError(
            f"no snapshot is published any more in {self._collection.home}; make one with: "
            "groundedqa build"
        )

    def _open(self) -> Serving:
        snapshot = open_current(self._collection)
        try:
            name = str(snapshot.manifest.encoder["name"])
            if self._expected not in (None, name):
                raise EncoderMismatchError(
                    f"snapshot {snapshot.id} was made by the encoder {name}, not by "
                    f"{self._expected}; serve with the former, or build with the latter"
                )
            encoder = self._encoders.of(self._collection, name)
            answering = Answering(snapshot, encoder, self._ranking)
            # Answering once reads in what the first question would else wait for.
            hits = answering.retriever.retrieve("ready", 1, Filters())
            answering.judge("ready", hits, Filters(), Wanted())
            answering.citations("ready", hits)
        except BaseException:
            snapshot.close()
            raise
        return Serving(answering)

    @contextmanager
    def _reading(self) -> Iterator[Serving]:
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
