"""Small files replaced whole, folders made to last, and what the disk says when it refuses."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from groundedqa.errors import BuildLockedError, StorageError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO),
    *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG),
)
# The lowest byte of an SQLite error is what went wrong, the others say where.
_SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_CANTOPEN: errno.EACCES,
    sqlite3.SQLITE_PERM: errno.EACCES,
}
# FAISS has no class of its own: "write error in ...: ... (No space left on device)"
_FAISS_FULL = ("No space left", "write error", "fwrite")


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
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()]


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
    except (OSError, sqlite3.Error, RuntimeError) as error:
        if said := _said(what, error):
            raise said from error
        raise


def _said(what: str, error: Exception) -> StorageError | None:
    """The error in our words; None where it is not the disk's."""
    code, text = None, str(error)
    if isinstance(error, OSError):
        code, text = error.errno, error.strerror or text
        what = error.filename or what
    elif isinstance(error, sqlite3.Error):
        code = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    elif any(words in text for words in _FAISS_FULL):
        code = errno.ENOSPC
    if code in _FULL:
        return _full(what, error)
    return StorageError(f"{what} can't be written: {text}") if code in _REFUSED else None


def _full(what: str, error: Exception) -> StorageError:
    return StorageError(
        f"no space to write {what} ({error}); free some and run the command again. What is "
        "published goes on answering"
    )


@contextmanager
def build_lock(path: Path) -> Iterator[None]:
    """Hold the right to write to a collection; it ends with the process at the latest.

    Raises:
        BuildLockedError: another process holds it; the message names its pid.
        StorageError: the collection can't be written to.
    """
    with ExitStack() as held:
        with disk_errors(str(path)):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = held.enter_context(path.open("a+b", buffering=0))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().decode() or "unknown"
                raise BuildLockedError(
                    f"another build (pid {holder}) is writing to {path.parent}; wait for it, or "
                    "stop it"
                ) from None
            file.truncate(0)
            file.write(str(os.getpid()).encode())
        yield
