"""The file of posting lists: how it is laid out, and how lists are found and read in it.

    header      _HEADER, below
    lists       by term: a short one is the rows (uint32) and what the term adds to each (float32),
                a long one what it adds to every row (float32): adding an array is faster than
                adding at scattered places
    spellings   the terms in UTF-8, in the order of their bytes, which is that of their code points
    starts      where each spelling starts, and the end of the last (uint64)
    places      where each list starts in the file (uint64)
    counts      how many rows have each term (uint64)
    languages   JSON

All little-endian. Only spellings and numbers are mapped; a list is read into memory of its own,
so that no question adds to what is resident for good.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from bisect import bisect_left
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from weakref import finalize

import numpy as np

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.protocol import Rows, Scores

MAGIC = b"GQBM25\x00\x01"
# Magic, rows, terms, mean length in terms, start of the spellings, of the numbers, of the
# languages, length of the file.
HEADER = struct.Struct("<8sQQdQQQQ")
_DENSE_SHARE = 8  # a term that more than one row in so many has is stored for every row


_FEW = 64  # rows that are read one by one rather than with the whole list
_REMEMBERED = 1 << 14  # terms: questions have many words in common, and a list's place is small


def is_dense(size: int, count: int) -> bool:
    """Whether the list of a term that ``count`` of ``size`` rows have is stored for every row."""
    return count * _DENSE_SHARE > size


class Posting(NamedTuple):
    """A term's list: where it starts, and how many rows have the term."""

    place: int
    rows: int
    is_dense: bool


class PostingFile:
    """Posting lists by term.

    Raises:
        SnapshotCorruptError: the file is missing, or is not what was written.
    """

    find: Callable[[str], Posting | None]
    """The list of a term, found by bisection; None for a term that no row has."""
    size: int
    mean_length: float
    languages: tuple[str, ...]

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise SnapshotCorruptError(f"{path} can't be read: {error}") from error
        self.find = lru_cache(_REMEMBERED)(self._find)
        self._give_back = finalize(self, os.close, self._file)
        try:
            self._map = mmap.mmap(self._file, 0, access=mmap.ACCESS_READ)
            self._read_header()
        except (OSError, ValueError, TypeError, struct.error) as error:
            raise self._corrupt() from error

    def _read_header(self) -> None:
        header = HEADER.unpack_from(self._map)
        magic, self.size, self._count, self.mean_length = header[:4]
        self._spellings, numbers, languages, length = header[4:]
        if magic != MAGIC or length != len(self._map):
            raise ValueError("another format, or cut off")
        self.languages = tuple(json.loads(self._map[languages:]))
        whole = memoryview(self._map)
        starts_end = numbers + 8 * (self._count + 1)
        places_end = starts_end + 8 * self._count
        self._starts = whole[numbers:starts_end].cast("Q")
        self._places = whole[starts_end:places_end].cast("Q")
        self._counts = whole[places_end:languages].cast("Q")

    def close(self) -> None:
        """Give the file back now, and not with the object; the map goes with that."""
        self._file = -1
        self._give_back()

    def _find(self, term: str) -> Posting | None:
        spelled = term.encode()
        at = bisect_left(range(self._count), spelled, key=self._spelling)
        if at == self._count or self._spelling(at) != spelled:
            return None
        count = self._counts[at]
        return Posting(self._places[at], count, is_dense(self.size, count))

    def read_dense(self, posting: Posting, into: Scores) -> None:
        """Read what a long list adds to every row."""
        self._read(posting.place, into.data.cast("B"))

    def read_rows(self, posting: Posting, rows: Rows) -> Scores:
        """What a long list adds to these rows."""
        found = np.empty(len(rows), dtype=np.float32)
        if len(rows) > _FEW:
            whole = np.empty(self.size, dtype=np.float32)
            self.read_dense(posting, whole)
            found[:] = whole[rows]
            return found
        bytes_of = found.data.cast("B")
        for number, row in enumerate(rows.tolist()):
            self._read(posting.place + 4 * row, bytes_of[4 * number : 4 * number + 4])
        return found

    def read_sparse(self, posting: Posting) -> tuple[Rows, Scores]:
        """The rows of a short list, ascending, and what it adds to each."""
        found = bytearray(8 * posting.rows)
        self._read(posting.place, memoryview(found))
        rows = np.frombuffer(found, dtype="<u4", count=posting.rows)
        adds = np.frombuffer(found, dtype="<f4", offset=4 * posting.rows)
        return rows.astype(np.int64), adds

    def _spelling(self, at: int) -> bytes:
        return self._map[
            self._spellings + self._starts[at] : self._spellings + self._starts[at + 1]
        ]

    def _read(self, place: int, into: memoryview) -> None:
        while len(into):
            read = os.preadv(self._file, [into], place)
            if not read:
                raise self._corrupt()
            into = into[read:]
            place += read

    def _corrupt(self) -> SnapshotCorruptError:
        return SnapshotCorruptError(f"{self._path} is not a whole index of words: build again")
