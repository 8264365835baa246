"""What a site's synonyms add to a question."""

from __future__ import annotations

import pytest

from groundedqa.errors import ConfigurationError
from groundedqa.index.analyse import words
from groundedqa.index.synonyms import Rules, Synonyms

_RULES: Rules = (("WWII", ("Second World War", "World War Two")), ("heart attack", ("infarction",)))


def _added(question: str, rules: Rules = _RULES) -> list[str]:
    return Synonyms(rules, ("en",)).expand(words(question, ("en",)))[1]


def test_a_phrase_adds_the_terms_of_its_equivalents_each_once() -> None:
    assert _added("Who won WWII?") == ["second", "world", "war", "two"]


def test_a_term_that_the_question_has_is_not_added() -> None:
    assert _added("Was WWII a world war?") == ["second", "two"]


def test_a_phrase_is_found_by_its_stems() -> None:
    assert _added("what do heart ATTACKS do") == ["infarct"]


@pytest.mark.parametrize("question", ["an attack of the heart", "heart", "", "heart or attack"])
def test_a_phrase_counts_only_as_a_run_of_words(question: str) -> None:
    assert _added(question) == []


def test_a_rule_is_not_read_backwards() -> None:
    assert _added("infarction") == []


def test_the_words_of_the_phrase_may_be_told_by_an_equivalent() -> None:
    expanded, _ = Synonyms(_RULES, ("en",)).expand(words("heart attack risk", ("en",)))
    assert expanded == [("heart", "infarct"), ("attack", "infarct"), ("risk",)]


@pytest.mark.parametrize("rule", [("?!", ("war",)), ("war", ("…",))])
def test_a_rule_without_a_word_is_refused_by_name(rule: tuple[str, tuple[str, ...]]) -> None:
    with pytest.raises(ConfigurationError, match="has no word in it"):
        Synonyms((rule,), ("en",))
