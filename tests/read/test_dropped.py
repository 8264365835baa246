"""Every line of a question page is kept, is its title, or is told as dropped, by a rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.clean import clean, clean_line
from groundedqa.read import SiteProfile
from groundedqa.read.question_page import parse

PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))


@pytest.mark.parametrize("page", PAGES[::5], ids=lambda path: path.stem)
def test_no_line_of_a_page_is_lost_without_a_word(page: Path) -> None:
    text = clean(page.read_text(encoding="utf-8"))
    raw = parse(text, SiteProfile())
    told = " ".join(each.text for each in raw.dropped)
    kept = " ".join(clean_line(section.text) for section in raw.sections)
    for line in filter(None, map(clean_line, text.split("\n"))):
        assert line in kept or line in told or line in raw.title or raw.title in line


def test_rules_have_the_names_of_what_they_drop() -> None:
    page = (
        "Sign In\n\nWhy does it rain?\n\n7\n\nExpert Answers\n"
        "raincatcher Sandbar educator| Certified Educator\n\n"
        "Warm air rises and cools, and its vapour becomes drops that are too heavy to float.\n\n"
        "12 likes\n\nWe'll help your grades soar\n\n"
        "Related Questions\n\nWhy does it snow?\n"
    )
    raw = parse(page, SiteProfile())
    rules = [(each.rule.partition(":")[0], each.text) for each in raw.dropped]
    assert rules == [
        ("button", "Sign In"),
        ("count", "7"),
        ("answer heading", "Expert Answers"),
        ("byline", "raincatcher Sandbar educator| Certified Educator"),
        ("chrome", "12 likes"),
        ("offer", "We'll help your grades soar"),
        ("links to other pages", "Related Questions"),
        ("place", "Why does it snow?"),
    ]
