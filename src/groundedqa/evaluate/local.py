"""Evaluated in this process: an Asker, or a bare retriever. What is known of Asker stands here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from groundedqa.ask import Asker
from groundedqa.evaluate.system import Outcome, Outline, Ranked
from groundedqa.retrieve import Retriever
from groundedqa.snapshot import Collection, open_current
from groundedqa.types import Filters, Hit, Passage

DEPTH = 100  # passages retrieved, so that ten documents are among them


class AskerSystem:
    """A System over an Asker: ranked by ``retrieve``, decided and timed by ``ask``.

    So the ranking is measured to its full depth, and also where the answer is to abstain.
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._outlines: dict[str, Outline] = {}

    def ask(self, query_id: str, text: str) -> Outcome:
        """Retrieve 100 passages, and ask for the answer that a student gets."""
        del query_id
        hits = self._asker.retrieve(text, DEPTH, Filters())
        answer = self._asker.ask(text)
        return Outcome(
            ranked=tuple(_ranked(hit, self._outline) for hit in hits),
            decision=answer.decision,
            answerable=answer.answerable,
            took_ms=answer.took_ms,
        )

    def _outline(self, doc_id: str) -> Outline:
        if doc_id not in self._outlines:
            self._outlines[doc_id] = Outline.of(self._asker.document(doc_id))
        return self._outlines[doc_id]


class RetrieverSystem:
    """A System over any Retriever: it abstains where nothing comes, and has no calibrator.

    It knows no documents, so titles and section paths stay empty: for document and span level.
    """

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def ask(self, query_id: str, text: str) -> Outcome:
        """Retrieve 100 passages."""
        del query_id
        started = time.perf_counter()
        hits = self._retriever.retrieve(text, DEPTH, Filters())
        return Outcome(
            ranked=tuple(_ranked(hit, _unknown) for hit in hits),
            decision="answered" if hits else "abstained",
            answerable=None,
            took_ms=(time.perf_counter() - started) * 1000,
        )


def published_outlines(collection: Collection) -> Iterator[Outline]:
    """The outline of every document of the published snapshot that has a passage.

    Raises:
        SnapshotError: nothing is published, or it does not verify.
    """
    snapshot = open_current(collection)
    try:
        store = snapshot.store
        passages = store.passages(store.rows(Filters()).tolist())
        for doc_id in dict.fromkeys(passage.doc_id for passage in passages):
            yield Outline.of(store.document(doc_id))
    finally:
        snapshot.close()


def _ranked(hit: Hit, outline: Callable[[str], Outline]) -> Ranked:
    def at(passage: Passage, also: tuple[Ranked, ...] = ()) -> Ranked:
        document = outline(passage.doc_id)
        return Ranked(
            doc_id=passage.doc_id,
            section=document.path(passage.start),
            start=passage.start,
            end=passage.end,
            score=hit.score,
            text=passage.text,
            title=document.title,
            also_at=also,
        )

    return at(hit.passage, tuple(at(passage) for passage in hit.also_at))


def _unknown(doc_id: str) -> Outline:
    return Outline(doc_id, "", ())
