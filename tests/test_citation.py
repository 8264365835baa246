"""Citations: made with the slice checked, and found again in a text that was edited."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from groundedqa.clean import clean
from groundedqa.errors import CitationNotFoundError, SnapshotCorruptError
from groundedqa.ground import cite, cited_document, look_up
from groundedqa.ground.citation import link_to, make_citation_id
from groundedqa.read.assemble import url_safe
from groundedqa.types import Citation, Document, Hit, Page, Passage, Section

LAW = settings(derandomize=True, deadline=None, max_examples=400)
prose = st.text(st.sampled_from("ab .,\né🌊"), max_size=40)
quotes = prose.filter(str.strip)

TEXT = "The Moon pulls.\n\nWater heaps up.\n\nThe coast meets it."
SECTIONS = (
    Section(0, 53, "Tides", 1, "seafarer9", "Sandbar educator", "Certified Educator"),
    Section(17, 53, "Heaps", 2),
    Section(34, 53, "", 3, "reader7"),
)
DOCUMENT = Document(
    *("moon:1", "Tides", TEXT, "qa", "https://x.org/tides#top", None, None, None),
    *((), SECTIONS, (Page(0, 20, "iv"), Page(20, 53, "v")), "t.txt", "0"),
)


def edited(text: str) -> Document:
    return replace(DOCUMENT, text=text)


def cited(start: int, end: int, document: Document = DOCUMENT) -> Citation:
    passage = Passage("p", document.doc_id, start, end, document.text[start:end])
    return cite(2, Hit(passage, 0.5), document, "text=Water")


def state(citation_id: str, document: Document | None) -> tuple[str, int | None, int | None]:
    found = look_up(citation_id, document)
    assert found.citation_id == citation_id
    if found.start is not None and found.end is not None and document is not None:
        assert found.quote == document.text[found.start : found.end]
    return found.state, found.start, found.end


def test_a_citation_says_who_wrote_it_where_it_stands_and_how_to_get_there() -> None:
    made = cited(17, 32)
    assert (made.rank, made.score, made.quote) == (2, 0.5, "Water heaps up.")
    assert made.section == ("Tides", "Heaps")
    assert (made.author, made.role) == ("seafarer9", "Sandbar educator")
    assert (made.credential, made.page) == ("Certified Educator", "iv")
    assert made.link == "https://x.org/tides#top:~:text=Water"


def test_the_innermost_author_is_cited_with_no_role_of_another() -> None:
    made = cited(34, 53)
    assert made.section == ("Tides", "Heaps")
    assert (made.author, made.role, made.credential, made.page) == ("reader7", None, None, "v")


def test_a_page_without_an_address_is_shown_by_the_service() -> None:
    document = replace(DOCUMENT, url=None)
    citation_id = make_citation_id("moon:1", 17, 32, "Water heaps up.")
    link = link_to(document, citation_id, "text=Water")
    assert (
        link == f"/documents/moon%3A1?citation={citation_id.replace(':', '%3A')}#cited:~:text=Water"
    )


def test_the_link_leads_to_the_nearest_heading_that_has_an_id() -> None:
    sections = (
        Section(0, 60, "One", 1, anchor="o ne"),
        Section(20, 40, "Two", 2),
        Section(25, 40, "Three", 3, anchor="üb"),
    )
    made = replace(DOCUMENT, text="x" * 80, url="https://x.org/tides", sections=sections)
    at = {start: make_citation_id("d", start, start + 2, "xx") for start in (20, 30, 70)}
    assert link_to(made, at[30], None) == "https://x.org/tides#%C3%BCb"
    assert link_to(made, at[30], "text=x") == "https://x.org/tides#%C3%BCb:~:text=x"
    assert link_to(made, at[20], None) == "https://x.org/tides#o%20ne"
    assert link_to(made, at[70], None) == "https://x.org/tides"


@pytest.mark.parametrize("text", ["Water heaps up!", "Water heaps up", "", "water heaps up."])
def test_a_passage_that_is_no_slice_is_never_cited(text: str) -> None:
    with pytest.raises(SnapshotCorruptError, match="rebuild with: groundedqa build"):
        cite(1, Hit(Passage("p", "moon:1", 17, 32, text), 0.5), DOCUMENT, None)


@LAW
@given(st.text(min_size=1, max_size=30), st.integers(0, 10**9), quotes)
def test_a_citation_id_names_its_document(own_id: str, start: int, quote: str) -> None:
    doc_id = url_safe(own_id)
    assume(doc_id)
    made = make_citation_id(doc_id, start, start + len(quote), quote)
    assert cited_document(made) == doc_id
    assert re.fullmatch(r"[A-Za-z0-9._:@+=,~-]+", made)


@LAW
@given(prose, quotes, prose)
def test_a_citation_stands_in_an_unchanged_text(before: str, quote: str, after: str) -> None:
    start, end = len(before), len(before) + len(quote)
    document = edited(before + quote + after)
    assert state(cited(start, end, document).citation_id, document) == ("stands", start, end)


@LAW
@given(prose, quotes, prose, prose, prose)
def test_a_quote_moves_with_what_is_written_around_it(
    before: str, quote: str, after: str, new_before: str, new_after: str
) -> None:
    start, end = len(before), len(before) + len(quote)
    citation_id = cited(start, end, edited(before + quote + after)).citation_id
    now = new_before + quote + new_after
    places = [at for at in range(len(now)) if now.startswith(quote, at)]
    nearest = min(places, key=lambda at: (abs(at - start), at))
    wanted = ("stands" if nearest == start else "moved", nearest, nearest + len(quote))
    assert state(citation_id, edited(now)) == wanted


@LAW
@given(prose, quotes, prose, st.data())
def test_a_quote_is_gone_once_it_was_changed_within(
    before: str, quote: str, after: str, data: st.DataObject
) -> None:
    citation_id = cited(
        len(before), len(before + quote), edited(before + quote + after)
    ).citation_id
    at = data.draw(st.integers(0, len(quote) - 1))
    inserted = data.draw(st.sampled_from(["", "Z", "ZZ"]))
    now = before + quote[:at] + inserted + quote[at + 1 :] + after
    if quote not in now:
        assert state(citation_id, edited(now)) == ("gone", None, None)


@LAW
@given(st.permutations("Water heaps up.").map("".join))
def test_the_same_letters_in_another_order_are_another_quote(now: str) -> None:
    citation_id = make_citation_id("d", 0, 15, "Water heaps up.")
    wanted = ("stands", 0, 15) if now == "Water heaps up." else ("gone", None, None)
    assert state(citation_id, edited(now)) == wanted


def test_the_nearest_of_several_places_is_where_it_moved() -> None:
    citation_id = make_citation_id("d", 10, 12, "ab")
    assert state(citation_id, edited("ab ab cdefg ab ab")) == ("moved", 12, 14)
    assert state(citation_id, edited("ab      ab  ab    ")) == ("moved", 8, 10)
    assert state(citation_id, edited("ab     abab   ")) == ("moved", 9, 11)


def test_a_citation_of_a_deleted_page_is_gone() -> None:
    assert state(cited(17, 32).citation_id, None) == ("gone", None, None)
    assert state(cited(17, 32).citation_id, edited("short")) == ("gone", None, None)


GOOD = cited(17, 32).citation_id


@pytest.mark.parametrize(
    "citation_id",
    [
        *("", " ", "moon:1", "moon:1.17-32", f"{GOOD}0", GOOD[:-1], GOOD.upper() + "G"),
        *(GOOD.replace("17-32", "32-17"), GOOD.replace("17-32", "17-17")),
        *(GOOD.replace("17-32", "-17-32"), GOOD.replace("17", "१७"), f"{GOOD}\n", f"\n{GOOD}"),
        *(GOOD.replace("32", "1" * 13), "." + GOOD.split(".", 1)[1], "\x00", "x" * 100_000),
        GOOD.replace("17-32", "1e1-32"),
    ],
)
def test_what_is_no_citation_id_is_not_found(citation_id: str) -> None:
    with pytest.raises(CitationNotFoundError, match="is no citation id"):
        cited_document(citation_id)
    with pytest.raises(CitationNotFoundError, match="is no citation id"):
        look_up(citation_id, DOCUMENT)


@LAW
@given(st.text(max_size=60) | st.from_regex(r"[a-z.]{1,9}\.[0-9]{1,4}-[0-9]{1,4}\.[0-9a-f]{16}"))
def test_any_string_is_looked_up_or_refused(citation_id: str) -> None:
    try:
        found = look_up(citation_id, DOCUMENT)
    except CitationNotFoundError:
        return
    assert found.state == "gone"


def test_a_quote_is_found_in_a_text_of_a_million_characters() -> None:
    text = clean("ab " * 350_000) + TEXT
    document = edited(text)
    found = look_up(GOOD, document)
    assert (found.state, found.quote) == ("moved", "Water heaps up.")


def test_a_pdf_opens_at_the_page_of_its_file_and_not_at_the_printed_one() -> None:
    pages = (Page(0, 20, "iv", 4), Page(20, 53, "1", 5))
    document = replace(DOCUMENT, url="https://x.org/tides.pdf", pages=pages)
    assert [cited(*span, document).page for span in ((17, 32), (34, 53))] == ["iv", "1"]
    assert cited(17, 32, document).link == "https://x.org/tides.pdf#page=4"
    assert cited(34, 53, document).link == "https://x.org/tides.pdf#page=5"
    assert cited(34, 53, replace(document, url=None)).link.startswith("/documents/moon%3A1?")
