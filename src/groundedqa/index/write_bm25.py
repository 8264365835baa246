"""How an index of words is written: passages are counted row by row, then lists term by term."""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from groundedqa.index.analyse import language_of, terms
from groundedqa.index.bm25 import K1, B, idf
from groundedqa.index.posting_file import HEADER, MAGIC, is_dense


class Bm25Writer:
    """An index of words in the making.

    It holds 8 bytes for each different term of each passage: about 1 KB for 150 words.
    """

    def __init__(self) -> None:
        self._rows: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._counts: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._lengths = array("I")
        self._languages: set[str] = set()

    def add(self, text: str, tag: str | None) -> None:
        """Count the next row's text, in the language of this tag."""
        language = language_of(tag)
        self._languages.add(language)
        found = terms(text, (language,))
        row = len(self._lengths)
        for term, count in Counter(found).items():
            self._rows[term].append(row)
            self._counts[term].append(count)
        self._lengths.append(len(found))

    def write(self, path: Path) -> None:
        """Write what was counted; the same passages give the same bytes."""
        total = len(self._lengths)
        lengths = np.array(self._lengths, dtype=np.float64)
        mean = float(lengths.mean()) if total else 0.0
        norms = K1 * (1 - B + B * lengths / max(mean, 1.0))
        spelled = sorted((term.encode(), term) for term in self._rows)
        with path.open("wb") as file:
            file.write(bytes(HEADER.size))  # filled in at the end
            places = [_append(file, part) for part in self._lists(spelled, norms)]
            spellings = _append(file, b"".join(spelling for spelling, _ in spelled))
            starts = np.cumsum([0, *(len(spelling) for spelling, _ in spelled)])
            numbers = _append(file, _numbers(starts))
            _append(file, _numbers(places))
            _append(file, _numbers([len(self._rows[term]) for _, term in spelled]))
            languages = _append(file, json.dumps(sorted(self._languages)).encode())
            end = file.tell()
            file.seek(0)
            file.write(
                HEADER.pack(MAGIC, total, len(spelled), mean, spellings, numbers, languages, end)
            )

    def _lists(
        self, spelled: Sequence[tuple[bytes, str]], norms: NDArray[np.float64]
    ) -> Iterator[bytes]:
        for _, term in spelled:
            rows = np.array(self._rows[term], dtype="<u4")
            counts = np.array(self._counts[term], dtype=np.float64)
            rarity = idf(len(norms), len(rows))
            adds = (rarity * counts * (K1 + 1) / (counts + norms[rows])).astype("<f4")
            if is_dense(len(norms), len(rows)):
                whole = np.zeros(len(norms), dtype="<f4")
                whole[rows] = adds
                yield whole.tobytes()
            else:
                yield rows.tobytes() + adds.tobytes()


def _append(file: BinaryIO, data: bytes) -> int:
    """Write at the end; where it starts."""
    place = file.tell()
    file.write(data)
    return place


def _numbers(values: Sequence[int] | NDArray[np.int64]) -> bytes:
    return np.asarray(values, dtype="<u8").tobytes()
