from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itsdangerous import TimestampSigner

from groundedqa.errors import FeedbackError, InvalidAnswerIdError, StorageError
from groundedqa.evaluate import load_data
from groundedqa.operate import Database
from groundedqa.operate.answer_ids import LONGEST_KEPT, AnswerIds, Given, kept
from groundedqa.operate.feedback import Feedback

DAY = 24 * 3600


def cited(doc_id: str, start: int = 0) -> str:
    return f"{doc_id}.{start}-{start + 9}.0123456789abcdef"


def given_of(question: str, *citations: str, collection: str = "default") -> Given:
    digests = [hashlib.sha256(citation_id.encode()).hexdigest()[:8] for citation_id in citations]
    return Given(collection, "s1", question, tuple(digests))


class Voter:
    """Votes as a service would take them."""

    def __init__(self, path: Path) -> None:
        self.ids = AnswerIds(path)
        self.feedback = Feedback(path)

    def vote(self, who: str, question: str, citation_id: str, helpful: bool) -> None:
        answer_id = self.ids.sign(who, given_of(question, citation_id))
        self.feedback.add(self.ids.read(answer_id), citation_id, helpful=helpful)


@pytest.fixture
def voter(tmp_path: Path) -> Voter:
    return Voter(tmp_path / "operator.sqlite")


def test_an_id_holds_what_was_signed_for_everyone_who_has_the_database(tmp_path: Path) -> None:
    path = tmp_path / "operator.sqlite"
    given = given_of("why does rain fall? 雨", cited("rain"), cited("snow"))
    answer_id = AnswerIds(path).sign("key 1.2.3.4", given)
    asked = AnswerIds(path).read(answer_id)
    assert asked.given == given
    assert "1.2.3.4" not in answer_id
    assert (len(asked.who), asked.who.isalnum()) == (16, True)
    assert AnswerIds(path).read(AnswerIds(path).sign("key 1.2.3.5", given)).who != asked.who
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(InvalidAnswerIdError, match="unchanged"):
        AnswerIds(tmp_path / "other.sqlite").read(answer_id)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.data())
def test_an_id_that_was_changed_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    ids = AnswerIds(tmp_path_factory.getbasetemp() / "changed.sqlite")
    answer_id = ids.sign("who", given_of("why?", cited("rain")))
    at = data.draw(st.integers(0, len(answer_id) - 1))
    # The last character holds two bits that say nothing.
    put = data.draw(st.text("ABCabc_-.é\x00", max_size=3).filter(lambda t: t != answer_id[at]))
    changed = answer_id[:at] + put + answer_id[at + 1 :]
    if at < len(answer_id) - 1:
        with pytest.raises(InvalidAnswerIdError):
            ids.read(changed)


def test_an_id_of_two_days_is_taken_and_an_older_one_is_not(
    voter: Voter, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_id = voter.ids.sign("who", given_of("why?", cited("rain")))
    now = TimestampSigner("x").get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + 2 * DAY - 60)
    voter.ids.read(answer_id)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + 2 * DAY + 60)
    with pytest.raises(InvalidAnswerIdError, match="two days ago; ask again"):
        voter.ids.read(answer_id)


def test_only_a_citation_that_the_answer_held_is_judged(voter: Voter) -> None:
    asked = voter.ids.read(voter.ids.sign("who", given_of("why?", cited("rain"))))
    with pytest.raises(FeedbackError, match="did not hold"):
        voter.feedback.add(asked, cited("snow"), helpful=True)
    assert voter.feedback.judged("default").queries == {}


def test_a_question_is_kept_masked_on_one_line_and_short() -> None:
    assert kept("why?\n  ask ann@example.org\tor 555-123-4567") == "why? ask [e-mail] or [phone]"
    assert len(kept("é" * 10_000)) == LONGEST_KEPT


def test_a_caller_counts_once_a_day_and_the_last_word_counts(voter: Voter) -> None:
    for helpful in (True, False, True, True, False):
        voter.vote("ann", "why?", cited("rain"), helpful)
    voter.vote("bea", "why?", cited("snow"), True)
    (judged,) = voter.feedback.judged("default").qrels.values()
    assert judged == {"rain": 0, "snow": 1}
    voter.vote("bea", "why?", cited("rain"), True)
    voter.vote("cid", "Why ", cited("rain", 7), True)
    (judged,) = voter.feedback.judged("default").qrels.values()
    assert judged == {"rain": 1, "snow": 1}


def test_what_comes_out_is_what_evaluate_and_tune_read(voter: Voter, tmp_path: Path) -> None:
    voter.vote("ann", 'a "b"\tc?', cited("rain"), True)
    voter.vote("ann", 'a "b"\tc?', cited("snow"), False)
    voter.vote("ann", "nobody found this", cited("snow"), False)
    voter.vote("ann", "as many as not", cited("snow"), True)
    voter.vote("bea", "as many as not", cited("snow"), False)
    found = voter.feedback.judged("default")
    assert found.left_out == 2
    found.write(tmp_path / "out")
    data = load_data(tmp_path / "out" / "queries.jsonl", tmp_path / "out" / "qrels.tsv")
    assert list(data.queries.values()) == ['a "b"\tc?']
    assert list(data.qrels.values()) == [{"rain": 1, "snow": 0}]
    assert voter.feedback.judged("other").queries == {}


def test_a_database_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "operator.sqlite").write_text(
        "no database at all, but long enough to be read\n" * 9
    )
    for use in (AnswerIds, Database):
        with pytest.raises(StorageError, match=r"operator\.sqlite .*name another file"):
            made = use(tmp_path / "operator.sqlite")
            made.all_keys() if isinstance(made, Database) else made
