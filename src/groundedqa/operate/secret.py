"""Secrets of the service, each made once and kept in the operator's database; what they sign."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer

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


def signer(secret: bytes, purpose: str) -> URLSafeTimedSerializer:
    """What signs with a secret and reads what it signed, of one purpose alone."""
    return URLSafeTimedSerializer(
        secret,
        salt=f"groundedqa {purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
