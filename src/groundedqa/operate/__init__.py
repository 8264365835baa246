"""The operator's own small database: keys, and what each preview key was shown today."""

from __future__ import annotations

from groundedqa.operate.database import Database
from groundedqa.operate.keyring import Keyring, may_read
from groundedqa.operate.keys import (
    DEFAULT_RATE,
    DOCUMENT_WORDS,
    KINDS,
    MOST_A_MINUTE,
    PREVIEW_WORDS,
    TOKEN,
    Access,
    Key,
    KeyKind,
    checked_origin,
    new_key,
)

__all__ = [
    "DEFAULT_RATE",
    "DOCUMENT_WORDS",
    "KINDS",
    "MOST_A_MINUTE",
    "PREVIEW_WORDS",
    "TOKEN",
    "Access",
    "Database",
    "Key",
    "KeyKind",
    "Keyring",
    "checked_origin",
    "may_read",
    "new_key",
]
