"""A site's question page as text: the question, its expert answers, and the page's chrome.

The page is read line by line. Above the first answer heading, or the first byline where there is
no heading, stands the question; below it a byline or a further heading opens each answer. Chrome
is dropped from each answer once its reach is known.

Where a rule is to be found: ``lines`` puts wrapped lines together, ``question`` chooses the title,
``byline`` says where a byline stands and ``titles`` what its parts mean, ``chrome`` weighs what is
not content. The patterns are data: ``offers`` has those of offers, buttons and links to elsewhere,
``patterns`` all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from itertools import pairwise

from groundedqa.clean import clean
from groundedqa.errors import SourceError
from groundedqa.read import patterns
from groundedqa.read.byline import byline_at, could_be_byline
from groundedqa.read.chrome import Sort, is_chrome, leads_away, sort_of, without_chrome
from groundedqa.read.decode import decode
from groundedqa.read.dropped import with_dropped
from groundedqa.read.lines import Line, ends_sentence, page_lines
from groundedqa.read.profile import SiteProfile
from groundedqa.read.question import (
    NAMED_HEADINGS,
    could_be_question,
    names_who_answers,
    question_of,
    title_and_text,
)
from groundedqa.read.raw import Broken, RawDocument, RawSection, Reader, Source
from groundedqa.read.titles import Byline

_BARE_HEADINGS = patterns.any_of(patterns.BARE_HEADINGS)
_COUNTED_HEADING = re.compile(patterns.COUNTED_HEADING)
_OF_LINK = re.compile(r"\d{1,4} \w+ answers?|latest answer posted .{1,60}")
_HEADING_WORD = re.compile("answer|respon|solution|repl|solved|explained|comment")
_LONGEST_HEADING = 80
_PROSE = 20  # words; a paragraph this long below a list of links is content again


@dataclass(slots=True)
class _Answer:
    byline: Byline = field(default_factory=Byline)
    lines: list[Line] = field(default_factory=list)
    heading: str = ""


def recognises(head: bytes) -> bool:
    """Whether a line of its own says "Expert Answers" or the like, outside Markdown."""
    return names_who_answers(head.decode("utf-8", "ignore").lstrip("\ufeff"))


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a page; a text without an answer heading is read as an article."""
    text, warnings = decode(source)
    yield replace(parse(clean(text), profile), warnings=warnings)


def parse(text: str, profile: SiteProfile) -> RawDocument:
    """Take a page apart. ``text`` is canonical already.

    Raises:
        SourceError: no question, or nothing is left of the answers.
    """
    lines = page_lines(text, lambda line: _stands_alone(line, profile))
    start = _start_of_answers(lines, profile)
    if start is None:
        return _article(lines, profile)
    title, _ = question_of(lines[:start], profile)
    sections = tuple(
        RawSection(body, answer.heading, 1, *astuple(answer.byline))
        for answer in _signed(_without_preamble(_answers(lines[start:], profile), profile))
        if (body := _text(without_chrome(answer.lines, profile)))
    )
    if not sections:
        raise SourceError("no answer is left below the heading; see `bylines` in site.toml")
    return with_dropped(RawDocument(title=title, sections=sections, kind="qa"), lines, profile)


def _is_heading(text: str, profile: SiteProfile) -> bool:
    line = text.strip()
    if len(line) > _LONGEST_HEADING:
        return False
    own = profile.answer_heading_patterns[: len(profile.answer_headings)]
    if own and any(pattern.fullmatch(line) for pattern in own):
        return True
    line = line.lower()
    if not profile.defaults or not _HEADING_WORD.search(line):
        return False
    return bool(NAMED_HEADINGS.fullmatch(line) or _BARE_HEADINGS.fullmatch(line))


def _stands_alone(line: str, profile: SiteProfile) -> bool:
    return (
        _is_heading(line, profile)
        or sort_of(line, profile) in (Sort.CHROME, Sort.BUTTON)
        or byline_at([Line(line, True)], 0, False, profile) is not None
    )


def _start_of_answers(lines: Sequence[Line], profile: SiteProfile) -> int | None:
    """The first heading, else the first byline, that has a question above it."""
    asked = False
    first_byline = None
    for at, line in enumerate(lines):
        if asked and _is_heading(line.text, profile):
            return at
        if asked and first_byline is None and byline_at(lines, at, False, profile):
            first_byline = at
        asked = asked or could_be_question(line.text, profile)
    return first_byline


def _article(lines: Sequence[Line], profile: SiteProfile) -> RawDocument:
    """A text without answers: its first line is the title when it is short and stands alone."""
    if not lines:
        raise SourceError("the file holds no text")
    above = next((i for i, line in enumerate(lines) if len(line.text.split()) > 30), len(lines))
    asked = next((i for i, line in enumerate(lines[:above]) if line.text.endswith("?")), None)
    if asked is not None and all(not ends_sentence(line.text) for line in lines[:asked]):
        title, used = question_of(lines[: asked + 1], profile)
        kept: Sequence[Line] = without_chrome(lines[used:], profile)
        kind = "qa"
    else:
        title, kept, kind = title_and_text(lines, profile)
    body = _text(kept)
    if not body:
        raise SourceError("the file holds a title and no text below it")
    return with_dropped(RawDocument(title, (RawSection(body),), kind), lines, profile)


