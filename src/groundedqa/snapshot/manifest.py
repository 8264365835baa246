"""What a snapshot says of itself, and the check that it is what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groundedqa.errors import SnapshotCorruptError, SnapshotFormatError, StorageError

FORMAT = 4
NAME = "manifest.json"
DOCUMENTS = "documents.sqlite"
VECTORS = "vectors.faiss"
WORDS = "words.bm25"
BACKGROUND = "background.bin"  # of the vectors' inner products
SECTIONS = "sections.faiss"
SECTION_WORDS = "sections.bm25"
SECTION_BACKGROUND = "sections.bin"
MEMBERSHIP = "membership.npy"  # which sections are around each passage
SENTENCES = "sentences.bin"  # bounds and vectors of each passage's sentences
QUESTIONS = "questions.faiss"  # of the question pages
SUGGESTIONS = "suggestions.sqlite"
SITE = "site.json"  # what site.toml says of search
TUNING = "tuning.json"  # weights and calibrator, with their evidence
REPORT = "report.json"
FILES = (
    *(DOCUMENTS, VECTORS, WORDS, BACKGROUND),
    *(SECTIONS, SECTION_WORDS, SECTION_BACKGROUND, MEMBERSHIP),
    *(SENTENCES, QUESTIONS, SUGGESTIONS, SITE, TUNING, REPORT),
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a snapshot.

    ``inputs`` is all that its content depends on, and its digest is the snapshot's id. ``encoder``
    and ``counts`` are for whoever loads it; ``files`` gives the sha256 of each file.
    """

    snapshot: str
    inputs: Mapping[str, Any]
    encoder: Mapping[str, Any]
    counts: Mapping[str, int]
    files: Mapping[str, str]
    made_by: str
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it beside the files that it describes."""
        (folder / NAME).write_text(_canonical(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read it back.

        Raises:
            SnapshotCorruptError: it is missing, or any byte of it was changed.
            SnapshotFormatError: another version of groundedqa wrote it.
            StorageError: the disk refuses to read it, which says nothing of what it holds.
        """
        path = folder / NAME
        try:
            text = path.read_bytes().decode()  # reading text would take "\r" for "\n"
            described: dict[str, Any] = json.loads(text)
            found = described["format"]
            described.pop("checksum", None)
            canonical = _canonical(described)
        except FileNotFoundError:
            raise _corrupt(path, "it is missing") from None
        except OSError as error:
            raise _unread(path, error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise _corrupt(path, str(error)) from error
        if found != FORMAT and isinstance(found, int):
            raise SnapshotFormatError(
                f"{path} is of format {found}, this version reads {FORMAT}; "
                "rebuild it with: groundedqa build"
            )
        if canonical != text:
            raise _corrupt(path, "it is not what was written")
        manifest = cls(**described)
        if not snapshot_id(manifest.inputs) == manifest.snapshot == folder.name:
            raise _corrupt(path, f"it describes the snapshot {manifest.snapshot}")
        return manifest


def snapshot_id(inputs: Mapping[str, Any]) -> str:
    """The id of the snapshot that these inputs make: the digest of their canonical JSON."""
    canonical = json.dumps(inputs, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def file_digest(path: Path) -> str:
    """The sha256 of a file.

    Raises:
        SnapshotCorruptError: it is missing.
        StorageError: the disk refuses to read it.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise _corrupt(path, "it is missing") from error
    except OSError as error:
        raise _unread(path, error) from error


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with its sha256.

    Raises:
        SnapshotCorruptError: the first file that differs, by name.
    """
    for name in FILES:
        if file_digest(folder / name) != manifest.files.get(name):
            raise _corrupt(folder / name, "it is not what was written")


def _canonical(described: Mapping[str, Any]) -> str:
    """The one way in which a manifest is written, with the checksum of the rest in it."""
    body = json.dumps(described, sort_keys=True, ensure_ascii=False)
    checksum = hashlib.sha256(body.encode()).hexdigest()
    whole = {**described, "checksum": checksum}
    return json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _unread(path: Path, error: OSError) -> StorageError:
    return StorageError(f"{path} can't be read: {error.strerror or error}")


def _corrupt(path: Path, why: str) -> SnapshotCorruptError:
    return SnapshotCorruptError(
        f"{path} is damaged: {why}; go back with: groundedqa rollback, or make it again with: "
        "groundedqa build"
    )
