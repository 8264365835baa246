"""The id of an answer: signed, and holding all that feedback on it needs.

Nothing is kept of answers, and nobody can make up feedback on one that was never given. Who asked
stands in it as a digest that changes each day and can't be undone without the service's secret.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from itsdangerous import BadData, SignatureExpired

from groundedqa.errors import FeedbackError, InvalidAnswerIdError
from groundedqa.operate.masked import masked
from groundedqa.operate.secret import kept_secret, signer
from groundedqa.types import Answer

LONGEST_KEPT = 500  # characters of a question
_OLDEST = 2 * 24 * 3600  # seconds
_WHO, _CITED = 16, 8  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Given:
    """What an id says of an answer, whoever it was given to.

    ``question`` is masked and shortened; ``cited`` are digests of the citations' ids.
    """

    collection: str
    snapshot: str
    question: str
    cited: tuple[str, ...]

    @classmethod
    def of(cls, collection: str, answer: Answer) -> Given:
        """Of an answer as its asker sees it."""
        shown = (*answer.citations, *answer.near_misses)
        return cls(
            collection,
            answer.snapshot,
            kept(answer.question),
            tuple(_digest(each.citation_id) for each in shown),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a signed id holds: an answer that was given on a day (UTC), and to whom."""

    given: Given
    day: str
    who: str

    def check(self, citation_id: str) -> None:
        """Refuse a citation that the answer did not hold.

        Raises:
            FeedbackError: it is another answer's.
        """
        if _digest(citation_id) not in self.given.cited:
            raise FeedbackError(
                f"the answer did not hold the citation {citation_id[:80]!r}; send a citation_id of "
                "the answer that answer_id stands for"
            )


class AnswerIds:
    """Signs ids and reads them, by a secret that was made once and is kept in the database.

    Raises:
        StorageError: the operator's database can't be read, or made.
    """

    def __init__(self, database: Path) -> None:
        self._secret = kept_secret(database, "answers")
        self._signed = signer(self._secret, "answer")

    def sign(self, subject: str, given: Given) -> str:
        """The id of an answer for whom it was given to."""
        day = datetime.now(UTC).date().isoformat()
        who = hmac.digest(self._secret, f"{day} {subject}".encode(), "sha256").hex()[:_WHO]
        held = [given.collection, given.snapshot, day, who, given.question, "".join(given.cited)]
        return str(self._signed.dumps(held))

    def read(self, answer_id: str) -> Asked:
        """What an id holds.

        Raises:
            InvalidAnswerIdError: it was not signed here, was changed, or is older than two days.
        """
        try:
            held: Sequence[Any] = self._signed.loads(answer_id, max_age=_OLDEST)
        except SignatureExpired as error:
            raise InvalidAnswerIdError(
                "the answer was given more than two days ago; ask again, and send the new answer_id"
            ) from error
        except BadData as error:
            raise InvalidAnswerIdError(
                "this is no answer_id of this service; send the one of the answer, unchanged"
            ) from error
        collection, snapshot, day, who, question, cited = map(str, held)
        digests = (cited[at : at + _CITED] for at in range(0, len(cited), _CITED))
        return Asked(Given(collection, snapshot, question, tuple(digests)), day, who)


def kept(question: str) -> str:
    """A question as it is kept: masked, on one line, shortened."""
    text = masked(" ".join(question.split()))
    return text if len(text) <= LONGEST_KEPT else text[: LONGEST_KEPT - 1] + "…"


def _digest(citation_id: str) -> str:
    return hashlib.sha256(citation_id.encode("utf-8", "replace")).hexdigest()[:_CITED]
