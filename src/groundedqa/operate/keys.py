"""What a key is: who may ask, from where, how often, and how much of a text is shown.

A token is the kind, an underscore and 256 random bits. Only its digest is kept: whoever reads the
database can't ask with what stands in it. As tokens are random, a plain sha256 is enough.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args
from urllib.parse import urlsplit

from groundedqa.errors import ConfigurationError

KeyKind = Literal["site", "server", "admin"]
Access = Literal["full", "preview"]
KINDS: tuple[KeyKind, ...] = get_args(KeyKind)
DEFAULT_RATE = 1200  # requests a minute
MOST_A_MINUTE = 10_000_000
PREVIEW_WORDS = 40
DOCUMENT_WORDS = 200
TOKEN = re.compile(r"(?:site|server|admin)_[A-Za-z0-9_-]{43}", re.ASCII)
_ID_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its token.

    No ``collections``: all of them. ``words`` of a quote and ``document_words`` of one document a
    day are shown under preview. ``rate`` is in requests a minute.
    """

    key_id: str
    digest: str
    kind: KeyKind
    name: str
    created: datetime
    collections: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    rate: int = DEFAULT_RATE
    access: Access = "full"
    words: int = PREVIEW_WORDS
    document_words: int = DOCUMENT_WORDS
    expires: datetime | None = None
    revoked: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what would not be bound as it seems.

        Raises:
            ConfigurationError: a site key without origins, or an origin that is none.
        """
        if self.kind == "site" and not self.origins:
            raise ConfigurationError(
                "a site key stands in a page for everyone to read, so it is bound to origins: name "
                "them with --origin https://www.example.org"
            )
        if self.kind != "site" and self.origins:
            raise ConfigurationError(
                f"only site keys have origins: a {self.kind} key must never stand in a page"
            )
        for origin in self.origins:
            checked_origin(origin)

    def is_for(self, collection: str) -> bool:
        """Whether the collection is among those that it opens."""
        return not self.collections or collection in self.collections

    def state(self, now: datetime) -> Literal["live", "expired", "revoked"]:
        """Whether it opens anything at this time."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else "live"


def new_key(kind: KeyKind, name: str) -> tuple[str, dict[str, object]]:
    """A new token, which is shown once, and the fields of its key that follow from it."""
    token = f"{kind}_{secrets.token_urlsafe(32)}"
    digest = digest_of(token)
    fields: dict[str, object] = {
        "key_id": digest[:_ID_LENGTH],
        "digest": digest,
        "kind": kind,
        "name": name,
        "created": datetime.now(UTC).replace(microsecond=0),
    }
    return token, fields


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def checked_origin(origin: str) -> str:
    """An origin exactly as browsers send it.

    Raises:
        ConfigurationError: it is another text; the message gives the right form.
    """
    mend = f"{origin!r} is no origin as browsers send it: write it as https://www.example.org"
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError as error:
        raise ConfigurationError(mend) from error
    usual = {"http": 80, "https": 443}
    if parts.scheme not in usual or not parts.hostname or not origin.isascii():
        raise ConfigurationError(mend)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    written = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    if origin != written or port == usual[parts.scheme]:
        raise ConfigurationError(mend)
    return origin
