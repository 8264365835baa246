"""How fast sources are read, and what share of a build that is, against encoding what was read.

The sample corpus's documents as web pages with a site's chrome, and as a PDF; each is read by one
process without bounds, on one core.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF

from benchmarks import sample
from benchmarks.report import Line
from groundedqa.chunk import ChunkSettings, chunk, encoded_texts
from groundedqa.read import SiteProfile, Source, read_source
from groundedqa.types import Document

_CHROME = (
    "<header><nav><ul>"
    + "".join(f"<li><a href=/t{n}>Subject {n}</a></li>" for n in range(40))
    + "</ul></nav></header><div class=cookie-banner><p>We use cookies on this site.</p></div>"
)
_FOOT = "<aside class=related><ul>" + "".join(
    f"<li><a href=/q{n}>Another question, number {n}, that was asked before?</a></li>"
    for n in range(30)
)
_PDF_PAGES = 500


def run() -> Iterator[Line]:
    """Web pages, a long PDF, and the share of a build."""
    documents = sample.documents()
    with TemporaryDirectory() as name:
        folder = Path(name)
        pages = [_page(folder, document) for document in documents]
        _read(pages[:2])  # what is imported once
        size = sum(page.path.stat().st_size for page in pages) / 1e6
        seconds, found = _read(pages)
        yield Line("web pages read, a core", size / seconds * 60, "MB a minute")
        yield Line("web pages read, a core", len(pages) / seconds, "pages/s")
        encoding = _encoded(found)
        share = seconds / encoding
        yield Line("reading them, to encoding them", share, "times", most=0.1)
        paper = _paper(folder, documents)
        seconds, found = _read([paper])
        yield Line(f"a PDF of {_PDF_PAGES} pages, a core", _PDF_PAGES / seconds, "pages/s")
        yield Line("reading it, to encoding it", seconds / _encoded(found), "times", most=0.1)


def _read(sources: list[Source]) -> tuple[float, list[Document]]:
    started = time.process_time()
    events = [event for each in sources for event in read_source(each, SiteProfile())]
    seconds = time.process_time() - started
    return seconds, [event for event in events if isinstance(event, Document)]


def _encoded(documents: list[Document]) -> float:
    """The processor seconds that encoding takes, of both cores together; at most 200 passages'."""
    model = sample.encoder()
    settings = ChunkSettings(window=model.window, target=200, special=model.special)
    texts = [
        text
        for document in documents
        for text in encoded_texts(
            document,
            chunk(document, model.count_tokens, settings),
            model.count_tokens,
            settings,
        )
    ]
    first = texts[:: max(1, len(texts) // 200)]
    started = time.process_time()
    model.encode_passages(first)
    return (time.process_time() - started) * len(texts) / len(first)


def _page(folder: Path, document: Document) -> Source:
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in document.text.split("\n\n"))
    path = folder / f"{document.doc_id}.html"
    path.write_text(
        f"<!doctype html><html lang=en><head><title>{escape(document.title)}</title></head><body>"
        f"{_CHROME}<main><h1>{escape(document.title)}</h1>{paragraphs}</main>{_FOOT}</body></html>",
        encoding="utf-8",
    )
    return Source(path, path.name)


def _paper(folder: Path, documents: list[Document]) -> Source:
    paper = FPDF()
    paper.set_font("helvetica", size=11)
    texts = [document.text.encode("latin-1", "ignore").decode("latin-1") for document in documents]
    while paper.page < _PDF_PAGES:
        for text in texts:
            if paper.page < _PDF_PAGES:
                paper.add_page()
                paper.multi_cell(0, 5, text[:3000])
    path = folder / "long.pdf"
    paper.output(str(path))
    return Source(path, path.name)
