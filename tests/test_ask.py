from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.ask import LONGEST_QUESTION, Asker, Wanted, check_question
from groundedqa.clean import clean_line
from groundedqa.errors import (
    CitationNotFoundError,
    DocumentNotFoundError,
    EncoderMissingError,
    QuestionError,
    SnapshotCorruptError,
    SnapshotMissingError,
)
from groundedqa.snapshot import Collection, rollback
from groundedqa.types import Citation, Filters
from tests.conftest import BuildTiny


@pytest.fixture
def asker(build_tiny: BuildTiny, collection: Collection) -> Iterator[Asker]:
    build_tiny()
    opened = Asker(collection)
    yield opened
    opened.close()


def _shown(asker: Asker, question: str, k: int = 50) -> tuple[Citation, ...]:
    """What came, whether or not it is certain enough to be an answer."""
    answer = asker.ask(question, wanted=Wanted(k=k, near_misses=True))
    return answer.citations or answer.near_misses


def test_every_quote_is_a_slice_of_its_document(asker: Asker) -> None:
    citations = _shown(asker, "why two tides")
    assert {citation.document.doc_id for citation in citations} == {
        *("tides", "clouds", "rain", "snow")
    }
    for citation in citations:
        assert citation.quote == citation.document.text[citation.start : citation.end]
        assert asker.look_up(citation.citation_id).state.state == "stands"


def test_a_passage_is_among_the_first_for_its_own_words(asker: Asker) -> None:
    for citation in _shown(asker, "anything"):
        nearest = asker.retrieve(f"{citation.document.title} {citation.quote}", 3, Filters())
        assert citation.quote in {hit.passage.text for hit in nearest}


def test_the_question_is_given_back_as_it_was_asked(asker: Asker) -> None:
    assert asker.ask("  Why\ttwo  tides?\n").question == "Why\ttwo  tides?"


def test_without_a_passage_left_it_abstains(asker: Asker) -> None:
    answer = asker.ask("why", filters=Filters(kind=("poem",)))
    assert (answer.decision, answer.citations, answer.reason) == ("abstained", (), "filtered_out")


@pytest.mark.parametrize("k", [0, 51, -1])
def test_k_out_of_bounds_names_them(asker: Asker, k: int) -> None:
    with pytest.raises(QuestionError, match="1 to 50"):
        asker.ask("why", wanted=Wanted(k=k))


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("", "blank"),
        (" \n\u3000\u200b", "blank"),
        ("x" * (LONGEST_QUESTION + 1), "10001 characters"),
        ("a\0", r"U\+0000"),
        ("a\x7f", r"U\+007F"),
        ("\ud83d", r"U\+D83D"),
    ],
)
def test_what_is_no_question_is_refused_with_the_reason(question: str, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        check_question(question)


@given(st.text(alphabet=st.characters(), max_size=300))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_a_question_is_either_refused_or_clean_on_one_line(question: str) -> None:
    try:
        checked = check_question(question)
    except QuestionError:
        return
    assert checked == clean_line(checked)
    assert checked
    assert "\n" not in checked


def test_no_snapshot_names_the_command(collection: Collection) -> None:
    with pytest.raises(SnapshotMissingError, match="make one with: groundedqa build"):
        Asker(collection)


def test_an_unknown_model_names_what_gets_it(build_tiny: BuildTiny, collection: Collection) -> None:
    build_tiny()
    with pytest.raises(EncoderMissingError, match="nowhere"):
        Asker(collection, model="/nowhere")


def test_unknown_documents_and_citations_are_not_found(asker: Asker) -> None:
    with pytest.raises(DocumentNotFoundError):
        asker.document("nope")
    with pytest.raises(CitationNotFoundError):
        asker.look_up("nope")
    assert asker.look_up("nope.0-1.0123456789abcdef").document is None


def test_a_reload_changes_to_what_is_published_and_back(
    asker: Asker, build_tiny: BuildTiny, collection: Collection, corpus: Path
) -> None:
    first = asker.snapshot_id
    assert asker.reload() is False
    (corpus / "wind.txt").write_text("Wind\n\nAir that moves from high to low pressure.\n")
    second = build_tiny().snapshot
    assert asker.snapshot_id == first
    assert asker.reload() is True
    assert asker.ask("wind").snapshot == second
    assert asker.document("wind").title == "Wind"
    rollback(collection)
    assert asker.reload() is True
    assert asker.ask("wind").snapshot == first


def test_a_damaged_snapshot_is_refused_and_the_old_one_stays(
    asker: Asker, build_tiny: BuildTiny, collection: Collection, corpus: Path
) -> None:
    first = asker.snapshot_id
    (corpus / "wind.txt").write_text("Wind\n\nAir that moves.\n")
    second = build_tiny().snapshot
    vectors = collection.snapshot(second) / "vectors.faiss"
    whole = bytearray(vectors.read_bytes())
    whole[-1] ^= 1
    vectors.write_bytes(whole)
    with pytest.raises(SnapshotCorruptError, match=r"vectors\.faiss"):
        asker.reload()
    assert asker.ask("tides").snapshot == first


def test_one_asker_serves_many_threads_while_it_reloads(
    asker: Asker, build_tiny: BuildTiny, corpus: Path
) -> None:
    snapshots = {asker.snapshot_id}
    stop, wrong = threading.Event(), list[BaseException]()

    def keep_asking() -> None:
        while not stop.is_set():
            try:
                answer = asker.ask("tides", wanted=Wanted(k=50, near_misses=True))
                shown = answer.citations or answer.near_misses
                found = asker.look_up(shown[0].citation_id)
                assert answer.snapshot in snapshots
                assert found.snapshot in snapshots
                assert found.document is not None
            except BaseException as error:  # noqa: BLE001 - whatever it is fails the test
                wrong.append(error)
                return

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(5):
        (corpus / "wind.txt").write_text(f"Wind\n\nAir that moves {number} times.\n")
        snapshots.add(build_tiny().snapshot)
        assert asker.reload() is True
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_with_nothing_published_any_more_nothing_is_answered_until_something_is(
    asker: Asker, build_tiny: BuildTiny, collection: Collection
) -> None:
    first = asker.snapshot_id
    collection.current.unlink()
    with pytest.raises(SnapshotMissingError, match="groundedqa build"):
        asker.reload()
    with pytest.raises(SnapshotMissingError, match="groundedqa build"):
        asker.ask("tides")
    with pytest.raises(SnapshotMissingError, match="groundedqa build"):
        asker.document("rain")
    assert build_tiny().snapshot == first
    assert asker.reload() is True
    assert asker.ask("tides").snapshot == first