def _answers(lines: Sequence[Line], profile: SiteProfile) -> list[_Answer]:
    """The answers in order, each with the lines from its byline or heading to the next."""
    answers = [_Answer()]
    page_heading = ""
    at = 0
    while at < len(lines):
        current = answers[-1]
        if current.lines[-1:] == [lines[at - 1]] and _tells_of_link(lines, at, profile):
            current.lines.pop()
            at = _after_links(lines, at + 1, profile)
            continue
        if _opens_by_heading(lines, at, current, profile):
            page_heading = page_heading or lines[at].text.strip().rstrip(": ")
            answers.append(_Answer(heading=page_heading))
            at += 1
            continue
        found = None
        if could_be_byline(lines[at].text, profile):
            found = byline_at(lines, at, _may_open(lines, at, current, profile), profile)
        if found:
            answers.append(_Answer(found[0], heading=page_heading))
            at += found[1]
        elif leads_away(lines[at].text) and current.lines:
            at = _after_links(lines, at + 1, profile)
        else:
            current.lines.append(lines[at])
            at += 1
    return answers


def _opens_by_heading(
    lines: Sequence[Line], at: int, current: _Answer, profile: SiteProfile
) -> bool:
    """Whether a heading opens an answer here; "Answer" alone may close a solution instead."""
    text = lines[at].text
    if not _is_heading(text, profile):
        return False
    if not _BARE_HEADINGS.fullmatch(text.strip().lower()) or not current.lines:
        return True
    return at + 1 < len(lines) and byline_at(lines, at + 1, True, profile) is not None


def _may_open(lines: Sequence[Line], at: int, current: _Answer, profile: SiteProfile) -> bool:
    """Whether an answer may begin here: below a heading, or where chrome has closed the last."""
    if not current.lines:
        return not current.byline.author
    return is_chrome(lines[at - 1].text, profile)


def _after_links(lines: Sequence[Line], at: int, profile: SiteProfile) -> int:
    """Past a list of links: to the next heading or byline, or to prose below several of them."""
    links = 0
    while at < len(lines):
        text = lines[at].text
        prose = len(text.split()) >= _PROSE and ends_sentence(text) and not text.endswith("...")
        content = links > 1 and prose and sort_of(text, profile) is Sort.CONTENT
        if content or _ends_links(lines, at, profile):
            return at
        links = 0 if prose else links + 1
        at += 1
    return at


def _tells_of_link(lines: Sequence[Line], at: int, profile: SiteProfile) -> bool:
    """Whether a count of answers, or the date of the latest, stands right below a question."""
    text = lines[at].text.strip().lower()
    if lines[at].opens or not lines[at - 1].text.endswith("?"):
        return False
    return bool(_OF_LINK.fullmatch(text)) and not _ends_links(lines, at, profile)


def _ends_links(lines: Sequence[Line], at: int, profile: SiteProfile) -> bool:
    """Whether an answer begins; "2 answers" beside another question is no heading of this one."""
    if byline_at(lines, at, False, profile):
        return True
    text = lines[at].text
    if not _is_heading(text, profile) or not _COUNTED_HEADING.fullmatch(text.strip().lower()):
        return _is_heading(text, profile)
    return at + 1 < len(lines) and byline_at(lines, at + 1, True, profile) is not None


def _without_preamble(answers: list[_Answer], profile: SiteProfile) -> list[_Answer]:
    """Leave out counts and buttons between a heading and the first byline."""
    never_alone = (Sort.CHROME, Sort.BUTTON, Sort.NUMBER)
    return [
        answer
        for answer, below in zip(answers, [*answers[1:], _Answer()], strict=True)
        if answer.byline.author
        or not below.byline.author
        or any(sort_of(line.text, profile) not in never_alone for line in answer.lines)
    ]


def _signed(answers: list[_Answer]) -> list[_Answer]:
    """Where bylines stand below the answers, each goes to the text above it."""
    bodies = [a for a in answers if a.lines or a.byline.author]
    below = len(bodies) > 1 and not bodies[0].byline.author and not bodies[-1].lines
    if not below or not all(a.byline.author for a in bodies[1:]):
        return answers
    return [
        _Answer(signature.byline, body.lines, signature.heading)
        for body, signature in pairwise(bodies)
    ]


def _text(lines: Sequence[Line]) -> str:
    return "".join(
        ("" if i == 0 else "\n\n" if line.opens else "\n") + line.text
        for i, line in enumerate(lines)
    )


READER = Reader("question page", (".txt", ".text"), recognises, read)
