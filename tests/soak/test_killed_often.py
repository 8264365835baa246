"""SIGKILL at a hundred moments, from the first step of a build to the last of a removal."""

from __future__ import annotations

import random
from pathlib import Path

from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny
from tests.support.killing import Work


def test_killed_at_a_hundred_moments(
    build_tiny: BuildTiny, collection: Collection, corpus: Path, tiny_model: Path
) -> None:
    build_tiny()
    work = Work(collection, corpus, tiny_model)
    steps = work.steps()
    for number in range(70):
        work.killed_at(1 + number * steps // 70, number)
        work.check()
    seconds = random.Random(11)
    for number in range(70, 100):
        work.killed_after(seconds.uniform(0, 3), number)
        work.check()
