"""One document as HTML, Markdown, Word, EPUB and PDF: the same sentences in the same sections."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as Word

from groundedqa.chunk import sentences
from groundedqa.read import SiteProfile, Source, read_source
from groundedqa.types import Document
from tests.support.pdf import Paper

TITLE = "How the harbour of Sandwick was lost"
SECTIONS = (
    (
        "The sand comes",
        "The bay lay open to the north, and every winter brought more sand. Dr. Ellen Moss, who "
        "measured it in 1741, wrote that 3.5 feet had come in one year! Nobody believed her.",
        "By 1760 a boat of any size could not reach the quay at low water. The well-known pilot "
        'Amos Reed said: "We sail on Tuesdays, or we do not sail."',
    ),
    (
        "The wall is built",
        "A wall of rough granite was begun that summer. It was to turn the current, e.g. by a "
        "third of its force, and so to keep the channel clear of sand for a hundred years.",
        "It did no such thing. The current went round it, dropped what it carried behind it, and "
        "within ten years there was a meadow where the ships had lain.",
    ),
)


def _html(path: Path) -> None:
    body = "".join(
        f"<h2>{heading}</h2>" + "".join(f"<p>{text}</p>" for text in texts)
        for heading, *texts in SECTIONS
    )
    path.write_text(
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        f"<title>{TITLE}</title></head><body><nav><a href=/>Home</a></nav><main>"
        f"<h1>{TITLE}</h1>{body}</main></body></html>",
        encoding="utf-8",
    )


def _markdown(path: Path) -> None:
    body = "\n\n".join("\n\n".join((f"## {heading}", *texts)) for heading, *texts in SECTIONS)
    path.write_text(f"# {TITLE}\n\n{body}\n", encoding="utf-8")


def _docx(path: Path) -> None:
    word = Word()
    word.add_heading(TITLE, 0)
    for heading, *texts in SECTIONS:
        word.add_heading(heading, 1)
        for text in texts:
            word.add_paragraph(text)
    word.save(str(path))


def _epub(path: Path) -> None:
    chapters = [
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{heading}</title></head><body>'
        f"<h1>{heading}</h1>" + "".join(f"<p>{text}</p>" for text in texts) + "</body></html>"
        for heading, *texts in SECTIONS
    ]
    names = [f"c{number}.xhtml" for number in range(len(chapters))]
    manifest = "".join(
        f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="u">x</dc:identifier><dc:title>{TITLE}</dc:title>'
        f"<dc:language>en</dc:language></metadata><manifest>{manifest}</manifest>"
        f"<spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="book.opf" '
        'media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("book.opf", package)
        for name, chapter in zip(names, chapters, strict=True):
            book.writestr(name, chapter)


def _pdf(path: Path) -> None:
    paper = Paper(foot="Page #")
    paper.say(TITLE, size=22, style="B")
    for heading, *texts in SECTIONS:
        paper.say(heading, size=15, style="B")
        for text in texts:
            paper.say(text)
        paper.add_page()
    paper.written(path.parent, path.name)


MAKERS: dict[str, Callable[[Path], None]] = {
    "html": _html,
    "md": _markdown,
    "docx": _docx,
    "epub": _epub,
    "pdf": _pdf,
}


@pytest.mark.parametrize("suffix", MAKERS)
def test_the_same_content_gives_the_same_sentences(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"harbour.{suffix}"
    MAKERS[suffix](path)
    (document,) = (
        event
        for event in read_source(Source(path, path.name), SiteProfile())
        if isinstance(event, Document)
    )
    assert (document.title, document.language) == (TITLE, "en")
    found = [
        (section.heading, _sentences(document.text[section.start : section.end]))
        for section in document.sections
        if section.heading
    ]
    assert found == [(heading, _sentences("\n\n".join(texts))) for heading, *texts in SECTIONS]
    assert _sentences(document.text) == [s for _, texts in found for s in texts]


def _sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in sentences(text, "en")]
