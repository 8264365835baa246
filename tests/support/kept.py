"""What takes long to make and follows from code alone: made once, for all workers and runs."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".pytest_cache" / "made"
_MAKERS = ("torch", "transformers", "sentence-transformers", "onnxscript", "onnxruntime")


def kept(name: str, make: Callable[[Path], object], *given: object) -> Path:
    """The folder that ``make`` fills, addressed by what was given and by the code that makes it.

    The first who asks makes it and the others wait. Whoever changes something in it copies it.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    place = HOME / f"{name}-{_digest(given)}"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            aside = Path(tempfile.mkdtemp(prefix=".made-", dir=HOME))
            try:
                make(aside)
                aside.chmod(0o755)
                aside.rename(place)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    return place


def _digest(given: tuple[object, ...]) -> str:
    whole = hashlib.sha256(json.dumps(given, default=str).encode())
    code = (ROOT / "src" / "groundedqa" / "encode").glob("*.py")
    for path in sorted([*code, *Path(__file__).parent.glob("tiny_*.py"), Path(__file__)]):
        whole.update(path.read_bytes())
    whole.update(" ".join(version(name) for name in _MAKERS).encode())
    return whole.hexdigest()[:16]
