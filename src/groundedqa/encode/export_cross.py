"""sentence-transformers' CrossEncoder to ONNX; used only after its scores were compared."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from groundedqa.encode.cross import Activation, ExportedCross, OnnxCrossEncoder
from groundedqa.encode.export import alone, quiet
from groundedqa.encode.weights import MATTERS, cached_folder, file_sha256
from groundedqa.errors import EncoderError, EncoderMissingError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_MOST_DIFFERENCE = 1e-3
_QUESTION = "Why is the sky blue? Почему небо голубое?"
_PASSAGES = (
    "x",
    "Air scatters blue light more than red light.",
    "1 2 3 4.5 $6.78 9% \\( E = \\tfrac12 m v^2 \\) 🙂",
    "Supply meets demand at the price where buyers want what sellers offer. " * 4,
    "A passage that is longer than the window of most encoders is cut at its end. " * 80,
)


def exported_cross_encoder(model: str, home: Path, threads: int | None = None) -> OnnxCrossEncoder:
    """The cross-encoder of this folder or cached hub name, exported into ``home`` if need be.

    Raises:
        EncoderMissingError: no weights of this name, or none as .safetensors.
        EncoderError: the model can't be exported, or its scores would differ.
    """
    folder = Path(model) if Path(model).is_dir() else cached_folder(model)
    target = home / _name(folder, model.rstrip("/").rsplit("/", 1)[-1])
    home.mkdir(parents=True, exist_ok=True)
    with alone(home):
        try:
            return OnnxCrossEncoder(target, threads)
        except EncoderMissingError:
            _export_into(target, folder, threads)
    return OnnxCrossEncoder(target, threads)


def _name(folder: Path, label: str) -> str:
    files = sorted(p for p in folder.rglob("*") if p.suffix in MATTERS and p.is_file())
    if not (folder / "config.json").exists():
        raise EncoderMissingError(f"{folder} holds no config.json: it is no cross-encoder")
    if not any(path.suffix == ".safetensors" for path in files):
        raise EncoderMissingError(f"{folder} holds no weights as .safetensors; pickles aren't read")
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(folder).as_posix()}:{file_sha256(path)}\n".encode())
    return f"{label}@{whole.hexdigest()[:12]}"


def _export_into(target: Path, folder: Path, threads: int | None) -> None:
    aside = Path(tempfile.mkdtemp(prefix=".export-", dir=target.parent))
    try:
        with quiet():
            model = _load(folder)
            described = _describe(model, target.name)
            model.tokenizer.backend_tokenizer.save(str(aside / "tokenizer.json"))
            _export(model, aside / "model.onnx")
            described.write(aside)
            difference = _difference(OnnxCrossEncoder(aside, threads), model)
            replace(described, largest_difference=difference).write(aside)
        shutil.rmtree(target, ignore_errors=True)  # one of another format
        aside.chmod(0o755)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _load(folder: Path) -> CrossEncoder:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the folder is complete: nothing is fetched
    from sentence_transformers import CrossEncoder

    model: CrossEncoder = CrossEncoder(
        str(folder),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True, "attn_implementation": "eager"},
    )
    return model


def _describe(model: CrossEncoder, name: str) -> ExportedCross:
    known: dict[str, Activation] = {"Sigmoid": "sigmoid", "Identity": "identity"}
    activation = known.get(type(model.activation_fn).__name__)
    if model.num_labels != 1 or activation is None or model.default_prompt_name:
        raise EncoderError(
            f"{name} can't rerank: it needs one label, no prompt, and sigmoid or identity at its "
            "end; choose another cross-encoder"
        )
    if getattr(model.tokenizer, "backend_tokenizer", None) is None:
        raise EncoderError(f"{name} has no fast tokenizer, and so can't be exported")
    return ExportedCross(
        name=name,
        window=min(int(model.tokenizer.model_max_length), int(model.max_length or 512)),
        activation=activation,
        pad_id=int(model.tokenizer.pad_token_id or 0),
        made_by={n: version(n) for n in ("torch", "sentence-transformers", "onnxscript")},
    )


def _export(model: CrossEncoder, path: Path) -> None:
    import torch

    features = model.preprocess([("one", "text"), ("another", "text that is longer")])
    names = [name for name, value in features.items() if isinstance(value, torch.Tensor)]

    class Forward(torch.nn.Module):
        """The model over plain tensors, before its activation."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            outputs: Any = self.model(dict(zip(names, tensors, strict=True)))
            scores: torch.Tensor = outputs["scores"]
            return scores

    dynamic = torch.export.Dim.DYNAMIC
    with torch.no_grad():
        torch.onnx.export(
            Forward().eval(),
            tuple(features[name] for name in names),
            str(path),
            input_names=names,
            output_names=["scores"],
            dynamic_shapes=(tuple({0: dynamic, 1: dynamic} for _ in names),),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def _difference(exported: OnnxCrossEncoder, model: CrossEncoder) -> float:
    """The largest difference of the two models' scores over pairs of many kinds."""
    pairs = [(_QUESTION, passage) for passage in _PASSAGES]
    expected = np.asarray(model.predict(pairs, show_progress_bar=False), dtype=np.float32)
    largest = float(np.max(np.abs(exported.score(_QUESTION, _PASSAGES) - expected)))
    if not largest <= _MOST_DIFFERENCE:  # not a number is above it too
        raise EncoderError(
            f"the export of {exported.name} differs from sentence-transformers by {largest:.4f}; "
            "this model can't be served"
        )
    return largest
