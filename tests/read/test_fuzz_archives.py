"""Archives and XML gone wrong in many ways: unpacked within bounds or refused, by a fixed seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.archive_mutations import check_archive, mutated_archives, mutated_xml
from tests.support.mutations import check


@pytest.mark.unmeasured
def test_five_hundred_mutated_archives_are_unpacked_within_bounds_or_refused(
    tmp_path: Path,
) -> None:
    found = sum(check_archive(tmp_path, data) for data in mutated_archives(3, 500))
    assert found > 400  # most of their members must still come, or the mutations test nothing


@pytest.mark.unmeasured
def test_three_hundred_mutated_xml_files_are_read_or_refused(tmp_path: Path) -> None:
    documents = sum(check(tmp_path, ".xml", data) for data in mutated_xml(4, 300))
    assert documents > 5  # XML forgives little
