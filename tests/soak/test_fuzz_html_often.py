"""100,000 mutated web pages through the reader; GROUNDEDQA_FUZZ_INPUTS sets another number."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.html_mutations import mutated_pages
from tests.support.mutations import check

PARTS = 10
INPUTS = int(os.environ.get("GROUNDEDQA_FUZZ_INPUTS", "100000"))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_mutated_page_is_read_or_refused(tmp_path: Path, part: int) -> None:
    for number, data in enumerate(mutated_pages(100 + part, INPUTS // PARTS)):
        try:
            check(tmp_path, ".html", data)
        except Exception as error:
            error.add_note(f"input {number} of part {part}: {data!r}")
            raise
