"""Questions that a corpus asks itself: each with the passages that answer it, its words taken out.

A question page is tried with its question, the title left out of its passages. Any document is
tried with its sentences: one is taken out of a passage and asked for. Where a document has no two
sentences in a passage, some words take a sentence's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from itertools import islice

from groundedqa.chunk import context, section_path, sentences, words
from groundedqa.types import Document, Passage

_LEAST_WORDS, _MOST_WORDS = 5, 40  # of a sentence that is asked for
_LEAST_TITLE = 3  # words; a shorter title asks nothing
_PER_PAGE = 8  # passages of a question page that are tried
_OF_PASSAGE = 3  # a part in so many, where there are no two sentences

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trial:
    """A question, and the passages that answer it as they are without the question's words.

    ``rows`` are those passages' and ``texts`` what would be encoded and indexed for them, in the
    same order; ``beside`` are the rows of whatever else may answer, and so counts for nothing.
    """

    question: str
    rows: tuple[int, ...]
    texts: tuple[str, ...]
    beside: tuple[int, ...]
    language: str | None
    of_page: bool  # the question is a question page's own


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A document, or one passage of it by number, drawn by the digest of its id."""

    digest: str
    document: Document
    passages: list[Passage]
    first_row: int
    number: int = 0


def own_trials(documents: Iterable[tuple[Document, list[Passage]]], most: int) -> list[Trial]:
    """At most ``most`` trials of each kind, the same ones for the same corpus.

    ``documents`` come with their passages in the order of the rows, from row 0.
    """
    pages: list[_Drawn] = []
    held: list[_Drawn] = []
    row = 0
    for document, passages in documents:
        if document.kind == "qa" and len(list(words(document.title))) >= _LEAST_TITLE:
            pages.append(_Drawn(_digest(document.doc_id), document, passages, row))
        for number, passage in enumerate(passages):
            drawn = _Drawn(_digest(passage.passage_id), document, passages, row, number)
            held.append(drawn)
        row += len(passages)
        # Some passages give no trial: twice as many are kept.
        pages, held = _thinned(pages, most), _thinned(held, 2 * most)
    titles = [_by_title(page) for page in nsmallest(most, pages, key=_order)]
    sentence_trials = filter(None, map(_by_sentence, sorted(held, key=_order)))
    return [*titles, *islice(sentence_trials, most)]


def _thinned(drawn: list[_Drawn], most: int) -> list[_Drawn]:
    return nsmallest(most, drawn, key=_order) if len(drawn) > 4 * most else drawn


def _by_title(page: _Drawn) -> Trial:
    """The page's question, against its passages without it."""
    rows = range(page.first_row, page.first_row + len(page.passages))
    tried = page.passages[:_PER_PAGE]
    return Trial(
        page.document.title,
        tuple(rows[: len(tried)]),
        tuple(passage.text for passage in tried),
        tuple(rows[len(tried) :]),
        page.document.language,
        of_page=True,
    )


def _by_sentence(drawn: _Drawn) -> Trial | None:
    """A sentence, against its passage without it; None where the passage has none to give.

    One that the passage, the title or a heading says again asks nothing.
    """
    document, passage = drawn.document, drawn.passages[drawn.number]
    span = _held_out(passage.text, document.language, drawn.digest)
    if span is None:
        return None
    question = passage.text[slice(*span)]
    left = f"{passage.text[: span[0]]}{passage.text[span[1] :]}"
    text = f"{context(document, passage.start)}\n{left}"
    if question in text:
        return None
    row = drawn.first_row + drawn.number
    return Trial(
        question,
        (row,),
        (text,),
        tuple(near for near in _near(drawn) if near != row),
        document.language,
        of_page=False,
    )


def _near(drawn: _Drawn) -> Iterator[int]:
    """The rows in the same innermost section, or the same document where there is none."""
    start = drawn.passages[drawn.number].start
    path = section_path(drawn.document, start)
    reach = (path[-1].start, path[-1].end) if path else (0, len(drawn.document.text))
    for number, passage in enumerate(drawn.passages):
        if reach[0] <= passage.start < reach[1]:
            yield drawn.first_row + number


def _held_out(text: str, language: str | None, digest: str) -> Span | None:
    spans = sentences(text, language)
    if len(spans) < 2:
        spans = list(_parts(text))
    fitting = [span for span in spans[1:] if _LEAST_WORDS <= _count(text, span) <= _MOST_WORDS]
    return fitting[int(digest, 16) % len(fitting)] if fitting else None


def _parts(text: str) -> Iterator[Span]:
    found = list(words(text))
    size = max(len(found) // _OF_PASSAGE, _LEAST_WORDS)
    for first in range(0, len(found) - size + 1, size):
        yield found[first][0], found[first + size - 1][1]


def _count(text: str, span: Span) -> int:
    return sum(1 for _ in words(text[slice(*span)]))


def _order(drawn: _Drawn) -> str:
    return drawn.digest


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:16]
