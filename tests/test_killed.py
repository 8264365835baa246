"""SIGKILL at any moment: what was published still loads and answers, and the next build succeeds.

A sample of fixed seed; ``tests/soak/test_killed_often.py`` is the sweep.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny
from tests.support.killing import Work


@pytest.fixture
def work(build_tiny: BuildTiny, collection: Collection, corpus: Path, tiny_model: Path) -> Work:
    build_tiny()
    return Work(collection, corpus, tiny_model)


def test_killed_at_steps_of_building_publishing_and_removing(work: Work) -> None:
    chosen = sorted(random.Random(20_260_102).sample(range(1, work.steps() + 1), 6))
    for number, step in enumerate(chosen, 1):
        work.killed_at(step, number)
        work.check()


def test_killed_between_two_steps(work: Work) -> None:
    seconds = random.Random(7)
    for number in range(2):
        work.killed_after(seconds.uniform(0, 1.5), number)
        work.check()
