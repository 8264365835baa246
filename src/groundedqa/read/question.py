"""Whether a text is a question page, and its title: which line above the answers asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from groundedqa.clean import clean_line
from groundedqa.errors import SourceError
from groundedqa.read import patterns
from groundedqa.read.byline import byline_at
from groundedqa.read.chrome import Sort, is_chrome, sort_of, without_chrome
from groundedqa.read.lines import Line, ends_sentence
from groundedqa.read.profile import SiteProfile

NAMED_HEADINGS = patterns.any_of(patterns.NAMED_HEADINGS)
_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:[^\n]*\n)*?)(?:---|\.{3})[ \t]*(?:\n|\Z)")
_KEY = re.compile(r"(?m)^[\w-]+:")
_OPENS_WITH_MARK = re.compile(r"\s*#{1,6} \S")
_MARKED = re.compile(r"(?m)^#{1,6} \S")
_SEVERAL = 2  # headings marked with "#"; one alone may be an answer's own line
_LABELS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns.QUESTION_LABELS)
_PREFIX = re.compile(r"(?i)(?:question|q)\s*(?:#?\d+)?\s*[:.]\s+(?=\S)")
_SITE_AFTER = re.compile(r"(?P<question>.+[?？؟])\s*(?:[|–—-]|\bon\b)\s*\S.{0,50}")
_LONGEST_HEADING = 60
_ASKS = ("?", "？", "؟")
_MOST_LINES = 500  # a menu above the question is long, but never that long
_FEW = 2  # small words; a statement has more of them, a row of links "Log in" at most
_LONG_ENOUGH = 4  # words; what is shorter above a question names a subject or a place on the site


def names_who_answers(text: str) -> bool:
    """Whether "Expert Answers" or the like heads a text that isn't Markdown.

    A rule or a ``#`` within a page makes no Markdown of it: what opens the text does, and several
    headings where no byline stands below the one that names who answers.
    """
    text = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    if _OPENS_WITH_MARK.match(text) or (front and _KEY.search(front[1])):
        return False
    lines = [Line(line.strip(), True) for line in text.split("\n") if line.strip()]
    named = [at for at, line in enumerate(lines) if _is_named_heading(line.text)]
    if len(_MARKED.findall(text)) < _SEVERAL:
        return bool(named)
    site = SiteProfile()
    return any(at + 1 < len(lines) and byline_at(lines, at + 1, True, site) for at in named)


def could_be_question(text: str, profile: SiteProfile) -> bool:
    """Whether a line can be what a page asks."""
    return _is_plain(text, profile) and (_asks(text) or len(text.split()) > 1)


def question_of(lines: Sequence[Line], profile: SiteProfile) -> tuple[str, int]:
    """The question, and the number of lines down to its end.

    Raises:
        SourceError: no line is one.
    """
    lines = lines[:_MOST_LINES]
    plain = [at for at, line in enumerate(lines) if _is_plain(line.text, profile)]
    if not plain:
        raise SourceError("no question stands above the answers; the first line must be it")
    at = _chosen(lines, plain, profile)
    text, end = lines[at].text, at + 1
    while end < len(lines) and _reads_on(text, lines[end]):
        text, end = f"{text} {lines[end].text}", end + 1
    text = _PREFIX.sub("", clean_line(text), count=1)
    found = _SITE_AFTER.fullmatch(text)
    return (found["question"] if found else text), end


def title_and_text(lines: Sequence[Line], profile: SiteProfile) -> tuple[str, Sequence[Line], str]:
    """Title, text and kind of a text that asks nothing; chrome at its end makes it a page."""
    words = lines[0].text.split()
    if len(lines) > 1 and lines[1].opens and len(words) <= 30:
        title, body = " ".join(words), lines[1:]
    else:
        title, body = " ".join(words[:12]), lines
    from_a_page = any(is_chrome(line.text, profile) for line in body[-3:])
    return title, without_chrome(body, profile) if from_a_page else body, "article"


def _is_named_heading(line: str) -> bool:
    return len(line) < _LONGEST_HEADING and NAMED_HEADINGS.fullmatch(line.lower()) is not None


def _asks(text: str) -> bool:
    return text.rstrip().endswith(_ASKS) or _SITE_AFTER.fullmatch(text.strip()) is not None


def _is_plain(text: str, profile: SiteProfile) -> bool:
    line = text.strip()
    if any(pattern.fullmatch(line) for pattern in _LABELS if len(line) < 300):
        return False
    if _asks(line) and len(line.split()) > _LONG_ENOUGH:
        return sort_of(line, profile) is not Sort.CHROME
    return sort_of(line, profile) not in (Sort.CHROME, Sort.BUTTON, Sort.NUMBER)


def _chosen(lines: Sequence[Line], plain: Sequence[int], profile: SiteProfile) -> int:
    """The line said twice, else the first long one that is no sentence of the site."""
    said = Counter(clean_line(lines[at].text) for at in plain)
    for at in plain:
        text = lines[at].text
        if said[clean_line(text)] > 1 and len(text.split()) >= _LONG_ENOUGH:
            return at
    asked = any(_asks(lines[at].text) for at in plain)
    for at in plain:
        text = lines[at].text
        if asked and _is_row(text):
            continue
        of_the_site = sort_of(text, profile) is Sort.SITE and text.endswith((".", "!"))
        if _asks(text) or (len(text.split()) >= _LONG_ENOUGH and not of_the_site):
            return at
    return plain[-1]


def _is_row(text: str) -> bool:
    """Whether a line could be a row of links, which a question below it outweighs."""
    small = sum(not word[:1].isupper() for word in text.split())
    return small < _FEW and not (_asks(text) or ends_sentence(text))


def _reads_on(text: str, below: Line) -> bool:
    """Whether a question is broken over two lines."""
    return not (below.opens or text.endswith((*_ASKS, ".", "!", ":"))) and (
        below.text[:1].islower() and below.text.rstrip().endswith(_ASKS)
    )
