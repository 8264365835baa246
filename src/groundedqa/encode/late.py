"""Late pooling: a sentence's vector from the run that makes its passage's vector.

The tokens of a sentence have read the whole passage by then, its title too, and nothing is encoded
twice (late chunking: Günther et al. 2024, arXiv 2409.04701).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from groundedqa.encode.compare import LEAST_COSINE
from groundedqa.encode.protocol import SentenceRows, Span, Vectors
from groundedqa.errors import EncoderError

if TYPE_CHECKING:
    from groundedqa.encode.onnx import OnnxEncoder

_LARGEST = 127  # of int8, the same on both sides of 0


def tokens_of(
    encoding: Any, spans: Sequence[Span], unknown: int | None, *, moved: int = 0
) -> NDArray[np.bool_]:
    """Which tokens of a tokenizer's ``Encoding`` stand in each span: (spans, tokens).

    Spans count code points of a text that stands behind a prompt of ``moved`` of them. Special
    tokens stand nowhere, and one for unknown characters says nothing of them: neither counts.
    """
    offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets.T
    read = starts < ends
    if unknown is not None:
        read &= np.asarray(encoding.ids) != unknown
    bounds = np.asarray(spans, dtype=np.int64).reshape(-1, 2) + moved
    within: NDArray[np.bool_] = read & (starts < bounds[:, 1:]) & (bounds[:, :1] < ends)
    return within


def pooled(tokens: Vectors, members: NDArray[np.bool_]) -> SentenceRows:
    """The mean of each sentence's token vectors as int8; zeros for a sentence without tokens.

    ``tokens`` holds a row for each token and any rows of padding behind them.
    """
    # The sum has the direction of the mean.
    return as_int8(members.astype(np.float32) @ tokens[: members.shape[1]])


def encoded_alone(
    texts: Sequence[str],
    spans: Sequence[Sequence[Span]],
    encode: Callable[[Sequence[str]], Vectors],
    tokenizer: Any,
    unknown: int | None,
) -> list[SentenceRows]:
    """The rows of each text's sentences, encoded as if each were a passage.

    For models whose vector is not the mean of token vectors.
    """
    parts = [text[a:b] for text, bounds in zip(texts, spans, strict=True) for a, b in bounds]
    known = [
        tokens_of(encoding, [(0, len(part))], unknown).any()
        for part, encoding in zip(parts, tokenizer.encode_batch(parts), strict=True)
    ]
    rows = as_int8(encode(parts) * np.array(known, dtype=np.float32)[:, None])
    firsts = np.cumsum([0, *map(len, spans)])
    return [rows[first:last] for first, last in pairwise(firsts)]


def unit(vectors: Vectors) -> Vectors:
    """Rows brought to unit length; a row of zeros stays one."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows: Vectors = vectors / np.maximum(norms, np.finfo(np.float32).tiny)
    return rows


def as_int8(vectors: Vectors) -> SentenceRows:
    """Unit rows times 127, rounded; a row of zeros stays one.

    Raises:
        EncoderError: a vector holds what is no number.
    """
    if not np.isfinite(vectors).all():
        raise EncoderError("a sentence's vector is not made of numbers; this model can't be served")
    rows: SentenceRows = np.rint(_LARGEST * unit(vectors)).astype(np.int8)
    return rows


def compare_means(exported: OnnxEncoder) -> None:
    """Whether the mean of a text's token vectors is the text's vector, in a padded batch too.

    Raises:
        EncoderError: it is not.
    """
    for _, feed in exported.token_batches(["x", "The ground cools first. " * 9, "Why? 🙂"]):
        mask = feed["attention_mask"][:, :, None]
        means = unit((exported.run(feed, "token_embeddings") * mask).sum(axis=1))
        least = float(np.sum(means * unit(exported.run(feed)), axis=1).min())
        if not least >= LEAST_COSINE:  # not a number is below it too
            raise EncoderError(
                f"the token vectors of {exported.name} are not what its vectors are the mean of: "
                f"cosine {least:.4f} is below {LEAST_COSINE}; this model can't be served"
            )
