"""The operator's pages in a real Chromium: looked at, and a snapshot published by a button."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from groundedqa.operate.question_log import QuestionLog
from groundedqa.snapshot import Collection, current
from groundedqa.types import Answer
from tests.server.admin import HOSTILE, Administered, administered
from tests.server.browser import assert_well, browser, keep_picture, watched
from tests.support.processes import Service, service

__all__ = ["browser"]
pytestmark = pytest.mark.browser
ABSTAINED = Answer("", "abstained", 0.25, (), "", 1.0, reason="unknown_words")
WINDOWS = [
    pytest.param((390, 844), False, id="phone-light"),
    pytest.param((1280, 800), True, id="desktop-dark"),
]


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, tiny_encoders: Path
) -> Administered:
    found = administered(tmp_path_factory.mktemp("admin"), tiny_model, tiny_encoders)
    for snapshot, value in ((found.first, 0.71), (found.second, 0.745)):
        path = Collection(found.index).evaluation(snapshot)
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"measures": {"nDCG@10": value, "Success@1": value - 0.1}}))
    return found


@pytest.fixture(scope="module")
def running(made: Administered) -> Iterator[Service]:
    database = str(made.database.path)
    flags = ("--keys", database, "--pages", "full")
    log = QuestionLog(made.database.path, days=9)
    for question in ("how far is the moon", "how far away is the moon?", "who was Ada", HOSTILE):
        log.add("default", replace(ABSTAINED, question=question))
    log.close()
    with service(made.index, made.home / "log", *flags) as started:
        started.wait_until_ready()
        for word in ("rain", "snow", "the mines of the moon"):
            assert started.get(f"/?q={word.replace(' ', '+')}")[0] == 200
        yield started


def sign_in(page: Page, url: str, token: str) -> None:
    page.goto(f"{url}admin")
    page.get_by_label("Admin key").fill(token)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Collections").wait_for()


@pytest.mark.parametrize(("size", "dark"), WINDOWS)
def test_an_operator_signs_in_looks_around_publishes_and_rolls_back(
    browser: Browser,
    running: Service,
    made: Administered,
    request: pytest.FixtureRequest,
    size: tuple[int, int],
    dark: bool,
) -> None:
    collection = Collection(made.index)
    with watched(browser, *size, dark=dark) as seen:
        page = seen.page

        def look(name: str) -> None:
            keep_picture(seen, f"admin-{name}", request, whole=True)
            assert_well(seen, running.url)

        page.goto(f"{running.url}admin")
        look("sign-in")
        sign_in(page, running.url, made.admin)
        look("collections")
        page.get_by_role("link", name="default").click()
        look("snapshots")
        page.get_by_role("link", name="changes").click()
        look("changes")
        page.goto(f"{running.url}admin/collections/default/gaps")
        page.get_by_text("4 ways to ask it").click()
        look("gaps")
        page.goto(f"{running.url}admin/activity")
        assert page.locator("figure svg").count() == 2
        look("activity")
        page.goto(f"{running.url}admin/collections/default")
        page.get_by_role("link", name="publish…").click()
        look("confirm")
        assert current(collection) == made.second
        page.get_by_role("button", name="Publish").click()
        page.get_by_role("heading", name="default").wait_for()
        assert current(collection) == made.first
        page.get_by_role("link", name="Roll back").click()
        page.get_by_role("button", name="Roll back").click()
        page.get_by_role("heading", name="default").wait_for()
        assert current(collection) == made.second
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()
        page.goto(f"{running.url}admin")
        assert page.url.endswith("/admin/sign-in")
    assert made.admin not in (made.home / "log").read_text()
