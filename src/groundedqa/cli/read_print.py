"""A document as ``groundedqa read`` prints it: what is known of it, then its text as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from groundedqa.read import Dropped
from groundedqa.types import Document, Section

_MOST_LABELS = 12


def markdown(document: Document, dropped: Sequence[Dropped] | None = None) -> str:
    """The document with its headings and authors in their places, then what was left out."""
    lines = [f"# {document.title}", ""]
    lines += [f"{name}: {value}" for name, value in _facts(document) if value] + [""]
    position = 0
    for paragraph in document.text.split("\n\n"):
        for section in document.sections:
            if section.start == position:
                lines += _opening(section)
        lines += [paragraph, ""]
        position += len(paragraph) + 2
    if dropped is not None:
        lines += [f"- [dropped by {each.rule}] {each.text}" for each in dropped]
        lines.append("" if dropped else "Nothing was left out that the reader tells of.\n")
    return "\n".join(lines)


def _facts(document: Document) -> tuple[tuple[str, str | None], ...]:
    authors = dict.fromkeys(s.author for s in document.sections if s.author)
    labels = [page.label for page in document.pages]
    more = f" and {len(labels) - _MOST_LABELS} more" if len(labels) > _MOST_LABELS else ""
    return (
        ("id", document.doc_id),
        ("kind", document.kind),
        ("url", document.url),
        ("language", document.language),
        ("licence", document.licence),
        ("published", str(document.published) if document.published else None),
        ("publisher", document.publisher),
        ("author", ", ".join(authors)),
        ("tags", ", ".join(document.tags)),
        ("pages", ", ".join(labels[:_MOST_LABELS]) + more),
    )


def _opening(section: Section) -> list[str]:
    """A heading with its anchor, and who wrote what follows."""
    anchor = f" {{#{section.anchor}}}" if section.anchor else ""
    head = f"{'#' * (section.level + 1)} {section.heading}{anchor}" if section.heading else ""
    who = [section.author, section.role, section.credential, section.author_url]
    by = ", ".join(part for part in who if part)
    votes = f" ({section.votes} votes)" if section.votes is not None else ""
    accepted = " (accepted)" if section.accepted else ""
    return [head, f"*{by}*{votes}{accepted}" if by else "", ""]
