"""Canonical text: what stays, what goes, and that a second cleaning changes nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundedqa.clean import clean, clean_line

LAW = settings(derandomize=True, deadline=None, max_examples=500)

ODD = [
    *(
        "\ud800",
        "\udfff",
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\x9f",
        "\ufeff",
        "\u200b",
        "\xad",
    ),
    *("\u0301", "\u0308", "\u0323", "\u093c", "\u1100", "\u1161", "\u11a8", "\u0340", "\u037e"),
    *("\ufb01", "\ufb03", "\ufb06", "\u2000", "\u2001", "\u212b", "\u1fef", "\u0958", "\u2adc"),
    *("\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1f", "\xa0", "\u3000", "\u180e", "\u202e"),
    *(
        " ",
        "  ",
        "    ",
        "\t",
        "\n",
        "\n\n\n",
        "\r",
        "\r\n",
        "e",
        "A",
        "\\(x\\)",
        "$x$",
        "`",
        "# a",
    ),
    *("\u200c", "\u200d", "👩‍👩‍👧", "\ufe0f", "ไทย", "मराठी"),
]
anything = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.lists(st.sampled_from(ODD), max_size=12).map("".join),
)


@LAW
@given(anything)
@example("\n    code\n")
@example("a\xad\u0301")
@example(" \u0301")
@example("\t\t\x00 ")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@LAW
@given(anything)
def test_a_clean_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = clean_line(text)
    assert line == " ".join(line.split())
    assert clean_line(line) == line
    assert len(line.splitlines()) <= 1


@LAW
@given(anything)
def test_clean_text_can_be_written_as_utf8_and_holds_no_control_but_line_ends(text: str) -> None:
    made = clean(text)
    made.encode("utf-8")
    assert [c for c in made if unicodedata.category(c) == "Cc" and c != "\n"] == []
    assert unicodedata.is_normalized("NFC", made)
    assert "\n\n\n" not in made
    assert all(line == line.rstrip(" ") for line in made.split("\n"))


@LAW
@given(anything, anything)
def test_clean_paragraphs_stay_clean_when_they_are_joined(first: str, second: str) -> None:
    joined = clean(first) + "\n\n" + clean(second)
    assert clean(joined) == joined.strip("\n")


@LAW
@given(st.text("abcXYZ019 .,;:'\"()’“”—é\n", max_size=60))
def test_no_visible_character_of_prose_is_lost(text: str) -> None:
    assert "".join(clean(text).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\x0ctwo", "one\ntwo"),
        ("one\u2029two", "one\ntwo"),
        ("a\n \n\t\n\nb", "a\n\nb"),
        ("  a   b\tc  ", "a b c"),
        ("a\xa0b\u3000c\u202fd", "a b c d"),
        ("co\xadoper\u200bate", "cooperate"),
        ("\ufeffa", "a"),
        ("cafe\u0301", "café"),
        ("ef\ufb01cient o\ufb03ce", "efficient office"),
        ("a\u202eb\u2066c", "abc"),
        ("a\x00b\x1b[0m", "ab[0m"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        ("if x:\n    y  =  1\n\tz", "if x:\n    y  =  1\n    z"),
        ("می‌خواهم", "می‌خواهم"),
        ("👩‍👩‍👧 2² ½ x₁ ﷼", "👩‍👩‍👧 2² ½ x₁ ﷼"),
        (r"\(\frac{a}{b}\) and $x^2$ and \[ y \]", r"\(\frac{a}{b}\) and $x^2$ and \[ y \]"),
        ("“quotes” ‘too’ — and – dashes…", "“quotes” ‘too’ — and – dashes…"),
        ("", ""),
        (" \n\t\n ", ""),
        ("\u0301", "\u0301"),
    ],
)
def test_each_kind_of_character_is_kept_changed_or_dropped(given_: str, wanted: str) -> None:
    assert clean(given_) == wanted


def test_a_line_of_a_million_characters_is_cleaned() -> None:
    assert clean("a  " * 400_000) == " ".join(["a"] * 400_000)
