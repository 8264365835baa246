"""Vectors that were made before, kept by the digest of their text and the encoder's name.

A passage's vector and its sentences' rows are one blob: whoever has one has the others.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from groundedqa.encode.protocol import Encoder, SentenceRows, Span, Vectors

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY,    -- sha256 of the encoder's name, the sentences' spans and the text
    vector BLOB NOT NULL,    -- float32, little-endian, then int8 for each sentence
    checksum INTEGER NOT NULL
) WITHOUT ROWID
"""
_FLOAT = 4  # bytes of a number of a vector; one of a sentence's row has one
_AT_ONCE = 500  # keys in one query
# What SQLite says of a sound file that it can't use now: all else it says is of the file itself,
# SQLITE_READONLY too, for a header of an unknown version is "read-only".
_NOT_ITS_FAULT = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM),
    sqlite3.SQLITE_INTERRUPT,
}


class CachedEncoder:
    """An Encoder that wraps one and encodes no passage twice.

    Whatever is encoded is stored batch by batch: an interrupted build loses one batch at most.
    A stored vector that was damaged is made again, and a file that was is begun anew.
    ``texts_at_once`` is the size of such a batch.
    """

    def __init__(self, inner: Encoder, path: Path, *, texts_at_once: int = 256) -> None:
        self._inner = inner
        self._path = path
        self._texts_at_once = texts_at_once
        self._db = _open(path)

    def close(self) -> None:
        """Give the file back."""
        self._db.close()

    @property
    def name(self) -> str:
        """The wrapped encoder's."""
        return self._inner.name

    @property
    def dim(self) -> int:
        """The wrapped encoder's."""
        return self._inner.dim

    @property
    def window(self) -> int:
        """The wrapped encoder's."""
        return self._inner.window

    @property
    def special(self) -> int:
        """The wrapped encoder's."""
        return self._inner.special

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The wrapped encoder's."""
        return self._inner.count_tokens(texts)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The wrapped encoder's: queries are not kept."""
        return self._inner.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows; those that are stored are read, the others made and stored."""
        vectors, _ = self.encode_with_sentences(texts, [()] * len(texts))
        return vectors

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        """The wrapped encoder's; what is stored is read, the rest made and stored."""
        keys = [cache_key(self.name, *each) for each in zip(texts, spans, strict=True)]
        blobs = self._read(keys, [self.dim * (_FLOAT + len(each)) for each in spans])
        missing = [index for index, blob in enumerate(blobs) if blob is None]
        for start in range(0, len(missing), self._texts_at_once):
            batch = missing[start : start + self._texts_at_once]
            made = self._inner.encode_with_sentences(
                [texts[index] for index in batch], [spans[index] for index in batch]
            )
            packed = [_pack(*each) for each in zip(*made, strict=True)]
            self._write([keys[index] for index in batch], packed)
            for index, blob in zip(batch, packed, strict=True):
                blobs[index] = blob
        return self._unpack([blob for blob in blobs if blob is not None])

    def _unpack(self, blobs: Sequence[bytes]) -> tuple[Vectors, list[SentenceRows]]:
        vectors = np.empty((len(blobs), self.dim), dtype=np.float32)
        rows: list[SentenceRows] = []
        for index, blob in enumerate(blobs):
            vectors[index] = np.frombuffer(blob, "<f4", self.dim)
            rows.append(
                np.frombuffer(blob, np.int8, offset=_FLOAT * self.dim).reshape(-1, self.dim)
            )
        return vectors, rows

    def _read(self, keys: Sequence[bytes], lengths: Sequence[int]) -> list[bytes | None]:
        """What is stored whole under each key and as long as it must be; None for all else."""
        found: dict[bytes, bytes] = {}
        try:
            for start in range(0, len(keys), _AT_ONCE):
                found.update(self._sound(keys[start : start + _AT_ONCE]))
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            found = {}
        blobs = [found.get(key) for key in keys]
        return [
            blob if blob is not None and len(blob) == length else None
            for blob, length in zip(blobs, lengths, strict=True)
        ]

    def _sound(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        marks = ",".join("?" * len(keys))
        rows = self._db.execute(
            f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})", keys
        )
        for key, blob, checksum in rows:
            if isinstance(blob, bytes) and zlib.crc32(blob) == checksum:
                yield key, blob

    def _write(self, keys: Sequence[bytes], blobs: Sequence[bytes]) -> None:
        rows = [(k, blob, zlib.crc32(blob)) for k, blob in zip(keys, blobs, strict=True)]
        try:
            self._insert(rows)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            self._insert(rows)

    def _insert(self, rows: Sequence[tuple[bytes, bytes, int]]) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _begin_anew(self, error: sqlite3.DatabaseError) -> None:
        """Open an empty cache in the place of a damaged one."""
        if not _damaged(error):
            raise error
        self._db.close()
        self._db = _anew(self._path)


def cache_key(encoder: str, text: str, spans: Sequence[Span] = ()) -> bytes:
    """What a passage's vector and its sentences' rows are stored under."""
    places = ",".join(f"{start}-{end}" for start, end in spans)
    return hashlib.sha256(f"{encoder}\0{places}\0{text}".encode()).digest()


def _pack(vector: Vectors, rows: SentenceRows) -> bytes:
    return vector.astype("<f4").tobytes() + rows.tobytes()


def keep_only(path: Path, keys: Iterable[bytes]) -> None:
    """Take all other vectors out of a cache for good: their bytes are overwritten."""
    if not path.exists():
        return
    db = _open(path)
    try:
        _delete_others(db, keys)
    except sqlite3.DatabaseError as error:
        if not _damaged(error):
            raise
        db.close()
        db = _anew(path)
    finally:
        db.close()


def _delete_others(db: sqlite3.Connection, keys: Iterable[bytes]) -> None:
    with db:
        db.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
        db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
        db.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)")
    # Deleted records are overwritten, but pages that were balanced hold copies in their gaps.
    db.execute("VACUUM")


def _open(path: Path) -> sqlite3.Connection:
    """Open a cache; one that is no database any more is begun anew, for it can be made again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if not _damaged(error):
            raise
        return _anew(path)


def _damaged(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NOT_ITS_FAULT


def _anew(path: Path) -> sqlite3.Connection:
    for name in (path.name, f"{path.name}-journal", f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=60)
    try:
        db.text_factory = bytes  # whatever a damaged record says that it holds
        db.execute("PRAGMA secure_delete = ON")
        db.execute(_SCHEMA)
    except BaseException:
        db.close()
        raise
    return db
