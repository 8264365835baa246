"""The indexes of an open snapshot: each file of it by name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index import (
    Bm25Index,
    FlatIndex,
    Membership,
    Rows,
    Rules,
    SentenceIndex,
    SuggestIndex,
    VectorBackground,
)
from groundedqa.snapshot import manifest as files

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Parts:
    """What is searched, beside the documents. Vectors and arrays are memory-mapped."""

    vectors: FlatIndex
    words: Bm25Index
    background: VectorBackground
    sections: FlatIndex
    section_words: Bm25Index
    section_background: VectorBackground
    membership: Membership
    sentences: SentenceIndex
    questions: FlatIndex
    suggestions: SuggestIndex

    @classmethod
    def open(cls, folder: Path, synonyms: Rules) -> Parts:
        """Open every file of a snapshot's folder.

        Raises:
            SnapshotCorruptError: one can't be read; it is named.
        """
        with ExitStack() as opened:

            def part(name: str, read: Callable[[Path], Part]) -> Part:
                found = _read(folder / name, read)
                close = getattr(found, "close", None)
                if close is not None:
                    opened.callback(close)
                return found

            vectors = part(files.VECTORS, FlatIndex)
            found = cls(
                vectors=vectors,
                words=part(files.WORDS, lambda path: Bm25Index(path, synonyms)),
                background=part(files.BACKGROUND, _background),
                sections=part(files.SECTIONS, FlatIndex),
                section_words=part(files.SECTION_WORDS, lambda path: Bm25Index(path, synonyms)),
                section_background=part(files.SECTION_BACKGROUND, _background),
                membership=Membership(part(files.MEMBERSHIP, _array), len(vectors)),
                sentences=part(files.SENTENCES, SentenceIndex),
                questions=part(files.QUESTIONS, FlatIndex),
                suggestions=part(files.SUGGESTIONS, SuggestIndex),
            )
            opened.pop_all()
            return found

    def close(self) -> None:
        """Give the files back; what is memory-mapped goes with the last array of it."""
        for part in (self.words, self.section_words, self.suggestions):
            part.close()


def _read(path: Path, read: Callable[[Path], Part]) -> Part:
    try:
        return read(path)
    except (OSError, RuntimeError, ValueError) as error:  # FAISS has no class of its own
        raise SnapshotCorruptError(
            f"{path} can't be read: {error}; make it again with: groundedqa build"
        ) from error


def _background(path: Path) -> VectorBackground:
    return VectorBackground.from_bytes(path.read_bytes())


def _array(path: Path) -> Rows:
    array: Rows = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return array
