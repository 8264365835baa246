"""Voices: questions are logged, and each answer gets the id that feedback names it by."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import Depends, Request

from groundedqa.errors import InvalidAnswerIdError, StorageError
from groundedqa.operate.answer_ids import AnswerIds, Given
from groundedqa.operate.feedback import Feedback, document_of
from groundedqa.operate.question_log import QuestionLog
from groundedqa.server.caller import Caller, caller_of
from groundedqa.server.named import collection_name
from groundedqa.server.schemas import AnswerOut
from groundedqa.types import Answer

_log = structlog.get_logger()
_AGAIN = 30.0  # seconds until a database that refused is tried again


class Voices:
    """What the operator's database is told of answers; threads may share it.

    ``question_log`` is None where none was asked for. Where the database can't be written answers
    have no id, and are given all the same.
    """

    def __init__(self, database: Path, question_log: QuestionLog | None = None) -> None:
        self._question_log = question_log
        self._database = database
        self._feedback = Feedback(database)
        self._lock = threading.Lock()
        self._ids: AnswerIds | None = None
        self._refused: StorageError | None = None
        self._refused_at = 0.0

    def heard(self, collection: str, answer: Answer) -> None:
        """Log a question, if that was turned on."""
        if self._question_log is not None:
            self._question_log.add(collection, answer)

    def close(self) -> None:
        """Write what is waiting to be."""
        if self._question_log is not None:
            self._question_log.close()

    def answer_id(self, subject: str, given: Given) -> str | None:
        """The id of an answer; None where nothing of it can be found helpful."""
        if not given.cited:
            return None
        try:
            return self._answer_ids().sign(subject, given)
        except StorageError:
            return None

    def take(self, caller: Caller, collection: str | None, vote: tuple[str, str, bool]) -> None:
        """Keep what a caller says: the answer's id, the citation's, and whether it was helpful.

        Raises:
            FeedbackError: the answer's id or the citation's is none, or they don't go together.
            ForbiddenError: the caller's key is not for the answer's collection.
            StorageError: the database can't be written.
        """
        answer_id, citation_id, helpful = vote
        document_of(citation_id)
        asked = self._answer_ids().read(answer_id)
        if collection not in (None, asked.given.collection):
            raise InvalidAnswerIdError(
                f"the answer was given by the collection {asked.given.collection!r}, not by "
                f"{collection!r}; send it to that one's address"
            )
        caller.check(asked.given.collection)
        self._feedback.add(asked, citation_id, helpful=helpful)

    def _answer_ids(self) -> AnswerIds:
        """What signs.

        Raises:
            StorageError: the database refused, just now or a moment ago.
        """
        with self._lock:
            if self._ids is not None:
                return self._ids
            if self._refused is not None and time.monotonic() - self._refused_at < _AGAIN:
                raise self._refused
            try:
                self._ids = AnswerIds(self._database)
            except StorageError as error:
                if self._refused is None:
                    _log.error("answers have no ids", error=str(error))
                self._refused, self._refused_at = error, time.monotonic()
                raise
            return self._ids


@dataclass(frozen=True, slots=True)
class Voice:
    """A caller's answers on their way out."""

    caller: Caller
    collection: str
    voices: Voices | None

    def heard(self, answer: Answer) -> None:
        """A question was decided."""
        if self.voices is not None:
            self.voices.heard(self.collection, answer)

    def answer_id(self, given: Given) -> str | None:
        """The id of an answer for this caller."""
        return self.voices.answer_id(self.caller.subject, given) if self.voices else None

    def out(self, answer: Answer) -> AnswerOut:
        """The answer as it is sent, cut already; its question was decided."""
        self.heard(answer)
        return AnswerOut.of(answer, self.answer_id(Given.of(self.collection, answer)))


async def voice_of(request: Request) -> Voice:
    """The voice of who sent a request."""
    return Voice(caller_of(request), collection_name(request), request.app.state.voices)


Speaking = Annotated[Voice, Depends(voice_of)]
