"""100,000 mutated archives, and as many XML files; GROUNDEDQA_FUZZ_INPUTS sets another number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.test_fuzz_often import INPUTS, PARTS
from tests.support.archive_mutations import check_archive, mutated_archives, mutated_xml
from tests.support.mutations import check


@pytest.mark.parametrize("part", range(PARTS))
def test_every_mutated_archive_is_unpacked_within_bounds_or_refused(
    tmp_path: Path, part: int
) -> None:
    for number, data in enumerate(mutated_archives(200 + part, INPUTS // PARTS)):
        try:
            check_archive(tmp_path, data)
        except Exception as error:
            error.add_note(f"input {number} of part {part}: {data!r}")
            raise


@pytest.mark.parametrize("part", range(PARTS))
def test_every_mutated_xml_file_is_read_or_refused(tmp_path: Path, part: int) -> None:
    for number, data in enumerate(mutated_xml(300 + part, INPUTS // PARTS)):
        try:
            check(tmp_path, ".xml", data)
        except Exception as error:
            error.add_note(f"input {number} of part {part}: {data!r}")
            raise
