"""Fifty links of answers, each opened in Chromium: the words that light up are the cited ones."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from groundedqa.ask import Asker, Wanted
from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import Collection
from groundedqa.types import Citation, Document
from tests.conftest import ROOT
from tests.server.browser import browser, colour_in, watched
from tests.support.processes import service

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.model]
MANY = 50
MAGENTA = (255, 0, 255)
STYLE = "body{font:16px/1.5 sans-serif;width:50em}::target-text{background-color:rgb(255,0,255)}"
MATHS = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|\$\$.*?\$\$|(?<!\\)\$[^$\n]+\$", re.DOTALL)
MARKER = re.compile(r"(?:[-*•–]|\(?\d{1,3}[.)])\s+")

# The rectangles of the first and the last word of a stretch; places count code points.
_RECTS = """([start, end]) => {
  const lines = [...document.querySelectorAll("[data-at]")];
  const rect = (from, to) => {
    const line = lines.findLast(line => +line.dataset.at <= from);
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let at = +line.dataset.at;
    while (walker.nextNode()) {
      const node = walker.currentNode, points = [...node.data];
      const unit = count => points.slice(0, count).join("").length;
      if (from >= at && from < at + points.length) range.setStart(node, unit(from - at));
      if (to > at && to <= at + points.length) range.setEnd(node, unit(to - at));
      at += points.length;
    }
    const box = range.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
  };
  return [rect(...start), rect(...end)];
}"""


def html_of(document: Document) -> str:
    """The document as a plain site would show it; each line knows its place in the text."""
    parts = [f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"]
    parts.append(f"<title>{escape(document.title)}</title><h1>{escape(document.title)}</h1>")
    at = 0
    for line in document.text.split("\n"):
        for section in document.sections:
            if section.start == at and section.heading and line:
                parts.append(f"<h{section.level + 1}>{escape(section.heading)}")
                parts.append(f"</h{section.level + 1}>")
        if line:
            parts.append(_line(line, at))
        at += len(line) + 1
    return "\n".join(parts)


def _line(line: str, at: int) -> str:
    marker = MARKER.match(line)
    if line.startswith("|"):
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in line.strip("|").split("|"))
        return f"<table><tr>{cells}</tr></table>"
    if marker:
        place = at + marker.end()
        return f"<ul><li data-at={place}>{_prose(line[marker.end() :])}</li></ul>"
    tag = "pre" if line.startswith("    ") else "p"
    return f"<{tag} data-at={at}>{_prose(line)}</{tag}>"


def _prose(text: str) -> str:
    parts, at = [], 0
    for found in MATHS.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(f'<span class="math">{escape(found[0])}</span>')
        at = found.end()
    return "".join([*parts, escape(text[at:])])


@dataclass
class Site:
    """A site of static pages, by path."""

    base: str
    pages: dict[str, str]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    pages: dict[str, str] = {}

    class Static(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = pages.get(unquote(self.path))
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Static) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", pages)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def asker(
    sample: Collection, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asker]:
    """The sample corpus as that site's; its vectors are those of the sample."""
    home = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "corpus", home / "corpus")
    with (home / "corpus" / "site.toml").open("a", encoding="utf-8") as profile:
        profile.write(f'\nbase = "{site.base}"\nurl = "{{base}}/{{id}}"\n')
    public = Collection(home / "index")
    public.home.mkdir(parents=True)
    public.encoders.symlink_to(sample.encoders)
    shutil.copy(sample.vectors, public.vectors)
    build(home / "corpus", public, BuildSettings())
    opened = Asker(public)
    yield opened
    opened.close()


