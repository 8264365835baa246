"""A ZIP file that is one document: its entries within bounds, its XML without any tricks."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from groundedqa.errors import SourceError

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_ENTRIES = 10_000
_LARGEST_ENTRY = 64 << 20
_LARGEST_SUM = 256 << 20
_RATIO = 200
_RATIO_COUNTS_FROM = 10 << 20
_ENCRYPTED = 0x1
# ISO 29500 "strict" files differ from all others in these names alone.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
    *(
        (
            b"http://purl.oclc.org/ooxml/" + name + b"/",
            b"http://schemas.openxmlformats.org/" + name + b"/2006/",
        )
        for name in (b"wordprocessingml", b"presentationml", b"drawingml")
    ),
)


class Package:
    """The entries of a ZIP file by name; what was amiss but bearable is in ``warnings``."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            SourceError: it is no whole ZIP, or has more than 10,000 entries.
        """
        self.warnings: list[str] = []
        self._sum = 0
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise SourceError(f"a broken or truncated ZIP file: {error}") from error
        self._entries = {info.filename.lstrip("/"): info for info in self._zip.infolist()}
        if len(self._entries) > _MOST_ENTRIES:
            self._zip.close()
            raise SourceError(f"it holds more than {_MOST_ENTRIES:,} entries")

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        """The entries' names, in their order in the file."""
        return list(self._entries)

    def data(self, name: str) -> bytes:
        """An entry's bytes.

        Raises:
            SourceError: it is missing, broken, encrypted, or breaks a bound.
        """
        info = self._entries.get(name)
        if info is None:
            raise SourceError(f"a part is missing: {name}")
        self._bound(info)
        try:
            with self._zip.open(info) as file:
                data = file.read(_LARGEST_ENTRY + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise SourceError(f"a part is broken: {name}: {error}") from error
        except (OSError, ValueError, RuntimeError) as error:
            raise SourceError(f"a part can't be unpacked: {name}: {error}") from error
        self._sum += len(data)
        return data

    def _bound(self, info: zipfile.ZipInfo) -> None:
        size, name = info.file_size, info.filename
        if info.flag_bits & _ENCRYPTED:
            raise SourceError("password-protected; save it without a password")
        if size > _LARGEST_ENTRY:
            raise SourceError(f"a part is larger than 64 MB: {name}")
        if size > _RATIO_COUNTS_FROM and size > _RATIO * max(info.compress_size, 1):
            raise SourceError(f"a part unpacks to more than {_RATIO} times its size: {name}")
        if self._sum + size > _LARGEST_SUM:
            raise SourceError("its parts are larger than 256 MB together")

    def xml(self, name: str) -> _Element:
        """An entry's root element; entities stay unexpanded and nothing is fetched.

        Broken XML gives what stands before the fault, and a warning.

        Raises:
            SourceError: see `data`; or nothing of it is XML.
        """
        data = self.data(name)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        root, fault = parse_xml(data)
        if root is None:
            raise SourceError(f"a part is not XML: {name}: {fault}")
        if fault:
            self.warnings.append(f"{name} is broken, and text may be missing: {fault}")
        return root

    def optional(self, name: str) -> _Element | None:
        """Like `xml`; None and a warning where it can't be read, None alone where it is missing."""
        if name not in self._entries:
            return None
        try:
            return self.xml(name)
        except SourceError as error:
            self.warnings.append(str(error))
            return None


def parse_xml(data: bytes) -> tuple[_Element | None, str]:
    """The root of what can be read, and what is wrong with the rest ("" where nothing is)."""
    from lxml import etree

    from groundedqa.read.safe_xml import xml_parser

    def parsed(*, recover: bool) -> _Element:
        return etree.fromstring(data, xml_parser(recover=recover))

    try:
        return parsed(recover=False), ""
    except (etree.XMLSyntaxError, ValueError) as error:
        fault = str(error).split("\n")[0]
    try:
        # What can't be mended comes as None, whatever the types say.
        root: _Element | None = parsed(recover=True)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, fault


def resolve(base: str, target: str) -> str:
    """The entry that ``target`` names, seen from the entry ``base``; never one outside."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target)).lstrip("./")
