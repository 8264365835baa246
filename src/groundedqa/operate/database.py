"""The operator's database: one SQLite file, made when something is first written to it."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundedqa.errors import ConfigurationError, KeyNotFoundError, StorageError
from groundedqa.operate.keys import Key, KeyKind, new_key

_SCHEMA = "CREATE TABLE IF NOT EXISTS keys (key_id TEXT PRIMARY KEY, described TEXT NOT NULL)"
_PATIENCE = 5.0  # seconds for another process's write
_DATES = ("created", "expires", "revoked")
_LISTS = ("collections", "origins")


class Database:
    """The keys in a file. Each call opens it anew, so it may be made, moved back or copied."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self, kind: KeyKind, name: str, **bounds: Any) -> tuple[str, Key]:
        """A new key that is stored, and its token, which is nowhere else.

        Raises:
            ConfigurationError: its bounds don't go together.
            StorageError: the file can't be written.
        """
        token, made = new_key(kind, name)
        key = Key(**{**made, **bounds})
        if key.expires is not None and key.expires <= datetime.now(UTC):
            raise ConfigurationError("the key would have expired already: name a later --expires")
        with self._open() as connection:
            connection.execute("INSERT INTO keys VALUES (?, ?)", (key.key_id, _described(key)))
        return token, key

    def all_keys(self) -> list[Key]:
        """Every key that was ever made, oldest first; none where there is no file.

        Raises:
            StorageError: the file is there and can't be read.
        """
        if not self.path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT described FROM keys ORDER BY rowid").fetchall()
        return [_key(described) for (described,) in rows]

    def revoke(self, key_id: str) -> Key:
        """Revoke a key by its id or the beginning of it; a running service knows it at once.

        Raises:
            KeyNotFoundError: no key has it, or several have.
            StorageError: the file can't be written.
        """
        found = [key for key in self.all_keys() if key_id and key.key_id.startswith(key_id)]
        if len(found) != 1:
            many = f"{len(found)} keys begin" if found else "no key begins"
            raise KeyNotFoundError(f"{many} with {key_id!r}; see them with: groundedqa keys list")
        now = datetime.now(UTC).replace(microsecond=0)
        described = _described(found[0]) if found[0].revoked else _described(found[0], revoked=now)
        with self._open() as connection:
            connection.execute(
                "UPDATE keys SET described = ? WHERE key_id = ?", (described, found[0].key_id)
            )
        return _key(described)

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return opened(self.path, _SCHEMA, "the keys in")


@contextmanager
def opened(
    path: Path, schema: str, what: str = "the operator's database"
) -> Iterator[sqlite3.Connection]:
    """The database at this path with the schema's tables in it; committed at the end.

    Where there is none it is made, for the operator's eyes alone.

    Raises:
        StorageError: it can't be read or written.
    """
    try:
        make_private(path)
        connection = sqlite3.connect(path, timeout=_PATIENCE)
        try:
            with connection:
                connection.execute("PRAGMA secure_delete = ON")  # what was deleted is overwritten
                connection.execute(schema)
                yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StorageError(
            f"{what} {path} can't be read or written: {error}; name another file with --keys, or "
            "restore it from a copy"
        ) from error


def make_private(path: Path) -> None:
    """Make the file, if there is none, so that nobody else can read it.

    Raises:
        StorageError: it can't be made.
    """
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StorageError(f"{path} can't be made: {error.strerror}") from error


def _described(key: Key, **changed: Any) -> str:
    values = {**asdict(key), **changed}
    dates = {name: values[name].isoformat() if values[name] else None for name in _DATES}
    return json.dumps({**values, **dates}, ensure_ascii=False)


def _key(described: str) -> Key:
    try:
        values: dict[str, Any] = json.loads(described)
        values = {field.name: values[field.name] for field in fields(Key)}
        for name in _LISTS:
            values[name] = tuple(values[name])
        for name in _DATES:
            values[name] = datetime.fromisoformat(values[name]) if values[name] else None
        return Key(**values)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(
            f"a key in the operator's database is not one of ours: {error}"
        ) from error
