"""What everything above asks of an encoder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Span = tuple[int, int]  # half-open, in code points
SentenceRows = NDArray[np.int8]  # (sentences, dim): unit vectors times 127, rounded


class Encoder(Protocol):
    """Texts to unit vectors. Two encoders of one name give the same vectors.

    The name is ``model@digest+prompts``: the digest of the weights and the configuration, and that
    of the prompts that go before a query and a passage.
    """

    @property
    def name(self) -> str:
        """The model's name with the digest of all that its vectors depend on."""
        ...

    @property
    def dim(self) -> int:
        """The length of a vector."""
        ...

    @property
    def window(self) -> int:
        """How many tokens it reads of a text, special tokens and passage prompt included."""
        ...

    @property
    def special(self) -> int:
        """How many tokens of the window special tokens and the passage prompt take."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, in order, special tokens and prompts left out."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of float32, one for each query in order."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows of float32, one for each passage in order."""
        ...

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        """What ``encode_passages`` gives, to the bit, and a row for each span of each text.

        A span of which the encoder read nothing has a row of zeros: it lies beyond the window, or
        the tokenizer knows none of it. The others are compared with a query by inner product.
        """
        ...
