"""The sentences of a passage: rows of the run that makes its vector, or of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from groundedqa.encode import OnnxEncoder, find_weights
from groundedqa.encode.export import ReferenceEncoder, exported_encoder
from groundedqa.encode.late import as_int8, compare_means
from groundedqa.encode.onnx import TOKENS
from groundedqa.encode.protocol import SentenceRows, Span
from groundedqa.errors import EncoderError
from tests.support.tiny_model import DIM, WINDOW, tiny
from tests.support.tiny_model import exported as kept_export

PROMPTS = {"query": "ask about: ", "document": "read this: "}
TITLE = "of fog\n"
TEXTS = [
    TITLE + "The ground cools. Fog forms over it!",
    TITLE + "𐌰𐌱 🙂. É e\u0301\u0323a. Ⅷ ﬁn ½ İ. End.",  # astral, accents, letters that grow
    TITLE + "Ab. " * WINDOW + "Beyond the window.",
    TITLE + "日本語 🙂🙂",
    "x",
]
SPANS = [
    [(7, 24), (25, 43)],
    [(7, 12), (13, 20), (21, 30), (31, 35)],
    [(7, 10), (7 + 4 * WINDOW, 7 + 4 * WINDOW + 18)],
    [(7, 13)],
    [],
]  # fmt: skip


@pytest.fixture(scope="module", params=["mean", "cls"])
def model(request: pytest.FixtureRequest) -> Path:
    return tiny(prompts=PROMPTS, pooling=request.param)


@pytest.fixture(scope="module")
def exported(model: Path) -> OnnxEncoder:
    return exported_encoder(str(model), kept_export(model))


@pytest.fixture(scope="module")
def late() -> OnnxEncoder:
    made = tiny(prompts=PROMPTS)
    return exported_encoder(str(made), kept_export(made))


def _many(texts: Sequence[str]) -> list[str]:
    """Enough of all lengths for every core to have batches."""
    return [text + " more" * (number % 7) for number in range(9) for text in texts]


def test_the_spans_of_these_texts_are_their_sentences() -> None:
    parts = [text[a:b] for text, spans in zip(TEXTS, SPANS, strict=True) for a, b in spans]
    assert parts == [
        *("The ground cools.", "Fog forms over it!"),
        *("𐌰𐌱 🙂.", "É e\u0301\u0323a.", "Ⅷ ﬁn ½ İ.", "End."),
        *("Ab.", "Beyond the window.", "日本語 🙂🙂"),
    ]  # fmt: skip


def test_passage_vectors_are_those_of_encode_passages_to_the_bit(exported: OnnxEncoder) -> None:
    for texts, spans in ((TEXTS, SPANS), (_many(TEXTS), SPANS * 9)):
        vectors, rows = exported.encode_with_sentences(texts, spans)
        assert vectors.tobytes() == exported.encode_passages(texts).tobytes()
        assert [made.shape for made in rows] == [(len(of_text), DIM) for of_text in spans]
        assert {made.dtype for made in rows} == {np.dtype(np.int8)}


def test_rows_are_those_of_sentence_transformers_token_vectors(
    exported: OnnxEncoder, model: Path
) -> None:
    reference = ReferenceEncoder(find_weights(str(model)))
    vectors, rows = exported.encode_with_sentences(TEXTS, SPANS)
    expected, expected_rows = reference.encode_with_sentences(TEXTS, SPANS)
    assert np.abs(vectors - expected).max() < 1e-5
    for ours, theirs in zip(rows, expected_rows, strict=True):
        assert np.abs(ours.astype(int) - theirs).max(initial=0) <= 1  # 0.5 may round either way


def _plainly(model: Path, text: str, span: Span) -> SentenceRows:
    """What a reader of the definition would compute, one token at a time."""
    from sentence_transformers import SentenceTransformer

    transformer = SentenceTransformer(str(model), device="cpu", local_files_only=True)
    prompt = PROMPTS["document"]
    tokenizer = transformer.tokenizer
    read = tokenizer(prompt + text, return_offsets_mapping=True, truncation=True, max_length=WINDOW)
    tokens = transformer.encode(text, prompt=prompt, output_value="token_embeddings").numpy()
    total = np.zeros(DIM)
    for token, vector, (start, end) in zip(
        read["input_ids"], tokens, read["offset_mapping"], strict=True
    ):
        here = {place - len(prompt) for place in range(start, end)}
        if here & set(range(*span)) and token != tokenizer.unk_token_id:
            total += vector
    length = float(np.linalg.norm(total)) or 1.0
    rows: SentenceRows = np.rint(127 * total / length).astype(np.int8)
    return rows


def test_a_row_is_the_mean_of_the_tokens_whose_characters_the_sentence_has(
    late: OnnxEncoder,
) -> None:
    model = tiny(prompts=PROMPTS)
    _, rows = late.encode_with_sentences(TEXTS, SPANS)
    for text, spans, made in zip(TEXTS, SPANS, rows, strict=True):
        for span, row in zip(spans, made, strict=True):
            assert np.abs(row.astype(int) - _plainly(model, text, span)).max() <= 1


def test_what_was_not_read_has_a_row_of_zeros_and_all_else_one_of_unit_length(
    late: OnnxEncoder,
) -> None:
    _, rows = late.encode_with_sentences(TEXTS, SPANS)
    lengths = [np.linalg.norm(made.astype(float), axis=1).tolist() for made in rows]
    read = pytest.approx(127, abs=3)
    assert lengths == [[read, read], [read] * 4, [read, 0.0], [0.0], []]


def test_sentences_of_a_model_that_is_no_mean_are_encoded_by_themselves() -> None:
    model = tiny(prompts=PROMPTS, pooling="cls")
    encoder = exported_encoder(str(model), kept_export(model))
    _, rows = encoder.encode_with_sentences(TEXTS, SPANS)
    alone = as_int8(encoder.encode_passages(["The ground cools.", "Fog forms over it!"]))
    assert np.abs(rows[0].astype(int) - alone).max() <= 1
    assert rows[2].any(axis=1).all()  # no window is in the way
    assert not rows[3].any()  # the tokenizer knows nothing of it


def test_no_text_is_no_row(exported: OnnxEncoder) -> None:
    vectors, rows = exported.encode_with_sentences([], [])
    assert vectors.shape == (0, DIM)
    assert rows == []


class _Moved(OnnxEncoder):
    """An export whose token vectors are not those that its vectors are the mean of."""

    def run(self, feed: object, output: str = "sentence_embedding") -> object:
        made = super().run(feed, output)  # type: ignore[arg-type]
        return made[:, ::-1] * np.arange(DIM) if output == TOKENS else made


def test_token_vectors_that_are_not_what_the_vector_is_made_of_are_refused(
    tiny_model: Path, tiny_encoders: Path
) -> None:
    encoder = exported_encoder(str(tiny_model), tiny_encoders)
    compare_means(encoder)
    with pytest.raises(EncoderError, match=r"token vectors of .* cosine 0\.\d+ is below"):
        compare_means(_Moved(tiny_encoders / encoder.name))


def test_vectors_that_are_not_numbers_are_refused() -> None:
    with pytest.raises(EncoderError, match="not made of numbers"):
        as_int8(np.full((1, DIM), np.nan, dtype=np.float32))
