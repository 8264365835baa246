"""Answers as they are sent: kept for whoever asks the same again, and not sent where they are had.

What an answer depends on is the snapshot, the collection, the access, the question with its
filters and what is wanted of it, and the settings that it is ranked by; a publish or a takedown
makes another snapshot, so nothing of an old one is ever given. Under preview nothing is kept: what
a caller may be shown depends on what it was shown before.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Annotated

from cachetools import LRUCache
from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

import groundedqa
from groundedqa.ask import Asker, Wanted, check_question
from groundedqa.operate.answer_ids import Given
from groundedqa.server.metrics import Metrics
from groundedqa.server.named import asker_of, preview_of
from groundedqa.server.preview import Preview
from groundedqa.server.schemas import AnswerOut
from groundedqa.server.voices import Voice, voice_of
from groundedqa.stages import listener
from groundedqa.types import Answer, Filters

_OVERHEAD = 1024  # bytes for an entry beside its body
_JSON = "application/json"
_OWN = ("took_ms", "answer_id")  # what differs each time stands at the end


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer's JSON up to what differs each time, and what is told of it."""

    body: bytes
    told: Answer  # without its citations
    given: Given


class AnswerCache:
    """The answers given last, within a bound of bytes; threads may share it."""

    def __init__(self, megabytes: int) -> None:
        self._lock = threading.Lock()
        self._kept: LRUCache[Hashable, Kept] = LRUCache(
            megabytes * 1_000_000, lambda kept: len(kept.body) + _OVERHEAD
        )

    def get(self, key: Hashable) -> Kept | None:
        """What was answered; None if it is not kept."""
        with self._lock:
            found: Kept | None = self._kept.get(key)
            return found

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep an answer; one that is larger than the whole bound is not."""
        with self._lock:
            if len(kept.body) + _OVERHEAD <= self._kept.maxsize:
                self._kept[key] = kept


@dataclass(frozen=True, slots=True)
class Answers:
    """How one request is answered."""

    request: Request
    asker: Asker
    cut: Preview
    voice: Voice

    async def to(self, question: str, filters: Filters, wanted: Wanted) -> Response:
        """The answer to a question: kept, computed, or 304 where the caller has it.

        Raises:
            GroundedQAError: why it can't be asked.
        """
        started = time.perf_counter()
        check_question(question)
        if self.cut.caller.access != "full":
            answer = await run_in_threadpool(self._asked, question, filters, wanted)
            kept = await run_in_threadpool(self._kept, answer)
            return self._sent(kept, started, None)
        # The address is in it too: an answer says the question as it was asked.
        asked = (self.cut.home, question.strip(), filters, wanted)
        tag = self._tag(self.asker.snapshot_id, asked)
        if self.request.method == "GET" and _has(self.request, tag):
            return Response(status_code=304, headers={"ETag": tag})
        cache: AnswerCache = self.request.app.state.answers
        found = cache.get((self.asker.snapshot_id, *asked))
        metrics: Metrics = self.request.app.state.metrics
        metrics.cached(found=found is not None)
        if found is None:
            found = await run_in_threadpool(self._computed, question, filters, wanted)
            cache.put((found.told.snapshot, *asked), found)
            tag = self._tag(found.told.snapshot, asked)
        else:
            self._tell(found.told)
        return self._sent(found, started, tag)

    def _computed(self, question: str, filters: Filters, wanted: Wanted) -> Kept:
        return self._kept(self._asked(question, filters, wanted))

    def _asked(self, question: str, filters: Filters, wanted: Wanted) -> Answer:
        answer = self.cut.answer(self.asker.ask(question, filters, wanted))
        self.voice.heard(answer)
        return answer

    def _kept(self, answer: Answer) -> Kept:
        json = AnswerOut.of(answer).model_dump_json(exclude=set(_OWN))
        told = replace(answer, citations=(), near_misses=(), related=(), facets={})
        return Kept(json.encode()[:-1], told, Given.of(self.voice.collection, answer))

    def _tell(self, answer: Answer) -> None:
        """What is told of a question that was asked, whether or not its answer was kept."""
        self.voice.heard(answer)
        heard = listener()
        if heard is not None:
            heard.decided(answer.decision, answer.reason)

    def _tag(self, snapshot: str, asked: tuple[object, ...]) -> str:
        """The entity tag; weak, for an answer's time and id differ each time."""
        said = (groundedqa.__version__, snapshot, self.voice.collection, self.asker.ranked_by)
        digest = hashlib.sha256(repr((*said, *asked)).encode("utf-8", "replace"))
        return f'W/"{digest.hexdigest()[:32]}"'

    def _sent(self, kept: Kept, started: float, tag: str | None) -> Response:
        took = round((time.perf_counter() - started) * 1000, 3)
        answer_id = self.voice.answer_id(kept.given)
        named = f'"{answer_id}"' if answer_id else "null"  # a signed id has nothing to escape
        body = kept.body + f',"took_ms":{took},"answer_id":{named}}}'.encode()
        return Response(body, media_type=_JSON, headers={"ETag": tag} if tag else None)


def _has(request: Request, tag: str) -> bool:
    """Whether the caller has this answer; compared weakly (RFC 9110, 13.1.2)."""
    had = (each.strip() for each in request.headers.get("if-none-match", "").split(","))
    return any(each == "*" or each.removeprefix("W/") == tag.removeprefix("W/") for each in had)


async def answers_of(request: Request) -> Answers:
    """How a request is answered, as one dependency: several would cost more than a kept answer."""
    return Answers(
        request, await asker_of(request), await preview_of(request), await voice_of(request)
    )


Answering = Annotated[Answers, Depends(answers_of)]
