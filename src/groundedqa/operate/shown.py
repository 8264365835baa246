"""What a preview was shown today of each document, so that no number of questions assembles more.

Words are counted as the stricter of two readers would: what stands between white space, and each
word in it as Unicode parts words.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from groundedqa.chunk import sentences, words
from groundedqa.errors import StorageError
from groundedqa.operate.database import make_private

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS shown (day TEXT, subject TEXT, doc_id TEXT, digest TEXT, "
    "carried INTEGER, spans TEXT, PRIMARY KEY (day, subject, doc_id))"
)
_PATIENCE = 5.0
_TOKEN = re.compile(r"\S+")
_LONGEST_WORD = 60  # characters; nothing beyond so many words' worth can be shown

Span = tuple[int, int]


def word_spans(text: str) -> Iterator[Span]:
    """The words of a text, as they are counted."""
    for token in _TOKEN.finditer(text):
        found = [(token.start() + s, token.start() + e) for s, e in words(token[0])]
        yield from found or [token.span()]


def stretches(
    text: str, start: int, end: int, most: int, language: str | None = None
) -> list[Span]:
    """What may be shown of ``text[start:end]`` within so many words, longest first.

    Each begins at ``start`` and ends at a sentence's end; where the first sentence alone is too
    long it ends at a word's.
    """
    part = text[start : min(end, start + most * _LONGEST_WORD)]
    counted = list(word_spans(part))
    if not counted:
        return []
    limit = counted[most - 1][1] if len(counted) > most else len(part)
    ends = [e for _, e in sentences(part, language)]
    # A full stop belongs to the last word that is shown.
    fits = [e for e in ends if sum(1 for s, _ in counted if s < e) <= most]
    return [(start, start + e) for e in reversed(fits or [limit])]


class Shown:
    """The spans that were shown today, in the operator's database."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def allow(
        self, subject: str, doc_id: str, text: str, wanted: Sequence[Span], most: int
    ) -> Span | None:
        """The first of the wanted stretches that keeps within ``most`` words of this text a day.

        It is remembered as shown; None if none does.

        Raises:
            StorageError: the database can't be written, and so nothing may be shown.
        """
        day = datetime.now(UTC).date().isoformat()
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        who = hashlib.sha256(f"{day} {subject}".encode()).hexdigest()[:32]
        make_private(self._path)
        try:
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            try:
                connection.execute(_SCHEMA)
                connection.execute("BEGIN IMMEDIATE")
                carried, spans = _read(connection, (day, who, doc_id), digest)
                for span in wanted:
                    joined = _joined([*spans, span])
                    if carried + _count(text, joined) <= most:
                        row = (day, who, doc_id, digest, carried, json.dumps(joined))
                        connection.execute("DELETE FROM shown WHERE day < ?", (day,))
                        connection.execute(
                            "INSERT OR REPLACE INTO shown VALUES (?, ?, ?, ?, ?, ?)", row
                        )
                        connection.execute("COMMIT")
                        return span
                return None
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StorageError(
                f"what was shown can't be written to {self._path}: {error}; a preview needs that "
                "file: name one that can be written with --keys"
            ) from error


def _read(
    connection: sqlite3.Connection, key: tuple[str, str, str], digest: str
) -> tuple[int, list[Span]]:
    """Words carried over from other forms of the text, and the spans shown of this one."""
    found = connection.execute(
        "SELECT digest, carried, spans FROM shown WHERE day = ? AND subject = ? AND doc_id = ?",
        key,
    ).fetchone()
    if found is None:
        return 0, []
    spans = [(int(start), int(end)) for start, end in json.loads(found[2])]
    if found[0] == digest:
        return int(found[1]), spans
    # The text was changed meanwhile: what was seen of the old one counts, and can't be placed.
    return int(found[1]) + sum((end - start) // 4 + 1 for start, end in spans), []


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _count(text: str, spans: Iterable[Span]) -> int:
    return sum(1 for start, end in spans for _ in word_spans(text[start:end]))
