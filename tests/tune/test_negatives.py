"""Questions that a corpus does not answer: names swapped, words without sense, other subjects."""

from __future__ import annotations

import numpy as np
import pytest

from groundedqa.encode import Vectors
from groundedqa.tune.negatives import other_subjects, salad, swapped


def test_a_name_gives_place_to_another_question_s() -> None:
    questions = ["who was Ada Lovelace?", "where was Alan Turing born?"]
    assert swapped(questions) == ["who was Alan Turing?", "where was Ada Lovelace born?"]


def test_the_last_name_of_a_question_is_swapped_where_it_stands() -> None:
    questions = ["did Ali follow into Alibaba and is it Ali", "is it Rome"]
    assert swapped(questions) == [
        "did Ali follow into Alibaba and is it Rome",
        "is it Alibaba",
    ]


def test_what_several_questions_name_stays() -> None:
    questions = ["why does Hamlet wait for Laertes?", "does Hamlet love Ophelia?"]
    assert swapped(questions) == [
        "why does Hamlet wait for Ophelia?",
        "does Hamlet love Laertes?",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Rome and what else?",  # its first word has a capital anyway
        "what do I know that I'm to know?",
        "Why Does The King Die?",
        "ما هي عاصمة فرنسا؟",
        "なぜ空は青いのですか",
        "",
    ],
)
def test_a_question_that_names_nothing_is_left_out(question: str) -> None:
    assert swapped([question, "is it Paris?"]) == []


def test_names_of_other_alphabets_are_names() -> None:
    questions = ["когда родился Пушкин?", "wer schrieb über Élise?"]
    assert swapped(questions) == ["когда родился Élise?", "wer schrieb über Пушкин?"]


def test_common_german_nouns_stay_for_they_stand_in_several_questions() -> None:
    questions = [
        "in welchem Jahr starb Mozart in der Stadt?",
        "in welchem Jahr kam Beethoven in die Stadt?",
    ]
    assert swapped(questions) == [
        "in welchem Jahr starb Beethoven in der Stadt?",
        "in welchem Jahr kam Mozart in die Stadt?",
    ]


def test_a_salad_is_seven_words_of_the_questions_and_the_same_each_time() -> None:
    questions = ["why is the sky blue?", "who wrote it?"]
    words = {"why", "is", "the", "sky", "blue", "who", "wrote", "it"}
    found = salad(questions, 20)
    assert found == salad(questions, 20)
    assert all(len(each.split()) == 7 and set(each.split()) <= words for each in found)
    assert len(set(found)) > 10
    assert salad([], 3) == salad(["?!"], 3) == []


class _ByFirstLetter:
    """An encoder whose queries point along the axis of their first letter."""

    def encode_queries(self, texts: list[str]) -> Vectors:
        found = np.zeros((len(texts), 128), dtype=np.float32)
        for row, text in enumerate(texts):
            found[row, ord(text[0].lower()) % 128] = 1
        return found


def test_other_subjects_are_the_half_that_lies_farthest() -> None:
    encoder = _ByFirstLetter()
    mean = np.zeros(128)
    mean[ord("h")] = 1
    near = other_subjects(encoder, mean)  # type: ignore[arg-type] # a part of an Encoder
    far = other_subjects(encoder, -mean)  # type: ignore[arg-type]
    assert len(near) == len(set(near)) == len(far) == 12 * 16
    starting = [sum(question[0].lower() == "h" for question in each) for each in (near, far)]
    assert starting[0] < starting[1]
