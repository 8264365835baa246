"""Encoders: the exported model is the model, and nothing else is ever used in its place."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.encode import (
    DEFAULT,
    OnnxEncoder,
    SentenceRows,
    Vectors,
    find_weights,
    load_exported,
)
from groundedqa.encode.batches import batches_by_length
from groundedqa.encode.compare import compare
from groundedqa.encode.export import ReferenceEncoder, exported_encoder
from groundedqa.encode.protocol import Span
from groundedqa.errors import EncoderError, EncoderMissingError
from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny
from tests.support.tiny_model import DIM, WINDOW, tiny
from tests.support.tiny_model import exported as kept_export

PROMPTS = {"query": "ask about: ", "document": "read this: "}
TEXTS = [
    "clouds",
    "Why are there two tides a day?",
    "The ground cools first, and fog forms over it. " * 20,  # longer than the window
    "a",
    "Ünïcödé, 日本語 and 🙂",
    "one\ntwo\n\nthree",
    " ",
]


@pytest.fixture(scope="module")
def prompted() -> Path:
    return tiny(prompts=PROMPTS)


@pytest.fixture(scope="module")
def home(prompted: Path) -> Path:
    return kept_export(prompted)


@pytest.fixture
def exported(home: Path, prompted: Path) -> OnnxEncoder:
    return load_exported(home, find_weights(str(prompted)).name)


@pytest.fixture
def copied(home: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "encoders"
    shutil.copytree(home, folder)
    yield folder


def test_vectors_equal_those_of_sentence_transformers(
    exported: OnnxEncoder, prompted: Path
) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(prompted), device="cpu", local_files_only=True)
    queries = model.encode_query(TEXTS, normalize_embeddings=True)
    passages = model.encode_document(TEXTS, normalize_embeddings=True)
    assert np.abs(exported.encode_queries(TEXTS) - queries).max() < 1e-5
    assert np.abs(exported.encode_passages(TEXTS) - passages).max() < 1e-5
    assert np.abs(queries - passages).max() > 0.01  # the prompts do something


def test_vectors_are_unit_rows_of_float32_in_the_order_of_the_texts(exported: OnnxEncoder) -> None:
    together = exported.encode_passages(TEXTS)
    assert together.dtype == np.float32
    assert together.shape == (len(TEXTS), DIM)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-6)
    alone = np.concatenate([exported.encode_passages([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_no_text_is_no_row_and_no_count(exported: OnnxEncoder, prompted: Path) -> None:
    for encoder in (exported, ReferenceEncoder(find_weights(str(prompted)))):
        assert encoder.encode_queries([]).shape == (0, DIM)
        assert encoder.encode_passages([]).shape == (0, DIM)
        assert encoder.count_tokens([]) == []


def test_what_stands_beyond_the_window_changes_nothing(exported: OnnxEncoder) -> None:
    inside = "ab " * WINDOW
    first, second = exported.encode_passages([inside + "cd", inside + "zz ef"])
    assert np.array_equal(first, second)


def test_tokens_are_counted_without_special_tokens_prompts_and_truncation(
    exported: OnnxEncoder, prompted: Path
) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(prompted)
    expected = [len(tokenizer.tokenize(text)) for text in TEXTS]
    assert max(expected) > WINDOW
    assert exported.count_tokens(TEXTS) == expected
    reference = ReferenceEncoder(find_weights(str(prompted)))
    assert reference.count_tokens(TEXTS) == expected
    assert exported.window == reference.window == WINDOW
    prompt = len(tokenizer.tokenize(PROMPTS["document"]))
    assert exported.special == reference.special == 2 + prompt


def test_encoding_changes_no_count_and_counting_no_vector(exported: OnnxEncoder) -> None:
    before = exported.encode_passages(TEXTS)
    counts = exported.count_tokens(TEXTS)
    assert np.array_equal(exported.encode_passages(TEXTS), before)
    assert exported.count_tokens(TEXTS) == counts


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x01
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("place", [0, 1000, -1])
def test_a_changed_byte_of_an_exported_file_is_refused_by_name(
    copied: Path, prompted: Path, name: str, place: int
) -> None:
    encoder = find_weights(str(prompted)).name
    _flip(copied / encoder / name, place)
    with pytest.raises(EncoderError, match=rf"{name} is not what was exported; .*groundedqa build"):
        load_exported(copied, encoder)
    with pytest.raises(EncoderError, match=name):  # a build does not use it either
        exported_encoder(str(prompted), copied)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_missing_exported_file_is_refused_by_name(
    copied: Path, prompted: Path, name: str
) -> None:
    encoder = find_weights(str(prompted)).name
    (copied / encoder / name).unlink()
    with pytest.raises(EncoderError, match=name):
        load_exported(copied, encoder)


def test_a_change_of_any_byte_of_the_description_is_refused(copied: Path, prompted: Path) -> None:
    encoder = find_weights(str(prompted)).name
    path = copied / encoder / "encoder.json"
    content = path.read_bytes()
    for place in range(len(content)):
        for bit in (0x01, 0x80):
            changed = bytearray(content)
            changed[place] ^= bit
            path.write_bytes(changed)
            with pytest.raises(EncoderError, match=f"{encoder.split('+')[0]}.*groundedqa build"):
                load_exported(copied, encoder)


def test_an_export_of_another_format_is_made_again_by_a_build(copied: Path, prompted: Path) -> None:
    encoder = find_weights(str(prompted)).name
    path = copied / encoder / "encoder.json"
    described = json.loads(path.read_text())
    path.write_text(json.dumps({**described, "format": 0}))
    with pytest.raises(EncoderMissingError, match="another format; run: groundedqa build"):
        load_exported(copied, encoder)
    (copied / ".export-killed").mkdir()
    assert exported_encoder(str(prompted), copied).name == encoder
    assert [path.name for path in copied.iterdir()] == [encoder]


def test_the_description_holds_the_least_cosine_of_the_comparison(
    home: Path, prompted: Path
) -> None:
    path = home / find_weights(str(prompted)).name / "encoder.json"
    assert 0.9999 <= json.loads(path.read_text())["least_cosine"] <= 1.0001


def test_an_export_whose_vectors_differ_is_refused_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    """A model that leaves the prompt out of its mean does what no export of its modules does."""
    model = Path(shutil.copytree(tiny(prompts=PROMPTS), tmp_path / "made"))
    config = next(model.glob("*_Pooling")) / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "include_prompt": False}))
    folder = tmp_path / "encoders"
    with pytest.raises(EncoderError, match=r"differs from sentence-transformers: cosine 0\.\d+"):
        exported_encoder(str(model), folder)
    assert list(folder.iterdir()) == []


def test_an_encoder_that_was_never_exported_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissingError, match=r"m@1\+0 is not in .*run: groundedqa build"):
        load_exported(tmp_path, "m@1+0")


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.lists(st.integers(0, 5000), max_size=60))
def test_batches_hold_every_text_once_the_longest_first_and_bounded(lengths: list[int]) -> None:
    batches = list(batches_by_length(lengths))
    order = [index for batch in batches for index in batch]
    assert sorted(order) == list(range(len(lengths)))
    assert [lengths[index] for index in order] == sorted(lengths, reverse=True)
    for batch in batches:
        padded = len(batch) * max(lengths[index] for index in batch)
        assert len(batch) == 1 or (len(batch) <= 8 and padded <= 2048)


_HEAVY = ("torch", "transformers", "sentence_transformers")
_IMPORTED = f"""
import sys
{{code}}
print(*(name for name in {_HEAVY} if name in sys.modules))
"""
_ASKED = """
from groundedqa.cli.main import app
try:
    app(sys.argv[1:], standalone_mode=False)
