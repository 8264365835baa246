"""What a site's operator holds for the same: a question that says the one also finds the other."""

from __future__ import annotations

from collections.abc import Sequence

from groundedqa.errors import ConfigurationError
from groundedqa.index.analyse import Word, words

Rules = tuple[tuple[str, tuple[str, ...]], ...]


class Synonyms:
    """Rules, each a phrase and its equivalents, analysed in the languages of a corpus.

    A rule reads from the phrase to the equivalents, not back.

    Raises:
        ConfigurationError: a phrase or an equivalent has no word in it.
    """

    def __init__(self, rules: Rules, languages: Sequence[str]) -> None:
        self._rules = tuple(
            (_phrase(phrase, languages), [_phrase(other, languages) for other in equivalents])
            for phrase, equivalents in rules
        )

    def expand(self, question: Sequence[Word]) -> tuple[list[Word], list[str]]:
        """The question's words with the equivalents' terms added, and those terms, each once.

        Every word of a phrase that was found may be told by any term of its equivalents.
        """
        expanded = [list(word) for word in question]
        own = {term for word in question for term in word}
        added: dict[str, None] = {}
        for phrase, equivalents in self._rules:
            others = [term for equivalent in equivalents for word in equivalent for term in word]
            for start in _starts(phrase, question):
                added.update(dict.fromkeys(term for term in others if term not in own))
                for word in expanded[start : start + len(phrase)]:
                    word += others
        return [tuple(dict.fromkeys(word)) for word in expanded], list(added)


def _phrase(text: str, languages: Sequence[str]) -> list[Word]:
    found = words(text, languages)
    if not found:
        raise ConfigurationError(f"the synonym {text!r} has no word in it: name one, or drop it")
    return found


def _starts(phrase: Sequence[Word], question: Sequence[Word]) -> list[int]:
    """Where the phrase stands in the question: as a run of words that share a term with it."""
    return [
        start
        for start in range(len(question) - len(phrase) + 1)
        if all(
            not set(wanted).isdisjoint(word)
            for wanted, word in zip(phrase, question[start:], strict=False)
        )
    ]
