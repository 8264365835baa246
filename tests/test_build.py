"""The pipeline: equal input makes an equal snapshot, and what goes wrong changes nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from groundedqa.build import BuildSettings, build
from groundedqa.chunk import ChunkSettings, encoded_texts
from groundedqa.encode import find_weights, load_exported
from groundedqa.errors import CorpusError, SnapshotMissingError
from groundedqa.index import FlatIndex
from groundedqa.snapshot import Collection, current, open_current, verify
from groundedqa.types import Filters
from tests.conftest import BuildTiny
from tests.support.building import build_by_command, grow, snapshot_made
from tests.support.tiny_model import tiny


@pytest.fixture
def settings(tiny_model: Path) -> BuildSettings:
    return BuildSettings(model=str(tiny_model), passage_tokens=48, tunes=False)


def test_files_that_came_in_another_order_and_place_make_the_same_snapshot(
    build_tiny: BuildTiny, corpus: Path, collection: Collection, settings: BuildSettings
) -> None:
    first = build_tiny()
    moved = corpus.parent / "elsewhere"
    moved.mkdir()
    for path in sorted(corpus.iterdir(), reverse=True):
        shutil.copyfile(path, moved / path.name)
    second = build(moved, collection, settings)
    assert (second.snapshot, second.reused) == (first.snapshot, True)


def test_threads_and_the_cache_have_no_part_in_the_id(
    build_tiny: BuildTiny, corpus: Path, collection: Collection, tiny_model: Path
) -> None:
    ids = {build_tiny().snapshot}
    for threads, fresh in ((1, True), (2, True), (1, False), (None, False)):
        if fresh:
            collection.vectors.unlink()
        shutil.rmtree(collection.snapshots)
        built = build(corpus, collection, BuildSettings(str(tiny_model), 48, threads, tunes=False))
        assert not built.reused
        ids.add(built.snapshot)
    assert len(ids) == 1


def test_another_locale_makes_the_same_snapshot(
    corpus: Path, collection: Collection, tiny_model: Path, build_tiny: BuildTiny
) -> None:
    (corpus / "Ünïcödé ist schön.md").write_text("# Éa\n\nDas İstanbul der ﬁnalen Straße.\n")
    (corpus / "i.md").write_text("# I\n\nTitle in i and I and \u0131.\n")
    expected = build_tiny().snapshot
    for locale in ("C", "POSIX", "tr_TR.UTF-8", "C.UTF-8"):
        shutil.rmtree(collection.snapshots)
        made = snapshot_made(
            build_by_command(corpus, collection, tiny_model, LC_ALL=locale, PYTHONHASHSEED="7")
        )
        assert made == expected, locale


def test_whatever_the_content_depends_on_changes_the_id(
    build_tiny: BuildTiny,
    corpus: Path,
    collection: Collection,
    settings: BuildSettings,
) -> None:
    ids = [build_tiny().snapshot]
    ids.append(build(corpus, collection, BuildSettings(settings.model, 40, tunes=False)).snapshot)
    other = tiny(prompts={"query": "q: "})
    ids.append(build(corpus, collection, BuildSettings(str(other), 48, tunes=False)).snapshot)
    (corpus / "site.toml").write_text('name = "Another site"\n')
    ids.append(build_tiny().snapshot)
    page = corpus / "clouds.md"
    page.write_text(page.read_text().replace("droplets", "Droplets"))
    ids.append(build_tiny().snapshot)
    page.unlink()
    ids.append(build_tiny().snapshot)
    assert len(set(ids)) == len(ids)


def test_a_snapshot_that_exists_is_verified_and_used_again(
    build_tiny: BuildTiny, collection: Collection
) -> None:
    first = build_tiny()
    folder = collection.snapshot(first.snapshot)
    state = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    second = build_tiny()
    assert (first.reused, second.reused) == (False, True)
    assert second.report == first.report
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == state


@pytest.mark.parametrize(
    "name", ["documents.sqlite", "vectors.faiss", "report.json", "manifest.json"]
)
def test_a_damaged_snapshot_is_replaced_by_a_build(
    build_tiny: BuildTiny, collection: Collection, name: str
) -> None:
    first = build_tiny()
    path = collection.snapshot(first.snapshot) / name
    content = path.read_bytes()
    for damaged in (content[:-1], bytes([content[0] ^ 1]) + content[1:], None):
        if damaged is None:
            path.unlink()
        else:
            path.write_bytes(damaged)
        again = build_tiny()
        assert (again.snapshot, again.reused) == (first.snapshot, False)
        assert verify(collection).snapshot == first.snapshot
        assert [p.name for p in collection.snapshots.iterdir()] == [first.snapshot]


def test_each_row_holds_the_vector_of_its_own_passage(
    build_tiny: BuildTiny, collection: Collection, corpus: Path, settings: BuildSettings
) -> None:
    grow(corpus, 10)
    build_tiny()
    snapshot = open_current(collection)
    encoder = load_exported(collection.encoders, find_weights(settings.model).name)
    chunking = ChunkSettings(window=encoder.window, target=48, special=encoder.special)
    passages = snapshot.store.passages(snapshot.store.rows(Filters()).tolist())
    assert isinstance(snapshot.vectors, FlatIndex)
    assert len(passages) == len(snapshot.vectors) > 128  # more than are encoded together
    for row, passage in enumerate(passages):
        document = snapshot.store.document(passage.doc_id)
        assert document.text[passage.start : passage.end] == passage.text
        [text] = encoded_texts(document, [passage], encoder.count_tokens, chunking)
        [vector] = encoder.encode_passages([text])
        assert np.abs(snapshot.vectors.vectors[row] - vector).max() < 1e-5
    snapshot.close()


def _cached(collection: Collection) -> int:
    with closing(sqlite3.connect(collection.vectors)) as db:
        count: int = db.execute("SELECT count(*) FROM vectors").fetchone()[0]
        return count


def test_an_edit_encodes_what_it_changed_and_no_more(
    build_tiny: BuildTiny, collection: Collection, corpus: Path
) -> None:
    build_tiny()
    before = _cached(collection)
    page = corpus / "clouds.md"
    page.write_text(page.read_text().replace("on dust", "on fine dust"))
    build_tiny()
    assert _cached(collection) == before + 1


def test_a_build_that_is_not_to_publish_leaves_what_is_published(
    build_tiny: BuildTiny, collection: Collection, corpus: Path
) -> None:
    assert not build_tiny(publishes=False).published
    assert current(collection) is None
    with pytest.raises(SnapshotMissingError):
        open_current(collection)
    first = build_tiny().snapshot
    (corpus / "clouds.md").unlink()
    assert build_tiny(publishes=False).snapshot != first
    assert current(collection) == first


def test_what_can_not_be_read_is_named_and_the_rest_is_built(
    build_tiny: BuildTiny, collection: Collection, corpus: Path
) -> None:
    whole = build_tiny()
    (corpus / "bad.txt").write_bytes(bytes(range(256)))
    (corpus / "empty.md").touch()
    (corpus / "same.jsonl").write_text('{"_id": "rain", "title": "Rain", "text": "Again."}\n')
    result = build_tiny()
    assert result.snapshot == whole.snapshot
    problems = {problem["source"]: problem["reason"] for problem in result.report["problems"]}
    assert problems.keys() == {"bad.txt", "empty.md", "same.jsonl"}
    assert problems["same.jsonl"].startswith("duplicate id rain: more.jsonl has it already")
    with pytest.raises(CorpusError, match=r"3 sources can't be read.*\n.*bad\.txt"):
        build_tiny(strict=True)
    assert current(collection) == whole.snapshot


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_corpus_without_a_document_is_an_error_and_publishes_nothing(
    collection: Collection, settings: BuildSettings, tmp_path: Path, content: bytes | None
) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    if content is not None:
        (folder / "page.txt").write_bytes(content)
    with pytest.raises(CorpusError, match="no document could be read in"):
        build(folder, collection, settings)
    assert current(collection) is None
    assert list(collection.snapshots.iterdir()) == []
    with pytest.raises(CorpusError, match="is neither a folder nor an archive"):
        build(tmp_path / "nowhere", collection, settings)


def test_an_interrupted_build_leaves_nothing_unfinished_and_keeps_its_vectors(
    build_tiny: BuildTiny, collection: Collection, corpus: Path, settings: BuildSettings
) -> None:
    published = build_tiny().snapshot
    before = _cached(collection)
    grow(corpus, 30)

    def interrupt(what: str, done: int, total: int) -> None:
        if what == "encoding" and done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(corpus, collection, settings, progress=interrupt)
    assert [path.name for path in collection.snapshots.iterdir()] == [published]
    assert _cached(collection) >= before + 128
    assert verify(collection).snapshot == published
