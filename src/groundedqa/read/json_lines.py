"""JSON Lines: a document a line, with BEIR's fields or our own.

``{"_id": ..., "title": ..., "text": ...}`` is enough. Besides the fields of front matter a line may
hold ``sections`` (``heading``, ``level``, ``text``) or ``answers`` (``author``, ``role``,
``credential``, ``text``) in place of ``text``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import Field

from groundedqa.errors import SourceError
from groundedqa.read.decode import UTF16
from groundedqa.read.fields import DocumentFields, validated
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, RawDocument, RawSection, Reader, Source


class _Answer(DocumentFields):
    text: str


class _Section(_Answer):
    heading: str = ""
    level: int = Field(default=1, ge=0, le=9)


class _Line(DocumentFields):
    text: str | None = None
    answers: tuple[_Answer, ...] = ()
    sections: tuple[_Section, ...] = ()


def recognises(head: bytes) -> bool:
    """Whether the first line is a JSON object, as far as it can be seen."""
    first, end, _ = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if not first.startswith(b"{"):
        return False
    if not end:  # the line is longer than the head
        return first[1:].lstrip().startswith((b'"', b"}"))
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):  # the latter: brackets by the thousand
        return False


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The documents in the order of their lines; a line that can't be read costs itself alone."""
    del profile  # the lines say themselves what is what
    found = False
    with source.path.open("rb") as lines:
        if lines.read(2) in UTF16:
            raise SourceError("not UTF-8 but UTF-16, which JSON Lines never is; save it as UTF-8")
        lines.seek(0)
        for number, data in enumerate(lines, 1):
            if not data.strip():
                continue
            found = True
            try:
                yield _document(data, f"line {number}")
            except SourceError as error:
                yield Broken(f"line {number}", str(error))
    if not found:
        raise SourceError("the file is empty")


def _document(data: bytes, place: str) -> RawDocument:
    line = validated(_Line, _object(data), "wrong field")
    sections = _sections(line)
    if not any(section.text.strip() for section in sections):
        raise SourceError("the document holds no text")
    if line.id is None:
        raise SourceError('no id; give each line an "_id" of its own')
    title = line.title or " ".join(sections[0].text.split()[:12])
    kind = "qa" if line.answers else "article"
    raw = line.document(title=title, sections=sections, default_kind=kind)
    return replace(raw, place=place, sha256=hashlib.sha256(data.strip()).hexdigest())


def _object(data: bytes) -> dict[str, Any]:
    try:
        loaded = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError(f"not UTF-8 at byte {error.start} of the line") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not JSON: {error}") from error
    if not isinstance(loaded, dict):
        raise SourceError("not a JSON object")
    return loaded


def _sections(line: _Line) -> tuple[RawSection, ...]:
    own = RawSection(line.text or "", "", 0, line.author, line.role, line.credential)
    answers = (
        RawSection(a.text, "Expert Answers", 1, a.author, a.role, a.credential)
        for a in line.answers
    )
    sections = (
        RawSection(s.text, s.heading, s.level, s.author, s.role, s.credential)
        for s in line.sections
    )
    opening = (own,) if own.text or own.author else ()
    return (*opening, *answers, *sections)


READER = Reader("json lines", (".jsonl", ".ndjson"), recognises, read)
