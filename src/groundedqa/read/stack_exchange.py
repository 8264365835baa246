"""Dumps of Stack Exchange: ``Posts.xml`` is read, with the names in ``Users.xml`` beside it.

A question with its answers is a document, the accepted answer first and then by score. Questions
without an answer are counted and left out: there is nothing to cite.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from groundedqa.errors import SourceError
from groundedqa.read.assemble import id_of_path
from groundedqa.read.html_blocks import nested, parse_markup, sections_of
from groundedqa.read.html_dollars import mark_formulas
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, RawDocument, RawSection, Reader, Source
from groundedqa.read.safe_xml import opening, xml_parser
from groundedqa.read.stack_posts import Posts, Thread
from groundedqa.read.stack_rows import Row, row_at
from groundedqa.read.stack_site import Site, licence_of, site_of
from groundedqa.read.stack_users import Users, users_of

_PARTS = ("badges", "comments", "posthistory", "postlinks", "tags", "users", "votes")
_TAG = re.compile(r"[^<>|]+")


def recognises(head: bytes) -> bool:
    """Whether it is the ``Posts.xml`` of a dump."""
    return opening(head) in (("posts",), ("posts", "row"))


def recognises_part(head: bytes) -> bool:
    """Whether it is another file of a dump."""
    names = opening(head)
    return names[:1] != () and names[0].lower() in _PARTS and names[1:] in ((), ("row",))


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """The questions that have an answer, in the order of the file.

    Raises:
        SourceError: the file declares entities, or holds no question that has an answer.
    """
    with users_of(source.path) as users, source.path.open("rb") as file:
        posts = Posts()
        yield from posts.read(file)
        dump = _Dump(file, users, site_of(source, profile), id_of_path(source.name))
        notes = _notes(posts, dump)
        found = False
        for thread in posts.threads():
            document = _document(dump, thread)
            if isinstance(document, RawDocument):
                document = replace(document, warnings=() if found else notes)
                found = True
            yield document
    if not found:
        raise SourceError("it holds no question that has an answer")


def read_part(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """Nothing: what of these files is cited is read with ``Posts.xml``."""
    del source, profile
    yield from ()


@dataclass(frozen=True, slots=True)
class _Dump:
    file: BinaryIO
    users: Users
    site: Site
    name: str

    def rows(self, thread: Thread) -> tuple[list[Row], str]:
        """The question's row and those of its answers, and their digest."""
        digest, parser = hashlib.sha256(), xml_parser()
        found = []
        for place in (thread.question, *thread.answers):
            row, line = row_at(self.file, place, parser)
            digest.update(line.strip())
            found.append(row)
        return found, digest.hexdigest()

    def post(self, row: Row, heading: str) -> tuple[RawSection, ...]:
        """The sections of a post; none where it is blank."""
        user = row.number("OwnerUserId")
        own = RawSection(
            *("", heading, 1),
            author=self.users.name(user) or row.fields.get("OwnerDisplayName"),
            author_url=self.site.user(user),
            votes=row.number("Score"),
        )
        body = parse_markup(row.fields.get("Body", ""))
        mark_formulas(body)
        sections = nested(sections_of(body), own)
        return sections if any(section.text.strip() for section in sections) else ()


def _notes(posts: Posts, dump: _Dump) -> tuple[str, ...]:
    notes = (
        (posts.unanswered, "questions have no answer and were left out"),
        (posts.orphans, "answers belong to no question of the file and were left out"),
        (not dump.users, "no Users.xml beside it: authors have no names"),
        (
            not dump.site.host,
            "no addresses: say of which site the dump is in site.toml, as [stack_exchange] site ="
            ' "history.stackexchange.com"',
        ),
    )
    return tuple(
        text if isinstance(count, bool) else f"{count:,} {text}" for count, text in notes if count
    )


def _document(dump: _Dump, thread: Thread) -> RawDocument | Broken:
    (asked, *answers), digest = dump.rows(thread)
    number = asked.number("Id")
    place = f"question {number}"
    written = [dump.post(row, "Expert Answers") for row in answers]
    if thread.accepted and written[0]:
        written[0] = (replace(written[0][0], accepted=True), *written[0][1:])
    if not any(written):
        return Broken(place, "its answers are blank")
    day = asked.fields.get("CreationDate", "")[:10]
    return RawDocument(
        title=asked.fields.get("Title", ""),
        sections=(*dump.post(asked, "Question"), *(s for answer in written for s in answer)),
        kind="qa",
        own_id=f"{dump.site.host or dump.name}-{number}",
        url=dump.site.question(number),
        licence=licence_of(asked.fields.get("ContentLicense"), day),
        published=_day(day),
        tags=tuple(_TAG.findall(asked.fields.get("Tags", ""))),
        place=place,
        sha256=digest,
        publisher=dump.site.name,
    )


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


READER = Reader("stack exchange", (), recognises, read)
PART = Reader("part of a stack exchange dump", (), recognises_part, read_part)
