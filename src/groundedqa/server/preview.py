"""Access of the kind preview: everything that holds text of a document is cut before it is sent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from groundedqa.errors import ForbiddenError
from groundedqa.ground import CitationState, link_to
from groundedqa.ground.citation import make_citation_id
from groundedqa.operate.shown import Shown, Span, stretches, word_spans
from groundedqa.server.caller import Caller
from groundedqa.types import Answer, Citation, Document, Place


@dataclass(frozen=True, slots=True)
class Preview:
    """Cuts what one caller is shown; with full access it hands everything on as it is."""

    caller: Caller
    shown: Shown | None
    home: str = "/"  # the collection's ask page, which its documents' pages are below

    def answer(self, answer: Answer) -> Answer:
        """An answer whose quotes are cut, the best sentence first."""
        if self.caller.access != "full":
            answer = replace(
                answer,
                citations=tuple(self._citation(each) for each in answer.citations),
                near_misses=tuple(self._citation(each) for each in answer.near_misses),
                related=tuple(
                    replace(each, question=self._title(each.question)) for each in answer.related
                ),
                preview=True,
            )
        return answer if self.home == "/" else _below(answer, self.home)

    def document(self, document: Document) -> Document:
        """A document of which only the beginning is left."""
        if self.caller.access == "full":
            return document
        span = self._allowed(document, 0, len(document.text))
        end = span[1] if span else 0
        return replace(
            document,
            text=document.text[:end],
            sections=tuple(
                replace(s, end=min(s.end, end)) for s in document.sections if s.start < end
            ),
            pages=tuple(replace(p, end=min(p.end, end)) for p in document.pages if p.start < end),
        )

    def state(self, state: CitationState, document: Document | None) -> CitationState:
        """What became of a citation, its words cut."""
        if self.caller.access == "full" or document is None or state.start is None:
            return state
        span = self._allowed(document, state.start, state.end or state.start)
        start, end = span or (state.start, state.start)
        return replace(state, start=start, end=end, quote=document.text[start:end])

    def title(self, text: str) -> str:
        """A question or heading, cut like a quote."""
        return text if self.caller.access == "full" else self._title(text)

    def _title(self, text: str) -> str:
        counted = list(word_spans(text))
        most = self.caller.words
        return text if len(counted) <= most else text[: counted[most - 1][1]] + "…"

    def _citation(self, citation: Citation) -> Citation:
        document, best = citation.document, citation.best_sentence
        first = best.start if best else citation.start
        span = self._allowed(document, first, citation.end)
        start, end = span or (citation.start, citation.start)
        quote = document.text[start:end]
        cited = make_citation_id(document.doc_id, start, end, quote) if quote else ""
        kept = best if best and start <= best.start and best.end <= end else None
        return replace(
            citation,
            quote=quote,
            start=start,
            end=end,
            citation_id=cited or citation.citation_id,
            # A text fragment would tell words that were cut.
            link=link_to(document, cited or citation.citation_id, None),
            best_sentence=kept,
            also_at=tuple(self._place(place) for place in citation.also_at),
        )

    def _place(self, place: Place) -> Place:
        text = place.document.text
        found = stretches(text, place.start, place.end, self.caller.words, place.document.language)
        start, end = found[0] if found else (place.start, place.end)
        cited = make_citation_id(place.document.doc_id, start, end, text[start:end])
        link = link_to(place.document, cited, None)
        return replace(place, start=start, end=end, citation_id=cited, link=link)

    def _allowed(self, document: Document, start: int, end: int) -> Span | None:
        if self.caller.access == "off" or self.shown is None:
            raise ForbiddenError("nothing of a document is shown here without a key")
        wanted = stretches(document.text, start, end, self.caller.words, document.language)
        return self.shown.allow(
            self.caller.subject,
            document.doc_id,
            document.text,
            wanted,
            self.caller.document_words,
        )


def _below(answer: Answer, home: str) -> Answer:
    """The answer with the links to the service's own pages below the collection's."""

    def moved(link: str) -> str:
        return home + link[1:] if link.startswith("/documents/") else link

    def of_collection(citation: Citation) -> Citation:
        places = tuple(replace(place, link=moved(place.link)) for place in citation.also_at)
        return replace(citation, link=moved(citation.link), also_at=places)

    return replace(
        answer,
        citations=tuple(map(of_collection, answer.citations)),
        near_misses=tuple(map(of_collection, answer.near_misses)),
    )
