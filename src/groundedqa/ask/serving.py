"""An open snapshot and who reads it."""

from __future__ import annotations

from dataclasses import dataclass

from groundedqa.ask.answering import Answering
from groundedqa.snapshot import Snapshot


@dataclass
class Serving:
    """An open snapshot with what answers from it, and how many calls are reading it."""

    answering: Answering
    readers: int = 0
    retired: bool = False

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot itself."""
        return self.answering.snapshot
