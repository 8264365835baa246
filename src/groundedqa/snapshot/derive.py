"""What a snapshot holds beside documents and vectors, made of those alone.

A build and a takedown both end here, so that what is left after a takedown is to the byte what a
build of the corpus without the document makes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from groundedqa.chunk import context
from groundedqa.index import (
    Bm25Writer,
    FlatIndex,
    FlatWriter,
    Membership,
    SuggestWriter,
    VectorBackground,
    walk,
)
from groundedqa.index.protocol import Vectors
from groundedqa.snapshot import manifest as files
from groundedqa.types import Document, Passage, Section


def derive(folder: Path, tell: Callable[[int], None] = lambda _: None) -> None:
    """Write the files that follow from the folder's documents and vectors.

    ``tell`` hears how many documents are done.
    """
    vectors = FlatIndex(folder / files.VECTORS).vectors
    (folder / files.BACKGROUND).write_bytes(VectorBackground.of(vectors).to_bytes())
    words = Bm25Writer()
    sections = _Sections(vectors)
    with SuggestWriter(folder / files.SUGGESTIONS) as suggestions:
        for done, (document, passages) in enumerate(walk(folder / files.DOCUMENTS), 1):
            for passage in passages:
                words.add(indexed_text(document, passage), document.language)
            sections.add(document, passages)
            _suggest(document, suggestions)
            tell(done)
    words.write(folder / files.WORDS)
    sections.write(folder)


def indexed_text(document: Document, passage: Passage) -> str:
    """What is searched for a passage's words: the title and the headings above it, and itself."""
    return f"{context(document, passage.start)}\n{passage.text}"


def _suggest(document: Document, suggestions: SuggestWriter) -> None:
    """A question page's question; the title and headings of everything else."""
    if document.kind == "qa":
        suggestions.add(document.title, document.doc_id, "question")
        return
    for heading in dict.fromkeys((document.title, *(s.heading for s in document.sections))):
        if heading:
            suggestions.add(heading, document.doc_id, "heading")


class _Sections:
    """The sections that hold more than one passage, in the order of the documents.

    A section's vector is the mean direction of its passages', its words are those of its whole
    text; its heading is in neither, for it stands with each passage already.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._words = Bm25Writer()
        self._means = FlatWriter(vectors.shape[1])
        self._around: list[list[int]] = []
        self._count = 0

    def add(self, document: Document, passages: Sequence[Passage]) -> None:
        """The next document, with all its passages."""
        first = len(self._around)
        self._around.extend([] for _ in passages)
        for section in _apart(document):
            rows = [
                first + number
                for number, passage in enumerate(passages)
                if section.start <= passage.start < section.end
            ]
            if len(rows) > 1:
                self._add(document, section, rows)

    def write(self, folder: Path) -> None:
        """Write vectors, words, the vectors' background and the table of which is around what."""
        path = folder / files.SECTIONS
        self._means.write(path)
        background = VectorBackground.of(FlatIndex(path).vectors)
        (folder / files.SECTION_BACKGROUND).write_bytes(background.to_bytes())
        self._words.write(folder / files.SECTION_WORDS)
        np.save(folder / files.MEMBERSHIP, Membership.table(self._around))

    def _add(self, document: Document, section: Section, rows: Sequence[int]) -> None:
        mean = self._vectors[rows].astype(np.float64).mean(axis=0)
        length = max(float(np.linalg.norm(mean)), np.finfo(np.float32).tiny)
        self._means.add((mean / length)[None, :].astype(np.float32))
        self._words.add(document.text[section.start : section.end], document.language)
        for row in rows:
            self._around[row].append(self._count)
        self._count += 1


def _apart(document: Document) -> list[Section]:
    """The sections of a document, of those with the same reach one."""
    return list({(s.start, s.end): s for s in document.sections}.values())
