"""PowerPoint (PPTX): a section and a page for each slide, with its notes.

Shapes come in the order in which a screen reader says them, which is their order in the file, the
title first: where they stand on the slide says less, for columns side by side would mix.
Speaker's notes come through, as a section of their own below the slide: what the lecturer says
is often all the explanation there is, and a passage never mixes it with the slide's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from groundedqa.clean import clean_line
from groundedqa.errors import SourceError
from groundedqa.read.office_properties import core_properties, signed, stem_of
from groundedqa.read.ooxml import find, full, get, main_part, relations
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import PAGE_BREAK, Broken, Dropped, RawDocument, RawSection, Reader, Source
from groundedqa.read.zip_package import Package

if TYPE_CHECKING:
    from groundedqa.read.pptx_slide import Slide

_MAIN = "ppt/presentation.xml"


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The one document of a file; slides that can't be read cost a warning.

    Raises:
        SourceError: its main part can't be read, or no slide holds text.
    """
    del profile
    with Package(source.path) as package:
        yield _document(source, package)


def _document(source: Source, package: Package) -> RawDocument:
    slides = list(_slides(package))
    properties = core_properties(package)
    sections: list[RawSection] = [RawSection("")]
    warnings: list[str] = []
    dropped: list[Dropped] = []
    labels: list[str] = []
    for label, slide in slides:
        made = _sections(slide, first=not labels)
        if any(section.text for section in made):
            labels.append(label)
        sections.extend(made)
        warnings.extend(slide.warnings)
        dropped.extend(slide.dropped)
    if not labels:
        raise SourceError("no slide holds any text")
    first = next((slide.title for _, slide in slides if slide.title), None)
    images = sum(slide.images for _, slide in slides)
    if images:
        warnings.append(f"{images} images have no text" if images > 1 else "1 image has no text")
    return RawDocument(
        title=properties.title or first or stem_of(source.name),
        sections=signed(sections, properties.author),
        kind="slides",
        published=properties.published,
        language=properties.language,
        tags=properties.tags,
        pages=tuple(labels),
        warnings=(*warnings, *package.warnings),
        dropped=tuple(dropped),
    )


def _slides(package: Package) -> Iterator[tuple[str, Slide]]:
    """The slides in their order with their numbers; hidden ones count, but are left out."""
    from groundedqa.read.pptx_slide import read_slide

    part = main_part(package, _MAIN)
    root = package.xml(part)
    related = relations(package, part)
    listed = find(root, "p:sldIdLst")
    for number, each in enumerate(() if listed is None else listed, 1):
        relation = related.get(get(each, "r:id") or "")
        slide = None if relation is None else package.optional(relation.target)
        if relation is None or slide is None:
            package.warnings.append(f"slide {number} can't be read")
            continue
        found = read_slide(package, relation.target, slide)
        if slide.get("show") in ("0", "false"):
            words = clean_line(" ".join(t.text or "" for t in slide.iter(full("a:t"))))
            package.warnings.append(f"slide {number} is hidden and left out")
            found = type(found)(dropped=[Dropped("hidden slide", words[:200])])
        yield str(number), found


def _sections(slide: Slide, *, first: bool) -> list[RawSection]:
    """A slide's own section and its notes'; the first of its words begins a page.

    A slide with nothing but a title says it as its text.
    """
    page = "" if first else PAGE_BREAK
    heading, text = (slide.title, slide.text) if slide.text else ("", slide.title)
    made = []
    if text:
        made.append(RawSection(page + text, heading, 1 if heading else 0))
        page = ""
    if slide.notes:
        made.append(RawSection(page + slide.notes, "Notes", 2))
    return made


READER = Reader(
    *("pptx", (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx"), lambda _: False, read),
    zip_marks=(_MAIN,),
)
