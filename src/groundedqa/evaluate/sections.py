"""Section ids of qrels, resolved to headings of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from groundedqa.clean import clean_line
from groundedqa.errors import ConfigurationError
from groundedqa.evaluate.system import Outline
from groundedqa.read import url_safe

JOINT = " > "  # between the headings of a path


@dataclass(frozen=True, slots=True)
class GoldSection:
    """A section that qrels may name: part of a document's heading path, all of it if empty.

    ``depth`` is how many headings deep it lies.
    """

    section_id: str
    doc_id: str
    path: tuple[str, ...]
    depth: int

    def holds(self, path: tuple[str, ...]) -> bool:
        """Whether a passage with these headings above it stands in the section."""
        length = len(self.path)
        return any(path[at : at + length] == self.path for at in range(len(path) - length + 1))


class SectionFinder:
    """Resolves section ids over the documents of a corpus.

    An id is ``doc_id#Heading``, where the heading may be a path joined by `` > ``; or one of
    ``titles``, which gives it as "Document title: Heading", or a document's whole title.
    """

    def __init__(self, outlines: Iterable[Outline], titles: Mapping[str, str]) -> None:
        self._outlines = {outline.doc_id: outline for outline in outlines}
        self._titles = titles
        self._by_title: dict[str, list[Outline]] = {}
        for outline in self._outlines.values():
            self._by_title.setdefault(clean_line(outline.title), []).append(outline)

    def find(self, section_id: str) -> list[GoldSection]:
        """The section of this id; several where documents of one title have it, as two volumes do.

        Raises:
            ConfigurationError: there is none; the message names the id.
        """
        found = self._by_heading(section_id)
        if not found and section_id in self._titles:
            found = self._by_whole_title(section_id)
        if found:
            return found
        raise ConfigurationError(
            f"section {section_id!r} of the qrels is not in the corpus; an id must be "
            'doc_id#Heading, or one of a corpus.jsonl beside the qrels, titled "Document title: '
            'Heading"'
        )

    def others(self) -> list[GoldSection]:
        """The sections of ``titles`` that can be resolved, for what no query names."""
        found = []
        for section_id in self._titles:
            try:
                found.extend(self.find(section_id))
            except ConfigurationError:  # judged by none, so only its name in a run is lost
                continue
        return found

    def _by_heading(self, section_id: str) -> list[GoldSection]:
        name, sign, heading = section_id.partition("#")
        outline = self._outlines.get(url_safe(name))
        return _in(outline, heading, section_id) if outline and sign else []

    def _by_whole_title(self, section_id: str) -> list[GoldSection]:
        title = clean_line(self._titles[section_id])
        whole = [
            GoldSection(section_id, outline.doc_id, (), 0)
            for outline in self._by_title.get(title, ())
        ]
        if whole:
            return whole
        parts = title.split(": ")
        return [
            section
            for at in range(1, len(parts))
            for outline in self._by_title.get(": ".join(parts[:at]), ())
            for section in _in(outline, ": ".join(parts[at:]), section_id)
        ]


def _in(outline: Outline, heading: str, section_id: str) -> list[GoldSection]:
    """The section of a document under a heading, or a joined path; the outermost names it."""
    wanted = clean_line(heading)
    for path in sorted(outline.paths(), key=len):
        if clean_line(path[-1]) == wanted:
            return [GoldSection(section_id, outline.doc_id, path[-1:], len(path))]
        if clean_line(JOINT.join(path)) == wanted:
            return [GoldSection(section_id, outline.doc_id, path, len(path))]
    return []
