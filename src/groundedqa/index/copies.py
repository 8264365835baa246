"""Which passages say the same: exact copies, and copies that differ in a few words.

Exact copies differ in letter case, white space and punctuation alone. Near-copies have 20 words or
more, share 7 of 10 of their runs of five words (Jaccard), and have the same numbers, signs and
negations, each as often: "1848" for "1849" or a "not" more makes another statement, however long
the rest. A passage inside a much longer one is no copy of it: through one paragraph of boilerplate
all pages that hold it would be one.

Pairs are found by MinHash and banding (Broder 1997; Leskovec, Rajaraman and Ullman, Mining of
Massive Datasets, chapter 3), and then verified on the runs themselves. Of pairs that share exactly
0.7 some 997 in 1,000 are found, of 0.8 all but three in a million. Whether two texts are a pair
depends on the two alone; a group is what is connected by pairs. So groups follow from the texts,
in whatever order and beside whatever others.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import IO

import numpy as np
from numpy.typing import NDArray

from groundedqa.index.protocol import Rows

Hashes = NDArray[np.uint64]

VERSION = 1  # part of a snapshot's id: other rules are other groups

_RUN = 5  # words
_LEAST_WORDS = 20
_LEAST_SHARE = 0.7
_BANDS, _PER_BAND = 32, 5
_AT_ONCE = 8192  # runs hashed in one go: 160 hashes of each are 5 MB

# Scripts that put no space between words: a character is a word here.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(
    r"\d+(?:[.,]\d+)*"  # 3.5 is not 35
    f"|[{_UNSPACED}]"
    rf"|[^\W\d_{_UNSPACED}](?:[^\W\d_{_UNSPACED}]|'(?=[^\W\d_]))*"
    r"|(?<!\w)-(?=\w)"  # -2 is not 2
    r"|[^\w\s-]"
)
_DASHES = str.maketrans({"’": "'", "‘": "'", "\u2212": "-", "\u2010": "-", "\u00ad": None})
_NEGATION_WORDS = (
    "no not never none nor neither nobody nothing nowhere without cannot "  # English
    "nicht kein keine keinen keinem keiner keines nie niemals ohne weder "  # German
    "ne pas jamais sans aucun aucune ni sin nunca jamás ningún ninguna ninguno não nem sem "
    "non mai senza niet geen не нет ни без никогда لا لم لن ليس ليست غير بدون "
    "不 没 沒 無 无 非 未"
)
_NEGATIONS = frozenset(_NEGATION_WORDS.split())


def copy_groups(texts: Iterable[str]) -> Rows:
    """For each text the lowest row of its group; a text without a copy is its own.

    Texts are read once. What verification needs goes to a temporary file of about 8 bytes a word;
    in memory stay less than 1,000 bytes a text.

    Raises:
        OSError: the temporary file can't be written.
    """
    first: dict[bytes, int] = {}
    groups: list[int] = []
    with tempfile.TemporaryFile() as file:
        candidates = _Candidates(file)
        for row, text in enumerate(texts):
            words = copy_words(text)
            known = first.setdefault(_digest(words or [text]), row)
            groups.append(known)
            if known == row and len(words) >= _LEAST_WORDS:
                candidates.add(row, words)
        joined = candidates.joined()
    return np.array([_root(joined, row) for row in groups], dtype=np.int64)


def copy_words(text: str) -> list[str]:
    """The words of a text without letter case and punctuation; signs of mathematics stay."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    return [word for word in _WORD.findall(folded) if _counts(word)]


def _counts(word: str) -> bool:
    return word[0].isalnum() or word in "-%" or unicodedata.category(word[0])[0] == "S"


def _telling(word: str) -> bool:
    """Whether the word must stand in both of a pair: a number, a sign or a negation."""
    return not word[0].isalpha() or word in _NEGATIONS or word.endswith("n't")


def _digest(words: Iterable[str]) -> bytes:
    return blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()


