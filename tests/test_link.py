"""Links that a browser opens at the words of a quote, and at no others."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icu4py.breakers import WordBreaker

from groundedqa.chunk import ChunkSettings, chunk
from groundedqa.clean import clean
from groundedqa.ground import TextDirectives
from groundedqa.ground.link import with_directive
from groundedqa.types import Document, Section
from tests.support.browser import Block, select

LAW = settings(derandomize=True, deadline=None, max_examples=120)
MATHS = re.compile(r"\\\(.+?\\\)|\$[^$\n]+\$")
MARKER = re.compile(r"(?:- |\d+\. )")

Prose = set[int]


def document(text: str, sections: tuple[Section, ...] = (), title: str = "Title") -> Document:
    return Document(
        *("d", title, text, "article", None, None, None, None), (), sections, (), "d.md", "0"
    )


def shown(made: Document, *, breaks: bool = False, drawn: bool = True) -> tuple[list[Block], Prose]:
    """A page of a document, and the places of its prose.

    ``breaks`` shows a line break as a space in one block; ``drawn`` maths as a picture.
    """
    page = [Block()]
    page[0].add(made.title)
    prose: Prose = set()
    at = 0
    for line in made.text.split("\n"):
        for section in made.sections:
            if section.start == at:
                page.append(Block())
                page[-1].add(section.heading)
        marker = MARKER.match(line)
        plain = not line.startswith(("|", "    "))
        joined = breaks and plain and not marker and at and made.text[at - 2 : at] != "\n\n"
        if not joined:
            page.append(Block())
        else:
            page[-1].add(" ")
        start = marker.end() if marker else 0
        for part in re.split(r"(\|)", line) if line.startswith("|") else [line[start:]]:
            if part == "|":
                page.append(Block())
            else:
                _show(page[-1], part, at + start, prose if plain else set(), drawn)
            start += len(part)
        at += len(line) + 1
    return [block.close() for block in page], prose


def _show(block: Block, text: str, place: int, prose: Prose, drawn: bool) -> None:
    at = 0
    for maths in [*MATHS.finditer(text), None]:
        first, last = maths.span() if maths else (len(text), len(text))
        block.add(text[at:first], place + at)
        prose.update(range(place + at, place + first))
        block.add("x" * (last > first) if drawn else text[first:last])
        at = last


def chosen(made: Document, start: int, end: int, prose: Prose) -> tuple[int, int] | None:
    """From the first to the last word of prose in a slice: what a link must mark."""
    words = []
    at = 0
    for word in WordBreaker(made.text, "en"):
        first, last = at, at + len(word)
        at = last
        inside = start <= first and last <= end and set(range(first, last)) <= prose
        if inside and any(c.isalnum() for c in word) and not _beside_maths(made.text, first, prose):
            words.append((first, last))
    return (words[0][0], words[-1][1]) if words else None


def _beside_maths(text: str, place: int, prose: Prose) -> bool:
    """Whether a word is written together with maths, with no space between."""
    first = max(text.rfind(" ", 0, place), text.rfind("\n", 0, place)) + 1
    ends = [e for e in (text.find(" ", place), text.find("\n", place)) if e >= 0]
    line = text.rfind("\n", 0, place) + 1
    marked = MARKER.match(text, line)
    first = max(first, marked.end() if marked else 0)
    return not set(range(first, min(ends, default=len(text)))) <= prose


WORDS = [
    *("the", "tide", "The", "moon", "rises", "falls", "a", "coast", "sea-level", "don't", "Café"),
    *("cafe", "naïve", "R&D", "1,000", "3.14", "x", "“high", "tide”", "🌊", "𐌰", "C++", "I", "so"),
    *(r"\(x. y\)", "$a$th", r"\(n\)-axis", "(see", "below)", "潮汐", "ภาษาไทย", "und"),
]
LINES = ["\n- the tide", "\n2. the moon rises", "\n| the tide | moon |", "\n    the tide falls"]
SPACES = [" ", " ", " ", " ", ". ", ", ", ".\n\n", "\n\n", "\n", ".\n- ", ": "]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    atoms = st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES)) | st.tuples(
        st.sampled_from(LINES), st.just("\n\n")
    )
    text = clean("".join(word + space for word, space in draw(st.lists(atoms, max_size=70))))
    starts = [0, *(m.end() for m in re.finditer("\n\n", text))]
    heads = draw(st.lists(st.sampled_from(starts), max_size=3, unique=True).map(sorted))
    ends = [start - 2 for start in heads[1:]] + [len(text)]
    heading = st.lists(st.sampled_from(WORDS[:10]), min_size=1, max_size=4).map(" ".join)
    sections = tuple(
        Section(start, end, draw(heading), 1) for start, end in zip(heads, ends, strict=False)
    )
    return document(text or "x", sections, title=draw(heading))


@pytest.mark.parametrize("drawn", [True, False], ids=["drawn", "typed"])
@pytest.mark.parametrize("breaks", [True, False], ids=["spaces", "blocks"])
@LAW
@given(documents(), st.integers(12, 40))
def test_a_browser_marks_from_the_first_word_of_a_quote_to_its_last(
    breaks: bool, drawn: bool, made: Document, target: int
) -> None:
    page, prose = shown(made, breaks=breaks, drawn=drawn)
    links = TextDirectives(made)
    for passage in chunk(made, lambda texts: [len(t.split()) for t in texts], _sized(target)):
        directive = links.directive(passage.start, passage.end)
        if directive is not None:
            wanted = chosen(made, passage.start, passage.end, prose)
            assert select(page, directive) == wanted, directive


def _sized(target: int) -> ChunkSettings:
    return ChunkSettings(window=40, target=target, special=0)


def quoted(text: str, quote: str, title: str = "Title") -> str | None:
    start = text.rindex(quote)
    return TextDirectives(document(text, (), title)).directive(start, start + len(quote))


LONG = "Water heaps up on both sides of the Earth, and the coast meets each heap once a day."


def test_a_short_quote_is_named_whole() -> None:
    assert quoted(f"One. {LONG}", "One.") == "text=One"


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    assert quoted(LONG, LONG) == "text=Water%20heaps%20up%20on,heap%20once%20a%20day"


def test_words_that_stand_twice_are_told_apart_by_those_before() -> None:
    text = "At noon it rose. So it goes.\n\nAt dusk it fell. So it goes."
    assert quoted(text, "So it goes.") == "text=fell.-,So%20it%20goes"


def test_the_prefix_holds_all_that_stands_before_the_start() -> None:
    text = "He said: “Go on.” She said: “Go on.”"
    assert quoted(text, "Go on") == "text=She%20said%3A%20%E2%80%9C-,Go%20on"


def test_a_prefix_may_close_the_block_before() -> None:
    text = "One came.\n\n1. Go on.\n\nTwo came.\n\n2. Go on."
    assert quoted(text, "Go on.") == "text=Two%20came.-,Go%20on"


def test_words_of_the_title_are_not_unique() -> None:
    assert quoted("The tides.", "The tides.", title="On the tides") is None


def test_what_has_a_meaning_in_a_directive_is_encoded() -> None:
    made = quoted("Sea-level, R&D, café, 100%: 潮汐.", "Sea-level, R&D, café, 100%: 潮汐")
    assert made == "text=Sea%2Dlevel%2C%20R%26D%2C%20caf%C3%A9%2C%20100%25%3A%20%E6%BD%AE%E6%B1%90"
    assert unquote(made) == "text=Sea-level, R&D, café, 100%: 潮汐"


@pytest.mark.parametrize(
    "quote", ["| a | b |", "    x = compute(y)", r"\[ E = mc^2 \]", "...", "$a + b$", "🌊"]
)
def test_rows_code_and_maths_alone_have_no_link(quote: str) -> None:
    assert quoted(f"Intro here.\n\n{quote}", quote) is None


def test_a_slice_within_a_row_or_within_maths_has_no_link() -> None:
    assert quoted("| alpha | beta gamma |", "beta gamma |") is None
    assert quoted("\\begin{align}\nalpha \\\\\nbeta\n\\end{align}", "beta") is None


def test_the_number_of_a_list_item_is_not_on_the_page() -> None:
    text = "Two things.\n\n1. The tide rose."
    assert TextDirectives(document(text)).directive(13, 15) is None
    assert quoted(text, "1. The tide rose.") == "text=The%20tide%20rose"


def test_a_word_written_together_with_maths_is_passed_over() -> None:
    text = r"The \(n\)th tide rose."
    assert quoted(text, text) == "text=The,tide%20rose"
    text = r"\(n\)th tide rose."
    assert quoted(text, text) == "text=tide%20rose"


def test_a_part_of_a_word_is_no_word() -> None:
    text = "Alphabet soup is hot"
    assert TextDirectives(document(text)).directive(5, len(text)) == "text=soup%20is%20hot"


def test_emoji_before_the_words_do_not_move_the_link() -> None:
    assert quoted("🌊👩‍👩‍👧 𐌰𐌱 The tide rose.", "The tide rose.") == "text=The%20tide%20rose"


@pytest.mark.parametrize("size", [2, 200])
def test_a_repeated_line_has_no_link_that_would_open_at_another(size: int) -> None:
    text = "\n\n".join(["So it goes on."] * size)
    made = quoted(text, "So it goes on.")
    if made is not None:
        page, _ = shown(document(text))
        start = text.rindex("So")
        assert select(page, made) == (start, start + 13)


def test_a_directive_stands_beside_the_fragment_that_a_url_has() -> None:
    assert with_directive("https://x.org/a", "text=b") == "https://x.org/a#:~:text=b"
    assert with_directive("https://x.org/a#c", "text=b") == "https://x.org/a#c:~:text=b"
    assert with_directive("https://x.org/a", None) == "https://x.org/a"
