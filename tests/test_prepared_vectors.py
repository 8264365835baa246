"""build --vectors: vectors made elsewhere stand in the rows of their passages, or are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from groundedqa.build import BuildSettings, build
from groundedqa.cli.main import app
from groundedqa.encode import Vectors
from groundedqa.errors import ConfigurationError
from groundedqa.snapshot import Collection, current, open_current
from tests.conftest import BuildTiny
from tests.support.building import grow
from tests.support.tiny_model import DIM


def unit_rows(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, DIM))
    found: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def settings(model: Path, vectors: Path) -> BuildSettings:
    return BuildSettings(str(model), 48, tunes=False, vectors=vectors)


def test_each_passage_has_the_row_of_its_place_and_sentences_have_zeros(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path, build_tiny: BuildTiny
) -> None:
    grow(corpus, 10)
    encoded = build_tiny()
    count = encoded.report["counts"]["passages"]
    assert count > 128  # more than are read together
    made = {}
    for seed in (1, 2):
        path = tmp_path / f"{seed}.npy"
        np.save(path, unit_rows(count, seed))
        made[seed] = build(corpus, collection, settings(tiny_model, path)).snapshot
        snapshot = open_current(collection)
        assert snapshot.parts.vectors.vectors.tolist() == unit_rows(count, seed).tolist()
        assert not snapshot.parts.sentences.of(0).rows.any()
        assert len(snapshot.parts.sentences.of(0).bounds) > 0
        snapshot.close()
    assert len({encoded.snapshot, *made.values()}) == 3
    again = tmp_path / "again.npy"
    again.write_bytes((tmp_path / "2.npy").read_bytes())
    found = build(corpus, collection, settings(tiny_model, again))
    assert (found.snapshot, found.reused) == (made[2], True)


@pytest.mark.parametrize("by", ["flag", "variable"])
def test_the_command_takes_vectors_and_leaves_tuning_out(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path, by: str
) -> None:
    np.save(tmp_path / "rows.npy", unit_rows(8))
    flags, variables = ["--vectors", str(tmp_path / "rows.npy"), "--no-tune"], {}
    if by == "variable":
        flags, variables = [], {"GROUNDEDQA_VECTORS": flags[1], "GROUNDEDQA_NO_TUNE": "1"}
    given = ["--corpus", corpus, "--index", collection.index, "--model", tiny_model]
    words = ["build", *map(str, given), "--passage-tokens", "48", *flags]
    ran = CliRunner().invoke(app, words, env=variables)
    assert (ran.exit_code, ran.stderr) == (0, "")
    snapshot = open_current(collection)
    assert snapshot.parts.vectors.vectors.tolist() == unit_rows(8).tolist()
    assert snapshot.manifest.inputs["tuning"] == "defaults"
    assert len(snapshot.manifest.inputs["vectors"]) == 64
    snapshot.close()


@pytest.mark.parametrize("count", [0, 7, 9, 300])
def test_another_number_of_vectors_names_how_many_are_expected(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path, count: int
) -> None:
    path = tmp_path / "rows.npy"
    np.save(path, unit_rows(count))
    with pytest.raises(ConfigurationError) as caught:
        build(corpus, collection, settings(tiny_model, path))
    says = f"--vectors {path}: it holds {count} vectors, the corpus has 8 passages"
    assert str(caught.value) == says
    assert current(collection) is None


def wrong_rows() -> dict[str, tuple[object, str]]:
    long, unknown = unit_rows(8), unit_rows(8)
    long[4] *= 1.002
    unknown[2, 3] = np.nan
    return {
        "length": (long, "row 4 has the length 1.00"),
        "not a number": (unknown, "row 2 has the length nan; expected is 1"),
        "float64": (unit_rows(8).astype(np.float64), "it is an array of float64 (8, 32); expected"),
        "dim": (unit_rows(8)[:, :31], "(8, 31); expected are float32 (passages, 32)"),
        "one row": (unit_rows(1)[0], "(32,); expected are float32 (passages, 32)"),
        "objects": (np.array([{}], dtype=object), "Python objects in dtype"),
    }


@pytest.mark.parametrize("case", wrong_rows())
def test_what_is_no_array_of_unit_rows_is_refused_by_name(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path, case: str
) -> None:
    rows, says = wrong_rows()[case]
    path = tmp_path / "rows.npy"
    np.save(path, rows)  # type: ignore[arg-type] # whatever it is
    with pytest.raises(ConfigurationError) as caught:
        build(corpus, collection, settings(tiny_model, path))
    assert str(caught.value).startswith(f"--vectors {path}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("content", [None, b"", b"text", b"\x93NUMPY\x01\x00"])
def test_what_is_no_npy_file_is_refused_by_name(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "rows.npy"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"--vectors {path}: "):
        build(corpus, collection, settings(tiny_model, path))


def test_a_file_of_several_arrays_is_refused(
    collection: Collection, corpus: Path, tiny_model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "rows.npz"
    np.savez(path, unit_rows(8))
    with pytest.raises(ConfigurationError, match="it holds several arrays"):
        build(corpus, collection, settings(tiny_model, path))
