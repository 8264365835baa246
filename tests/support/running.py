"""A service of its own process over one small page, for the tests that need no more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from groundedqa.build import BuildSettings, build
from groundedqa.snapshot import Collection
from tests.support.processes import Service, service

RAIN = "Drops fall once they are heavy enough."


def build_rain(home: Path, model: Path, encoders: Path) -> Collection:
    """A collection below ``home`` with one page on rain, published."""
    (home / "corpus").mkdir()
    (home / "corpus" / "rain.txt").write_text(f"Why does rain fall?\n\n{RAIN}\n", encoding="utf-8")
    # What the tiny model finds likely is chance: a pinned question is answered in any case.
    (home / "corpus" / "site.toml").write_text(
        '[[pins]]\nquestions = ["why does rain fall"]\ndocument = "rain"\n', encoding="utf-8"
    )
    (home / "index").mkdir()
    (home / "index" / "encoders").symlink_to(encoders)
    collection = Collection(home / "index")
    build(home / "corpus", collection, BuildSettings(model=str(model), tunes=False))
    return collection


@contextmanager
def rain_service(home: Path, model: Path, encoders: Path, *flags: str) -> Iterator[Service]:
    """A running service that answers "why does rain fall?", ready."""
    collection = build_rain(home, model, encoders)
    with service(collection.index, home / "log", *flags) as running:
        running.wait_until_ready()
        yield running
