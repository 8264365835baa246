"""Secrets of the service, each made once and kept in the operator's database."""

from __future__ import annotations

import secrets
from pathlib import Path

from groundedqa.operate.database import opened

_SCHEMA = "CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL)"


def kept_secret(database: Path, name: str) -> bytes:
    """The 32 random bytes of this name; whoever first asks for them makes them.

    Raises:
        StorageError: the database can't be read, or made.
    """
    with opened(database, _SCHEMA) as connection:
        connection.execute(
            "INSERT OR IGNORE INTO secrets VALUES (?, ?)", (name, secrets.token_bytes(32))
        )
        (value,) = connection.execute(
            "SELECT value FROM secrets WHERE name = ?", (name,)
        ).fetchone()
    return bytes(value)
