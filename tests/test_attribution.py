"""Whom a quote is owed to, and how lists of sources name it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.ground import STYLES, cited_source, formatted
from groundedqa.ground.attribution import attribution_of
from groundedqa.ground.names import name_of
from groundedqa.types import Document, Page, Section

LAW = settings(derandomize=True, deadline=None, max_examples=200)
DEED = "https://creativecommons.org/licenses/by-sa/4.0/"
ANSWER = Section(0, 9, "Answers", 1, "Ada Lovelace", author_url="https://qa.example.org/users/5")
PAGE = Document(
    doc_id="q7",
    title="Why is the sky blue?",
    text="It isn't. It is.",
    kind="qa",
    url="https://qa.example.org/q/7",
    licence="CC BY-SA 4.0",
    published=date(2020, 5, 3),
    language="en",
    tags=(),
    sections=(ANSWER, Section(10, 16, "Answers", 1, "rrteacher")),
    pages=(),
    source="q7.xml",
    source_sha256="0",
    publisher="Lakeside Questions",
)
BARE = replace(PAGE, url=None, licence=None, published=None, publisher=None, sections=())


def test_an_attribution_names_title_author_source_and_licence_with_their_addresses() -> None:
    owed = attribution_of(PAGE, ANSWER)
    assert owed.text == (
        "“Why is the sky blue?” (https://qa.example.org/q/7) by Ada Lovelace "
        f"(https://qa.example.org/users/5), Lakeside Questions, CC BY-SA 4.0 ({DEED})"
    )
    assert (owed.author_url, owed.licence_url) == ("https://qa.example.org/users/5", DEED)


def test_an_attribution_leaves_out_what_is_not_known() -> None:
    assert attribution_of(BARE, None).text == "“Why is the sky blue?”"
    site = replace(BARE, publisher="Lakeside", licence="https://lakeside.example/terms")
    assert attribution_of(site, None).text == (
        "“Why is the sky blue?”, Lakeside, https://lakeside.example/terms"
    )


@pytest.mark.parametrize(
    ("style", "line"),
    [
        ("apa", "Lovelace, A. (2020, May 3). Why is the sky blue? Lakeside Questions. "
                "https://qa.example.org/q/7"),
        ("mla", "Lovelace, Ada. “Why is the sky blue?” Lakeside Questions, 3 May 2020, "
                "qa.example.org/q/7."),
        ("chicago", "Lovelace, Ada. “Why is the sky blue?” Lakeside Questions, May 3, 2020. "
                    "https://qa.example.org/q/7."),
        ("bibtex", "@misc{q7,\n  author = {Lovelace, Ada},\n  title = {{Why is the sky blue?}},\n"
                   "  howpublished = {Lakeside Questions},\n  year = {2020},\n  month = may,\n"
                   "  url = {https://qa.example.org/q/7}\n}"),
    ],
)  # fmt: skip
def test_each_style_cites_a_page_as_its_manual_has_it(style: str, line: str) -> None:
    (chosen,) = [each for each in STYLES if each == style]
    assert formatted(cited_source(PAGE, 0, 9), chosen) == line


def test_a_user_name_stays_and_the_author_is_that_of_the_words() -> None:
    second = cited_source(PAGE, 10, 16)
    assert formatted(second, "apa").startswith("rrteacher. (2020, May 3). Why")
    assert "author = {{rrteacher}}" in formatted(second, "bibtex")


def test_a_page_without_date_author_and_address_is_cited_by_its_title() -> None:
    paged = replace(BARE, title="Tides", pages=(Page(0, 9, "11"), Page(9, 16, "12")))
    lines = [formatted(cited_source(paged, 10, 16), style) for style in STYLES]
    assert lines[:3] == ["Tides (p. 12). (n.d.).", "“Tides.” p. 12.", "“Tides.” 12."]
    assert lines[3] == "@misc{q7,\n  title = {{Tides}},\n  note = {p. 12}\n}"


def test_quotes_within_a_title_become_single_ones_and_bibtex_gets_no_sign_of_its_own() -> None:
    hard = replace(PAGE, title='Is "A & B_1" 100% {x}~$^#\\', url="https://x.example/a_b%20{c}")
    cited = cited_source(hard, 0, 9)
    assert "“Is ‘A & B_1’ 100% {x}~$^#\\.”" in formatted(cited, "mla")
    entry = formatted(cited, "bibtex")
    assert (
        'title = {{Is "A \\& B\\_1" 100\\% \\{x\\}\\textasciitilde{}\\$\\textasciicircum{}\\#'
        "\\textbackslash{}}}"
    ) in entry
    assert "url = {https://x.example/a_b\\%20%7Bc%7D}" in entry


@pytest.mark.parametrize(
    ("author", "inverted", "initials"),
    [
        ("Vincent van Gogh", "van Gogh, Vincent", "van Gogh, V."),
        ("Simone de Beauvoir", "de Beauvoir, Simone", "de Beauvoir, S."),
        ("Martin Luther King, Jr.", "King, Martin Luther, Jr.", "King, M. L., Jr."),
        ("Jean-Paul Sartre", "Sartre, Jean-Paul", "Sartre, J.-P."),
        ("Dr. Ann Lee, Ph.D.", "Lee, Ann", "Lee, A."),
        ("Lee, Ann", "Lee, Ann", "Lee, A."),
        ("P. A. M. Dirac", "Dirac, P. A. M.", "Dirac, P. A. M."),
        *((name, name, name) for name in (
            "rrteacher", "Ann", "groundedqa editors", "OpenStax College", "user2981 x", "李 白",
            "Ann Lee and Bob Ray", "The Tide Team",
        )),
    ],
)  # fmt: skip
def test_a_person_s_name_is_turned_round_and_no_other(
    author: str, inverted: str, initials: str
) -> None:
    name = name_of(author)
    assert name
    assert (name.inverted, name.initials) == (inverted, initials)


@LAW
@given(st.text(), st.text() | st.none(), st.text() | st.none())
def test_braces_of_an_entry_always_close(
    title: str, author: str | None, publisher: str | None
) -> None:
    page = replace(
        BARE, title=title, publisher=publisher, sections=(Section(0, 16, "", 0, author),)
    )
    entry = formatted(cited_source(page, 0, 16), "bibtex")
    depth = 0
    for sign in entry.replace("\\{", "").replace("\\}", ""):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
