"""Taking documents down: out of everything that is served or kept, until they are allowed again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from groundedqa.ask import Asker, Wanted
from groundedqa.build import BuildSettings, build
from groundedqa.errors import DocumentNotFoundError, SnapshotMissingError
from groundedqa.index import FlatIndex
from groundedqa.snapshot import (
    Collection,
    allow,
    build_lock,
    current,
    open_current,
    prune,
    removed,
    rollback,
    snapshots,
    take_down,
    verify,
)
from groundedqa.types import Filters
from tests.conftest import BuildTiny
from tests.support.processes import command

RAIN = b"heavy enough"  # words of the document "rain" and of no other


def _documents(collection: Collection) -> set[str]:
    snapshot = open_current(collection)
    rows = snapshot.store.rows(Filters()).tolist()
    found = {passage.doc_id for passage in snapshot.store.passages(rows)}
    snapshot.close()
    return found


def _files_with(collection: Collection, content: bytes) -> list[str]:
    files = [path for path in collection.home.rglob("*") if path.is_file()]
    return [path.name for path in files if content in path.read_bytes()]


def _vectors_of(collection: Collection, doc_id: str) -> list[bytes]:
    snapshot = open_current(collection)
    passages = snapshot.store.passages(snapshot.store.rows(Filters()).tolist())
    assert isinstance(snapshot.vectors, FlatIndex)
    rows = [row for row, passage in enumerate(passages) if passage.doc_id == doc_id]
    found = [snapshot.vectors.vectors[row].tobytes() for row in rows]
    snapshot.close()
    return found


def _fresh(corpus: Path, collection: Collection, model: Path, tmp_path: Path) -> str:
    """The id that a build of the corpus has in an index that knows nothing of the past."""
    other = tmp_path / "fresh"
    shutil.copytree(collection.encoders, other / "encoders")
    made = build(corpus, Collection(other), BuildSettings(str(model), 48, tunes=False)).snapshot
    shutil.rmtree(other)
    return made


def _without_rain(corpus: Path) -> None:
    lines = (corpus / "more.jsonl").read_text().splitlines(keepends=True)
    (corpus / "more.jsonl").write_text("".join(line for line in lines if '"rain"' not in line))


@pytest.fixture
def twice(build_tiny: BuildTiny, corpus: Path) -> tuple[str, str]:
    """Two snapshots that hold "rain", the older one and the current one."""
    older = build_tiny().snapshot
    (corpus / "extra.md").write_text("# Extra\n\nAnother page.\n")
    return older, build_tiny().snapshot


def test_a_document_is_gone_from_every_snapshot_and_every_file(
    collection: Collection, twice: tuple[str, str]
) -> None:
    vectors = _vectors_of(collection, "rain")
    assert len(_files_with(collection, RAIN)) == 2
    assert vectors
    assert all(len(_files_with(collection, vector)) == 3 for vector in vectors)
    now = take_down(collection, ["rain"])
    assert now == current(collection)
    assert _documents(collection) == {"tides", "clouds", "snow", "extra"}
    assert _files_with(collection, RAIN) == []
    assert all(_files_with(collection, vector) == [] for vector in vectors)
    left = {path.name for path in snapshots(collection)}
    assert len(left) == 2
    assert not left & set(twice)
    assert all(verify(collection, name).counts["documents"] in (3, 4) for name in left)
    rollback(collection)
    assert _documents(collection) == {"tides", "clouds", "snow"}


def test_the_others_keep_their_vectors(collection: Collection, build_tiny: BuildTiny) -> None:
    build_tiny()
    kept = {doc_id: _vectors_of(collection, doc_id) for doc_id in ("clouds", "snow", "tides")}
    take_down(collection, ["rain"])
    assert {doc_id: _vectors_of(collection, doc_id) for doc_id in kept} == kept
    assert all(len(_files_with(collection, v)) == 2 for found in kept.values() for v in found)


def test_it_stays_out_of_later_builds_with_the_id_of_a_corpus_that_never_had_it(
    collection: Collection, build_tiny: BuildTiny, corpus: Path, tiny_model: Path, tmp_path: Path
) -> None:
    build_tiny()
    now = take_down(collection, ["rain"])
    again = build_tiny()
    assert (again.snapshot, again.reused) == (now, True)
    assert again.report["removed"] == ["rain"]
    (corpus / "extra.md").write_text("# Extra\n\nAnother page.\n")
    later = build_tiny().snapshot
    assert _documents(collection) == {"tides", "clouds", "snow", "extra"}
    _without_rain(corpus)
    assert _fresh(corpus, collection, tiny_model, tmp_path) == later
    (corpus / "extra.md").unlink()
    assert _fresh(corpus, collection, tiny_model, tmp_path) == now


def test_allowed_again_it_comes_back_with_the_next_build(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    first = build_tiny().snapshot
    take_down(collection, ["rain", "snow"])
    assert removed(collection) == ("rain", "snow")
    allow(collection, ["rain"])
    assert removed(collection) == ("snow",)
    build_tiny()
    assert _documents(collection) == {"tides", "clouds", "rain"}
    allow(collection, ["snow"])
    assert build_tiny().snapshot == first
    with pytest.raises(DocumentNotFoundError, match=r"'snow' is not removed; .*removed lists all"):
        allow(collection, ["snow"])


def test_without_its_last_document_the_index_is_empty_and_answers_nothing(
    collection: Collection, build_tiny: BuildTiny, tiny_model: Path
) -> None:
    build_tiny()
    now = take_down(collection, ["rain", "snow", "clouds", "tides"])
    assert verify(collection).counts["passages"] == 0
    asker = Asker(collection, model=str(tiny_model))
    answer = asker.ask("what are clouds", wanted=Wanted(near_misses=True))
    filtered = asker.ask("what are clouds", Filters(kind=("guide",)))
    asker.close()
    assert (answer.reason, answer.near_misses, answer.related) == ("empty_corpus", (), ())
    assert (filtered.reason, filtered.citations) == ("empty_corpus", ())
    assert build_tiny().snapshot == now


def test_a_process_that_has_the_old_snapshot_open_reads_on_until_it_changes(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    build_tiny()
    asker = Asker(collection)
    wanted = Wanted(k=50, near_misses=True)
    before = asker.ask("drops of rain", wanted=wanted)
    assert "rain" in {c.document.doc_id for c in before.citations or before.near_misses}
    take_down(collection, ["rain"])
    assert replace(asker.ask("drops of rain", wanted=wanted), took_ms=before.took_ms) == before
    assert asker.document("rain").text == "Drops fall once they are heavy enough."
    assert asker.reload()
    after = asker.ask("drops of rain", wanted=wanted)
    assert {c.document.doc_id for c in after.citations or after.near_misses} == {
        "clouds",
        "snow",
        "tides",
    }
    asker.close()


def test_earlier_states_of_its_text_leave_the_vector_cache_too(
    collection: Collection, build_tiny: BuildTiny, corpus: Path, twice: tuple[str, str]
) -> None:
    vectors = _vectors_of(collection, "rain")
    lines = corpus / "more.jsonl"
    lines.write_text(lines.read_text().replace("heavy enough", "too heavy"))
    build_tiny()
    (corpus / "extra.md").write_text("# Extra\n\nChanged.\n")
    build_tiny()
    assert set(prune(collection, 1)) == set(twice)
    assert all(_files_with(collection, vector) == ["vectors.sqlite"] for vector in vectors)
    take_down(collection, ["rain"])
    assert all(_files_with(collection, vector) == [] for vector in vectors)


def test_an_unknown_document_is_an_error_that_changes_nothing(
    collection: Collection, twice: tuple[str, str]
) -> None:
    with pytest.raises(DocumentNotFoundError, match="no snapshot holds a document 'nowhere'"):
        take_down(collection, ["rain", "nowhere"])
    assert removed(collection) == ()
    assert current(collection) == twice[1]


def test_taking_down_again_is_no_error_and_finishes_what_was_begun(
    collection: Collection, twice: tuple[str, str], tmp_path: Path
) -> None:
    shutil.copytree(collection.home, tmp_path / "saved")
    now = take_down(collection, ["rain"])
    assert take_down(collection, ["rain"]) == now
    # As after a kill before the old snapshots were deleted.
    for name in twice:
        shutil.copytree(tmp_path / "saved" / "snapshots" / name, collection.snapshot(name))
    shutil.copyfile(tmp_path / "saved" / "vectors.sqlite", collection.vectors)
    made = collection.snapshot(str(now)).stat().st_ino
    assert take_down(collection, ["rain"]) == now
    assert collection.snapshot(str(now)).stat().st_ino == made  # what serves was not replaced
    assert _files_with(collection, RAIN) == []
    assert len(snapshots(collection)) == 2


def test_the_snapshot_without_it_may_be_the_one_that_is_published(
    collection: Collection, build_tiny: BuildTiny, corpus: Path
) -> None:
    build_tiny()
    _without_rain(corpus)
    published = build_tiny().snapshot
    made = collection.snapshot(published).stat().st_ino
    assert take_down(collection, ["rain"]) == published
    assert [path.name for path in snapshots(collection)] == [published]
    assert collection.snapshot(published).stat().st_ino == made
    assert _files_with(collection, RAIN) == []


def _cut(folder: Path) -> None:
    path = folder / "documents.sqlite"
    path.write_bytes(path.read_bytes()[:-512])


def _garble(folder: Path) -> None:
    (folder / "documents.sqlite").write_bytes(b"\xff" * 9999 + RAIN)


def _lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


@pytest.mark.parametrize("damage", [_cut, _garble, _lose_manifest])
@pytest.mark.parametrize("which", [0, 1], ids=["older", "current"])
def test_a_snapshot_that_does_not_verify_goes_with_it(
    collection: Collection, twice: tuple[str, str], damage: Callable[[Path], None], which: int
) -> None:
    damage(collection.snapshot(twice[which]))
    take_down(collection, ["rain"])
    assert _files_with(collection, RAIN) == []
    assert len(snapshots(collection)) == 1
    expected = {"tides", "clouds", "snow"} | ({"extra"} if which == 0 else set())
    assert _documents(collection) == expected


@pytest.mark.usefixtures("twice")
def test_with_nothing_left_that_verifies_nothing_is_published(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    take_down(collection, ["rain"])
    for path in snapshots(collection):
        _cut(path)
    take_down(collection, ["rain"])
    with pytest.raises(SnapshotMissingError, match="groundedqa build"):
        open_current(collection)
    build_tiny()
    assert _documents(collection) == {"tides", "clouds", "snow", "extra"}


def test_passages_of_equal_text_in_two_documents_are_told_apart(
    collection: Collection, build_tiny: BuildTiny, corpus: Path
) -> None:
    (corpus / "copy.jsonl").write_text(
        '{"_id": "copy", "title": "Rain", "text": "Drops fall once they are heavy enough."}\n'
    )
    build_tiny()
    take_down(collection, ["rain"])
    assert _documents(collection) == {"tides", "clouds", "snow", "copy"}
    assert build_tiny().reused


def test_the_command_says_what_it_did_and_waits_for_no_build(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    build_tiny()
    with build_lock(collection.build_lock):
        refused = command("remove", "--index", collection.index, "rain")
    assert (refused.returncode, "another build (pid " in refused.stderr) == (2, True)
    done = command("remove", "--index", collection.index, "rain", "snow")
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"removed rain, snow; snapshot {current(collection)} is current\n"
    unknown = command("remove", "--index", collection.index, "nowhere")
    assert (unknown.returncode, "nowhere" in unknown.stderr) == (2, True)
    assert command("allow", "--index", collection.index, "rain").returncode == 0
    assert removed(collection) == ("snow",)
