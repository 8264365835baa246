"""Sources gone wrong in many ways: every one is read or refused. The soak reads 100,000."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.mutations import check, mutated


@pytest.mark.unmeasured
def test_five_hundred_mutated_sources_are_read_or_refused(tmp_path: Path) -> None:
    documents = sum(check(tmp_path, suffix, data) for suffix, data in mutated(1, 500))
    assert documents > 300  # most must still be read, or the mutations test nothing
