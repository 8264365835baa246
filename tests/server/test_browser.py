"""What a student sees, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import Collection
from tests.server.browser import Watched, assert_well, browser, keep_picture, watched
from tests.support.processes import Service, command, service
from tests.widget.faked import violations

__all__ = ["browser"]
pytestmark = [pytest.mark.browser, pytest.mark.model]
QUESTION = "why did everyone starve in ukraine in the 30s"
WINDOWS = [
    pytest.param(390, 844, False, id="phone-light"),
    pytest.param(390, 844, True, id="phone-dark"),
    pytest.param(1280, 800, False, id="desktop-light"),
    pytest.param(1280, 800, True, id="desktop-dark"),
]


@pytest.fixture(scope="module")
def running(sample: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service(sample.index, tmp_path_factory.mktemp("service") / "log") as started:
        started.wait_until_ready()
        yield started


@pytest.fixture(scope="module")
def emptied(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path
) -> Iterator[Service]:
    """A service over an index whose only document was taken down."""
    home = tmp_path_factory.mktemp("emptied")
    (home / "corpus").mkdir()
    (home / "corpus" / "only.txt").write_text("Only\n\nThe only page there is.\n")
    (home / "index").mkdir()
    (home / "index" / "encoders").symlink_to(tiny_encoders)
    build(home / "corpus", Collection(home / "index"), BuildSettings(model=str(tiny_model)))
    done = command("remove", "only", "--index", home / "index")
    assert done.returncode == 0, done
    with service(home / "index", home / "log") as started:
        started.wait_until_ready()
        yield started


def levels(seen: Watched) -> list[int]:
    found: list[int] = seen.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
    )
    return found


@pytest.mark.parametrize(("width", "height", "dark"), WINDOWS)
def test_a_question_is_asked_and_followed_to_its_words_by_keyboard_alone(
    browser: Browser,
    running: Service,
    request: pytest.FixtureRequest,
    width: int,
    height: int,
    dark: bool,
) -> None:
    with watched(browser, width, height, dark=dark) as seen:
        page = seen.page
        page.goto(running.url)
        keep_picture(seen, "ask", request)
        page.keyboard.type(QUESTION)  # the field has the focus
        page.keyboard.press("Enter")
        page.wait_for_selector("blockquote")
        assert page.url == f"{running.url}?q={QUESTION.replace(' ', '+')}"
        assert_well(seen, running.url)
        keep_picture(seen, "answer", request)
        assert page.get_by_label("Your question").input_value() == QUESTION
        cited = page.locator("blockquote").first.inner_text()
        order = levels(seen)
        assert order[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(order))

        page.locator("h3 a").first.focus()
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        page.keyboard.press("Enter")
        page.wait_for_selector("#cited")
        marked = "\n\n".join(page.locator("mark").all_inner_texts())
        assert " ".join(marked.split()) == " ".join(cited.split())
        top = page.evaluate("document.querySelector('#cited').getBoundingClientRect().top")
        assert 0 <= top < height
        assert_well(seen, running.url)
        keep_picture(seen, "document", request)


@pytest.mark.parametrize(("width", "height", "dark"), WINDOWS[1:3])
def test_an_answer_is_narrowed_and_widened_again_by_keyboard(
    browser: Browser,
    running: Service,
    request: pytest.FixtureRequest,
    width: int,
    height: int,
    dark: bool,
) -> None:
    with watched(browser, width, height, dark=dark) as seen:
        page = seen.page
        page.goto(f"{running.url}?q=why+do+prices+rise")
        page.locator("summary").focus()
        page.keyboard.press("Enter")
        guides = page.get_by_role("list", name="Kind").get_by_role("link", name="guide 8")
        guides.focus()
        keep_picture(seen, "narrow", request)
        assert violations(page) == []
        page.keyboard.press("Enter")
        page.wait_for_url(f"{running.url}?q=why+do+prices+rise&kind=guide")
        chip = page.get_by_role("list", name="Only pages with").get_by_role("link")
        assert " ".join(chip.inner_text().split()) == "Kind: guide , remove this filter ×"
        keep_picture(seen, "narrowed", request)
        assert_well(seen, running.url)
        chip.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"{running.url}?q=why+do+prices+rise")


def test_tables_of_a_document_can_be_read_on_a_phone(browser: Browser, running: Service) -> None:
    with watched(browser, 320) as seen:
        seen.page.goto(f"{running.url}documents/chemistry--guide-to-reaction-rates")
        first = seen.page.get_by_role("row").first.get_by_role("cell").all_inner_texts()
        assert first == ["Order", "Rate equation", "Straight-line plot", "Half-life"]
        assert_well(seen, running.url)


@pytest.mark.parametrize(("width", "height", "dark"), WINDOWS)
def test_an_abstention_is_said_plainly(
    browser: Browser,
    emptied: Service,
    request: pytest.FixtureRequest,
    width: int,
    height: int,
    dark: bool,
) -> None:
    with watched(browser, width, height, dark=dark) as seen:
        seen.page.goto(f"{emptied.url}?q={quote(QUESTION)}")
        said = seen.page.get_by_role("status").inner_text()
        assert said == "This site does not hold the answer. It has no pages yet."
        assert_well(seen, emptied.url)
        keep_picture(seen, "abstained", request)


def test_a_long_word_does_not_widen_the_page(
    browser: Browser,
    running: Service,
) -> None:
    with watched(browser, 320) as seen:
        seen.page.goto(f"{running.url}?q={'w' * 3000}")
        assert_well(seen, running.url)


def test_the_pages_work_without_javascript(
    browser: Browser,
    running: Service,
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(running.url)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    assert page.locator("blockquote").count() == 5
    page.get_by_role("link", name="Read on in").first.click()
    assert page.locator("mark").count() >= 1
    context.close()


def test_the_skip_link_comes_first_and_shows_itself(
    browser: Browser,
    running: Service,
) -> None:
    with watched(browser, 390) as seen:
        seen.page.goto(f"{running.url}?q={quote(QUESTION)}")
        seen.page.keyboard.press("Tab")
        skip = seen.page.get_by_role("link", name="Skip to the content")
        box = skip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/*#main")
