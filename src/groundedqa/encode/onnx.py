"""The serving encoder: exported weights on ONNX Runtime, without torch or transformers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from groundedqa.encode.batches import batches_by_length, padded
from groundedqa.encode.late import encoded_alone, pooled, tokens_of, unit
from groundedqa.encode.protocol import SentenceRows, Span, Vectors
from groundedqa.encode.weights import file_sha256
from groundedqa.errors import EncoderError, EncoderMissingError

FORMAT = 3
POOLED, TOKENS = "sentence_embedding", "token_embeddings"  # the model's outputs
_DESCRIPTION = "encoder.json"
_FILES = ("model.onnx", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class Exported:
    """What an exported model's folder says of itself, in ``encoder.json``."""

    name: str
    dim: int
    window: int
    special: int
    prompts: tuple[str, str]
    made_by: Mapping[str, str]
    pad_id: int = 0
    unknown_id: int | None = None
    pools_late: bool = False  # the model gives token vectors, whose mean its vector is
    least_cosine: float = 0.0  # to sentence-transformers' vectors, once they were compared

    def write(self, folder: Path) -> None:
        """Describe the folder, with the sha256 of each of its files."""
        files = {name: file_sha256(folder / name) for name in _FILES}
        described = {"format": FORMAT, **asdict(self), "files": files}
        (folder / _DESCRIPTION).write_text(canonical(described), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Exported:
        """Read the description, and check every file against it.

        Raises:
            EncoderMissingError: there is no such folder, or it is of another format.
            EncoderError: a file is not what was written.
        """
        path = folder / _DESCRIPTION
        try:
            text = path.read_bytes().decode()
            described: dict[str, Any] = json.loads(text)
            found = described.pop("format")
            described.pop("checksum", None)
            intact = canonical({"format": found, **described}) == text
        except FileNotFoundError:
            raise EncoderMissingError(f"{folder} is missing; run: groundedqa build") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(path) from error
        if found != FORMAT:
            raise EncoderMissingError(f"{folder} is of another format; run: groundedqa build")
        if not intact:
            raise _damaged(path)
        for name, digest in described.pop("files").items():
            if file_sha256(folder / name) != digest:
                raise _damaged(folder / name)
        described["prompts"] = tuple(described["prompts"])
        return cls(**described)


class OnnxEncoder:
    """An Encoder on ONNX Runtime; one session serves all threads.

    ``threads`` bounds the processor threads of one call; None takes one for each core.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        self._about = Exported.read(folder)
        self._counter = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._counter.no_truncation()
        self._counter.no_padding()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(self._about.window)
        self._tokenizer.no_padding()
        self._model = folder / "model.onnx"
        self._threads = threads or os.cpu_count() or 1
        self._session = open_session(self._model, threads)
        self._inputs = [node.name for node in self._session.get_inputs()]

    @property
    def name(self) -> str:
        """The model's name with the digest of all that its vectors depend on."""
        return self._about.name

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return self._about.dim

    @property
    def window(self) -> int:
        """How many tokens it reads of a text."""
        return self._about.window

    @property
    def special(self) -> int:
        """How many tokens of the window special tokens and the passage prompt take."""
        return self._about.special

    def described(self) -> dict[str, Any]:
        """For a snapshot's manifest: which export made its vectors, and how far it was compared."""
        return {
            "name": self.name,
            "dim": self.dim,
            "window": self.window,
            "runtime": "ONNX Runtime",
            "model_sha256": file_sha256(self._model),
            "least_cosine": round(self._about.least_cosine, 6),
        }

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, special tokens and prompts left out."""
        encoded = self._counter.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encoded]

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, with the query prompt before each text."""
        return self._encode(texts, self._about.prompts[0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, with the passage prompt before each text."""
        return self._encode(texts, self._about.prompts[1])

    def encode_with_sentences(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]]
    ) -> tuple[Vectors, list[SentenceRows]]:
        """Pooled late, where the model allows it; otherwise sentences are encoded by themselves."""
        tokenizer, unknown = self._tokenizer, self._about.unknown_id
        if not self._about.pools_late:
            rows = encoded_alone(texts, spans, self.encode_passages, tokenizer, unknown)
            return self.encode_passages(texts), rows
        prompt = self._about.prompts[1]
        # Not the fast way: that leaves the offsets out.
        encoded = tokenizer.encode_batch([prompt + text for text in texts])
        members = [
            tokens_of(encoding, of_text, unknown, moved=len(prompt))
            for encoding, of_text in zip(encoded, spans, strict=True)
        ]
        late: dict[int, SentenceRows] = {}

        def take(batch: list[int], tokens: Vectors) -> None:
            late.update((i, pooled(own, members[i])) for i, own in zip(batch, tokens, strict=True))

        return self._vectors(encoded, take), [late[index] for index in range(len(texts))]

    def token_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], dict[str, Any]]]:
        """The inputs of the session batch by batch, with the indices of the texts in each."""
        encoded = self._tokenizer.encode_batch_fast(list(texts))
        for batch in batches_by_length([len(encoding) for encoding in encoded]):
            yield batch, self._feed([encoded[index] for index in batch])

    def run(self, feed: Mapping[str, Any], output: str = POOLED) -> Any:
        """One of the session's own outputs for one batch."""
        return self._session.run([output], feed)[0]

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        return self._vectors(self._tokenizer.encode_batch_fast([prompt + text for text in texts]))

    def _vectors(
        self, encoded: Sequence[Any], take: Callable[[list[int], Vectors], None] | None = None
    ) -> Vectors:
        """A unit row for each text; ``take`` is given each batch's token vectors as they come."""
        vectors = np.empty((len(encoded), self.dim), dtype=np.float32)
        batches = list(batches_by_length([len(encoding) for encoding in encoded]))

        def run(session: Any, batch: list[int]) -> None:
            feed = self._feed([encoded[index] for index in batch])
            vectors[batch], *tokens = session.run([POOLED, TOKENS] if take else [POOLED], feed)
            if take:
                take(batch, *tokens)

        if len(batches) < self._threads:
            for batch in batches:
                run(self._session, batch)
        else:
            # A batch to each core is faster than every core at each batch: 45 passages a second
            # against 41 on two cores. A single question takes all cores, for its own speed.
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(partial(run, self._one_core), batches))
        return unit(vectors)

    @cached_property
    def _one_core(self) -> Any:
        """A session for builds; the service never encodes enough at once to need it."""
        return open_session(self._model, 1)

    def _feed(self, encoded: Sequence[Any]) -> dict[str, Any]:
        feed = padded(encoded, self._about.pad_id)
        return {name: feed[name] for name in self._inputs}


def load_exported(home: Path, name: str, threads: int | None = None) -> OnnxEncoder:
    """The exported encoder of this name.

    Raises:
        EncoderMissingError: it was not exported here; the message names the command that does it.
    """
    folder = home / name
    if not folder.is_dir():
        raise EncoderMissingError(f"the encoder {name} is not in {home}; run: groundedqa build")
    return OnnxEncoder(folder, threads)


def canonical(described: Mapping[str, Any]) -> str:
    """The one way in which a description is written, with the checksum of the rest in it."""
    checksum = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
    return json.dumps({**described, "checksum": checksum}, indent=1, sort_keys=True)


def _damaged(path: Path) -> EncoderError:
    return EncoderError(
        f"{path} is not what was exported; remove {path.parent} and run: groundedqa build"
    )


def open_session(path: Path, threads: int | None) -> Any:
    """A model of ONNX Runtime on so many threads; None takes all cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or 0
    options.log_severity_level = 3
    # A thread that spins for work takes the core from the other questions.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
