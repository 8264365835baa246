"""Questions that a corpus does not answer, made from its own and from those of other subjects."""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from groundedqa.encode import Encoder

Name = tuple[str, int]  # as it stands in a question, and where it starts

_SUBJECTS = 12  # of those that come with the package, the ones farthest from the corpus
_WORD = re.compile(r"\w[\w'’-]*")
_CAPITAL = re.compile(r"\w\w")  # it is looked at whether the first is one
_SALAD = 7  # words
_MOST_CAPITALS = 0.7  # of a question's words; with more of them a capital says nothing


def other_subjects(encoder: Encoder, mean: NDArray[np.float64]) -> list[str]:
    """Questions of the subjects that lie farthest from a corpus whose vectors have this mean."""
    text = files("groundedqa.tune").joinpath("other_subjects.toml").read_text(encoding="utf-8")
    subjects: dict[str, list[str]] = tomllib.loads(text)
    nearness = {
        name: float(np.mean(encoder.encode_queries(questions) @ mean))
        for name, questions in subjects.items()
    }
    farthest = sorted(subjects, key=lambda name: (nearness[name], name))[:_SUBJECTS]
    return [question for name in sorted(farthest) for question in subjects[name]]


def swapped(questions: Sequence[str], seed: int = 0) -> list[str]:
    """Each question that names something, with the name of another question in its place.

    Only what a single question names is swapped. What several name is what the corpus is about;
    and where every noun has a capital, as in German, it may be a common word (Jahr, Film) without
    which the question is still answered. Writings without capitals name nothing here.
    """
    named = [_names(question) for question in questions]
    times = Counter(name for names in named for name in {text for text, _ in names})
    alone = sorted(name for name, count in times.items() if count == 1)
    chance = random.Random(seed)
    found = []
    for question, names in zip(questions, named, strict=True):
        own = [(name, start) for name, start in names if times[name] == 1]
        others = [name for name in alone if name not in question]
        if own and others:
            name, start = own[-1]
            found.append(question[:start] + chance.choice(others) + question[start + len(name) :])
    return found


def _names(question: str) -> list[Name]:
    """Runs of words with a capital, none but spaces between them; not the question's first word.

    A single letter is none, before an apostrophe neither ("I'm"). A question of which most words
    have a capital is a title: nothing can be told by it.
    """
    words = list(_WORD.finditer(question))
    capitals = [word for word in words[1:] if _CAPITAL.match(word[0]) and word[0][0].isupper()]
    if len(capitals) > _MOST_CAPITALS * len(words[1:]):
        return []
    names: list[Name] = []
    for word in capitals:
        if names:
            name, start = names[-1]
            end = start + len(name)
            if question[end : word.start()].isspace():
                names[-1] = (question[start : word.end()], start)
                continue
        names.append((word[0], word.start()))
    return names


def salad(questions: Sequence[str], count: int, seed: int = 0) -> list[str]:
    """Words of all the questions, drawn by chance: nothing is asked."""
    words = [word for question in questions for word in _WORD.findall(question)]
    chance = random.Random(seed)
    return [" ".join(chance.choices(words, k=_SALAD)) for _ in range(count)] if words else []
