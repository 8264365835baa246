"""100,000 mutated sources through the readers; GROUNDEDQA_FUZZ_INPUTS sets another number."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.mutations import check, mutated

PARTS = 10
INPUTS = int(os.environ.get("GROUNDEDQA_FUZZ_INPUTS", "100000"))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_mutated_source_is_read_or_refused(tmp_path: Path, part: int) -> None:
    for number, (suffix, data) in enumerate(mutated(100 + part, INPUTS // PARTS)):
        try:
            check(tmp_path, suffix, data)
        except Exception as error:
            error.add_note(f"input {number} of part {part}, {suffix}: {data!r}")
            raise
