"""Chromium for the tests that look at pages: no request leaves this machine."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.widget.faked import scrolls_sideways, violations

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
_QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    assert chromium, "install it with: apt-get install chromium"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield started
        started.close()


@dataclass
class Watched:
    """A page, with every request that it made and every complaint of the console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def watched(
    browser: Browser, width: int = 1280, height: int = 800, *, dark: bool = False
) -> Iterator[Watched]:
    """A new page of a window of this size."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    found = Watched(page)
    page.on("request", lambda request: found.requests.append(request.url))
    page.on("console", lambda message: found.complaints.append(message.text))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    try:
        yield found
    finally:
        page.close()


def keep_picture(
    seen: Watched, name: str, request: pytest.FixtureRequest, *, whole: bool = False
) -> None:
    """A screenshot, named for the window that the test is parametrized with."""
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{name}-{request.node.callspec.id}.png"
    seen.page.screenshot(path=path, full_page=whole)


def assert_well(seen: Watched, url: str) -> None:
    """Nothing scrolls sideways, nothing was complained of, nothing was fetched from elsewhere.

    And axe-core finds nothing wrong.
    """
    seen.page.wait_for_load_state()  # with its style: a page reached by a key may still be loading
    assert not scrolls_sideways(seen.page)
    assert seen.complaints == []
    assert {asked for asked in seen.requests if not asked.startswith(url)} == set()
    assert violations(seen.page) == []


# Of a screenshot: for each box the share of its pixels that have the colour, and the smallest box
# around all that have it.
_COUNT = """async ({png, colour, boxes}) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const data = new Uint32Array(
    context.getImageData(0, 0, image.width, image.height).data.buffer);
  const wanted = (0xff000000 | (colour[2] << 16) | (colour[1] << 8) | colour[0]) >>> 0;
  const has = (x, y) => data[y * image.width + x] === wanted;
  const share = ([left, top, right, bottom]) => {
    let found = 0, all = 0;
    for (let y = Math.ceil(top); y < Math.floor(bottom); y++)
      for (let x = Math.ceil(left); x < Math.floor(right); x++) { all++; found += has(x, y); }
    return all ? found / all : 0;
  };
  const around = [1e9, 1e9, -1, -1];
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++)
      if (has(x, y)) {
        around[0] = Math.min(around[0], x); around[1] = Math.min(around[1], y);
        around[2] = Math.max(around[2], x + 1); around[3] = Math.max(around[3], y + 1);
      }
  return {shares: boxes.map(share), around};
}"""


def colour_in(
    page: Page, png: bytes, colour: tuple[int, int, int], boxes: list[list[float]]
) -> tuple[list[float], list[float]]:
    """The share of each box that has the colour, and the smallest box around all of it.

    Any page counts: what it shows is left as it is.
    """
    given = {"png": base64.b64encode(png).decode(), "colour": list(colour), "boxes": boxes}
    found: Any = page.evaluate(_COUNT, given)
    return found["shares"], found["around"]
