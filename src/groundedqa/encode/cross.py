"""A cross-encoder on ONNX Runtime: how well a passage answers a question, read together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from groundedqa.encode.onnx import canonical, open_session
from groundedqa.encode.weights import file_sha256
from groundedqa.errors import EncoderError, EncoderMissingError

Scores = NDArray[np.float32]
Activation = Literal["sigmoid", "identity"]

CROSS_FORMAT = 1
_DESCRIPTION = "cross_encoder.json"
_FILES = ("model.onnx", "tokenizer.json")
_MEND = "remove it, and export the cross-encoder again"


@dataclass(frozen=True, slots=True)
class ExportedCross:
    """What an exported cross-encoder's folder says of itself, in ``cross_encoder.json``."""

    name: str
    window: int  # tokens of question and passage together, special ones included
    activation: Activation
    pad_id: int
    made_by: Mapping[str, str]
    largest_difference: float = 0.0  # from sentence-transformers' scores, once compared

    def write(self, folder: Path) -> None:
        """Describe the folder, with the sha256 of each of its files."""
        files = {name: file_sha256(folder / name) for name in _FILES}
        described = {"format": CROSS_FORMAT, **asdict(self), "files": files}
        (folder / _DESCRIPTION).write_text(canonical(described), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> ExportedCross:
        """Read the description, and check every file against it.

        Raises:
            EncoderMissingError: there is no such folder, or it is of another format.
            EncoderError: a file is not what was written.
        """
        path = folder / _DESCRIPTION
        try:
            text = path.read_bytes().decode()
            described: dict[str, Any] = json.loads(text)
            described.pop("checksum")
            intact = canonical(described) == text
            found = described.pop("format")
            files = described.pop("files")
        except FileNotFoundError:
            raise EncoderMissingError(f"{folder} is missing; export the cross-encoder") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EncoderError(f"{path} is not what was exported; {_MEND}") from error
        if not intact:
            raise EncoderError(f"{path} is not what was exported; {_MEND}")
        if found != CROSS_FORMAT:
            raise EncoderMissingError(f"{folder} is of another format; {_MEND}")
        for name in _FILES:
            if file_sha256(folder / name) != files.get(name):
                raise EncoderError(f"{folder / name} is not what was exported; {_MEND}")
        return cls(**described)


class OnnxCrossEncoder:
    """Scores pairs of a question and a passage; one session serves all threads."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._about = ExportedCross.read(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(self._about.window, strategy="longest_first")
        self._tokenizer.no_padding()
        self._session = open_session(folder / "model.onnx", threads)
        self._inputs = [node.name for node in self._session.get_inputs()]

    @property
    def name(self) -> str:
        """``model@digest`` of the weights."""
        return self._about.name

    def score(self, question: str, passages: Sequence[str]) -> Scores:
        """A score for each passage, higher is better, in one run of the model.

        A pair that is longer than the window loses the end of its longer text first.
        """
        if not passages:
            return np.empty(0, dtype=np.float32)
        encoded = self._tokenizer.encode_batch([(question, passage) for passage in passages])
        logits = self._session.run(None, self._feed(encoded))[0].reshape(-1).astype(np.float32)
        scores: Scores = _activated(logits, self._about.activation)
        return scores

    def _feed(self, encoded: Sequence[Any]) -> dict[str, Any]:
        shape = (len(encoded), max(len(encoding) for encoding in encoded))
        ids = np.full(shape, self._about.pad_id, dtype=np.int64)
        mask, types = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, encoding in enumerate(encoded):
            ids[row, : len(encoding)] = encoding.ids
            mask[row, : len(encoding)] = 1
            types[row, : len(encoding)] = encoding.type_ids
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        return {name: feed[name] for name in self._inputs}


def _activated(logits: Scores, activation: Activation) -> Scores:
    if activation == "identity":
        return logits
    # As a hyperbolic tangent it can't overflow.
    sigmoid: Scores = (0.5 * (1 + np.tanh(0.5 * logits))).astype(np.float32)
    return sigmoid
