"""The study site that comes as an example: a real service, and pages on another origin."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from groundedqa.snapshot import Collection
from tests.conftest import ROOT
from tests.server.browser import colour_in, watched
from tests.support.processes import PYTHON, request
from tests.widget.faked import keep_picture, scrolls_sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.model]
QUESTION = "why do people living by the sea see two high tides"
MARKED = (255, 230, 128)  # ::target-text of the site's style sheet


@dataclass(frozen=True)
class Site:
    pages: str
    service: str
    process: int


@pytest.fixture(scope="module")
def site(sample: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Both, started by the one command."""
    index = tmp_path_factory.mktemp("study-site") / "index"
    index.mkdir()
    (index / "encoders").symlink_to(sample.encoders)
    process = subprocess.Popen(
        [
            *(PYTHON, str(ROOT / "examples" / "study-site" / "serve.py"), "--index", str(index)),
            *("--port", "0", "--service-port", "0"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    try:
        assert process.stdout is not None
        pages, service = (process.stdout.readline().strip() for _ in range(2))
        assert service.startswith("http"), "it did not start"
        for _ in range(600):
            if request(f"{service}readyz")[0] == 200:
                break
        yield Site(pages, service, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=15)
        assert process.stdout is not None
        process.stdout.close()


def ask(page: Page, question: str) -> None:
    page.locator("[part=input]").last.fill(question)
    page.keyboard.press("Enter")
    page.locator("[data-state=found], [data-state=note]").last.wait_for()


@pytest.mark.parametrize(
    ("width", "height", "dark"),
    [
        pytest.param(390, 844, True, id="phone-dark"),
        pytest.param(1280, 800, False, id="desktop-light"),
    ],
)
def test_a_student_asks_by_keyboard_and_sees_the_words_marked_in_the_page(
    browser: Browser, site: Site, width: int, height: int, dark: bool
) -> None:
    with watched(browser, width, height, dark=dark) as seen:
        page = seen.page
        page.goto(site.pages)
        page.locator("[part=input]").click()
        page.keyboard.type("why are there two hi")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        keep_picture(page, f"site-suggestions-{width}")
        page.keyboard.press("Enter")
        page.locator("mark").first.wait_for()
        keep_picture(page, f"site-answer-{width}")
        assert violations(page) == []
        assert not scrolls_sideways(page)
        assert not page.locator("[part=results]").evaluate("e => e.scrollWidth > e.clientWidth")
        read = page.get_by_role("link", name="Read it in the page").first
        read.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/two-tides.html*")
        page.locator("[part=related] a").first.wait_for()
        if not dark:
            around = colour_in(page, page.screenshot(), MARKED, [])[1]
            assert around[2] - around[0] > 300
        keep_picture(page, f"site-cited-{width}")
        if dark:
            assert violations(page) == []
        assert seen.complaints == []


def test_what_the_site_does_not_hold_is_said_and_the_dialog_works_under_a_strict_policy(
    browser: Browser, site: Site
) -> None:
    with watched(browser) as seen:
        page = seen.page
        page.goto(f"{site.pages}supply-and-demand.html")
        page.get_by_role("button", name="Ask Harbour Lane").wait_for()
        page.keyboard.press("Control+k")
        ask(page, "what shifts the supply curve")
        assert page.locator("mark").count() >= 1
        keep_picture(page, "site-dialog-1280")
        ask(page, "how do I repair a bicycle chain")
        told = page.locator("[part=status]").inner_text()
        assert told.startswith("This site does not hold the answer.")
        assert page.get_by_text("They are not an answer to your question.").is_visible()
        assert seen.complaints == []
        page.goto(f"{site.pages}seasons-ar.html")
        ask(page, "لماذا يأتي الصيف")
        keep_picture(page, "site-rtl-1280")
        assert violations(page) == []
        assert not scrolls_sideways(page)


def test_a_key_of_another_origin_opens_nothing(browser: Browser, site: Site) -> None:
    with watched(browser) as seen:
        page = seen.page
        page.goto(site.pages.replace("127.0.0.1", "localhost"))
        ask(page, QUESTION)
        assert page.locator("[part=status]").inner_text() == (
            "The search can’t be reached. Your question is still here."
        )
        assert page.locator("mark").count() == 0


def test_without_javascript_the_form_asks_the_service_s_own_page(
    browser: Browser, site: Site
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.pages)
    page.get_by_label("Ask Harbour Lane").fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.service}?q=*")
    expect(page.locator("blockquote").first).to_be_visible()
    context.close()


def test_every_page_of_the_site_is_in_its_list_and_is_indexed(site: Site) -> None:
    pages = {path.name for path in (ROOT / "examples" / "study-site").glob("*.html")}
    first = Path(ROOT / "examples" / "study-site" / "index.html").read_text(encoding="utf-8")
    assert {name for name in pages if f'href="{name}"' in first} == pages
    for name in pages - {"index.html"}:
        document = name.removesuffix(".html")
        assert request(f"{site.service}documents/{document}")[0] == 200


def test_a_service_that_dies_under_an_open_page_is_told_of(browser: Browser, site: Site) -> None:
    with watched(browser) as seen:
        seen.page.goto(site.pages)
        ask(seen.page, QUESTION)
        assert seen.page.locator("mark").count() >= 1
        (service,) = psutil.Process(site.process).children()
        service.kill()  # the last test of this file: nothing is asked after it
        ask(seen.page, "what does a catalyst do")
        expect(seen.page.get_by_role("button", name="Try again")).to_be_visible()
        assert seen.page.locator("[part=status]").inner_text() == (
            "The search can’t be reached. Your question is still here."
        )