class _Candidates:
    """The texts that may have near-copies: their runs in a file, their bands in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rows: list[int] = []
        self._ends = [0]  # of each text's runs in the file, counted in runs
        self._bands: list[Hashes] = []
        self._words: dict[str, int] = {}
        self._waiting: list[tuple[Hashes, int]] = []  # runs, and the digest of the telling words
        self._random = np.random.default_rng(0).integers(
            0, 1 << 32, (2, _BANDS * _PER_BAND, 1), dtype=np.uint32
        ) | np.uint32(1)

    def add(self, row: int, words: list[str]) -> None:
        """Take a text that is no exact copy of one before."""
        runs = np.unique(self._hash_runs(words))
        self._file.write(runs.tobytes())
        self._rows.append(row)
        self._ends.append(self._ends[-1] + len(runs))
        telling = _digest(sorted(word for word in words if _telling(word)))
        self._waiting.append((runs, int.from_bytes(telling[:8], "little")))
        if sum(len(waiting) for waiting, _ in self._waiting) >= _AT_ONCE:
            self._hash_bands()

    def joined(self) -> dict[int, int]:
        """For each row with a near-copy another one of its group, lower; see _root."""
        if not self._rows:
            return {}
        self._hash_bands()
        self._file.flush()
        runs = np.memmap(self._file, dtype=np.uint64, mode="r")
        parents: dict[int, int] = {}
        refused: set[tuple[int, int]] = set()
        bands = np.concatenate(self._bands)
        for band in range(_BANDS):
            for bucket in _equal(bands[:, band]):
                self._join(bucket, runs, parents, refused)
        return parents

    def _join(
        self,
        bucket: list[int],
        runs: Hashes,
        parents: dict[int, int],
        refused: set[tuple[int, int]],
    ) -> None:
        """Verify the pairs of a bucket that nothing connects yet."""
        for place, later in enumerate(bucket):
            for earlier in bucket[:place]:
                roots = sorted(_root(parents, self._rows[text]) for text in (earlier, later))
                if roots[0] == roots[1] or (earlier, later) in refused:
                    continue
                if self._alike(earlier, later, runs):
                    parents[roots[1]] = roots[0]
                else:
                    refused.add((earlier, later))

    def _alike(self, one: int, other: int, runs: Hashes) -> bool:
        ours, theirs = (runs[self._ends[text] : self._ends[text + 1]] for text in (one, other))
        shared = len(np.intersect1d(ours, theirs, assume_unique=True))
        return shared >= _LEAST_SHARE * (len(ours) + len(theirs) - shared)

    def _hash_runs(self, words: list[str]) -> Hashes:
        hashed = np.array([self._hash_word(word) for word in words], dtype=np.uint64)
        count = len(hashed) - _RUN + 1
        whole = np.zeros(count, dtype=np.uint64)
        for place in range(_RUN):
            whole = _mixed(whole * np.uint64(3) + hashed[place : place + count])
        return whole

    def _hash_word(self, word: str) -> int:
        known = self._words.get(word)
        if known is None:
            if len(self._words) > 1 << 20:
                self._words.clear()
            known = self._words[word] = int.from_bytes(_digest([word])[:8], "little")
        return known

    def _hash_bands(self) -> None:
        """MinHash all texts that wait; a band's key holds the telling words: pairs share them."""
        if not self._waiting:
            return
        starts = np.cumsum([0, *(len(runs) for runs, _ in self._waiting[:-1])])
        runs = np.concatenate([runs for runs, _ in self._waiting])
        factors, offsets = self._random
        hashed = (runs >> np.uint64(32)).astype(np.uint32) * factors + offsets
        least = np.minimum.reduceat(hashed, starts, axis=1).astype(np.uint64)
        telling = np.array([telling for _, telling in self._waiting], dtype=np.uint64)
        keys = np.tile(telling[:, None], (1, _BANDS))
        for place in range(_PER_BAND):
            keys = _mixed(keys * np.uint64(3) + least[place::_PER_BAND].T)
        self._bands.append(keys)
        self._waiting.clear()


def _root(parents: dict[int, int], row: int) -> int:
    """The lowest row that this one is connected to."""
    while row in parents:
        row = parents[row]
    return row


def _equal(keys: Hashes) -> Iterator[list[int]]:
    """The places of keys that occur more than once, ascending, key by key."""
    order = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[order])) + 1
    bounds = np.concatenate([[0], edges, [len(keys)]])
    for start in np.flatnonzero(np.diff(bounds) > 1):
        yield order[bounds[start] : bounds[start + 1]].tolist()


def _mixed(values: Hashes) -> Hashes:
    """Each value spread over all 64 bits (the finaliser of SplitMix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
