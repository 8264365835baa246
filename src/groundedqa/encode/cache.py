"""Vectors that were made before, kept by the digest of their text and the encoder's name."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from groundedqa.encode.protocol import Encoder, Vectors

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    key BLOB PRIMARY KEY,    -- sha256 of the encoder's name and the text
    vector BLOB NOT NULL,    -- float32, little-endian
    checksum INTEGER NOT NULL
) WITHOUT ROWID
"""
_AT_ONCE = 500  # keys in one query
# What SQLite says of a sound file that it can't use now: all else it says is of the file itself,
# SQLITE_READONLY too, for a header of an unknown version is "read-only".
_NOT_ITS_FAULT = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM),
    sqlite3.SQLITE_INTERRUPT,
}

Progress = Callable[[int, int], None]


class CachedEncoder:
    """An Encoder that wraps one and encodes no passage twice.

    Whatever is encoded is stored batch by batch: an interrupted build loses one batch at most.
    A stored vector that was damaged is made again, and a file that was is begun anew.
    ``texts_at_once`` is the size of such a batch; ``progress`` hears how many of the texts asked
    for are done, and of how many.
    """

    def __init__(
        self,
        inner: Encoder,
        path: Path,
        *,
        texts_at_once: int = 256,
        progress: Progress | None = None,
    ) -> None:
        self._inner = inner
        self._path = path
        self._texts_at_once = texts_at_once
        self._progress = progress
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
        keys = [cache_key(self.name, text) for text in texts]
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        missing = self._read(keys, vectors)
        done = len(texts) - len(missing)
        self._report(done, len(texts))
        for start in range(0, len(missing), self._texts_at_once):
            batch = missing[start : start + self._texts_at_once]
            made = self._inner.encode_passages([texts[index] for index in batch])
            vectors[batch] = made
            self._write([keys[index] for index in batch], made)
            done += len(batch)
            self._report(done, len(texts))
        return vectors

    def _report(self, done: int, total: int) -> None:
        if self._progress:
            self._progress(done, total)

    def _read(self, keys: Sequence[bytes], vectors: Vectors) -> list[int]:
        """Fill in what is stored; the indices of what is not."""
        try:
            return self._stored(keys, vectors)
        except sqlite3.DatabaseError as error:
            self._begin_anew(error)
            return list(range(len(keys)))

    def _stored(self, keys: Sequence[bytes], vectors: Vectors) -> list[int]:
        missing = []
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(
                f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})", part
            )
            found = {
                key: vector
                for key, vector, checksum in rows
                if isinstance(vector, bytes)
                and zlib.crc32(vector) == checksum
                and len(vector) == 4 * self.dim
            }
            for index, key in enumerate(part, start):
                if key in found:
                    vectors[index] = np.frombuffer(found[key], dtype="<f4")
                else:
                    missing.append(index)
        return missing

    def _write(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        blobs = [row.astype("<f4").tobytes() for row in vectors]
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


def cache_key(encoder: str, text: str) -> bytes:
    """What a passage's vector is stored under."""
    return hashlib.sha256(f"{encoder}\0{text}".encode()).digest()


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
