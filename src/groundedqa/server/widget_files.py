"""The widget's files as pages load them: each by its name, the script by its digest too."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCRIPT = "grounded-qa.js"
_FOLDER = Path(__file__).parent / "widget"
_RELEASED = re.compile(r"grounded-qa\.[0-9a-f]{16}\.js")
_MEDIA = {".js": "text/javascript; charset=utf-8", ".json": "application/json; charset=utf-8"}
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class WidgetFile:
    """One file. ``packed`` is its content as gzip; ``lasting``: its name has its digest."""

    content: bytes
    packed: bytes
    media_type: str
    lasting: bool = False

    @property
    def digest(self) -> str:
        """The sha256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def integrity(self) -> str:
        """What ``integrity=`` of a tag says, so that a browser runs nothing else."""
        return "sha384-" + base64.b64encode(hashlib.sha384(self.content).digest()).decode()


@cache
def widget_files() -> dict[str, WidgetFile]:
    """Every file by the name that it is served under, released ones of earlier versions too."""
    found = {
        path.name: _file(path.name, path.read_bytes())
        for path in sorted(_FOLDER.iterdir())
        if path.suffix in _MEDIA
    }
    script = found[SCRIPT]
    found[pinned_name()] = _file(SCRIPT, script.content, lasting=True)
    for path in sorted((_FOLDER / "released").iterdir()):
        if _RELEASED.fullmatch(path.name):
            found[path.name] = _file(path.name, path.read_bytes(), lasting=True)
    return found


@cache
def pinned_name() -> str:
    """The name under which today's script is served for good."""
    digest = hashlib.sha256((_FOLDER / SCRIPT).read_bytes()).hexdigest()
    return f"grounded-qa.{digest[:_DIGITS]}.js"


def _file(name: str, content: bytes, *, lasting: bool = False) -> WidgetFile:
    # No time of day in it: the same bytes from every process.
    packed = gzip.compress(content, compresslevel=9, mtime=0)
    return WidgetFile(content, packed, _MEDIA[Path(name).suffix], lasting)
