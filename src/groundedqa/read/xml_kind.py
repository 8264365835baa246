"""XML of a kind that nothing here reads: named, not read."""

from __future__ import annotations

from collections.abc import Iterator

from groundedqa.errors import SourceError
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, RawDocument, Reader, Source
from groundedqa.read.safe_xml import opening

_HEAD = 65_536
_LONGEST = 60  # characters of a name
_KNOWN = "Stack Exchange dumps, CNXML, Moodle's questions"


def recognises(head: bytes) -> bool:
    """Whether it declares that it is XML, and has an element."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and opening(head) != ()


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """Nothing, ever.

    Raises:
        SourceError: always; it names the kind.
    """
    del profile
    with source.path.open("rb") as file:
        name = opening(file.read(_HEAD))[:1]
    kind = f": <{name[0][:_LONGEST]}>" if name else ""
    raise SourceError(f"no reader for XML of this kind{kind}; there are {_KNOWN}")


READER = Reader("other xml", (), recognises, read)
