"""What a question of a Moodle bank says is right, by its type, with what is said of each answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from groundedqa.read.html_blocks import parse_markup, text_of
from groundedqa.read.html_dollars import mark_formulas
from groundedqa.read.safe_xml import local

BLANK = "____"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|&#?\w+;")
_CLOZE = re.compile(r"\{\d*:[A-Z_]+:(?P<options>(?:\\.|[^{}\\])*)\}")
_OPTION = re.compile(r"(?<!\\)~")
_RIGHT = re.compile(r"=|%100(?:\.0+)?%")
_GAP = re.compile(r"\[\[(\d{1,3})\]\]")
_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of each sort, with what is said of them."""

    right: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()  # wrong, and nothing is said of them


def shown(element: etree._Element | None) -> str:
    """What a part of a question shows: its ``text``, which is HTML unless it says otherwise."""
    if element is None:
        return ""
    source = element.findtext("{*}text") or ""
    if element.get("format") in ("plain_text", "markdown") or not _TAG.search(source):
        return source.strip()
    body = parse_markup(source)
    mark_formulas(body)
    return text_of(body)


def with_gaps(text: str) -> str:
    """A question's text with a line for each gap."""
    return _GAP.sub(BLANK, _CLOZE.sub(BLANK, text))


def answers_of(question: etree._Element) -> Answers:
    """The answers of a question, the right ones by themselves."""
    special = _SPECIAL.get(question.get("type") or "")
    return special(question) if special else _by_fraction(question)


def _by_fraction(question: etree._Element) -> Answers:
    several = (question.findtext("{*}single") or "").strip() in ("false", "0")
    found: dict[str, list[str]] = {"right": [], "partly": [], "wrong": [], "silent": []}
    for answer in question.iterchildren("{*}answer"):
        share = _number(answer.get("fraction"))
        text, feedback = _text(answer), shown(answer.find("{*}feedback"))
        if not text:
            continue
        whole = "\n\n".join(part for part in (text, feedback) if part)
        if share >= _WHOLE - 0.1 or (several and share > 0):
            found["right"].append(whole)
        elif share > 0:
            found["partly"].append(whole)
        else:
            found["wrong" if feedback else "silent"].append(whole)
    return Answers(**{sort: tuple(texts) for sort, texts in found.items()})


def _text(answer: etree._Element) -> str:
    text = shown(answer)
    tolerance = _number(answer.findtext("{*}tolerance"))
    return f"{text} ± {tolerance:g}" if tolerance and text else text


def _number(value: str | None) -> float:
    try:
        return float((value or "0").strip() or 0)
    except ValueError:
        return 0.0


def _pairs(question: etree._Element) -> Answers:
    rows = []
    for pair in question.iterchildren("{*}subquestion"):
        left, right = shown(pair), shown(pair.find("{*}answer"))
        if left and right:
            rows.append(f"| {' '.join(left.split())} | {' '.join(right.split())} |")
    return Answers(("\n".join(rows),) if rows else ())


def _cloze(question: etree._Element) -> Answers:
    text = shown(question.find("{*}questiontext"))
    return Answers((_CLOZE.sub(_right_option, text),) if _CLOZE.search(text) else ())


def _right_option(gap: re.Match[str]) -> str:
    for option in _OPTION.split(gap["options"]):
        if right := _RIGHT.match(option):
            said = re.split(r"(?<!\\)#", option[right.end() :])[0]
            return re.sub(r":\S*$", "", said) if "NUMERICAL" in gap[0] else said.replace("\\", "")
    return BLANK


def _gaps(question: etree._Element) -> Answers:
    boxes = [
        shown(box) for box in question if local(box.tag) in ("dragbox", "selectoption", "answer")
    ]

    def fill(gap: re.Match[str]) -> str:
        at = int(gap[1]) - 1
        return boxes[at] if 0 <= at < len(boxes) else BLANK

    text = shown(question.find("{*}questiontext"))
    return Answers((_GAP.sub(fill, text),) if _GAP.search(text) else ())


def _order(question: etree._Element) -> Answers:
    items = [shown(answer) for answer in question.iterchildren("{*}answer")]
    lines = (f"{number}. {item}" for number, item in enumerate(filter(None, items), 1))
    return Answers(("\n".join(lines),) if any(items) else ())


def _model(question: etree._Element) -> Answers:
    """Of an essay there is at most what its graders are told."""
    told = shown(question.find("{*}graderinfo"))
    return Answers((told,) if told else ())


_SPECIAL: dict[str, Callable[[etree._Element], Answers]] = {
    **dict.fromkeys(("matching", "ddmatch"), _pairs),
    **dict.fromkeys(("ddwtos", "gapselect"), _gaps),
    "cloze": _cloze,
    "multianswer": _cloze,
    "ordering": _order,
    "essay": _model,
}


def pictures(question: etree._Element) -> int:
    """How many pictures a question shows, which no text can."""
    return sum(len(re.findall(r"(?i)<img\b", text)) for text in _texts(question))


def _texts(question: etree._Element) -> Iterator[str]:
    return (each.text or "" for each in question.iter("{*}text"))
