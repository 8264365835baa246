"""A service with two snapshots of hostile pages and keys of each kind, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundedqa.build import BuildSettings, build
from groundedqa.operate import Database
from groundedqa.snapshot import Collection, current

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@dataclass(frozen=True)
class Administered:
    """The index's folder, its collections' snapshots and the tokens of its keys."""

    home: Path
    first: str
    second: str
    database: Database
    admin: str
    scoped: str
    server: str

    @property
    def index(self) -> Path:
        return self.home / "index"


def administered(home: Path, model: Path, encoders: Path) -> Administered:
    """Made in a folder: the default collection with two snapshots, and one named rome."""
    corpus, index = home / "corpus", home / "index"
    corpus.mkdir()
    index.mkdir()
    (index / "encoders").symlink_to(encoders)
    # The tiny model finds much likely: with this nearly nothing is likely enough.
    (corpus / "site.toml").write_text("risk = 0.0001\n")
    settings = BuildSettings(model=str(model), tunes=False)
    (corpus / "rain.txt").write_text("Rain\n\nDrops fall once they are heavy enough.\n")
    (corpus / "fog.txt").write_text("Fog\n\nFog is a cloud that touches the ground.\n")
    first = _built(corpus, Collection(index), settings)
    (corpus / "fog.txt").unlink()
    (corpus / "rain.txt").write_text("Rain\n\nDrops fall once they are too heavy to float.\n")
    (corpus / "hostile.txt").write_text(f"{HOSTILE}\n\nSnow is ice that grew from vapour.\n")
    second = _built(corpus, Collection(index), settings)
    _built(corpus, Collection(index, "rome"), settings)
    database = Database(home / "operator.sqlite")
    return Administered(
        home,
        first,
        second,
        database,
        database.create("admin", "operator")[0],
        database.create("admin", "of rome", collections=("rome",))[0],
        database.create("server", "tutor")[0],
    )


def _built(corpus: Path, collection: Collection, settings: BuildSettings) -> str:
    build(corpus, collection, settings)
    return str(current(collection))
