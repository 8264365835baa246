from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from groundedqa.ask import Asker
from groundedqa.operate.gaps import Phrasing, find_gaps
from groundedqa.operate.question_log import LoggedQuestion
from groundedqa.snapshot import Collection


def row(question: str, times: int = 1, day: str = "2026-09-01", **other: object) -> LoggedQuestion:
    """A row of the log, not covered by the corpus unless another reason is given."""
    reason = other.get("reason", "not_covered")
    decision = "answered" if reason is None else "abstained"
    assert reason is None or isinstance(reason, str)
    return LoggedQuestion(day, "default", question, decision, reason, 0.125, times)


@pytest.fixture(scope="module")
def asker(untouched: Collection) -> Iterator[Asker]:
    with closing(Asker(untouched)) as opened:
        yield opened


UNKNOWN = "b b b"  # by no word of the corpus
OTHER = "7 7 7 7"
ANSWERED = "Why are there two tides a day?"


def test_what_was_asked_alike_is_one_gap_with_its_spellings_days_and_nearest_pages(
    asker: Asker,
) -> None:
    found = find_gaps(
        asker,
        [
            row(OTHER, 2, "2026-09-03"),
            row(UNKNOWN, 3, "2026-09-01"),
            row("B  b B?", 1, "2026-09-05", reason="unknown_words"),
            row(UNKNOWN, 1, "2026-09-04"),
            row("only mammals", 9, reason="filtered_out"),
            row("was answered then", 9, reason=None),
            row("no page yet", 9, reason="empty_corpus"),
        ],
        alike=0.999,
    )
    first, second = found.gaps
    assert first.question == UNKNOWN
    assert first.times == 5
    assert first.phrasings == (Phrasing(UNKNOWN, 4), Phrasing("B  b B?", 1))
    assert (first.first, first.last) == ("2026-09-01", "2026-09-05")
    assert 0.125 <= first.answerable < 1
    assert 1 <= len(first.nearest) <= 3
    for near in first.nearest:
        assert asker.document(near.doc_id).title == near.title
        assert asker.document(near.doc_id).url == near.url
    assert (second.question, second.times) == (OTHER, 2)
    assert (found.answered_now, found.left_out, found.further) == (0, 0, 0)


def test_a_question_that_is_answered_by_now_is_counted_and_is_no_gap(asker: Asker) -> None:
    found = find_gaps(asker, [row(ANSWERED, 5), row(ANSWERED.upper()), row(UNKNOWN)])
    assert [gap.question for gap in found.gaps] == [UNKNOWN]
    assert found.answered_now == 1


def test_the_most_asked_are_looked_at_and_told_first(asker: Asker) -> None:
    told: list[tuple[str, int, int]] = []
    found = find_gaps(
        asker,
        [row("b b b", 2), row("7 7 7 7", 4), row("asked once"), row("8 8 8 8", 3)],
        top=1,
        alike=0.9999,
        most=3,
        tell=lambda *each: told.append(each),
    )
    assert [gap.question for gap in found.gaps] == ["7 7 7 7"]
    assert (found.left_out, found.further) == (1, 2)
    assert told == [("asking", 1, 3), ("asking", 2, 3), ("asking", 3, 3)]


def test_nothing_logged_is_no_gap(asker: Asker) -> None:
    found = find_gaps(asker, [])
    assert (found.gaps, found.answered_now, found.left_out) == ((), 0, 0)
