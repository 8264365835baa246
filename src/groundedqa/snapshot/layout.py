"""Where everything of a collection stands below ``index/``.

::

    index/encoders/<name>/            exported encoders, shared by the collections
    index/<collection>/current        the id of the published snapshot
    index/<collection>/history        the ids that were published before it, oldest first
    index/<collection>/removed        documents that were taken down, an id a line
    index/<collection>/labelled.json  questions that the collection is tuned on, if people gave any
    index/<collection>/vectors.sqlite vectors by content, for the next build
    index/<collection>/snapshots/<id>/
    index/<collection>/evaluations/<id>.json and .html
    index/<collection>/verified/<id>  what was last checked, and on which machine
    index/<collection>/build.lock
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from groundedqa.errors import ConfigurationError

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_RESERVED = {"encoders"}


@dataclass(frozen=True, slots=True)
class Collection:
    """One site's index: its paths."""

    index: Path
    name: str = "default"

    def __post_init__(self) -> None:
        """Refuse a name that could leave the folder or take another one's place.

        Raises:
            ConfigurationError: it does.
        """
        if not _NAME.fullmatch(self.name) or self.name in _RESERVED:
            raise ConfigurationError(
                f"{self.name!r} is no name for a collection: use a-z, 0-9, - and _, 63 at most"
            )

    @property
    def home(self) -> Path:
        """The collection's own folder."""
        return self.index / self.name

    @property
    def encoders(self) -> Path:
        """The exported encoders."""
        return self.index / "encoders"

    @property
    def snapshots(self) -> Path:
        """The folder of all snapshots."""
        return self.home / "snapshots"

    @property
    def current(self) -> Path:
        """The file that names the published snapshot."""
        return self.home / "current"

    @property
    def history(self) -> Path:
        """The file that names those published before."""
        return self.home / "history"

    @property
    def removed(self) -> Path:
        """The file that lists what was taken down."""
        return self.home / "removed"

    @property
    def labelled(self) -> Path:
        """The labelled questions that it is tuned on."""
        return self.home / "labelled.json"

    @property
    def vectors(self) -> Path:
        """The vector cache."""
        return self.home / "vectors.sqlite"

    @property
    def build_lock(self) -> Path:
        """The file that a build holds."""
        return self.home / "build.lock"

    def snapshot(self, snapshot_id: str) -> Path:
        """The folder of one snapshot."""
        return self.snapshots / snapshot_id

    def evaluation(self, snapshot_id: str) -> Path:
        """The measures of one snapshot, if they were kept; the page stands beside them."""
        return self.home / "evaluations" / f"{snapshot_id}.json"

    def verified(self, snapshot_id: str) -> Path:
        """The stamp of one snapshot's last check."""
        return self.home / "verified" / snapshot_id
