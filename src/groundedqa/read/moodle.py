"""Moodle's question banks (XML): a question with its right answers is a document.

Wrong answers are kept only with what is said of them, below a heading that calls them so: a wrong
answer alone must never be quoted as if it were one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from groundedqa.errors import SourceError
from groundedqa.read.assemble import id_of_path
from groundedqa.read.moodle_answers import answers_of, pictures, shown, with_gaps
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, Dropped, RawDocument, RawSection, Reader, Source
from groundedqa.read.safe_xml import elements_of, opening

_LONGEST_TITLE = 200
_LONGEST_SLUG = 60
_PLACEHOLDERS = re.compile(r"(?i)\$\w+\$|top|default for .*")


def recognises(head: bytes) -> bool:
    """Whether it is a bank of questions."""
    return opening(head) in (("quiz",), ("quiz", "question"))


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The questions that say what is right, in the order of the file.

    Raises:
        SourceError: the file declares entities, or holds no such question.
    """
    del profile
    unanswered = 0
    last: RawDocument | None = None
    fault: SourceError | None = None
    try:
        for raw in _documents(source):
            if raw is None:
                unanswered += 1
                continue
            if last:
                yield last
            last = raw
    except SourceError as error:
        fault = error
    if last:  # it carries what is said of the file as a whole
        notes = (f"{unanswered:,} questions without an answer were left out",)
        yield replace(last, warnings=(*last.warnings, *(notes if unanswered else ())))
    if fault and last:
        yield Broken("", f"{fault}; what stands before was read")
    elif fault or not last:
        raise fault or SourceError("it holds no question that has an answer")


def _documents(source: Source) -> Iterator[RawDocument | None]:
    """A document for each question; None for one of which nothing says what is right."""
    category = ""
    seen: dict[str, int] = {}
    for number, question in enumerate(elements_of(source.path, "question"), 1):
        if question.get("type") == "category":
            category = _leaf(shown(question.find("{*}category")))
            continue
        raw = _document(question, category, f"question {number}")
        yield replace(raw, own_id=_id(source, question, raw.title, seen)) if raw else None


def _leaf(path: str) -> str:
    """The last folder of a category's path, in which a slash of a name is written twice."""
    names = [name.replace("\0", "/") for name in path.replace("//", "\0").split("/")]
    named = [name.strip() for name in names if not _PLACEHOLDERS.fullmatch(name.strip())]
    return named[-1] if named else ""


def _id(source: Source, question: etree._Element, title: str, seen: dict[str, int]) -> str:
    """From the question's own number, else its name; told apart where two have the same."""
    name = question.findtext("{*}idnumber") or shown(question.find("{*}name")) or title
    slug = re.sub(r"\W+", "-", name).strip("-").lower()[:_LONGEST_SLUG]
    seen[slug] = seen.get(slug, 0) + 1
    again = f"-{seen[slug]}" if seen[slug] > 1 else ""
    return f"{id_of_path(source.name)}-{slug}{again}"


def _document(question: etree._Element, category: str, place: str) -> RawDocument | None:
    """The question's document; None where nothing says what is right."""
    answers = answers_of(question)
    asked = with_gaps(shown(question.find("{*}questiontext")))
    feedback = shown(question.find("{*}generalfeedback"))
    sorts = (
        ("Correct answer" if len(answers.right) == 1 else "Correct answers", answers.right),
        ("Feedback", (feedback,)),
        ("Partly correct answers", answers.partly),
        ("Wrong answers", answers.wrong),
    )
    sections = tuple(
        RawSection("\n\n".join(texts), heading, 1) for heading, texts in sorts if any(texts)
    )
    described = question.get("type") == "description"
    if not (answers.right or feedback or (described and asked)):
        return None
    name = shown(question.find("{*}name"))
    line = " ".join(asked.split())
    fits = 0 < len(line) <= _LONGEST_TITLE and "\n" not in asked and not described
    tags = [shown(tag) for tag in question.iterfind("{*}tags/{*}tag")]
    missing = pictures(question)
    return RawDocument(
        title=line if fits else name or line[:_LONGEST_TITLE],
        sections=sections if fits else (RawSection(asked), *sections),
        kind="article" if described else "qa",
        tags=tuple(tag for tag in (category, *tags) if tag),
        place=place,
        sha256=hashlib.sha256(etree.tostring(question, with_tail=False)).hexdigest(),
        warnings=(f"{missing} of its pictures left out",) if missing else (),
        dropped=tuple(Dropped("wrong answer of which nothing is said", t) for t in answers.silent),
    )


READER = Reader("moodle questions", (), recognises, read)
