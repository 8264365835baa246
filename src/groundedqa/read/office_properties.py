"""What an office file says of itself, where that can be believed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from groundedqa.clean import clean_line
from groundedqa.read.ooxml import full, relations
from groundedqa.read.raw import RawSection
from groundedqa.read.zip_package import Package

# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?i)(?:microsoft )?(?:word|powerpoint|office)(?: \w+)?(?: document| presentation)?|"
    r"microsoft (?:word|powerpoint) - .*|(?:powerpoint|slide)? ?presentation|slide \d+|title|"
    r"untitled.*|(?:new )?document ?\d*|presentation ?\d*|no (?:slide )?title|default|template|"
    r"diapositiva \d+|folie \d+|présentation powerpoint|.*\.(?:docx?|dotx?|pptx?|odt|rtf|pdf|tmp)|"
    r"(?:https?|file):.*|[\W\d_]*"
)
_NO_AUTHOR = re.compile(
    r"(?i)python-(?:docx|pptx)|apache poi|.*(?:libre|open)office.*|(?:microsoft )?office.* user|"
    r"(?:windows|default|local|guest) ?user|user\d*|utilisateur.*|benutzer|usuario.*|admin\w*|"
    r"owner|author|unknown|anonymous|pandoc|docx4j|aspose.*|microsoft\b.*|steve canny|"
    r".*@.*|[\W\d_]*|.*\\.*"
)
# The days on which templates of programs were made, and those from which clocks count.
_NO_DAY = {date(2013, 12, 23), date(2013, 1, 27), date(2006, 9, 16), date(1601, 1, 1)}
_OLDEST = date(1985, 1, 1)
_DAY = re.compile(r"\s*(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Properties:
    """The properties that can be believed; what can't is None."""

    title: str | None = None
    author: str | None = None
    published: date | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


def core_properties(package: Package) -> Properties:
    """The properties of an Office Open XML file."""
    parts = [each for each in relations(package, "").values() if each.kind == "core-properties"]
    root = package.optional(parts[0].target if parts else "docProps/core.xml")

    def text(name: str) -> str:
        found = None if root is None else root.find(full(name))
        return "" if found is None else clean_line(str(found.text or ""))

    return Properties(
        title=believed_title(text("dc:title")),
        author=believed_author(text("dc:creator")),
        published=believed_day(text("dcterms:created"), text("dcterms:modified")),
        language=text("dc:language") or None,
        tags=split_tags(text("cp:keywords")),
    )


def believed_title(title: str) -> str | None:
    """The title, unless it is one that a program writes or a file's name."""
    title = clean_line(title)
    return None if len(title) > 300 or _NO_TITLE.fullmatch(title) else title


def believed_author(author: str) -> str | None:
    """The author, unless it is a program, an account or an address."""
    author = clean_line(author)
    return None if len(author) > 200 or _NO_AUTHOR.fullmatch(author) else author


def believed_day(created: str, modified: str) -> date | None:
    """The day a file was last changed, where that is within a year of its making.

    Whatever lies further apart is an old file used anew, or saved by chance: which of the days is
    the text's own can't be known, and a wrong date is worse than none.
    """
    first, last = day(created), day(modified)
    if first is None or last is None:
        return None
    return last if timedelta() <= last - first <= timedelta(days=366) else None


def day(text: str) -> date | None:
    """The day that a time begins with, unless nothing could have been written on it."""
    match = _DAY.match(text)
    try:
        found = date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
    return None if found is None or found < _OLDEST or found in _NO_DAY else found


def split_tags(keywords: str) -> tuple[str, ...]:
    """Keywords on one line, parted by commas or semicolons."""
    return tuple(tag.strip() for tag in re.split("[,;]", keywords) if tag.strip())


def signed(sections: Sequence[RawSection], author: str | None) -> tuple[RawSection, ...]:
    """The sections that hold anything, after one that reaches over all and names the author."""
    found = list(sections)
    if author:
        found[0] = replace(found[0], author=author)
    return tuple(s for s in found if s.text or s.heading or s.author)


def stem_of(name: str) -> str:
    """A file's name as a title."""
    stem = name.rpartition("/")[2].rsplit(".", 1)[0]
    return clean_line(stem.replace("-", " ").replace("_", " ")) or name
