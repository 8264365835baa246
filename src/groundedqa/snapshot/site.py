"""What ``site.toml`` says of search, as a snapshot holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from groundedqa.errors import SnapshotCorruptError
from groundedqa.index.pins import PinnedIds, pins_kept
from groundedqa.index.synonyms import Rules
from groundedqa.snapshot import manifest as files


@dataclass(frozen=True, slots=True)
class Site:
    """Synonyms, pinned passages by folded question, and the share of answers that may be wrong."""

    synonyms: Rules = ()
    pins: PinnedIds = field(default_factory=dict[str, tuple[str, ...]])
    risk: float = 0.05

    def write(self, folder: Path) -> None:
        """Write it into a snapshot's folder; the same for the same settings."""
        text = json.dumps(_JSON.dump_python(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / files.SITE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Site:
        """Read it back.

        Raises:
            SnapshotCorruptError: it is not what was written.
        """
        try:
            return _JSON.validate_json((folder / files.SITE).read_bytes())
        except (OSError, ValidationError) as error:
            raise SnapshotCorruptError(
                f"{folder / files.SITE} can't be read: {error}; make it again with: "
                "groundedqa build"
            ) from error

    def without(self, kept: Mapping[str, int]) -> Site:
        """The same with the pins of these passages alone."""
        return Site(self.synonyms, pins_kept(self.pins, kept), self.risk)


_JSON = TypeAdapter(Site)
