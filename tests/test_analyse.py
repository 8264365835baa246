"""What a word becomes in the index, and that a query and a document become the same."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.index.analyse import language_of, terms, unaccented, words

_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=200)


def _finds(query: str, text: str, tag: str | None = None) -> bool:
    """Whether the query shares a term with the text."""
    languages = (language_of(tag),)
    return not set(terms(query, languages)).isdisjoint(terms(text, languages))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Photosynthesis converts light", ["photosynthesi", "convert", "light"]),
        ("to be or not to be", ["to", "be", "or", "not", "to", "be"]),
        (r"\frac{a}{b}", ["frac", "a", "b"]),
        ("x^2", ["x", "2", "x2"]),
        ("x^{10}", ["x", "10", "x10"]),
        ("x²", ["x2"]),
        ("H₂O", ["h2o"]),
        ("1,000,000", ["1000000"]),
        ("3.14", ["3.14"]),
        ("1914-1918", ["1914", "1918"]),
        ("O'Neill", ["oneil", "neill"]),
        ("d’Alembert", ["dalembert", "alembert"]),
        ("Newton's", ["newton"]),
        ("don't", ["dont"]),
        ("C++", ["c", "cplusplus"]),
        ("C#", ["c", "csharp"]),
        ("well-known", ["well", "known", "wellknown"]),
        ("the U.S.", ["the", "us"]),
        ("the end.Start anew", ["the", "end", "start", "anew"]),
        ("- a -- b -", ["a", "b"]),
        ("", []),
        ("?! … ∫", []),
    ],
)
def test_a_text_becomes_these_terms(text: str, expected: list[str]) -> None:
    assert terms(text, ("en",)) == expected


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("oneill", "O'Neill"),
        ("O’Neill", "O'Neill"),
        ("Neill", "O'Neill"),
        ("alembert", "d'Alembert's principle"),
        ("email", "e-mail"),
        ("e-mail", "email"),
        ("known", "well-known"),
        ("1000", "1,000 people"),
        ("1918", "1914–1918"),
        ("H2O", "H_2O"),
        ("H₂O", "H2O"),
        ("x^2", "x²"),
        ("C++", "written in c++11"),
        ("cplusplus", "C++"),
        ("naive", "a naïve view"),
        ("cafés", "CAFE"),
        ("USA", "U.S.A."),
        ("strasse", "Straße"),
        ("oresund", "Øresund"),
    ],
)
def test_a_word_is_found_in_another_writing(query: str, text: str) -> None:
    assert _finds(query, text)
    assert _finds(text, query)


def test_c_and_its_namesakes_are_told_apart() -> None:
    assert set(terms("C++", ("en",))) - set(terms("C and C#", ("en",))) == {"cplusplus"}


@pytest.mark.parametrize(
    ("tag", "query", "text"),
    [
        ("de", "Haus", "Häuser"),
        ("de-AT", "hauser", "Häuser"),
        ("es", "accion", "acciones"),
        ("fr", "élève", "eleves"),
        ("ru", "книга", "книги"),
        (None, "книга", "книги"),
        (None, "جامعة", "الجامعات"),
        (None, "كِتَاب", "كتاب"),
        (None, "βιβλίο", "ΒΙΒΛΙΟ"),
        ("ja", "東京", "東京都に住む"),
        ("zh", "大学", "北京大学的学生"),
        ("th", "ไทย", "ภาษาไทยง่าย"),
        ("ko", "학교", "학교에서는"),
        ("ru", "function", "functions"),
    ],
)
def test_other_languages_and_scripts_are_found_by_their_stems(
    tag: str | None, query: str, text: str
) -> None:
    assert _finds(query, text, tag)


@pytest.mark.parametrize(
    ("one", "other"), [("か", "が"), ("ใกล้", "ไกล"), ("की", "का"), ("נס", "נר")]
)
def test_marks_that_tell_words_apart_are_kept(one: str, other: str) -> None:
    assert unaccented(one) == one != other == unaccented(other)


def test_a_language_without_stems_keeps_its_words() -> None:
    assert terms("Книги functions", ("uk",)) == ["книги", "functions"]


def test_a_query_takes_the_stems_of_every_language() -> None:
    assert words("Häuser", ("de", "en")) == [("haus", "hauser")]


def test_characters_beyond_sixteen_bits_shift_nothing() -> None:
    assert terms("\U0001d54f 😀 seven 𠀀 apples", ("en",)) == ["x", "seven", "𠀀", "appl"]


def test_half_a_surrogate_pair_is_no_word() -> None:
    assert terms("\ud800 apple\udfff", ("en",)) == ["appl"]


@_EXAMPLES
@given(st.text(max_size=80), st.sampled_from(["en", "de", "ar", "und", "xx"]))
def test_no_text_crashes_and_every_term_has_a_letter_or_figure(text: str, language: str) -> None:
    assert all(any(c.isalnum() for c in term) for term in terms(text, (language,)))


@_EXAMPLES
@given(st.text(max_size=80))
def test_letter_case_of_latin_letters_changes_nothing(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert terms(plain.upper(), ("en",)) == terms(plain.lower(), ("en",))


@_EXAMPLES
@given(st.text(max_size=40))
def test_accents_are_taken_away_once(text: str) -> None:
    assert unaccented(unaccented(text)) == unaccented(text)


@pytest.mark.parametrize(
    ("tag", "language"),
    [(None, "und"), ("", "und"), ("en-GB", "en"), ("pt_BR", "pt"), ("DE", "de")],
)
def test_a_tag_names_a_language(tag: str | None, language: str) -> None:
    assert language_of(tag) == language


def test_threads_get_the_same_stems() -> None:
    text = " ".join(f"nationalization{letter}s" for letter in "abcdefghijklmnopqrstuvwxyz")
    expected = terms(text, ("en",))
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(terms(text, ("en",)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8
