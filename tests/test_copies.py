"""Which texts are copies of each other, and that nothing else is."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.index.copies import copy_groups

_LONG = (
    "Photosynthesis stores the energy of light in the bonds of sugar. In the light reactions water "
    "is split, oxygen leaves the leaf, and the carriers are charged. In the Calvin cycle the "
    "charged carriers drive the fixing of carbon dioxide, three turns of which give one sugar of "
    "three carbon atoms. The plant burns a part of it at night, and builds starch of the rest."
)


def _groups(*texts: str) -> list[int]:
    return [int(row) for row in copy_groups(texts)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The cell divides.", "the  CELL\ndivides"),
        ("“It's a well-known fact.”", "It’s a well known fact"),
        ("x = \u22122", "x = -2"),
        (_LONG, _LONG.upper().replace(".", " !")),
        (_LONG, _LONG.replace("leaves the leaf", "leaves the plant")),
        (_LONG, f"An answer of our teachers follows. {_LONG}"),
        ("光合作用は光のエネルギーを糖の結合に蓄える。葉の中で水が分解される。",) * 2,
    ],
)
def test_the_same_words_and_nearly_the_same_are_one_group(one: str, other: str) -> None:
    assert _groups("Something else.", one, other) == [0, 1, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Water boils at 100 degrees.", "Water boils at 90 degrees."),
        ("It is 3.5 metres.", "It is 35 metres."),
        ("x > 2", "x < 2"),
        ("x = -2", "x = 2"),
        ("a + b", "a × b"),
        ("It costs $5", "It costs £5"),
        ("Light is a wave.", "Light is not a wave."),
        ("The mouse eats the cat.", "The cat eats the mouse."),
        (_LONG, _LONG.replace("three turns", "3 turns")),
        (_LONG, _LONG.replace("The plant burns", "The plant never burns")),
        (_LONG, _LONG.replace("oxygen leaves", "oxygen doesn't leave")),
        (_LONG, _LONG[: len(_LONG) // 2]),
        ("?!", "..."),
        ("", " "),
    ],
)
def test_another_number_sign_or_negation_and_a_mere_part_are_no_copy(one: str, other: str) -> None:
    assert _groups(one, other) == [0, 1]


def test_pages_that_share_a_paragraph_of_boilerplate_are_not_one_group() -> None:
    words = [f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    others = [" ".join(Random(seed).choices(words, k=60)) for seed in range(3)]
    assert _groups(_LONG, *(f"{_LONG} {other}" for other in others)) == [0, 1, 2, 3]


def test_no_texts_are_no_groups() -> None:
    assert _groups() == []


@st.composite
def _corpora(draw: st.DrawFn) -> list[str]:
    """Texts of which many are made of each other by a few changes."""
    words = _LONG.split()
    texts = []
    for _ in range(draw(st.integers(0, 12))):
        start = draw(st.integers(0, 20))
        text = words[start : start + draw(st.integers(3, 60))]
        for place in draw(st.lists(st.integers(0, len(text) - 1), max_size=2)):
            text[place] = draw(st.sampled_from(["blue", "not", "7", "Sugar"]))
        texts.append(" ".join(text))
    return texts


def _as_sets(texts: list[str], groups: list[int]) -> set[frozenset[str]]:
    return {
        frozenset(text for text, group in zip(texts, groups, strict=True) if group == row)
        for row in set(groups)
    }


@settings(derandomize=True, deadline=None, max_examples=100)
@given(_corpora(), st.randoms(use_true_random=False))
def test_groups_follow_from_the_texts_in_whatever_order(texts: list[str], random: Random) -> None:
    shuffled = list(texts)
    random.shuffle(shuffled)
    groups = _groups(*texts)
    assert _as_sets(texts, groups) == _as_sets(shuffled, _groups(*shuffled))
    # The group's number is its lowest row.
    assert all(groups[row] == row <= place for place, row in enumerate(groups))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(_corpora())
def test_without_a_whole_group_the_others_stay_as_they_are(texts: list[str]) -> None:
    groups = _groups(*texts)
    kept = [(text, group) for text, group in zip(texts, groups, strict=True) if group != 0]
    left = [text for text, _ in kept]
    assert _as_sets(left, _groups(*left)) == _as_sets(left, [group for _, group in kept])
