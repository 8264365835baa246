"""Reading stays in proportion to the length of a page, however odd: bounds wide enough for any
machine, far below what a quadratic rule would take."""

from __future__ import annotations

import time

import pytest

from groundedqa.clean import clean
from groundedqa.read import SiteProfile
from groundedqa.read.question_page import parse

HEAD = "What is it?\n\nExpert Answers\nharbor7 eNotes educator| Certified Educator\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "a" * 1_000_000,
        "Yes it is\n" * 100_000,
        "14\n" * 100_000,
        "Ask a Question\n\n" * 50_000,
        "x is 4.\n\n" + "Share\n" * 50_000 + "It ends.",
        ("a > " * 70 + "\n") * 3_000,
        ("- " * 140 + "x\n") * 3_000,
        ("Ab, " * 36 + "\n") * 5_000,
        ("your free trial answers " * 12 + "\n") * 3_000,
    ],
    ids=[
        "long line",
        "no space",
        "short",
        "numbers",
        "buttons",
        "row",
        ">",
        "-",
        "names",
        "offers",
    ],
)
def test_reading_takes_time_in_proportion_to_the_length(text: str) -> None:
    text = clean(f"{HEAD}It is.\n\n{text}")
    start = time.process_time()
    parse(text, SiteProfile())
    assert time.process_time() - start < 20
