"""The sources below a folder, in the order of their names."""

from __future__ import annotations

import os
from pathlib import Path

from groundedqa.read.events import Problem
from groundedqa.read.profile import PROFILE_NAME
from groundedqa.read.raw import Source


def sources(corpus: Path) -> list[Source | Problem]:
    """All below a folder that is no folder, sorted by name, and a Problem for each folder unseen.

    Hidden ones and the site profile are left out. Links to folders are not followed: they come as
    sources, which `read_source` refuses.
    """
    unseen: list[OSError] = []
    found: list[Source] = []
    for folder, folders, files in os.walk(corpus, onerror=unseen.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if Path(folder, name).is_symlink()]
        paths = [Path(folder, name) for name in (*files, *links) if not name.startswith(".")]
        found.extend(Source(path, _name(path, corpus)) for path in paths)
    problems = (_unlisted(error, corpus) for error in unseen)
    return sorted((*(each for each in found if each.name != PROFILE_NAME), *problems), key=_order)


def readable(name: str) -> str:
    """A file's name, which need not be UTF-8: bytes that are not are written as ``\\xNN``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _order(each: Source | Problem) -> str:
    return each.name if isinstance(each, Source) else each.source


def _name(path: Path, corpus: Path) -> str:
    return readable(path.relative_to(corpus).as_posix())


def _unlisted(error: OSError, corpus: Path) -> Problem:
    name = _name(Path(error.filename or corpus), corpus)
    return Problem(name, "", f"the folder can't be listed: {error.strerror or error}")
