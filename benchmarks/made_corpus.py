"""Corpora of any size, made of the sample corpus: its words by their frequency, its vectors.

A document has a hundred passages in fifty sections of two, each passage below a heading of its own
and so short that it is never divided: the number of passages is known before the build.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import sample
from groundedqa.build import BuildSettings, build
from groundedqa.index.protocol import Vectors
from groundedqa.snapshot import Collection, open_current

_PASSAGES = 100  # of a document
_IN_SECTION = 2
_SENTENCES = 6  # of a passage
_WORDS = 15  # of a sentence
_NOISE = 0.7  # the length of what is added to a unit vector
_BLOCK = 10_000


def made(folder: Path, passages: int) -> Collection:
    """A published snapshot of so many passages, a multiple of a hundred; the same every time."""
    corpus, vectors = folder / "corpus", folder / "vectors.npy"
    corpus.mkdir(parents=True)
    for number, text in enumerate(_documents(passages // _PASSAGES)):
        (corpus / f"made-{number:06}.md").write_text(text, encoding="utf-8")
    _write_vectors(vectors, passages)
    collection = Collection(folder / "index")
    shutil.copytree(sample.collection().encoders, collection.encoders)
    build(corpus, collection, BuildSettings(tunes=False, vectors=vectors))
    return collection


def questions(count: int) -> Iterator[str]:
    """Questions of five to twelve words."""
    random = np.random.default_rng(9)
    words, shares = _vocabulary()
    for length in random.integers(5, 13, count).tolist():
        drawn = words[np.searchsorted(shares, random.random(length))]
        yield f"{' '.join(drawn).capitalize()}?"


def _documents(count: int) -> Iterator[str]:
    random = np.random.default_rng(7)
    words, shares = _vocabulary()
    for number in range(count):
        drawn = np.searchsorted(shares, random.random((_PASSAGES, _SENTENCES, _WORDS)))
        yield f"# Document {number}\n\n{_sections(words[drawn])}"


def _sections(drawn: NDArray[np.object_]) -> str:
    """Words (passages, sentences, words) as Markdown."""
    parts = []
    for number, passage in enumerate(drawn):
        if number % _IN_SECTION == 0:
            parts.append(f"## {' '.join(passage[0, :3])}")
        text = " ".join(f"{' '.join(words).capitalize()}." for words in passage)
        parts.append(f"### {' '.join(passage[1, :3])}\n\n{text}")
    return "\n\n".join(parts) + "\n"


def _vocabulary() -> tuple[NDArray[np.object_], NDArray[np.float64]]:
    """The sample corpus's words, and the share of all text up to and with each of them."""
    texts = (document.text for document in sample.documents())
    counts = Counter(word for text in texts for word in text.lower().split() if word.isalpha())
    words, frequencies = zip(*sorted(counts.items()), strict=True)
    sums = np.cumsum(frequencies, dtype=np.float64)
    return np.array(words, dtype=object), sums / sums[-1]


def _write_vectors(path: Path, count: int) -> None:
    """Unit rows at random around those of the sample corpus's passages."""
    random = np.random.default_rng(8)
    snapshot = open_current(sample.collection())
    real = np.array(snapshot.parts.vectors.vectors)
    snapshot.close()
    rows = np.lib.format.open_memmap(path, "w+", dtype=np.float32, shape=(count, real.shape[1]))
    for start in range(0, count, _BLOCK):
        block = rows[start : start + _BLOCK]
        block[:] = _around(real, len(block), random)
    rows.flush()


def _around(real: Vectors, count: int, random: np.random.Generator) -> NDArray[np.float64]:
    noise = random.normal(size=(count, real.shape[1])) * (_NOISE / real.shape[1] ** 0.5)
    found: NDArray[np.float64] = real[random.integers(0, len(real), count)] + noise
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found
