"""A disk that is full at one file after another, from build.lock to the largest but one."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.snapshot import Collection
from tests.conftest import BuildTiny
from tests.support.full_disk import check_full_disk


@pytest.mark.parametrize("size", [0, 3, 2_000, 12_000, 40_000, 90_000, 150_000])
def test_a_full_disk_is_a_clear_error_at_every_file(
    corpus: Path, collection: Collection, tiny_model: Path, size: int, build_tiny: BuildTiny
) -> None:
    build_tiny()
    check_full_disk(corpus, collection, tiny_model, size)
