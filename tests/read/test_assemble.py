"""Raw parts to a document: pages, authors and anchors in their places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.clean import clean
from groundedqa.errors import SourceError
from groundedqa.read import RawDocument, RawSection, SiteProfile, Source
from groundedqa.read.assemble import assemble
from groundedqa.read.raw import PAGE_BREAK
from groundedqa.types import Document, Page, Section

LAW = settings(derandomize=True, deadline=None, max_examples=200)
SOURCE = Source(Path("a.pdf"), "a.pdf")


def document(*sections: RawSection, pages: tuple[str, ...] = ()) -> Document:
    raw = RawDocument("T", sections, "article", pages=pages)
    return assemble(raw, SOURCE, "0" * 64, SiteProfile())


def test_a_page_begins_at_its_first_word_also_within_a_sentence() -> None:
    made = document(
        RawSection(f"The tide\n{PAGE_BREAK}turns twice."),
        RawSection(f"{PAGE_BREAK}It is the Moon.", "Why", 1),
        pages=("i", "1", "2"),
    )
    assert made.text == "The tide\nturns twice.\n\nIt is the Moon."
    assert made.pages == (Page(0, 9, "i"), Page(9, 23, "1"), Page(23, 38, "2"))
    assert made.sections == (Section(23, 38, "Why", 1),)


def test_a_page_without_text_is_none() -> None:
    made = document(RawSection(f"One.\n\n{PAGE_BREAK}{PAGE_BREAK}Three."), pages=("1", "2", "3"))
    assert made.pages == (Page(0, 6, "1"), Page(6, 12, "3"))


def test_the_sign_of_a_page_is_a_character_where_there_are_no_pages() -> None:
    assert document(RawSection(f"One{PAGE_BREAK}two.")).text == f"One{PAGE_BREAK}two."


def test_pages_are_numbered_as_in_the_file_where_a_link_can_open_it_there() -> None:
    section = RawSection(f"One.\n\n{PAGE_BREAK}{PAGE_BREAK}Three.")
    raw = RawDocument("T", (section,), "article", pages=("i", "ii", "1"), opens_at_pages=True)
    made = assemble(raw, SOURCE, "0" * 64, SiteProfile())
    assert made.pages == (Page(0, 6, "i", 1), Page(6, 12, "1", 3))


def test_labels_and_breaks_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(SourceError, match="1 page breaks stand between 3 pages"):
        document(RawSection(f"One.{PAGE_BREAK}Two."), pages=("1", "2", "3"))


@LAW
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_pages_follow_each_other_and_the_text_stays_clean(texts: list[str]) -> None:
    texts = [text.replace(PAGE_BREAK, "") for text in texts]
    if not clean("".join(texts)):
        return
    labels = tuple(map(str, range(len(texts))))
    made = document(RawSection(PAGE_BREAK.join(texts)), pages=labels)
    assert made.text == clean(made.text)
    assert PAGE_BREAK not in made.text
    reached = 0
    for page in made.pages:
        assert page.start == reached
        reached = page.end
    assert reached == len(made.text)


def test_what_an_answer_says_of_its_author_is_kept() -> None:
    made = document(
        RawSection(
            "Yes.",
            "Answers",
            1,
            "Ann",
            anchor="a1",
            author_url="https://example.org/ann",
            votes=3,
            accepted=True,
        )
    )
    assert made.sections == (
        Section(0, 4, "Answers", 1, "Ann", None, None, "a1", "https://example.org/ann", 3, True),
    )
