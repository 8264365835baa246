"""Vectors that were made elsewhere, in the place of encoding a corpus's passages."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from groundedqa.encode import Vectors
from groundedqa.errors import ConfigurationError

_BLOCK = 65_536  # rows looked at together: 100 MB at 384 dimensions
_UNIT = 1e-3  # by which a row's length may differ from 1


class PreparedVectors:
    """A ``.npy`` array of float32 (passages, dim), mapped: unit rows in the order of the passages.

    That order is the documents' by ``doc_id``, then each one's passages'. ``digest`` is the file's
    sha256.

    Raises:
        ConfigurationError: it can't be read, or is no such array; the message names the file.
    """

    def __init__(self, path: Path, dim: int) -> None:
        self._path = path
        self._rows = self._mapped(dim)
        self._check_rows()
        with path.open("rb") as file:
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()

    def rows(self, start: int, end: int) -> Vectors:
        """The vectors of these passages; fewer where the file has no more."""
        return self._rows[start:end]

    def check_count(self, passages: int) -> None:
        """Refuse the file if it is not for so many passages.

        Raises:
            ConfigurationError: it is not.
        """
        if len(self._rows) != passages:
            raise self._refused(
                f"it holds {len(self._rows)} vectors, the corpus has {passages} passages"
            )

    def _mapped(self, dim: int) -> Vectors:
        try:
            found = np.load(self._path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise self._refused(str(error)) from error
        if not isinstance(found, np.ndarray):  # an .npz
            raise self._refused("it holds several arrays")
        if found.dtype != np.dtype("<f4") or found.ndim != 2 or found.shape[1] != dim:
            expected = f"expected are float32 (passages, {dim})"
            raise self._refused(f"it is an array of {found.dtype} {found.shape}; {expected}")
        return found

    def _check_rows(self) -> None:
        for start in range(0, len(self._rows), _BLOCK):
            lengths = np.linalg.norm(self._rows[start : start + _BLOCK], axis=1)
            # Not a number is unequal to all: it is caught here as well.
            wrong = np.flatnonzero(~(np.abs(lengths - 1) <= _UNIT))
            if len(wrong):
                raise self._refused(
                    f"row {start + wrong[0]} has the length {lengths[wrong[0]]}; expected is 1"
                )

    def _refused(self, why: str) -> ConfigurationError:
        return ConfigurationError(f"--vectors {self._path}: {why}")
