"""sentence-transformers: the reference encoder, and its export to ONNX. Nothing else imports torch.

The export is used only after its vectors were compared with the reference's on texts of many kinds.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundedqa.encode.compare import compare
from groundedqa.encode.onnx import Exported, OnnxEncoder, load_exported
from groundedqa.encode.protocol import Vectors
from groundedqa.encode.weights import Weights, find_weights
from groundedqa.errors import EncoderError, EncoderMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sentence_transformers import SentenceTransformer


class ReferenceEncoder:
    """An Encoder that runs a model with sentence-transformers itself, in its defaults."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._model = _load(weights)

    @property
    def model(self) -> SentenceTransformer:
        """The loaded model."""
        return self._model

    @property
    def name(self) -> str:
        """The same name as the exported encoder's, for the vectors are the same."""
        return self._weights.name

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return int(self.encode_queries(["x"]).shape[1])

    @property
    def window(self) -> int:
        """The model's ``max_seq_length``."""
        return int(self._model.max_seq_length or 512)

    @property
    def special(self) -> int:
        """Special tokens, and those of the passage prompt."""
        tokenizer = self._tokenizer()
        prompt = tokenizer.encode(self._weights.prompts[1], add_special_tokens=False)
        return int(tokenizer.num_special_tokens_to_add(False)) + len(prompt.ids)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, special tokens and prompts left out."""
        tokenizer = self._tokenizer()
        tokenizer.no_truncation()
        tokenizer.no_padding()
        encoded = tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encoded]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, with the query prompt before each text."""
        return self._encode(texts, self._weights.prompts[0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, with the passage prompt before each text."""
        return self._encode(texts, self._weights.prompts[1])

    def export(self, folder: Path) -> Exported:
        """Write the exported model, its tokenizer and its description into a folder."""
        self._tokenizer().save(str(folder / "tokenizer.json"))
        _export(self._model, folder / "model.onnx")
        described = Exported(
            name=self.name,
            dim=self.dim,
            window=self.window,
            special=self.special,
            prompts=self._weights.prompts,
            pad_id=int(self._model.tokenizer.pad_token_id or 0),
            made_by={n: version(n) for n in ("torch", "sentence-transformers", "onnxscript")},
        )
        described.write(folder)
        return described

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def _tokenizer(self) -> Any:
        backend = getattr(self._model.tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise EncoderError(f"{self.name} has no fast tokenizer, and so can't be exported")
        return backend


def exported_encoder(model: str, home: Path, threads: int | None = None) -> OnnxEncoder:
    """The model on ONNX Runtime; exported into ``home`` and compared when it is not there yet.

    Raises:
        EncoderMissingError: no weights of this name.
        EncoderError: the exported model's vectors differ from those of sentence-transformers.
    """
    weights = find_weights(model)
    try:
        return load_exported(home, weights.name, threads)
    except EncoderMissingError:
        pass
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        try:
            return load_exported(home, weights.name, threads)  # another build was faster
        except EncoderMissingError:
            _export_into(home, weights, threads)
    return load_exported(home, weights.name, threads)


def _export_into(home: Path, weights: Weights, threads: int | None) -> None:
    """Export aside, compare, and move into place; what killed builds left there is deleted."""
    for left in home.glob(".export-*"):
        shutil.rmtree(left, ignore_errors=True)
    aside = Path(tempfile.mkdtemp(prefix=".export-", dir=home))
    try:
        with _quiet():
            reference = ReferenceEncoder(weights)
            described = reference.export(aside)
            least = compare(OnnxEncoder(aside, threads), reference)
            replace(described, least_cosine=least).write(aside)
        target = home / weights.name
        shutil.rmtree(target, ignore_errors=True)  # one of another format
        aside.chmod(0o755)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One export at a time, whichever collection it is for; the others wait."""
    descriptor = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _load(weights: Weights) -> SentenceTransformer:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the folder is complete: nothing is fetched
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(
        str(weights.folder),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        # Attention in plain operations is what ONNX Runtime runs fastest: 48 passages a second
        # to 45.
        model_kwargs={"use_safetensors": True, "attn_implementation": "eager"},
    )


def _export(model: SentenceTransformer, path: Path) -> None:
    import torch

    features = model.preprocess(["one text", "another text that is longer"])
    names = [name for name, value in features.items() if isinstance(value, torch.Tensor)]

    class Forward(torch.nn.Module):
        """The model's modules in their order, over plain tensors."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            outputs = self.model(dict(zip(names, tensors, strict=True)))
            embedding: torch.Tensor = outputs["sentence_embedding"]
            return embedding

    dynamic = torch.export.Dim.DYNAMIC
    with torch.no_grad():
        torch.onnx.export(
            Forward().eval(),
            tuple(features[name] for name in names),
            str(path),
            input_names=names,
            output_names=["sentence_embedding"],
            dynamic_shapes=(tuple({0: dynamic, 1: dynamic} for _ in names),),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter speaks of its own inner steps; only its errors concern an operator."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
