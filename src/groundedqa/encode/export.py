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
from groundedqa.encode.late import compare_means, encoded_alone, pooled, tokens_of
from groundedqa.encode.onnx import POOLED, TOKENS, Exported, OnnxEncoder, load_exported
from groundedqa.encode.protocol import SentenceRows, Span, Vectors
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

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        """Pooled late, where the model allows it; otherwise sentences are encoded by themselves."""
        vectors, prompt = self.encode_passages(texts), self._weights.prompts[1]
        tokenizer, unknown = self._tokenizer(), self._model.tokenizer.unk_token_id
        if not _pools_late(self._model):
            return vectors, encoded_alone(texts, spans, self.encode_passages, tokenizer, unknown)
        own = self._model.encode(list(texts), prompt=prompt, output_value="token_embeddings")
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.window)
        read = [tokenizer.encode(prompt + text) for text in texts]
        within = [tokens_of(*e, unknown, moved=len(prompt)) for e in zip(read, spans, strict=True)]
        return vectors, [pooled(np.asarray(t), m) for t, m in zip(own, within, strict=True)]

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
            unknown_id=self._model.tokenizer.unk_token_id,
            pools_late=_pools_late(self._model),
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
    with alone(home):
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
        with quiet():
            reference = ReferenceEncoder(weights)
            described = reference.export(aside)
            exported = OnnxEncoder(aside, threads)
            least = compare(exported, reference)
            if described.pools_late:
                compare_means(exported)
            replace(described, least_cosine=least).write(aside)
        target = home / weights.name
        shutil.rmtree(target, ignore_errors=True)  # one of another format
        aside.chmod(0o755)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def alone(home: Path) -> Iterator[None]:
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
        # ONNX Runtime is fastest with attention in plain operations: 48 passages a second to 45.
        model_kwargs={"use_safetensors": True, "attn_implementation": "eager"},
    )


def _export(model: SentenceTransformer, path: Path) -> None:
    import torch

    features = model.preprocess(["one text", "another text that is longer"])
    names = [name for name, value in features.items() if isinstance(value, torch.Tensor)]
    outputs = [POOLED, TOKENS] if _pools_late(model) else [POOLED]

    class Forward(torch.nn.Module):
        """The model's modules in their order, over plain tensors."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
            made = self.model(dict(zip(names, tensors, strict=True)))
            return tuple(made[name] for name in outputs)

    dynamic = torch.export.Dim.DYNAMIC
    with torch.no_grad():
        torch.onnx.export(
            Forward().eval(),
            tuple(features[name] for name in names),
            str(path),
            input_names=names,
            output_names=outputs,
            dynamic_shapes=(tuple({0: dynamic, 1: dynamic} for _ in names),),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _pools_late(model: SentenceTransformer) -> bool:
    """Whether a text's vector is the plain mean of its token vectors, brought to unit length."""
    modules = list(model)
    kinds = [type(module).__name__ for module in modules]
    plain = kinds[:2] == ["Transformer", "Pooling"] and kinds[2:] in ([], ["Normalize"])
    return plain and modules[1].pooling_mode == "mean"


@contextmanager
def quiet() -> Iterator[None]:
    """The exporter speaks of its own inner steps; only its errors concern an operator."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
