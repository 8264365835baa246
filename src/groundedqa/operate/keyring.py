"""Keyring: which key a token is, as the database has it now."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from groundedqa.errors import ForbiddenError, StorageError, UnauthorizedError
from groundedqa.operate.database import Database
from groundedqa.operate.keys import Key, digest_of

_EVERY = 0.25  # seconds that what was read may be old: a revoked key stops well within one


class Keyring:
    """The keys of a database, read again a few times a second; threads may share it."""

    def __init__(self, database: Database, every: float = _EVERY) -> None:
        self._database = database
        self._every = every
        self._lock = threading.Lock()
        self._read_at = -every - 1.0
        self._keys: dict[str, Key] = {}

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._database.path

    def any(self) -> bool:
        """Whether any key was ever made: revoking the last one does not open the service.

        Raises:
            StorageError: the database can't be read, or is gone though it held keys.
        """
        return bool(self._now())

    def key_of(self, token: str) -> Key:
        """The live key of a token.

        Raises:
            UnauthorizedError: it is none, or has expired, or was revoked.
            StorageError: the database can't be read.
        """
        # Found by digest: how long that takes says nothing of a token.
        key = self._now().get(digest_of(token))
        if key is None:
            raise UnauthorizedError(
                "this is no key of the service; keys are made with: groundedqa keys create"
            )
        return _live(key)

    def live(self, key_id: str) -> Key:
        """The live key of an id.

        Raises:
            UnauthorizedError: there is none, or it has expired, or was revoked.
            StorageError: the database can't be read.
        """
        for key in self._now().values():
            if key.key_id == key_id:
                return _live(key)
        raise UnauthorizedError(f"the key {key_id} is gone; ask the site for another")

    def lists_origin(self, origin: str) -> bool:
        """Whether any live key is for this origin: a browser asks before it sends the key."""
        now = datetime.now(UTC)
        return any(
            origin in key.origins and key.state(now) == "live" for key in self._now().values()
        )

    def _now(self) -> dict[str, Key]:
        with self._lock:
            if time.monotonic() - self._read_at > self._every:
                found = {key.digest: key for key in self._database.all_keys()}
                if self._keys and not found:
                    raise StorageError(
                        f"the keys in {self._database.path} are gone; restore the file, or start "
                        "the service again to serve without keys"
                    )
                self._keys = found
                self._read_at = time.monotonic()
            return self._keys


def _live(key: Key) -> Key:
    state = key.state(datetime.now(UTC))
    if state != "live":
        done = "was revoked" if state == "revoked" else "has expired"
        raise UnauthorizedError(f"the key {key.key_id} {done}; ask the site for another")
    return key


def may_read(key: Key, collection: str) -> None:
    """Refuse a collection that is not the key's.

    Raises:
        ForbiddenError: it is another one's.
    """
    if not key.is_for(collection):
        raise ForbiddenError(f"the key {key.key_id} is not for the collection {collection!r}")
