"""The names of those who wrote: of a dump's ``Users.xml``, only where each row begins is kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

import numpy as np

from groundedqa.read.raw import Broken
from groundedqa.read.safe_xml import xml_parser
from groundedqa.read.stack_rows import row_at, rows_of

_REMEMBERED = 10_000  # names; few people write most answers


class Users:
    """The users of a dump, by number; ``file`` is their ``Users.xml``, None where there is none."""

    def __init__(self, file: BinaryIO | None) -> None:
        ids, places = array("q"), array("q")
        for row in rows_of(file) if file else ():
            if not isinstance(row, Broken):
                ids.append(row.number("Id"))
                places.append(row.at)
        order = np.argsort(np.array(ids, np.int64), kind="stable")
        self._ids = np.array(ids, np.int64)[order]
        self._places = np.array(places, np.int64)[order]
        self._file = file
        self._parser = xml_parser()
        self.name = lru_cache(_REMEMBERED)(self._name)

    def __len__(self) -> int:
        return len(self._ids)

    def _name(self, user: int) -> str | None:
        at = int(np.searchsorted(self._ids, user))
        if self._file is None or at == len(self._ids) or self._ids[at] != user:
            return None
        row, _ = row_at(self._file, int(self._places[at]), self._parser)
        return row.fields.get("DisplayName")


@contextmanager
def users_of(posts: Path) -> Iterator[Users]:
    """The users in the ``Users.xml`` beside a ``Posts.xml``.

    Raises:
        SourceError: that file declares entities.
    """
    path = next((path for path in _beside(posts) if path.is_file()), None)
    if path is None:
        yield Users(None)
        return
    with path.open("rb") as file:
        yield Users(file)


def _beside(posts: Path) -> Iterator[Path]:
    """Where it may be: ``posts.xml`` stands beside ``users.xml``."""
    for name in (posts.name.replace("Posts", "Users").replace("posts", "users"), "Users.xml"):
        if name != posts.name:
            yield posts.with_name(name)
