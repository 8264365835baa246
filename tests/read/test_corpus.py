"""A folder of sources: who reads what, what can't be read, and the ids that documents get."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundedqa.clean import clean_line
from groundedqa.errors import CorpusError
from groundedqa.read import Event, Opened, Problem, SiteProfile, read_corpus, url_safe
from groundedqa.read.assemble import id_of_path
from groundedqa.read.table import READERS
from groundedqa.types import Document

LAW = settings(derandomize=True, deadline=None, max_examples=400)
PAGE = "Why?\n\nExpert Answers\nseafarer9 Sandbar educator| Certified Educator\n\nIt is so.\n"
LINE = '{"_id": "a", "text": "Text."}'


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))


def events(folder: Path) -> list[Event]:
    return list(read_corpus(folder, SiteProfile()))


def ids(folder: Path) -> list[str]:
    return [event.doc_id for event in events(folder) if isinstance(event, Document)]


def problems(folder: Path) -> list[tuple[str, str]]:
    found = [event for event in events(folder) if isinstance(event, Problem)]
    return [(problem.source, problem.reason) for problem in found]


@pytest.mark.parametrize(
    ("name", "data", "reader", "chosen_by"),
    [
        *(
            ("a.md", "# T\n\ntext", "markdown", "content"),
            ("a.txt", "# T\n\ntext", "markdown", "content"),
        ),
        *(
            ("a.md", "plain text", "markdown", "suffix"),
            ("a.MD", "plain text", "markdown", "suffix"),
        ),
        ("a.txt", "---\r\ntitle: T\r\n---\r\ntext", "markdown", "content"),
        *(("a.txt", LINE, "json lines", "content"), ("a", LINE, "json lines", "content")),
        *(("a.md", LINE, "json lines", "content"), ("a.jsonl", "{", "json lines", "suffix")),
        *(("a.txt", PAGE, "question page", "content"), ("a.md", PAGE, "question page", "content")),
        ("a.txt", PAGE + "\nx = 1\n# a comment\ny = 2\n", "question page", None),
        ("a.txt", "\n" * 70_000 + "Some text of an article.", "question page", "suffix"),
    ],
)
def test_content_wins_over_the_suffix_and_the_choice_is_told(
    tmp_path: Path, name: str, data: str, reader: str, chosen_by: str | None
) -> None:
    put(tmp_path, {name: data})
    opened = events(tmp_path)[0]
    assert isinstance(opened, Opened)
    assert (opened.source, opened.reader) == (name, reader)
    assert chosen_by in (None, opened.chosen_by)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        *(("a.md", b"", "the file is empty"), ("a.txt", b" \n\t\n", "the file is empty")),
        *(("a.jsonl", b"", "the file is empty"), ("a.md", b"\xef\xbb\xbf", "no text")),
        ("a.txt", b"\xef\xbb\xbfab\xff", "marked as UTF-8, but byte 5 is not"),
        ("a.jsonl", LINE.encode("utf-16"), "not UTF-8 but UTF-16"),
        ("a.md", b"\x89PNG\r\n\x1a\n\x00\x00", "no reader for pictures (PNG)"),
        ("a.md", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", "not text: its bytes are none"),
        ("a.txt", bytes(range(256)) * 4, "not text: its bytes are none"),
        *(
            ("a.md", b"%PDF-1.7 x", "the PDF is cut off: its end is missing"),
            ("a.txt", b"PK\x03\x04x", "no reader for a damaged archive"),
        ),
        *(
            ("a.md", b"<!DOCTYPE HTML><p>", "the page holds no text"),
            ("a", b" <html>", "the page holds no text"),
        ),
        *(
            ("a.txt", b"\xef\xbb\xbf<?xml?>", "no reader for XML"),
            ("a.xyz", b"a,b", "no reader for .xyz"),
        ),
        *(
            ("a.txt", b"{\\rtf1\\ansi Words.}", "no reader for RTF (rich text); save it as .docx"),
            ("a.eml", b"From: a@x.org\n\nWords.", "no reader for e-mail"),
            ("a.7z", b"7z\xbc\xaf\x27\x1c\x00", "no reader for 7-Zip archives; unpack it"),
        ),
        *(
            ("README", b"text", "no reader for a file without a suffix"),
            ("a.", b"text", "no reader for"),
        ),
        *(("a.md", b"---\ntitle: [\n---\nx", "broken front matter"), ("a.md", b"# T\n", "no text")),
        ("a.md", b'---\nid: "\\u200b"\n---\ntext', "the id is blank"),
    ],
)
def test_what_cant_be_read_is_named_with_its_reason_and_costs_nothing_else(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    put(tmp_path, {name: data, "z.md": "fine"})
    ((source, said),) = problems(tmp_path)
    assert source == name
    assert reason in said
    assert ids(tmp_path) == ["z"]


def test_a_link_to_nowhere_and_a_link_to_a_folder_are_named(tmp_path: Path) -> None:
    put(tmp_path, {"z.md": "fine", "folder/inner.md": "inner"})
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "folder")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    found = problems(tmp_path)
    assert [name for name, _ in found] == ["gone.md", "link.md", "loop.md"]
    assert all(reason.startswith("can't be opened: ") for _, reason in found)
    assert ids(tmp_path) == ["folder--inner", "z"]


def test_a_folder_with_a_files_name_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path, {"x.md/y.md": "text"})
    assert ids(tmp_path) == ["x.md--y"]


def test_hidden_files_and_the_site_profile_are_no_sources(tmp_path: Path) -> None:
    put(tmp_path, {".a.md": "x", ".git/b.md": "x", "site.toml": "", "c.md": "x"})
    assert [type(event) for event in events(tmp_path)] == [Opened, Document]


def test_a_site_profile_in_a_lower_folder_is_a_source_like_any_other(tmp_path: Path) -> None:
    put(tmp_path, {"a/site.toml": "x"})
    known = ", ".join(suffix for reader in READERS for suffix in reader.suffixes)
    assert problems(tmp_path) == [("a/site.toml", f"no reader for .toml; there are {known}")]


def test_sources_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    put(tmp_path, {"b.md": "x", "a/z.md": "x", "a.md": "x", "B.md": "x", "ä.md": "x"})
    assert ids(tmp_path) == ["B", "a", "a--z", "b", "~C3~A4"]


def test_the_first_of_two_with_one_id_stands_and_the_other_is_named(tmp_path: Path) -> None:
    put(tmp_path, {"a.md": "first", "a.txt": "second text", "b.md": "---\nid: a\n---\nthird"})
    put(tmp_path, {"c.jsonl": f"{LINE}\n{LINE.replace('Text', 'Other')}"})
    documents = [event for event in events(tmp_path) if isinstance(event, Document)]
    assert [(made.doc_id, made.text) for made in documents] == [("a", "first")]
    assert [name for name, _ in problems(tmp_path)] == ["a.txt", "b.md", "c.jsonl", "c.jsonl"]
    assert problems(tmp_path)[0][1] == (
        "duplicate id a: a.md has it already; rename one or set its `id`"
    )


def test_a_name_that_is_not_utf8_is_read_and_can_be_written_down(tmp_path: Path) -> None:
    for raw in (b"caf\xe9.md", b"caf\xe8.md"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)).write_text("text", encoding="utf-8")
    assert ids(tmp_path) == ["caf~5Cxe8", "caf~5Cxe9"]
    assert [e.source for e in events(tmp_path) if isinstance(e, Opened)] == [
        "caf\\xe8.md",
        "caf\\xe9.md",
    ]


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="is no folder; name the folder of your pages with"):
        events(tmp_path / "none")


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert events(tmp_path) == []


def test_a_problem_is_written_with_its_place() -> None:
    assert str(Problem("a.jsonl", "line 3", "not JSON")) == "a.jsonl, line 3: not JSON"
    assert str(Problem("a.md", "", "empty")) == "a.md: empty"


@pytest.mark.parametrize(
    ("name", "doc_id"),
    [
        *(("a.md", "a"), ("b/c.d.md", "b--c.d"), ("a b.md", "a~20b"), ("ü.txt", "~C3~BC")),
        *(("a--b.md", "a-~2Db"), ("-a-.md", "~2Da~2D"), ("a/-b.md", "a--~2Db"), ("no", "no")),
        *(("100%?.md", "100~25~3F"), ("a~b.md", "a~7Eb"), ("a-b_c.md", "a-b_c")),
    ],
)
def test_the_id_of_a_file_is_its_path(name: str, doc_id: str) -> None:
    assert id_of_path(name) == doc_id


names = st.lists(
    st.text(st.sampled_from("ab-~. %é🌊\\:"), min_size=1, max_size=6).filter(
        lambda part: clean_line(part) == part and part.strip(".")
    ),
    min_size=1,
    max_size=3,
).map(lambda parts: "/".join(parts) + ".md")


@LAW
@given(names, names)
def test_two_files_have_two_ids(first: str, second: str) -> None:
    assert (id_of_path(first) == id_of_path(second)) == (first == second)


@LAW
@given(st.text(min_size=1), st.text(min_size=1))
def test_an_id_is_url_safe_and_two_have_two(first: str, second: str) -> None:
    made = url_safe(first)
    assert re.fullmatch(r"[A-Za-z0-9._:@+=,~-]*", made)
    assert made not in (".", "..")
    assert (made == url_safe(second)) == (clean_line(first) == clean_line(second))