def questions() -> list[str]:
    files = sorted((ROOT / "benchmarks" / "questions").glob("*/queries.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines]


def fifty(asker: Asker) -> list[Citation]:
    found: dict[str, Citation] = {}
    for question in questions():
        answer = asker.ask(question, wanted=Wanted(k=2, near_misses=True))
        for citation in answer.citations or answer.near_misses:  # what is not certain has links too
            if ":~:text=" in citation.link:
                found.setdefault(citation.link, citation)
        if len(found) >= MANY:
            break
    return list(found.values())[:MANY]


def stretch(citation: Citation) -> tuple[int, int]:
    """Where the words of a link stand in the document, as its directive names them."""
    text = citation.document.text
    parts = [unquote(part) for part in citation.link.split(":~:text=")[1].split(",")]
    first, *rest = [part for part in parts if not part.endswith("-")]
    last = rest[0] if rest else first
    start = text.index(first, citation.start)
    end = text.rindex(last, 0, citation.end) + len(last)
    return start, end


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_fifty_links_light_up_the_cited_words(
    browser: Browser,
    asker: Asker,
    site: Site,
) -> None:
    cited = fifty(asker)
    assert len({citation.link for citation in cited}) == MANY
    wrong = []
    with watched(browser, 1000, 6000) as seen:
        for citation in cited:
            site.pages[urlsplit(citation.link).path] = html_of(citation.document)
            problem = problem_of(seen.page, citation)
            if problem:
                wrong.append(f"{citation.link}: {problem}")
    assert wrong == []


def problem_of(page: Page, citation: Citation) -> str | None:
    """What is not as it should be when a link is opened."""
    start, end = stretch(citation)
    text = citation.document.text
    if not citation.start <= start < end <= citation.end:
        return "the words named are not within the quote"
    outside = text[citation.start : start] + " " + text[end : citation.end]
    if words(MATHS.sub(" ", outside)) and not re.fullmatch(r"[\W\d]*", outside):
        return f"cited words are left out: {outside!r}"
    first = words(text[start:end])[0]
    last = words(text[start:end])[-1]
    page.goto("about:blank")  # two links to one document would be no loading of it
    page.goto(citation.link)
    ends = [[start, start + len(first)], [end - len(last), end]]
    boxes: Any = page.evaluate(_RECTS, ends)
    height = page.evaluate("document.body.offsetHeight") + 100
    png = page.screenshot(clip={"x": 0, "y": 0, "width": 1000, "height": height})
    beside = [
        [0, boxes[0][1], boxes[0][0] - 2, boxes[0][3]],
        [boxes[1][2] + 2, boxes[1][1], 1000, boxes[1][3]],
    ]
    shares, around = colour_in(page, png, MAGENTA, [*boxes, *beside])
    if min(shares[:2]) < 0.3:
        return f"the first or last word is not highlighted: {shares}"
    if max(shares[2:]) > 0:
        return f"words beside the quote are highlighted: {shares}"
    if abs(around[1] - boxes[0][1]) > 4 or abs(around[3] - boxes[1][3]) > 4:
        return f"the highlight reaches from {around[1]} to {around[3]}, the words are at {boxes}"
    return None


# The browser brings the middle of the words into view: of a quote that is longer than a phone's
# screen, and stands in several paragraphs, the first may be above it.
_IN_VIEW = """() => [...document.querySelectorAll('mark')].some((mark) => {
    const box = mark.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
})"""


def test_the_services_own_links_mark_the_cited_words_in_view(
    browser: Browser,
    sample: Collection,
    tmp_path: Path,
) -> None:
    with service(sample.index, tmp_path / "log") as running:
        running.wait_until_ready()
        links: dict[str, str] = {}
        for question in questions()[:30]:
            asked = {"question": question, "k": 1, "near_misses": True}
            status, answer = running.post("/v1/ask", asked)
            assert status == 200
            shown = [*answer["citations"], *answer["near_misses"]]
            links.update({c["link"]: c["quote"] for c in shown})
        assert len(links) >= 15
        with watched(browser, 390, 700) as seen:
            for link, quoted in links.items():
                seen.page.goto("about:blank")  # two links to one document would be no loading of it
                seen.page.goto(running.url.rstrip("/") + link)
                marks = seen.page.locator("mark").all_text_contents()
                assert "\n\n".join(marks) == quoted
                # The browser scrolls once it has laid the page out, which may be after the load.
                seen.page.wait_for_function(_IN_VIEW)
                assert seen.complaints == []
