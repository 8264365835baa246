"""Citations: made from a hit with the slice checked, and looked up again later."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote as percent_encode

import numpy as np

from groundedqa.chunk import section_path
from groundedqa.errors import CitationNotFoundError, SnapshotCorruptError
from groundedqa.ground.attribution import attribution_of
from groundedqa.ground.link import with_directive
from groundedqa.types import Citation, Document, Hit, Place, Sentence

_ID = re.compile(
    r"(?P<doc_id>.+)\.(?P<start>[0-9]{1,12})-(?P<end>[0-9]{1,12})\.(?P<digest>[0-9a-f]{16})"
)
_IN_FRAGMENT = "!$&'()*+,;=:@/?"
_SUM_DIGITS = 4
_MOST_HASHED = 20_000_000  # characters; in repetitive text every place may have the same sum

State = Literal["stands", "moved", "gone"]


@dataclass(frozen=True, slots=True)
class CitationState:
    """Where a citation made earlier is now; ``start`` and ``end`` are None once it is gone."""

    citation_id: str
    doc_id: str
    state: State
    start: int | None = None
    end: int | None = None
    quote: str | None = None


def cite(
    rank: int,
    hit: Hit,
    document: Document,
    directive: str | None,
    *,
    best_sentence: Sentence | None = None,
    also_at: tuple[Place, ...] = (),
) -> Citation:
    """The citation of a hit.

    Raises:
        SnapshotCorruptError: the passage is not the slice of the document that it claims to be.
    """
    passage = hit.passage
    if document.text[passage.start : passage.end] != passage.text or not passage.text:
        raise SnapshotCorruptError(
            f"passage {passage.passage_id} is no slice of its document; rebuild with: "
            "groundedqa build"
        )
    above = section_path(document, passage.start)
    answer = next((s for s in reversed(above) if s.author), None)
    citation_id = make_citation_id(document.doc_id, passage.start, passage.end, passage.text)
    return Citation(
        rank=rank,
        score=hit.score,
        quote=passage.text,
        start=passage.start,
        end=passage.end,
        citation_id=citation_id,
        document=document,
        section=tuple(s.heading for s in above if s.heading),
        author=answer.author if answer else None,
        role=answer.role if answer else None,
        credential=answer.credential if answer else None,
        page=next((p.label for p in document.pages if p.start <= passage.start < p.end), None),
        link=link_to(document, citation_id, directive),
        attribution=attribution_of(document, answer),
        best_sentence=best_sentence,
        also_at=also_at,
        pinned=hit.pinned,
    )


def link_to(document: Document, citation_id: str, directive: str | None) -> str:
    """The document's public page at the quoted words, or the service's own page that marks them."""
    if document.url:
        page = at_page(document, int(_parse(citation_id)["start"]))
        return page or with_directive(_at_section(document, citation_id), directive)
    own = f"/documents/{percent_encode(document.doc_id)}"
    return with_directive(f"{own}?citation={percent_encode(citation_id, safe='')}#cited", directive)


def _at_section(document: Document, citation_id: str) -> str:
    """The document's address at the nearest heading above the quote that has an id in its page.

    It stands before a text directive too: where a browser does not find the words, it still goes
    to their section.
    """
    url = document.url or ""
    if "#" in url or not any(section.anchor for section in document.sections):
        return url
    above = section_path(document, int(_parse(citation_id)["start"]))
    anchor = next((section.anchor for section in reversed(above) if section.anchor), None)
    return f"{url}#{percent_encode(anchor, safe=_IN_FRAGMENT)}" if anchor else url


def at_page(document: Document, start: int) -> str | None:
    """The public address of a file that opens at pages (PDF), with a place's; None for any other.

    The page is counted as it stands in the file, which is what RFC 8118 has and viewers of
    browsers follow, whatever label is printed on it. No text directive goes with it: viewers read
    the lines of a PDF each in their own way, pdf.js follows none, and to a viewer that does not
    know them it would be a part of the page's number.
    """
    number = next((p.number for p in document.pages if p.start <= start < p.end), 0)
    return f"{document.url.partition('#')[0]}#page={number}" if document.url and number else None


def make_citation_id(doc_id: str, start: int, end: int, quote: str) -> str:
    """``doc_id.start-end.digest``.

    The digest is the sum of the code points (four hex digits), by which a moved quote is found in
    one pass, and sha256 (twelve), by which it is known.
    """
    total = sum(map(ord, quote)) % 16**_SUM_DIGITS
    return f"{doc_id}.{start}-{end}.{total:04x}{_sha256(quote)}"


def cited_document(citation_id: str) -> str:
    """The document that a citation id names.

    Raises:
        CitationNotFoundError: this is no citation id.
    """
    return _parse(citation_id)["doc_id"]


def look_up(citation_id: str, document: Document | None) -> CitationState:
    """Where the quoted words stand in the document as it is now, None if it is there no more.

    Raises:
        CitationNotFoundError: this is no citation id.
    """
    parsed = _parse(citation_id)
    doc_id, digest = parsed["doc_id"], parsed["digest"]
    start, end = int(parsed["start"]), int(parsed["end"])
    if document is None:
        return CitationState(citation_id, doc_id, "gone")
    places = _places(document.text, start, end - start, digest)
    if not places:
        return CitationState(citation_id, doc_id, "gone")
    nearest = min(places, key=lambda place: (abs(place - start), place))
    state: State = "stands" if nearest == start else "moved"
    stop = nearest + end - start
    quote = document.text[nearest:stop]
    return CitationState(citation_id, doc_id, state, nearest, stop, quote)


def _parse(citation_id: str) -> re.Match[str]:
    parsed = _ID.fullmatch(citation_id)
    if not parsed or int(parsed["start"]) >= int(parsed["end"]):
        raise CitationNotFoundError(f"{citation_id[:80]!r} is no citation id")
    return parsed


def _places(text: str, start: int, length: int, digest: str) -> list[int]:
    """The places where a quote of this length and digest stands, in linear time.

    Those nearest to ``start`` are tried first, as many as the bound allows.
    """
    if length > len(text):
        return []
    points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.int64)
    sums = np.concatenate(([0], np.cumsum(points)))
    totals = (sums[length:] - sums[:-length]) % 16**_SUM_DIGITS
    candidates = np.flatnonzero(totals == int(digest[:_SUM_DIGITS], 16))
    nearest = np.argsort(np.abs(candidates - start), kind="stable")
    candidates = candidates[nearest[: max(1, _MOST_HASHED // length)]]
    wanted = digest[_SUM_DIGITS:]
    return [int(at) for at in candidates if _sha256(text[at : at + length]) == wanted]


def _sha256(quote: str) -> str:
    return hashlib.sha256(quote.encode()).hexdigest()[:12]
