"""Raw parts to a Document: the text is cleaned here, once, and every offset is taken after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from groundedqa.clean import clean, clean_line
from groundedqa.errors import SourceError
from groundedqa.read.language import language_of, language_tag
from groundedqa.read.licences import licence_name
from groundedqa.read.profile import Required, SiteProfile
from groundedqa.read.raw import PAGE_BREAK, RawDocument, RawSection, Source
from groundedqa.types import Document, Page, Section

# An id of full stops alone is a folder to whatever follows a URL.
_UNSAFE = re.compile(r"[^A-Za-z0-9._:@+=,-]|^\.+$")
# In a file's name, dashes that could be taken for what parts its folders.
_DASH_OF_A_NAME = re.compile(r"^-|(?<=-)-|-$")
_BETWEEN = "\n\n"
_MISSING: dict[Required, str] = {
    "licence": "no licence",
    "author": "no author",
    "published": "no day of publication",
    "url": "no public address",
    "title": "no title",
}


def assemble(raw: RawDocument, source: Source, sha256: str, profile: SiteProfile) -> Document:
    """The document that ``raw`` describes.

    Raises:
        SourceError: nothing is left of the text once it is clean, the id is too long, or something
            is missing that the site requires.
    """
    text, sections, breaks = _join(raw.sections, paged=bool(raw.pages))
    if not text:
        raise SourceError("the document holds no text")
    doc_id = id_of_path(source.name) if raw.own_id is None else url_safe(raw.own_id)
    if not doc_id:
        raise SourceError("the id is blank; set one that can be seen")
    if len(doc_id) > 512:
        raise SourceError(
            f"the id {doc_id[:40]}... is longer than 512 characters; set a shorter one"
        )
    document = Document(
        doc_id=doc_id,
        title=clean_line(raw.title) or doc_id,
        text=text,
        kind=_line(raw.kind) or "article",
        url=_url(raw, source, doc_id, profile),
        licence=licence_name(_line(raw.licence) or _line(profile.licence)),
        published=raw.published,
        language=_language(raw, profile, text),
        tags=tuple(dict.fromkeys(tag for t in raw.tags if (tag := clean_line(t)))),
        sections=sections,
        pages=_pages(raw, breaks, len(text)),
        source=source.name,
        source_sha256=raw.sha256 or sha256,
        publisher=_line(raw.publisher) or profile.named,
        beside=clean(raw.beside),
    )
    _check_required(document, raw, profile)
    return document


def _check_required(document: Document, raw: RawDocument, profile: SiteProfile) -> None:
    """Raise a SourceError where something is missing that the site requires of its documents."""
    there: dict[Required, object] = {
        "licence": document.licence,
        "author": any(section.author for section in document.sections),
        "published": document.published,
        "url": document.url,
        "title": clean_line(raw.title),
    }
    missing = [_MISSING[field] for field in profile.require if not there[field]]
    if missing:
        them = "one" if len(missing) == 1 else "them"
        raise SourceError(f"{' and '.join(missing)}, and site.toml requires {them}")


def _url(raw: RawDocument, source: Source, doc_id: str, profile: SiteProfile) -> str | None:
    """The page's own address; else the one that the profile makes of its file or id."""
    if raw.url and raw.url.startswith("/"):
        return f"{profile.base.rstrip('/')}{raw.url}" if profile.base else None
    if raw.url:
        return raw.url
    if raw.sha256 and "{id}" not in profile.url:
        return None  # one of many documents in a file: the file's address is not its own
    return profile.address(source.name, doc_id)


def _language(raw: RawDocument, profile: SiteProfile, text: str) -> str | None:
    """What the source says, else the site, else what the text looks like."""
    for named in (_line(raw.language), _line(profile.language)):
        if named and (tag := language_tag(named)):
            return tag
    return language_of(text)


def _line(value: str | None) -> str | None:
    """The value clean and on one line; None where nothing of it can be seen."""
    return clean_line(value) or None if value else None


def url_safe(own_id: str) -> str:
    """An id that stands in a URL as it is; other characters become ``~`` and their UTF-8 in hex."""
    return _UNSAFE.sub(_escape, clean_line(own_id))


def id_of_path(name: str) -> str:
    """The id of a file: its path without the suffix, folders parted by ``--``.

    No two paths that differ beyond their suffix and white space have the same.
    """
    folder, _, file = name.rpartition("/")
    stem = file.rsplit(".", 1)[0] or file
    parts = [*folder.split("/"), stem] if folder else [stem]
    return "--".join(_DASH_OF_A_NAME.sub("~2D", url_safe(part)) for part in parts)


def _escape(match: re.Match[str]) -> str:
    return "".join(f"~{byte:02X}" for byte in match[0].encode())


def _join(raw: Sequence[RawSection], *, paged: bool) -> tuple[str, tuple[Section, ...], list[int]]:
    """All text in order, the reach of each section over it, and where each new page begins."""
    parts: list[str] = []
    starts: list[int] = []
    breaks: list[int] = []
    position = 0
    for section in raw:
        body = clean(section.text)
        # Where a source has no pages, the sign is a character like any other.
        body, found = _without_breaks(body) if paged else (body, [])
        starts.append(position)
        breaks.extend(position + place for place in found)
        if body:
            parts.append(body)
            position += len(body) + len(_BETWEEN)
    text = _BETWEEN.join(parts)
    sections = []
    for index, section in enumerate(raw):
        following = (
            starts[later] - len(_BETWEEN)
            for later in range(index + 1, len(raw))
            if raw[later].level <= section.level
        )
        start = min(starts[index], len(text))
        end = min(max(next(following, len(text)), start), len(text))
        sections.append(_section(section, start, end))
    return text, tuple(s for s in sections if s.end > s.start and (s.heading or s.author)), breaks


def _without_breaks(body: str) -> tuple[str, list[int]]:
    """Clean text without its page breaks, and where those stood."""
    if PAGE_BREAK not in body:
        return body, []
    pieces = body.split(PAGE_BREAK)
    places = list(accumulate(len(piece) for piece in pieces[:-1]))
    joined = clean("".join(pieces))  # a break beside white space may have left some of that
    return joined, [min(place, len(joined)) for place in places]


def _pages(raw: RawDocument, breaks: Sequence[int], end: int) -> tuple[Page, ...]:
    """The reach of each page that holds text.

    Raises:
        SourceError: there are more or fewer breaks than the labels need.
    """
    labels = raw.pages
    if len(breaks) != max(len(labels) - 1, 0):
        raise SourceError(f"{len(breaks)} page breaks stand between {len(labels)} pages")
    bounds = pairwise((0, *(min(place, end) for place in breaks), end))
    reaches = zip(bounds, labels, strict=bool(labels))
    return tuple(
        Page(first, last, label, number if raw.opens_at_pages else 0)
        for number, ((first, last), label) in enumerate(reaches, start=1)
        if last > first
    )


def _web_address(value: str | None) -> str | None:
    """An address that may become a link in pages: "javascript:" and the like must never."""
    line = _line(value)
    return line if line and line.lower().startswith(("https://", "http://")) else None


def _section(raw: RawSection, start: int, end: int) -> Section:
    author, role, credential = map(_line, (raw.author, raw.role, raw.credential))
    return Section(
        *(start, end, clean_line(raw.heading), raw.level, author, role, credential),
        anchor=_line(raw.anchor),
        author_url=_web_address(raw.author_url),
        votes=raw.votes,
        accepted=raw.accepted,
    )
