"""Whom a quote is owed to: title, author, source and licence, as Creative Commons asks.

What their recommended practices name is given where the document has it: the title with its
address, the author with the address of a profile, the site that it comes from, and the licence with
its deed (https://wiki.creativecommons.org/wiki/Recommended_practices_for_attribution). Stack
Exchange asks for the same: its site, the question's address, each author with the profile's.
"""

from __future__ import annotations

from groundedqa.read.licences import licence_url
from groundedqa.types import Attribution, Document, Section


def attribution_of(document: Document, answer: Section | None) -> Attribution:
    """The attribution of a quote that stands in ``answer``, the section that names its author."""
    author = answer.author if answer else None
    author_url = answer.author_url if answer else None
    deed = licence_url(document.licence)
    named = f"“{document.title}”"
    who = [_with(author, author_url), document.publisher if document.publisher != author else None]
    by = ", ".join(part for part in who if part)
    parts = [
        f"{_with(named, document.url)} by {by}" if author else _with(named, document.url),
        None if author else by,
        _with(document.licence, deed),
    ]
    return Attribution(
        text=", ".join(part for part in parts if part),
        title=document.title,
        url=document.url,
        author=author,
        author_url=author_url,
        publisher=document.publisher,
        licence=document.licence,
        licence_url=deed,
    )


def _with(what: str | None, url: str | None) -> str | None:
    """``what`` with its address in brackets, unless it is the address itself."""
    return f"{what} ({url})" if what and url and what != url else what
