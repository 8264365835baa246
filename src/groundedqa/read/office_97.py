"""Files of the form that Office had until 2003, and encrypted ones: named, not read."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

from groundedqa.errors import SourceError
from groundedqa.read.profile import SiteProfile
from groundedqa.read.raw import Broken, RawDocument, Reader, Source

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# By the name of a stream that only such a file has.
_KINDS = (
    ("EncryptedPackage", "password-protected; save it without a password"),
    ("WordDocument", "no reader for Word 97-2003 (.doc); save it as .docx"),
    ("PowerPoint Document", "no reader for PowerPoint 97-2003 (.ppt); save it as .pptx"),
    ("Workbook", "no reader for Excel 97-2003 (.xls); save it as .xlsx"),
    ("Book", "no reader for Excel 5 (.xls); save it as .xlsx"),
    ("__properties_version1.0", "no reader for Outlook (.msg); save it as .eml"),
)
_OTHER = "no reader for this kind of OLE file (.doc, .xls, .ppt, .msg and others have this form)"


def recognises(head: bytes) -> bool:
    """Whether it is an OLE compound file."""
    return head.startswith(_MAGIC)


def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument | Broken]:
    """Nothing, ever.

    Raises:
        SourceError: always; it says what the file is and what to do.
    """
    del profile
    with (
        source.path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        for stream, reason in _KINDS:
            if data.find(stream.encode("utf-16-le") + b"\x00\x00") >= 0:
                raise SourceError(reason)
    raise SourceError(_OTHER)


READER = Reader("office 97", (), recognises, read)
