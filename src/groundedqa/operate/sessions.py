"""Sessions of the operator's pages: a signed cookie that names an admin key, and nothing else.

Nothing is kept of them. Each request looks the key up anew, so a session ends with its key.
"""

from __future__ import annotations

import hmac
import secrets
from functools import cached_property

from itsdangerous import BadData, URLSafeTimedSerializer

from groundedqa.errors import UnauthorizedError
from groundedqa.operate.keyring import Keyring
from groundedqa.operate.keys import Key
from groundedqa.operate.secret import kept_secret, signer

LASTS = 8 * 3600  # seconds


class Sessions:
    """Signs cookies and reads them, by a secret beside the keys; threads may share it.

    The secret is made when the first session begins.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def begin(self, token: str) -> str:
        """The cookie of a new session.

        Raises:
            UnauthorizedError: the token is no live admin key's.
            StorageError: the database can't be read, or written.
        """
        key = _admin(self._keyring.key_of(token))
        return str(self._signed.dumps([key.key_id, secrets.token_urlsafe(9)]))

    def key_of(self, cookie: str) -> Key:
        """The admin key of a session.

        Raises:
            UnauthorizedError: it is none, is older than eight hours, or its key opens no more.
        """
        try:
            key_id, _ = self._signed.loads(cookie, max_age=LASTS)
        except (BadData, ValueError) as error:
            raise UnauthorizedError("the session has ended; sign in again") from error
        return _admin(self._keyring.live(str(key_id)))

    def form_token(self, cookie: str) -> str:
        """What each form of a session's pages carries, and no other site's page can know."""
        return hmac.digest(self._secret, b"form " + cookie.encode(), "sha256").hex()

    @cached_property
    def _secret(self) -> bytes:
        return kept_secret(self._keyring.path, "sessions")

    @cached_property
    def _signed(self) -> URLSafeTimedSerializer:
        return signer(self._secret, "session")


def _admin(key: Key) -> Key:
    if key.kind != "admin":
        raise UnauthorizedError("this takes an admin key")
    return key
