"""The laws of passages, for a counter like the encoders' and for a real tokenizer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from groundedqa.chunk import (
    ChunkSettings,
    CountTokens,
    chunk,
    context,
    encoded_texts,
    sentences,
    words,
)
from groundedqa.clean import clean
from groundedqa.types import Document, Passage, Section

SETTINGS = ChunkSettings(window=64, target=48)
LONG = 16 * (SETTINGS.window - SETTINGS.special)  # characters; a longer sentence may be cut
LAW = settings(derandomize=True, deadline=None, max_examples=100)

WORDS = [
    *("tide", "Moon", "e.g.", "Dr.", "3.14", "i.e.", "condensation", "a", "U.S.", "–", "“so”"),
    *(
        "\\(a. B\\)",
        "$x. Y = 2$",
        "\\[ E. F \\]",
        "$5",
        "👩‍👩‍👧",
        "🌊",
        "ภาษาไทยไม่มีช่องว่าง",
        "海は広い。",
        "é",
    ),
    *("antidisestablishmentarianism" * 9, "word.Next", "...", "end.", "End!", "why?", "x" * 200),
]
LINES = ["- item one", "1. first", "| a | b. C |", "    code = 1. + b", "Note:", "## no heading"]
SPACES = [" ", " ", " ", ". ", ".\n\n", "\n", "\n\n", "! ", "", ", "]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    atoms = st.sampled_from(WORDS + LINES) | st.text("abcdef .,;", max_size=120)
    parts = draw(st.lists(st.tuples(atoms, st.sampled_from(SPACES)), min_size=1, max_size=60))
    text = clean("".join(word + space for word, space in parts)) or "x"
    places = st.integers(0, len(text))
    reaches = draw(st.lists(st.tuples(places, places, st.sampled_from(WORDS)), max_size=4))
    sections = tuple(
        Section(min(a, b), max(a, b), heading, 1) for a, b, heading in sorted(reaches) if a != b
    )
    return document(text, sections, title=draw(st.sampled_from(["Tides", "A " * 90 + "title"])))


def document(text: str, sections: tuple[Section, ...] = (), title: str = "T") -> Document:
    return Document(
        *("d", title, text, "article", None, None, None, None), (), sections, (), "d.md", "0"
    )


def word_pieces(texts: Sequence[str]) -> list[int]:
    """Like WordPiece: words and signs apart, long words in pieces, endless ones unknown."""
    return [
        sum(1 if len(w) > 100 else -(-len(w) // 4) for w in re.findall(r"\w+|[^\w\s]", text))
        for text in texts
    ]


@pytest.fixture(scope="module")
def real(tiny_model: Path) -> CountTokens:
    tokenizer = Tokenizer.from_file(str(tiny_model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count(texts: Sequence[str]) -> list[int]:
        found = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in found]

    return count


@pytest.fixture(params=["word pieces", "real"], scope="module")
def count(request: pytest.FixtureRequest, real: CountTokens) -> CountTokens:
    return real if request.param == "real" else word_pieces


def cut(text: str, count: CountTokens = word_pieces) -> list[str]:
    return [passage.text for passage in chunk(document(text), count, SETTINGS)]


def assert_covered(made: Document, passages: list[Passage]) -> None:
    ends = [0, *(passage.end for passage in passages)]
    starts = [*(passage.start for passage in passages), len(made.text)]
    for end, start in zip(ends, starts, strict=True):
        assert end <= start
        assert not made.text[end:start].strip()


@LAW
@given(documents())
def test_passages_are_slices_that_cover_all_text_in_order(
    count: CountTokens, made: Document
) -> None:
    passages = chunk(made, count, SETTINGS)
    assert [p.text for p in passages] == [made.text[p.start : p.end] for p in passages]
    assert all(p.text and p.text == p.text.strip() for p in passages)
    assert len({p.passage_id for p in passages}) == len(passages)
    assert_covered(made, passages)


@LAW
@given(documents())
def test_a_passage_never_crosses_a_section(count: CountTokens, made: Document) -> None:
    bounds = {place for section in made.sections for place in (section.start, section.end)}
    for passage in chunk(made, count, SETTINGS):
        assert not [place for place in bounds if passage.start < place < passage.end]


@LAW
@given(documents(), st.integers(4, 62))
def test_what_is_encoded_fits_the_window(count: CountTokens, made: Document, target: int) -> None:
    chosen = ChunkSettings(window=64, target=target)
    passages = chunk(made, count, chosen)
    texts = encoded_texts(made, passages, count, chosen)
    assert [tokens for tokens in count(texts) if tokens > chosen.window - chosen.special] == []
    for text, passage in zip(texts, passages, strict=True):
        assert text.endswith(passage.text)


@LAW
@given(documents())
def test_no_sentence_is_cut_that_fits_the_window(count: CountTokens, made: Document) -> None:
    passages = chunk(made, count, SETTINGS)
    places = {0, len(made.text)}
    places.update(place for s in made.sections for place in (s.start, s.end))
    whole = [
        (start + first, start + last)
        for start, end in pairwise(sorted(places))
        for first, last in sentences(made.text[start:end])
    ]
    tokens = count([made.text[first:last] for first, last in whole])
    for (first, last), size in zip(whole, tokens, strict=True):
        if size <= SETTINGS.window - SETTINGS.special and last - first <= LONG:
            assert any(p.start <= first and last <= p.end for p in passages)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("one", ["one"]),
        ("- a\n- b\n- c", ["- a", "- b", "- c"]),
        (
            "So:\n1. It fell.\n2. It rose.\n\n(a) No.",
            ["So:", "1. It fell.", "2. It rose.", "(a) No."],
        ),
        ("So:\n\n12.\n\nIt is.", ["So:", "12.", "It is."]),
        ("It is. So it is.", ["It is.", "So it is."]),
        ("Dr. Smith paid $3.50 for it. He left.", ["Dr. Smith paid $3.50 for it.", "He left."]),
        (r"Let \(f. G\) be. Then \[a. B\] is.", [r"Let \(f. G\) be.", r"Then \[a. B\] is."]),
        ("It costs $5. Then $6. More.", ["It costs $5.", "Then $6.", "More."]),
        (r"\(open. Never closed. So.", [r"\(open.", "Never closed.", "So."]),
        ("\\(open.\n\nNext. Then \\) ends.", ["\\(open.", "Next.", "Then \\) ends."]),
        ("\\begin{align}\na. &= B. \\\\\nC\n\\end{align}", None),
        ("Salt | 3\nFog | 4", ["Salt | 3", "Fog | 4"]),
        ("So:\n| a | b. C |\n| d | e |\nIt is.", ["So:", "| a | b. C |", "| d | e |", "It is."]),
        ("Either a | b\nor no row.", ["Either a | b\nor no row."]),
        ("|\nis a bar", ["|\nis a bar"]),
        ("\\[ a | b\nc | d \\]", ["\\[ a | b\nc | d \\]"]),
        ("海は広い。空は青い。", ["海は広い。", "空は青い。"]),
        ("👩‍👩‍👧 came. 🌊 rose.", ["👩‍👩‍👧 came.", "🌊 rose."]),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, wanted: list[str] | None) -> None:
    assert [text[start:end] for start, end in sentences(text)] == (wanted or [text])


@pytest.mark.parametrize("language", ["en", "en-GB", "th", "xx", "DE", "not a language", None])
def test_any_language_tag_will_do(language: str | None) -> None:
    assert sentences("One. Two.", language) == [(0, 4), (5, 9)]


MEGABYTE = {
    "sentences": "The tide turns at noon. " * 42_000,
    "one word": "x" * 1_000_000,
    "words": "tide " * 200_000,
    "thai": "น้ำขึ้นน้ำลงเกิดจากดวงจันทร์" * 36_000,
    "emoji": "👩‍👩‍👧" * 200_000,
    "brackets": r"\(" * 500_000,
    "displays": r"\[ " * 333_000,
    "environments": r"\begin{align} " * 71_000,
    "dollars": "$x " * 333_000,
    "full stops": "." * 1_000_000,
    "lines": "- a\n" * 250_000,
    "paragraphs": "a\n\n" * 333_000,
    "accents": "e\u0323\u0302" * 333_000,
    "chinese": "海" * 1_000_000,
    "rows": "| a | b |\n" * 100_000,
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("shape", MEGABYTE)
def test_a_megabyte_of_any_shape_costs_a_bounded_amount_of_counting(shape: str) -> None:
    read: list[int] = []

    def counting(texts: Sequence[str]) -> list[int]:
        read.extend(map(len, texts))
        return word_pieces(texts)

    made = document(clean(MEGABYTE[shape]))
    passages = chunk(made, counting, ChunkSettings(window=256, target=200))
    assert_covered(made, passages)
    assert sum(read) <= 12 * len(made.text)
    assert max(len(p.text) for p in passages) <= 16 * 254


@pytest.mark.unmeasured
@pytest.mark.parametrize("shape", ["sentences", "one word", "thai", "emoji", "accents"])
def test_a_megabyte_fits_the_window_in_a_real_tokenizer(shape: str, real: CountTokens) -> None:
    made = document(clean(MEGABYTE[shape][:100_000]))
    texts = encoded_texts(made, chunk(made, real, SETTINGS), real, SETTINGS)
    assert max(real(texts)) <= SETTINGS.window - SETTINGS.special


def test_an_overlong_sentence_is_cut_between_words() -> None:
    text = " ".join(f"number{n}" for n in range(200))
    assert " ".join(cut(text)) == text


def test_an_overlong_word_is_cut_between_characters_as_a_reader_sees_them() -> None:
    family = "👩‍👩‍👧"
    assert {part.replace(family, "") for part in cut(family * 400)} == {""}


def test_words_are_counted_in_code_points_beyond_the_basic_plane_too() -> None:
    text = "🌊🌊 𐌰𐌱 tide, don't"
    assert [text[start:end] for start, end in words(text)] == ["𐌰𐌱", "tide", "don't"]


def test_a_paragraph_that_fits_stays_whole() -> None:
    first, second = ("It rose. " * 12).strip(), ("It fell. " * 12).strip()
    assert cut(f"{first}\n\n{second}") == [first, second]


def test_a_short_opening_line_goes_with_what_it_opens() -> None:
    first, second = ("It rose. " * 10).strip(), ("It fell. " * 10).strip()
    assert cut(f"{first}\n\nThe ebb:\n\n{second}") == [first, f"The ebb:\n\n{second}"]


def test_a_title_as_long_as_the_window_leaves_room_for_the_passage() -> None:
    made = document("It rose. " * 40, title="title " * 500)
    passages = chunk(made, word_pieces, SETTINGS)
    texts = encoded_texts(made, passages, word_pieces, SETTINGS)
    assert all(text.startswith("title title") for text in texts)
    assert [passage.text.count("It rose.") for passage in passages] == [10, 10, 10, 10]


def test_the_context_names_the_title_and_the_headings_once() -> None:
    text = "It rose.\n\nIt fell."
    sections = (Section(0, 18, "Tides", 1), Section(10, 18, "Ebb", 2), Section(10, 18, "T", 3))
    made = document(text, sections)
    assert context(made, 0) == "T\nTides"
    assert context(made, 12) == "T\nTides\nEbb"
    first, second = chunk(made, word_pieces, SETTINGS)
    assert encoded_texts(made, [first, second], word_pieces, SETTINGS) == [
        "T\nTides\nIt rose.",
        "T\nTides\nEbb\nIt fell.",
    ]
