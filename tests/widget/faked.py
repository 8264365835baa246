"""Pages that hold the widget and a service that says what a test wants: all inside Chromium."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Route

from groundedqa.server.widget_files import widget_files
from tests.conftest import ROOT

SITE = "https://site.example"
SERVICE = "https://qa.example"
SCREENSHOTS = ROOT / "build" / "screenshots"
NODE_MODULES = ROOT / "packages" / "grounded-qa" / "node_modules"
QUESTION = "why do leaves change colour"
TAG = f'<grounded-qa src="{SERVICE}"></grounded-qa>'
Answering = Callable[[dict[str, Any]], tuple[int, Any]]


def citation(**other: Any) -> dict[str, Any]:
    """A citation with every field that a student is shown."""
    return {
        "rank": 1,
        "quote": "Leaves hold several pigments.\n\nIn autumn the green one, chlorophyll, is taken "
        "apart 🍂 first. Yellow ones were there all summer and show now.",
        "best_sentence": {"text": "In autumn the green one, chlorophyll, is taken apart 🍂 first."},
        "citation_id": "leaves.0-9.aa",
        "document": document("leaves", "Why do leaves turn yellow in autumn?"),
        "section": ["Expert Answers"],
        "author": "Ada Ferreira",
        "role": "botany teacher",
        "credential": "MSc Plant Science",
        "page": "12",
        "link": f"{SITE}/leaves.html#:~:text=Leaves%20hold",
        "attribution": {
            "text": "“Why do leaves turn yellow in autumn?” by Ada Ferreira, CC BY 4.0",
            "author": "Ada Ferreira",
            "author_url": f"{SITE}/users/ada",
            "publisher": "Lakeside Questions",
            "licence": "CC BY 4.0",
            "licence_url": "https://licences.example/by/4.0/",
        },
        "also_at": [{"document": document("copy", "Autumn, a guide"), "link": "/documents/copy"}],
        "pinned": True,
        **other,
    }


def document(doc_id: str, title: str) -> dict[str, Any]:
    return {
        "id": doc_id,
        "title": title,
        "url": None,
        "publisher": None,
        "kind": "qa",
        "licence": None,
        "published": "2026-01-31",
        "language": "en",
    }


def answer(**other: Any) -> dict[str, Any]:
    """An answer as the service gives it."""
    related = [
        {"question": "Why is grass green?", "url": f"{SITE}/grass.html"},
        {"question": "What is a pigment?", "url": None},
    ]
    return {
        "question": QUESTION,
        "decision": "answered",
        "reason": None,
        "citations": [citation()],
        "near_misses": [],
        "related": related,
        "answer_id": "signed",
        **other,
    }


def abstention(reason: str = "not_covered") -> dict[str, Any]:
    near = [citation(), citation(quote="The same page.")]
    return answer(decision="abstained", reason=reason, citations=[], near_misses=near)


def problem(status: int, detail: str, retry: str | None = None) -> tuple[int, Any]:
    """An error of the service."""
    return status, {"detail": detail, "retry": retry}


@dataclass
class Faked:
    """A page, what it asked for, and what is to be answered."""

    page: Page
    answering: Answering = lambda _: (200, answer())
    suggested: list[str] = field(default_factory=lambda: ["Why do leaves fall?", "Why is it cold?"])
    asked: list[dict[str, Any]] = field(default_factory=list)
    voted: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    without: set[str] = field(default_factory=set)  # files of the widget that can't be had

    def open(self, body: str, *, head: str = "", lang: str = "en", script: bool = True) -> None:
        """Show a page that has this in it."""
        loads = f'<script type="module" src="{SERVICE}/widget/grounded-qa.js"></script>'
        html = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>Leaves</title><style>{STYLE}</style>{head}{loads if script else ''}</head>"
            f"<body><main><h1>Leaves</h1>{body}</main></body></html>"
        )
        self.page.unroute(f"{SITE}/**")
        self.page.route(f"{SITE}/**", lambda route: route.fulfill(body=html, content_type=HTML))
        self.page.goto(f"{SITE}/")

    def ask(self, question: str = QUESTION) -> None:
        """Ask by keyboard, and wait until something came of it."""
        field = self.page.locator("[part=input]").first
        field.fill(question)
        field.press("Enter")
        self.page.locator("[data-state=found], [data-state=note]").first.wait_for()

    def served(self, route: Route) -> None:
        """What the service answers to a request."""
        request = route.request
        path = urlsplit(request.url).path
        if path.startswith("/widget/"):
            name = path.removeprefix("/widget/")
            if name in self.without:
                route.abort()
                return
            file = widget_files()[name]
            route.fulfill(body=file.content, content_type=file.media_type, headers=PUBLIC)
            return
        self.paths.append(path)
        self.keys.add(request.headers.get("authorization"))
        if path.endswith("/suggest"):
            found = [{"text": text} for text in self.suggested]
            route.fulfill(json={"suggestions": found}, headers=PUBLIC)
            return
        sent = json.loads(request.post_data or "{}")
        if path.endswith("/feedback"):
            self.voted.append(sent)
            route.fulfill(status=204, headers=PUBLIC)
            return
        self.asked.append(sent)
        status, body = self.answering(sent)
        if status == 0:
            route.abort()
            return
        retry = body.pop("retry", None) if status >= 400 else None
        headers = {**PUBLIC, **({"Retry-After": retry} if retry else {})}
        route.fulfill(status=status, body=json.dumps(body), headers=headers)


HTML = "text/html; charset=utf-8"
PUBLIC = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
STYLE = (
    ":root{color-scheme:light dark}body{margin:0 auto;max-width:44rem;padding:1rem;"
    "background:light-dark(#fff,#14181d);color:light-dark(#1b1f24,#e6e9ee);"
    "font:1rem/1.5 system-ui,sans-serif}"
)


@contextmanager
def faked(browser: Browser, width: int = 1280, height: int = 800, **more: Any) -> Iterator[Faked]:
    """A new page of a context of its own; nothing that it asks for leaves Chromium."""
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height}, **more
    )
    page = context.new_page()
    page.set_default_timeout(5000)
    found = Faked(page)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.route(f"{SERVICE}/**", found.served)
    try:
        yield found
    finally:
        context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is, shadow roots too."""
    axe = NODE_MODULES / "axe-core" / "axe.min.js"
    assert axe.exists(), "install it with: npm ci --prefix packages/grounded-qa"
    if not page.evaluate("typeof axe == 'object'"):
        page.evaluate(axe.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(
        """async () => (await axe.run({resultTypes: ["violations"]})).violations.flatMap(
             rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`))"""
    )
    return found


def keep_picture(page: Page, name: str) -> Path:
    """A screenshot among those that git ignores."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"widget-{name}.png"
    page.screenshot(path=path, full_page=not page.locator("dialog[open]").count())
    return path


def scrolls_sideways(page: Page) -> bool:
    found: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return found
