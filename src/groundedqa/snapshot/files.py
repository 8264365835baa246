"""Small files replaced whole, folders made to last, and what the disk says when it refuses."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from groundedqa.errors import BuildLockedError, StorageError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def replace_text(path: Path, text: str) -> None:
    """Replace a small file in one rename: a reader sees the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(path.parent)


def read_lines(path: Path) -> list[str]:
    """The lines of a small file, blank ones left out; none where there is no file."""
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []


def sync_tree(folder: Path) -> None:
    """Have every file of a folder, and the folder, on the disk."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Say in words of ours that the disk is full or refuses.

    Raises:
        StorageError: in place of the system's or SQLite's own error.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(what, error) from error
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            raise StorageError(
                f"{error.filename or what} can't be written: {error.strerror}"
            ) from error
        raise
    except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        if "disk" in str(error) or "full" in str(error):
            raise _full(what, error) from error
        raise
    except RuntimeError as error:  # FAISS: "write error in ...: ... (No space left on device)"
        if "No space left" in str(error) or "write error" in str(error) or "fwrite" in str(error):
            raise _full(what, error) from error
        raise


def _full(what: str, error: Exception) -> StorageError:
    return StorageError(
        f"no space to write {what} ({error}); free some and run the command again. What is "
        "published was not touched"
    )


@contextmanager
def build_lock(path: Path) -> Iterator[None]:
    """Hold the right to write to a collection; it ends with the process at the latest.

    Raises:
        BuildLockedError: another process holds it; the message names its pid.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise BuildLockedError(
                f"another build (pid {holder}) is writing to {path.parent}; wait for it, or stop it"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
