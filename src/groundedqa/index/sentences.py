"""The sentences of each passage and their vectors, in one mapped file.

A sentence has one vector as int8, a quarter of float32's bytes; zeros where the encoder read
nothing of it.

The file: a header, the int8 rows, then by sentence its bounds, by passage its first sentence. All
numbers are little-endian; equal input, equal bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundedqa.errors import EncoderError, SnapshotCorruptError
from groundedqa.index.protocol import Rows

_MAGIC = b"gqa-sen2"
_HEADER = struct.Struct("<8s3Q")  # magic, dim, passages, sentences

Span = tuple[int, int]
SentenceRows = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class PassageSentences:
    """The sentences of one passage: ``bounds`` in the document's text, in order, a row for each.

    ``rows`` is (sentences, dim); a row of zeros is a sentence that the encoder did not read.
    """

    bounds: tuple[Span, ...]
    rows: SentenceRows


class SentenceWriter:
    """``with SentenceWriter(path, dim) as writer``: passages by row; left by an error, useless.

    Vectors go to the disk at once; what is held in memory is some bytes for each of them.
    """

    def __init__(self, path: Path, dim: int) -> None:
        self._file = path.open("wb")
        self._file.write(bytes(_HEADER.size))
        self._dim = dim
        self._bounds: list[Span] = []
        self._firsts = [0]  # the first sentence of each passage, and behind the last

    def __enter__(self) -> SentenceWriter:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write the rest, unless an error left it unfinished."""
        try:
            if kind is None:
                self._finish()
        finally:
            self._file.close()

    def add(self, bounds: Sequence[Span], rows: SentenceRows) -> None:
        """The next passage: its sentences' bounds in the document's text, and a row for each.

        Raises:
            EncoderError: the rows are not of int8, one for each sentence and of this length.
        """
        if rows.dtype != np.int8 or rows.shape != (len(bounds), self._dim):
            raise EncoderError(
                f"{len(bounds)} sentences need int8 rows of {self._dim} numbers, one each; these "
                f"are {rows.dtype} {rows.shape}"
            )
        self._file.write(rows.tobytes())
        self._bounds.extend(bounds)
        self._firsts.append(len(self._bounds))

    def copy(self, other: SentenceIndex, kept: Rows) -> None:
        """The kept passages of another file, as they are, in the order of ``kept``."""
        for row in kept.tolist():
            sentences = other.of(row)
            self.add(sentences.bounds, sentences.rows)

    def _finish(self) -> None:
        for numbers in (self._bounds, self._firsts):
            self._file.write(np.asarray(numbers, dtype="<i8").tobytes())
        self._file.seek(0)
        counts = (len(self._firsts) - 1, len(self._bounds))
        self._file.write(_HEADER.pack(_MAGIC, self._dim, *counts))


class SentenceIndex:
    """What a SentenceWriter wrote, mapped: nothing of it is resident until it is read.

    Raises:
        SnapshotCorruptError: the file is none of these, or is not as long as it says.
    """

    def __init__(self, path: Path) -> None:
        try:
            # As a plain view of the map: each slice of a memmap is made anew in Python.
            data = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
            magic, dim, passages, sentences = _HEADER.unpack(data[: _HEADER.size].tobytes())
        except (OSError, ValueError, struct.error) as error:
            raise _corrupt(path) from error
        sizes = (sentences * dim, 16 * sentences, 8 * passages + 8)
        if magic != _MAGIC or len(data) != _HEADER.size + sum(sizes):
            raise _corrupt(path)
        parts = np.split(data[_HEADER.size :], np.cumsum(sizes)[:-1])
        self._rows: SentenceRows = parts[0].view(np.int8).reshape(sentences, dim)
        self._bounds: Rows = parts[1].view("<i8").reshape(sentences, 2)
        self._firsts: Rows = parts[2].view("<i8")

    def __len__(self) -> int:
        """How many passages there are; rows count from 0."""
        return len(self._firsts) - 1

    def of(self, row: int) -> PassageSentences:
        """The sentences of the passage of this row."""
        if not 0 <= row < len(self):
            raise IndexError(f"there is no passage {row} among {len(self)}")
        part = slice(int(self._firsts[row]), int(self._firsts[row + 1]))
        bounds = tuple((start, end) for start, end in self._bounds[part].tolist())
        return PassageSentences(bounds, self._rows[part])


def _corrupt(path: Path) -> SnapshotCorruptError:
    return SnapshotCorruptError(
        f"{path} is not what was written; make it again with: groundedqa build"
    )