except SystemExit as ended:
    assert not ended.code, ended
"""


def _imports(code: str, *words: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", _IMPORTED.format(code=code), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.splitlines()


@pytest.mark.parametrize(
    "module", ["groundedqa.ask", "groundedqa.server", "groundedqa.cli.main", "groundedqa.snapshot"]
)
def test_importing_what_serves_imports_no_torch(module: str) -> None:
    assert _imports(f"import {module}") == [""]


def test_a_whole_question_imports_no_torch(
    build_tiny: BuildTiny, collection: Collection, tiny_model: Path
) -> None:
    build_tiny()
    words = ["ask", "--index", str(collection.index), "--model", str(tiny_model), "clouds?"]
    *answer, imported = _imports(_ASKED, *words)
    assert answer[0].startswith("1. ")
    assert imported == ""


@pytest.mark.model
def test_the_default_model_gives_the_five_numbers_that_it_is_known_by(sample: Collection) -> None:
    """The first of the vectors of all-MiniLM-L6-v2, as sentence-transformers gives them."""
    encoder = load_exported(sample.encoders, find_weights(DEFAULT).name)
    [vector] = encoder.encode_queries(["This is an example sentence"])
    assert (encoder.dim, encoder.window, encoder.special) == (384, 256, 2)
    assert vector[:5].tolist() == pytest.approx(
        [0.067657, 0.063496, 0.048713, 0.079305, 0.037448], abs=2e-5
    )


class _Broken:
    """An encoder whose vectors are not numbers, as those of a model that overflows."""

    name, dim, window, special = "broken@1+0", DIM, WINDOW, 2

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.full((len(texts), DIM), np.nan, dtype=np.float32)

    encode_passages = encode_queries

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        raise NotImplementedError


def test_vectors_that_are_not_numbers_never_pass_the_comparison(exported: OnnxEncoder) -> None:
    with pytest.raises(EncoderError, match="cosine nan is below"):
        compare(_Broken(), exported)
    assert compare(exported, exported) == pytest.approx(1, abs=1e-5)
