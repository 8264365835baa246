"""Suggestions: what completes the words typed, in which order, and what corrects them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.fold import fold, folded_terms, folded_words
from groundedqa.index.suggest import SuggestIndex, Suggestion
from groundedqa.index.write_suggest import SuggestWriter

QUESTIONS = (
    "What is photosynthesis?",
    "Where does photosynthesis take place in a plant cell?",
    "What is a cell?",
    "Why is the cell wall rigid?",
    "What is the price elasticity of demand?",
    "How did the First World War begin in 1914?",
    "Who was Émile Zola?",
    "What is Newton's second law?",
)
Opened = Callable[[Sequence[str]], SuggestIndex]


def write(path: Path, texts: Sequence[str]) -> None:
    with SuggestWriter(path) as writer:
        for number, text in enumerate(texts):
            writer.add(text, f"d{number}", "question")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    made: list[SuggestIndex] = []

    def of(texts: Sequence[str]) -> SuggestIndex:
        path = tmp_path / f"{len(made)}.sqlite"
        write(path, texts)
        made.append(SuggestIndex(path))
        return made[-1]

    yield of
    for index in made:
        index.close()


def texts(found: Sequence[Suggestion]) -> list[str]:
    return [suggestion.text for suggestion in found]


def test_a_suggestion_says_where_it_comes_from(tmp_path: Path) -> None:
    with SuggestWriter(tmp_path / "s.sqlite") as writer:
        writer.add("The water cycle", "rain", "heading")
    index = SuggestIndex(tmp_path / "s.sqlite")
    assert index.suggest("the wat", 5) == [Suggestion("The water cycle", "rain", "heading", 1.0)]
    index.close()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("what is ph", ["What is photosynthesis?"]),
        ("WHAT  is,photo", ["What is photosynthesis?"]),
        ("emile zo", ["Who was Émile Zola?"]),
        ("ÉMILE", ["Who was Émile Zola?"]),
        ("war first", ["How did the First World War begin in 1914?"]),
        ("newton’s l", ["What is Newton's second law?"]),
        ("191", ["How did the First World War begin in 1914?"]),
        ("cell what", ["What is a cell?"]),
    ],
)
def test_every_word_typed_must_be_there_and_the_last_is_begun(
    opened: Opened, typed: str, completed: list[str]
) -> None:
    assert texts(opened(QUESTIONS).suggest(typed, 5)) == completed


def test_a_start_as_typed_comes_first_then_the_order_of_words_then_the_shorter(
    opened: Opened,
) -> None:
    index = opened(
        [
            "law and moral law",
            "moral law in the works of Immanuel Kant and others",
            "what is a law that is moral?",
            "moral laws",
            "of moral law",
            "a moral and a law",
        ]
    )
    assert [(found.text, found.score) for found in index.suggest("moral law", 6)] == [
        ("moral laws", 1.0),
        ("moral law in the works of Immanuel Kant and others", 1.0),
        ("of moral law", 0.8),
        ("a moral and a law", 0.8),
        ("law and moral law", 0.8),
        ("what is a law that is moral?", 0.6),
    ]


def test_of_two_that_match_alike_the_heavier_comes_first(tmp_path: Path) -> None:
    with SuggestWriter(tmp_path / "s.sqlite") as writer:
        writer.add("Cells", "a", "heading", weight=0.5)
        writer.add("Cells of the blood", "b", "question", weight=2)
        writer.add("Cells divide", "c", "question")
    index = SuggestIndex(tmp_path / "s.sqlite")
    assert texts(index.suggest("cell", 5)) == ["Cells of the blood", "Cells divide", "Cells"]
    index.close()


@pytest.mark.parametrize(
    ("typed", "meant", "score"),
    [
        ("waht is photosinth", "What is photosynthesis?", 0.25),
        ("hwat is photosinthesys", "What is photosynthesis?", 0.125),
        ("elastcity of dem", "What is the price elasticity of demand?", 0.4),
        ("second law newtons", "What is Newton's second law?", 0.3),
        ("eimle zola", "Who was Émile Zola?", 0.4),
        ("wold war", "How did the First World War begin in 1914?", 0.4),
    ],
)
def test_a_mistyped_word_is_corrected(opened: Opened, typed: str, meant: str, score: float) -> None:
    found = opened(QUESTIONS).suggest(typed, 5)
    assert (found[0].text, found[0].score) == (meant, score)


def test_what_is_exact_stands_before_what_is_corrected(opened: Opened) -> None:
    index = opened(
        ["Of what is form made?", "Form of government", "From of old", "Forms from clay"]
    )
    found = index.suggest("from", 5)
    assert [(suggestion.text, suggestion.score) for suggestion in found] == [
        ("From of old", 1.0),
        ("Forms from clay", 0.8),
        ("Form of government", 0.5),
        ("Of what is form made?", 0.4),
    ]


@pytest.mark.parametrize("typed", ["volcanic eruptions", "begin in 1915"])
def test_nothing_is_made_up_and_a_number_is_never_corrected(opened: Opened, typed: str) -> None:
    assert opened([]).suggest(typed, 5) == opened(QUESTIONS).suggest(typed, 5) == []


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        *(("合作", ["光合作用是什么？"]), ("光合作", ["光合作用是什么？"]), ("作光", [])),
        *(("光合成", ["植物の光合成とは"]), ("ﾊﾟﾝ", ["パンの作り方"]), ("ハン", [])),
        *(("สังเคราะห์", ["การสังเคราะห์ด้วยแสง"]), ("합성", ["광합성이란 무엇인가"])),
        *(
            ("خلية", ["ما هي خَلِيَّة؟"]),
            ("कोशिका", ["कोशिका क्या है?"]),
            ("клет", ["Что такое клётка?"]),
        ),
    ],
)
def test_any_script_is_completed_and_one_without_spaces_from_its_middle(
    opened: Opened, typed: str, completed: list[str]
) -> None:
    index = opened(
        [
            *(
                "光合作用是什么？",
                "植物の光合成とは",
                "パンの作り方",
                "การสังเคราะห์ด้วยแสง",
                "광합성이란 무엇인가",
            ),
            *("ما هي خَلِيَّة؟", "कोशिका क्या है?", "Что такое клётка?"),
        ]
    )
    assert texts(index.suggest(typed, 5)) == completed


def test_a_text_added_twice_shows_once_the_heavier_or_else_the_first(tmp_path: Path) -> None:
    with SuggestWriter(tmp_path / "s.sqlite") as writer:
        writer.add("What is DNA?", "a", "question")
        writer.add("what is dna", "b", "question")
        writer.add("What is RNA", "c", "heading", weight=0.5)
        writer.add("What is  RNA?", "d", "question")
        writer.add("What is C?", "e", "question")
        writer.add("What is C++?", "f", "question")
    index = SuggestIndex(tmp_path / "s.sqlite")
    assert [(found.text, found.doc_id) for found in index.suggest("what is", 9)] == [
        *(("What is C?", "e"), ("What is C++?", "f")),
        *(("What is DNA?", "a"), ("What is RNA?", "d")),
    ]
    index.close()


def test_a_text_of_signs_alone_is_not_offered(opened: Opened) -> None:
    assert texts(opened(["???", "", "\ud800", "Why?"]).suggest("w", 5)) == ["Why?"]


@pytest.mark.parametrize("k", [0, -1, 1, 3, 100])
def test_no_more_than_k_are_given(opened: Opened, k: int) -> None:
    found = opened([f"question {number}" for number in range(10, 20)]).suggest("q", k)
    assert texts(found) == [f"question {number}" for number in range(10, 20)][: max(k, 0)]


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "?", '"', "'", '""', "*", "^", "what*", "^what", '"what', "what OR", "AND"),
        *("NEAR(what is)", "terms:what", "- what", "(", ")", "{a}", "a + b", "NOT", "what;--"),
        *("\x00", "wh\x00at", "\ud800", "what \udfff", "\ufffe", "\U0010ffff", "😀", "́", "%_"),
        *("a" * 10_000, "a " * 5_000, "a " * 150, "光" * 300, '"' * 10_000, "photosinthesis " * 19),
    ],
)
def test_hostile_input_is_only_text(opened: Opened, typed: str) -> None:
    index = opened(QUESTIONS)
    assert index.suggest(typed, 5) == index.suggest(" ".join(folded_words(typed)), 5)


def test_operators_of_the_search_language_are_words(opened: Opened) -> None:
    index = opened(["Gin or rum", "Neither and not", "NEAR the sea"])
    assert texts(index.suggest("gin OR", 5)) == ["Gin or rum"]
    assert texts(index.suggest("neither AND NOT", 5)) == ["Neither and not"]
    assert texts(index.suggest("near", 5)) == ["NEAR the sea"]


def test_the_same_texts_make_the_same_bytes(tmp_path: Path) -> None:
    many = [f"{text} {number}" for number in range(300) for text in QUESTIONS]
    write(tmp_path / "a", many)
    write(tmp_path / "b", many)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_threads_share_one_index(opened: Opened) -> None:
    index = opened(QUESTIONS)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: texts(index.suggest("photosinth", 1)), range(40)))
    assert answers == [["What is photosynthesis?"]] * 40


def test_a_file_that_is_missing_or_no_index_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    (tmp_path / "text").write_text("no database", encoding="utf-8")
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE words (a)")
    db.close()
    for name in ("missing", "text", "other.sqlite"):
        with pytest.raises(SnapshotCorruptError, match=name):
            SuggestIndex(tmp_path / name)


def test_what_an_error_left_unfinished_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), SuggestWriter(tmp_path / "s") as writer:
        writer.add("What is a cell?", "a", "question")
        raise KeyboardInterrupt
    with pytest.raises(SnapshotCorruptError):
        SuggestIndex(tmp_path / "s")


_TYPED = st.lists(st.sampled_from(["a", "b", "ab", "É", "e", "光", "合", "光合", "1"]), max_size=4)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(lines=st.lists(_TYPED, max_size=6), typed=_TYPED)
def test_completions_are_the_texts_that_hold_every_word(
    lines: list[list[str]], typed: list[str]
) -> None:
    given_texts = [" ".join(line) for line in lines]
    expected = {fold(text) for text in given_texts if _holds(text, " ".join(typed))}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.sqlite"
        write(path, given_texts)
        index = SuggestIndex(path)
        found = index.suggest(" ".join(typed), 10)
        index.close()
    # The words are too short to be corrected.
    assert {fold(suggestion.text) for suggestion in found} == expected
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


def _holds(text: str, typed: str) -> bool:
    """The rule, said plainly: words whole, the last begun, unspaced scripts as parts."""
    held = folded_terms(text)
    words = [folded_terms(word) for word in folded_words(typed)]
    return bool(words) and all(
        any(_stands(held[at:], word, begun=word is words[-1]) for at in range(len(held)))
        for word in words
    )


def _stands(held: list[str], word: list[str], *, begun: bool) -> bool:
    *before, last = word
    if held[: len(before)] != before or len(held) < len(word):
        return False
    there = held[len(before)]
    return there == last or (begun and there.startswith(last))
