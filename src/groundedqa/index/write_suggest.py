"""How the file of suggestions is written: the best text first, so that reading can stop early."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from groundedqa.clean import clean_line
from groundedqa.index.fold import fold, folded_terms, folded_words
from groundedqa.index.near_words import NearWords, can_be_mistyped
from groundedqa.index.suggest import Kind

# The tokenizer "ascii" takes every other sign for a letter: it parts terms at spaces alone.
_SCHEMA = """
CREATE TABLE suggestions (
    rank INTEGER PRIMARY KEY, text TEXT NOT NULL, doc_id TEXT NOT NULL, kind TEXT NOT NULL,
    weight REAL NOT NULL
);
CREATE VIRTUAL TABLE texts USING fts5(
    terms, content = '', columnsize = 0, tokenize = 'ascii', prefix = '1 2 3'
);
CREATE VIRTUAL TABLE temp.counted USING fts5vocab(main, texts, row);
CREATE TABLE words (
    words TEXT NOT NULL, letters BLOB NOT NULL, lengths BLOB NOT NULL, texts BLOB NOT NULL
);
CREATE TEMP TABLE added (
    folded TEXT PRIMARY KEY, text TEXT, doc_id TEXT, kind TEXT, weight REAL
) WITHOUT ROWID;
"""
_ADD = """
INSERT INTO added VALUES (?, ?, ?, ?, ?) ON CONFLICT (folded) DO UPDATE
SET text = excluded.text, doc_id = excluded.doc_id, kind = excluded.kind, weight = excluded.weight
WHERE excluded.weight > weight
"""
_RANK = """
INSERT INTO suggestions
SELECT row_number() OVER (ORDER BY weight DESC, length(text), folded), text, doc_id, kind, weight
FROM added
"""
_CLOSING_SIGNS = " ?!.。？！؟"


class SuggestWriter:
    """Suggestions in the making: ``with SuggestWriter(path) as writer``.

    The same texts added in the same order make the same bytes. Left by an error, it is useless.
    """

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path.resolve().as_uri(), isolation_level=None, uri=True)
        self._db.execute("PRAGMA journal_mode = OFF")  # an unfinished file is thrown away
        self._db.execute("PRAGMA synchronous = OFF")  # the writer of the snapshot syncs at the end
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> SuggestWriter:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Rank and index what was added, unless an error left it unfinished."""
        try:
            if kind is None:
                self._rank()
                self._list_words()
                self._db.execute("COMMIT")
        finally:
            self._db.close()

    def add(self, text: str, doc_id: str, kind: Kind, weight: float = 1) -> None:
        """Offer a text; of one added twice the heavier stays, or else the first.

        Texts are the same where only letter case, accents or a sign at the end differ. One without
        a letter or digit is left out: nothing that is typed could find it.
        """
        text = clean_line(text)
        if folded_words(text):
            key = fold(text).rstrip(_CLOSING_SIGNS)
            self._db.execute(_ADD, (key, text, doc_id, kind, weight))

    def _rank(self) -> None:
        self._db.execute(_RANK)
        ranked = self._db.execute("SELECT rank, text FROM suggestions ORDER BY rank")
        self._db.executemany(
            "INSERT INTO texts (rowid, terms) VALUES (?, ?)",
            ((rank, " ".join(folded_terms(text))) for rank, text in ranked),
        )
        self._db.execute("INSERT INTO texts (texts) VALUES ('optimize')")

    def _list_words(self) -> None:
        """The words that a mistyped one may have meant."""
        counted = self._db.execute("SELECT term, doc FROM counted ORDER BY term")
        words = NearWords.of([(word, texts) for word, texts in counted if can_be_mistyped(word)])
        self._db.execute("INSERT INTO words VALUES (?, ?, ?, ?)", words.pack())
