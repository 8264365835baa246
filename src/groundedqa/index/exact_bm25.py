"""BM25 by plain arithmetic over texts in memory: the oracle of the contract of LexicalIndex."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum, log

import numpy as np

from groundedqa.index.analyse import language_of, terms, words
from groundedqa.index.protocol import QueryWord, Rows, Scores
from groundedqa.index.synonyms import Rules, Synonyms

_K1 = 0.9
_B = 0.4


class ExactBm25:
    """A LexicalIndex over texts, each with its language's tag: as slow as it is plain."""

    def __init__(self, passages: Sequence[tuple[str, str | None]], synonyms: Rules = ()) -> None:
        self._texts = [Counter(terms(text, (language_of(tag),))) for text, tag in passages]
        self._languages = sorted({language_of(tag) for _, tag in passages})
        self._synonyms = Synonyms(synonyms, self._languages)
        lengths = [text.total() for text in self._texts]
        self._mean_length = max(sum(lengths) / max(len(lengths), 1), 1.0)

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._texts)

    def search(self, query: str, k: int, allowed: Rows | None = None) -> tuple[Rows, Scores]:
        """The rows that have a term of the query, best first, ties by row; at most k."""
        rows = range(len(self)) if allowed is None else sorted(set(allowed.tolist()))
        scored = [(row, score) for row in rows if (score := self._score(query, row)) > 0]
        found = sorted(scored, key=lambda item: (-item[1], item[0]))[:k]
        return (
            np.array([row for row, _ in found], dtype=np.int64),
            np.array([score for _, score in found], dtype=np.float32),
        )

    def scores(self, query: str, rows: Rows) -> Scores:
        """The scores of these rows."""
        return np.array([self._score(query, row) for row in rows.tolist()], dtype=np.float32)

    def background(self, query: str) -> tuple[float, float]:
        """Mean and standard deviation of the query's scores over all rows."""
        if not self._texts:
            return 0.0, 0.0
        found = [float(self._score(query, row)) for row in range(len(self))]
        mean = fsum(found) / len(found)
        return mean, (fsum((score - mean) ** 2 for score in found) / len(found)) ** 0.5

    def scores_of(self, query: str, texts: Sequence[str], tag: str | None) -> Scores:
        """What the query would score in these texts."""
        found = [Counter(terms(text, (language_of(tag),))) for text in texts]
        return np.array([self._score_of(query, text) for text in found], dtype=np.float32)

    def terms(self, query: str) -> list[QueryWord]:
        """The query's words, each once."""
        asked, _ = self._synonyms.expand(words(query, self._languages))
        best = [max(word, key=self._count) for word in dict.fromkeys(map(tuple, asked))]
        return [QueryWord(term, self._count(term), self._idf(self._count(term))) for term in best]

    def attainable(self, query: str) -> float:
        """About what a text of average length scores that holds each word of the query once."""
        return fsum(word.idf for word in self.terms(query))

    def coverage(self, query: str, rows: Rows) -> Scores:
        """The share of the query's words that each row has, weighted by their rarity."""
        return self._coverage(query, [self._texts[row] for row in rows.tolist()])

    def coverage_of(self, query: str, texts: Sequence[str], tag: str | None) -> Scores:
        """The same of texts that are not in the index."""
        found = [Counter(terms(text, (language_of(tag),))) for text in texts]
        return self._coverage(query, found)

    def _coverage(self, query: str, texts: Sequence[Counter[str]]) -> Scores:
        asked, _ = self._synonyms.expand(words(query, self._languages))
        weights = {word: self._idf(max(map(self._count, word))) for word in map(tuple, asked)}
        total = fsum(weights.values()) or 1.0
        shares = [
            fsum(weight for word, weight in weights.items() if set(word) & set(text))
            for text in texts
        ]
        return np.array([share / total for share in shares], dtype=np.float32)

    def _score(self, query: str, row: int) -> np.float32:
        return self._score_of(query, self._texts[row])

    def _score_of(self, query: str, text: Counter[str]) -> np.float32:
        asked = words(query, self._languages)
        counts = Counter(term for word in asked for term in word)
        counts.update(self._synonyms.expand(asked)[1])
        norm = _K1 * (1 - _B + _B * text.total() / self._mean_length)
        score = np.float32(0)
        for term in sorted(counts):
            if text[term] and self._count(term):
                rarity = self._idf(self._count(term))
                adds = np.float32(rarity * text[term] * (_K1 + 1) / (text[term] + norm))
                score += np.float32(counts[term]) * adds
        return score

    def _count(self, term: str) -> int:
        return sum(term in text for text in self._texts)

    def _idf(self, count: int) -> float:
        return log(1 + (len(self) - count + 0.5) / (count + 0.5))
