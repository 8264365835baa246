"""Question pages and lists of questions, as schema.org marks them.

A page of one question becomes a question page: the question is its title, each answer a section.
A FAQ stays one document in which each question heads its answer. It is one page with one address,
and the heading is encoded with the answer and shown above the quote, so that the question is both
found and cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from groundedqa.clean import clean
from groundedqa.read.html_blocks import nested, sections_of, sections_of_markup
from groundedqa.read.html_linked import Item, first_text, of_type, values
from groundedqa.read.raw import RawSection

_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|&(?:[a-zA-Z]+|#\d+);")
_NUMBER = re.compile(r"-?\d+")
_ADDRESS = re.compile(r"https?://\S+\Z")
_ANSWERS = ("acceptedAnswer", "suggestedAnswer")


def question_page(items: Iterable[Item]) -> tuple[str, tuple[RawSection, ...]] | None:
    """The question and the sections of its page: its text, then the answers, the best first.

    None where the page is about no question, or nobody has answered it.
    """
    for question in _questions(items):
        answers = list(_answers(question))
        if not answers:
            continue
        title = first_text(question, "name", "headline") or ""
        body = "\n\n".join(_text(value) for value in values(question, "text", "articleBody"))
        title = title or " ".join(body.split()[:30])
        answers.sort(key=lambda found: (not found[0].accepted, -(found[0].votes or 0)))
        opening = (RawSection(body),) if clean(body) and clean(body) != clean(title) else ()
        return title, (*opening, *(section for answer in answers for section in answer))
    return None


def _questions(items: Iterable[Item]) -> Iterator[Item]:
    items = list(items)
    for page in of_type(items, "QAPage"):
        yield from of_type(_inner(page, "mainEntity"), "Question")
    if not any(of_type(items, "FAQPage")):
        yield from of_type(items, "Question")


def _inner(item: Item, *names: str) -> list[Item]:
    return [value for value in values(item, *names) if isinstance(value, dict)]


def _answers(question: Item) -> Iterator[tuple[RawSection, ...]]:
    """The sections of each answer that says something; one that is listed twice comes once."""
    seen = set()
    for name in _ANSWERS:
        for answer in _inner(question, name):
            accepted = name == "acceptedAnswer"
            author = next(iter(_inner(answer, "author")), {})
            own = RawSection(
                *("", "Expert Answers", 1),
                author=first_text(author, "name") or first_text(answer, "author"),
                author_url=_address(first_text(author, "url")),
                votes=_votes(answer),
                accepted=accepted,
            )
            found = nested(_sections(answer), own)
            text = "".join(section.text for section in found)
            if text.strip() and text not in seen:
                seen.add(text)
                yield found


def _sections(answer: Item) -> tuple[RawSection, ...]:
    parts = values(answer, "text", "articleBody", "description")
    return tuple(section for part in parts for section in _parts(part))


def _parts(value: Any) -> tuple[RawSection, ...]:
    if isinstance(value, etree._Element):
        return sections_of(value)
    text = str(value)
    return sections_of_markup(text) if _MARKUP.search(text) else (RawSection(text),)


def _text(value: Any) -> str:
    parts = (part for s in _parts(value) for part in (s.heading, s.text) if part)
    return "\n\n".join(parts)


def _votes(answer: Item) -> int | None:
    found = _NUMBER.fullmatch(first_text(answer, "upvoteCount") or "")
    against = _NUMBER.fullmatch(first_text(answer, "downvoteCount") or "")
    if not found or len(found[0]) > 9:
        return None
    return int(found[0]) - (int(against[0]) if against and len(against[0]) < 9 else 0)


def _address(value: str | None) -> str | None:
    return value if value and _ADDRESS.match(value) else None


def frequent_questions(items: Iterable[Item]) -> tuple[RawSection, ...]:
    """The questions of a FAQ as headings of their answers."""
    found = []
    for page in of_type(items, "FAQPage"):
        for question in of_type(_inner(page, "mainEntity"), "Question"):
            name = first_text(question, "name", "headline")
            answers = _inner(question, *_ANSWERS)
            text = "\n\n".join(_text(part) for answer in answers for part in values(answer, "text"))
            if name and text.strip():
                found.append(RawSection(text, name, 2))
    return tuple(found)
