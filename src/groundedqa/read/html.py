"""Web pages, as a browser saved them or a site wrote them: the main text, with what it cites by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from lxml import etree

from groundedqa.clean import clean_line
from groundedqa.errors import SourceError
from groundedqa.read.chrome import is_chrome
from groundedqa.read.html_blocks import blocks_of, parse_page
from groundedqa.read.html_body import with_body
from groundedqa.read.html_choice import chosen_lines
from groundedqa.read.html_decode import decode_page
from groundedqa.read.html_main import Judged, by_words, judged
from groundedqa.read.html_meta import PageFacts, facts_of
from groundedqa.read.html_names import is_hidden
from groundedqa.read.html_questions import frequent_questions, question_page
from groundedqa.read.html_sections import Block, put_together
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, Dropped, RawDocument, RawSection, Reader, Source

_OPENING = re.compile(
    rb"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>]|<head[\s>]"
    rb"|<body[\s>]|<meta\s|<title[\s>])"
)
_WORD = re.compile(r"\w+")
_LEAST = 5  # words of a page whose other words were all dropped
_LONGEST = 300  # characters of what was dropped that are told
_MOST_LINKS = 0.6  # the share of characters in links that makes a page a list of them


def recognises(head: bytes) -> bool:
    """Whether the content opens as HTML does, whatever stands in the page's text."""
    return _OPENING.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a page."""
    data = source.path.read_bytes()
    if not data.strip(b"\x00 \t\r\n"):
        raise SourceError("the file is empty")
    markup, encoding = decode_page(data)
    markup = with_body(markup)
    page = parse_page(markup)
    facts = facts_of(page)
    body = next(page.iter("{*}body"), page)
    found = _question(facts, body) or _article(facts, body, markup, profile)
    warnings = () if encoding == "utf-8" else (f"read as {encoding}",)
    stem = source.path.stem.replace("-", " ").replace("_", " ")
    yield replace(found, title=found.title or stem, warnings=warnings)


def _question(facts: PageFacts, body: etree._Element) -> RawDocument | None:
    """The page as a question page, where it is marked as one and has an answer."""
    found = question_page(facts.items)
    if found is None:
        return None
    title, sections = found
    blocks = blocks_of(body)
    shown = by_words(blocks, [title, *(line for s in sections for line in s.text.split("\n"))])
    beside = [str(b) for b, said in zip(blocks, shown, strict=True) if not said]
    return _document(facts, title, sections, "qa", beside + _buttons(body))


def _article(
    facts: PageFacts, body: etree._Element, markup: str, profile: SiteProfile
) -> RawDocument:
    blocks = blocks_of(body)
    chosen = chosen_lines(markup)
    if 3 * sum(len(b.text) for b in blocks) < sum(map(len, chosen)):
        _reveal(body)  # a page that was saved before its scripts showed it, or behind a dialog
        blocks = blocks_of(body)
    found = [_by_profile(each, profile) for each in judged(blocks, chosen)]
    questions = frequent_questions(facts.items)
    if not questions:
        _check(found, body)
    sections = put_together(each.block for each in found if each.rule is None)
    kind = "article"
    if questions:
        kind, sections = _with_questions(sections, questions)
    title = facts.title or next((s.heading for s in sections if s.heading), "")
    beside = [each.block.text for each in found if each.rule]
    raw = _document(facts, title, _without_title(sections, title), kind, beside + _buttons(body))
    return replace(raw, dropped=_dropped(found))


def _reveal(body: etree._Element) -> None:
    """Show what is hidden and holds paragraphs."""
    for element in [body, *body.iterdescendants("{*}div", "{*}main", "{*}article", "{*}section")]:
        if is_hidden(element) and next(element.iter("{*}p"), None) is not None:
            for attribute in ("hidden", "aria-hidden", "style"):
                element.attrib.pop(attribute, None)


def _by_profile(each: Judged, profile: SiteProfile) -> Judged:
    """Drop what the site profile knows as chrome."""
    block = each.block
    if each.rule or block.kind in ("table", "code", "heading") or block.marker:
        return each
    lines = block.text.split("\n")
    kept = [line for line in lines if not is_chrome(line, profile)]
    if len(kept) == len(lines):
        return each
    return (
        Judged(block, "a line of the site profile")
        if not kept
        else Judged(replace(block, text="\n".join(kept)), None)
    )


def _check(found: Sequence[Judged], body: etree._Element) -> None:
    """Raise a SourceError where nothing, or nothing but links, is left."""
    blocks = [each.block for each in found if each.rule is None]
    kept = sum(len(_WORD.findall(block.text)) for block in blocks)
    total = sum(len(_WORD.findall(each.block.text)) for each in found)
    if kept and (kept >= _LEAST or kept > total - kept) and not _is_list_of_links(blocks):
        return
    if not total:
        scripts = any(True for _ in body.iter("{*}script"))
        raise SourceError(
            "the page is empty until its scripts run; save it from a browser, with what it shows"
            if scripts
            else "the page holds no text"
        )
    if _is_list_of_links([each.block for each in found]):
        raise SourceError("the page is a list of links and has no text of its own")
    raise SourceError("the page has no main text: only menus, notes and the like")


def _is_list_of_links(blocks: Sequence[Block]) -> bool:
    characters = sum(len(block.text) for block in blocks)
    return sum(block.linked for block in blocks) > _MOST_LINKS * characters


def _with_questions(
    sections: tuple[RawSection, ...], questions: tuple[RawSection, ...]
) -> tuple[str, tuple[RawSection, ...]]:
    """The questions of a FAQ in place of a page that is little else; else beside its text."""
    asked = sum(len(_WORD.findall(s.text)) for s in questions)
    if 2 * asked >= sum(len(_WORD.findall(s.text)) for s in sections):
        return "faq", questions
    shown = clean_line(" ".join(s.text for s in sections)).casefold()
    hidden = [s for s in questions if clean_line(s.text)[:60].casefold() not in shown]
    return "article", (*sections, *hidden)


def _without_title(sections: tuple[RawSection, ...], title: str) -> tuple[RawSection, ...]:
    """The sections without the heading that says the title, if it heads all others."""
    for at, section in enumerate(sections):
        if not section.heading:
            continue
        others = (*sections[:at], *sections[at + 1 :])
        alone = all(s.level > section.level for s in others if s.heading)
        if alone and clean_line(section.heading).casefold() == clean_line(title).casefold():
            body = "\n\n".join(s.text for s in sections[: at + 1] if s.text)
            return (RawSection(body), *sections[at + 1 :])
        break
    return sections


def _document(
    facts: PageFacts,
    title: str,
    sections: tuple[RawSection, ...],
    kind: str,
    beside: Sequence[str],
) -> RawDocument:
    if facts.author and kind != "qa":
        opening = sections[0].text if not sections[0].heading else ""
        rest = sections if sections[0].heading else sections[1:]
        sections = (RawSection(opening, author=facts.author), *rest)
    return RawDocument(
        title=title,
        sections=sections,
        kind=kind,
        url=facts.url,
        licence=facts.licence,
        published=facts.published,
        language=facts.language,
        publisher=facts.publisher,
        tags=facts.tags,
        beside="\n\n".join(beside),
    )


def _buttons(body: etree._Element) -> list[str]:
    """What buttons say: no text of the page, but shown, and found by a browser's search."""
    said = (" ".join("".join(b.itertext()).split()) for b in body.iter("{*}button"))
    return [text for text in said if text]


def _dropped(found: Sequence[Judged]) -> tuple[Dropped, ...]:
    """What was left out, neighbours of one rule together."""
    dropped = []
    for rule, run in groupby(found, key=lambda each: each.rule):
        if rule:
            text = " / ".join(clean_line(each.block.text) for each in run)
            dropped.append(Dropped(rule, text[:_LONGEST]))
    return tuple(dropped)


READER = Reader("html", (".html", ".htm", ".xhtml", ".xht"), recognises, read)
