"""Licences by one name each, and documents that lack what a site requires."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.errors import ConfigurationError
from groundedqa.read import Event, Problem, load_profile, read_corpus
from groundedqa.read.licences import licence_name, licence_url
from groundedqa.types import Document

LAW = settings(derandomize=True, deadline=None, max_examples=300)
CC = "https://creativecommons.org"


@pytest.mark.parametrize(
    ("said", "name", "url"),
    [
        (f"{CC}/licenses/by-sa/4.0/", "CC BY-SA 4.0", f"{CC}/licenses/by-sa/4.0/"),
        ("http://www.creativecommons.org/licenses/by/3.0/de/deed.de", "CC BY 3.0 DE",
         f"{CC}/licenses/by/3.0/de/"),
        (f"{CC}/licenses/by/4.0/legalcode", "CC BY 4.0", f"{CC}/licenses/by/4.0/"),
        ("cc-by-sa-4.0", "CC BY-SA 4.0", f"{CC}/licenses/by-sa/4.0/"),
        ("CC BY-NC 2", "CC BY-NC 2.0", f"{CC}/licenses/by-nc/2.0/"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 3.0 Unported License",
         "CC BY-NC-SA 3.0", f"{CC}/licenses/by-nc-sa/3.0/"),
        ("Attribution 4.0 International (CC BY 4.0)", "CC BY 4.0", f"{CC}/licenses/by/4.0/"),
        (f"CC BY 4.0 ({CC}/licenses/by/4.0/)", "CC BY 4.0", f"{CC}/licenses/by/4.0/"),
        ("CC0 1.0 Universal", "CC0", f"{CC}/publicdomain/zero/1.0/"),
        (f"{CC}/publicdomain/mark/1.0/", "Public Domain Mark 1.0",
         f"{CC}/publicdomain/mark/1.0/"),
        ("https://example.org/terms", "https://example.org/terms", "https://example.org/terms"),
        *((said, said, None) for said in (
            "All rights reserved", "MIT", "CC BY", "CC BY-SA 4.0 except the images", "CC BY 9.0",
            "CC BY 4.0 (CC BY-SA 4.0)", "CC SA-ND 4.0", "by 4 authors", "Public domain",
        )),
    ],
)  # fmt: skip
def test_a_licence_has_one_name_however_it_is_written(
    said: str, name: str, url: str | None
) -> None:
    assert (licence_name(said), licence_url(name)) == (name, url)


@LAW
@given(
    st.text()
    | st.lists(
        st.sampled_from(["cc", "by", "sa", "nd", "4.0", "attribution", "(", ")", "0", CC, "/de"])
    ).map(" ".join)
)
def test_a_name_is_its_own_and_words_beyond_it_are_never_lost(said: str) -> None:
    name = licence_name(said)
    assert name is not None
    assert licence_name(name) == name
    assert name == said or licence_url(name)


def events(folder: Path, require: str) -> list[Event]:
    (folder / "site.toml").write_text(f"require = {require}\n", encoding="utf-8")
    return list(read_corpus(folder, load_profile(folder)))


def test_a_document_without_what_the_site_requires_is_reported_and_not_served(
    tmp_path: Path,
) -> None:
    fields = "licence: cc-by-4.0\nauthor: Ann\ndate: 2026-01-31\nurl: https://x.example/a\n"
    (tmp_path / "a.md").write_text(f"---\n{fields}---\n# T\n\nText.\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("# T\n\nText.\n", encoding="utf-8")
    found = events(tmp_path, '["licence"]')
    assert [e.licence for e in found if isinstance(e, Document)] == ["CC BY 4.0"]
    (problem,) = [e for e in found if isinstance(e, Problem)]
    assert str(problem) == "b.md: no licence, and site.toml requires one"
    found = events(tmp_path, '["title", "published", "url", "author"]')
    assert [e.doc_id for e in found if isinstance(e, Document)] == ["a"]
    (problem,) = [e for e in found if isinstance(e, Problem)]
    assert problem.reason == (
        "no day of publication and no public address and no author, and site.toml requires them"
    )


def test_only_what_a_document_can_have_can_be_required(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"require\.0"):
        events(tmp_path, '["votes"]')
