"""Words that a mistyped one may have meant: equal to trying every word of the vocabulary."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.index.near_words import NearWords, can_be_mistyped, edits_allowed

_EXAMPLES = settings(derandomize=True, deadline=None, max_examples=150)
# Few letters, so that near words are common; one beyond 16 bits, one that shares a bit with "a".
_WORDS = st.text("abeA\U0001d44e", min_size=1, max_size=11)


def edits_between(one: str, other: str) -> int:
    """Optimal string alignment as the book has it: the oracle."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, another in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != another))
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def near(words: list[str], typed: str, *, begun: bool = False) -> dict[str, int]:
    return NearWords.of([(word, 1) for word in words]).near(typed, begun=begun)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("elastcity", "elasticity"), ("elasttcity", "elasticity"), ("elastisity", "elasticity")),
        *(("wrokers", "workers"), ("mitocondira", "mitochondria"), ("blood", "flood")),
        *(("cels", "cell"), ("cels", "els"), ("фотосинтиз", "фотосинтез")),
    ],
)
def test_one_edit_is_a_letter_more_less_changed_or_swapped(typed: str, meant: str) -> None:
    assert list(near([meant, "unrelated"], typed)) == [meant]


@pytest.mark.parametrize(
    ("word", "edits"),
    [
        *(("abc", 0), ("abcd", 1), ("abcdefg", 1), ("abcdefgh", 2), ("1914", 0), ("b12s", 0)),
        *(("光", 0), ("a" * 255, 2), ("a" * 256, 0), ("", 0)),
    ],
)
def test_the_longer_a_word_the_more_edits_it_may_have(word: str, edits: int) -> None:
    assert edits_allowed(word) == edits


def test_a_begun_word_is_compared_with_the_beginnings_of_words() -> None:
    words = ["photosynthesis", "photon", "synthesis"]
    assert near(words, "photosinth", begun=True) == {"photosynthesis": 1}
    assert near(words, "photosinth") == {}


def test_fewer_edits_then_the_same_first_letter_then_the_commoner_word_come_first() -> None:
    words = NearWords.of([("late", 1), ("lake", 7), ("fake", 99), ("lace", 9)])
    assert list(words.near("lace", begun=False).items()) == [("lace", 0), ("lake", 1), ("late", 1)]
    assert list(words.near("lare", begun=False)) == ["lace", "lake", "late"]
    assert list(words.near("vake", begun=False)) == ["fake", "lake"]


def test_an_empty_vocabulary_has_no_near_words() -> None:
    assert near([], "anything", begun=True) == {}


@_EXAMPLES
@given(words=st.lists(_WORDS.filter(can_be_mistyped), unique=True, max_size=8), typed=_WORDS)
def test_every_near_word_is_found(words: list[str], typed: str) -> None:
    allowed = edits_allowed(typed)
    whole = {word: edits_between(typed, word) for word in words if allowed}
    begun = {
        word: min(edits_between(typed, word[:end]) for end in range(len(word) + 1))
        for word in whole
    }
    assert near(words, typed) == {w: n for w, n in whole.items() if n <= allowed}
    assert near(words, typed, begun=True) == {w: n for w, n in begun.items() if n <= allowed}


@_EXAMPLES
@given(words=st.lists(_WORDS.filter(can_be_mistyped), max_size=8))
def test_a_vocabulary_is_stored_and_read_back(words: list[str]) -> None:
    made = NearWords.of([(word, len(word)) for word in words])
    read = NearWords.unpack(*made.pack())
    assert read.words == made.words
    assert read.ends.tolist() == made.ends.tolist()
    assert read.pack() == made.pack()
