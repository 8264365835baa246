"""What is no readable file, and a reader at fault: named, and nothing else lost by it."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundedqa.index.write_store import document_digest
from groundedqa.read import Event, Problem, RawDocument, SiteProfile, Source, markdown, read_corpus
from groundedqa.read.raw import Reader
from groundedqa.read.source import read_source
from groundedqa.types import Document


def events(folder: Path) -> tuple[list[str], list[tuple[str, str]]]:
    found = list(read_corpus(folder, SiteProfile()))
    problems = [(event.source, event.reason) for event in found if isinstance(event, Problem)]
    return [event.doc_id for event in found if isinstance(event, Document)], problems


def test_pipes_sockets_and_links_to_them_are_named_and_never_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    os.mkfifo("a.md")
    Path("b.md").symlink_to("a.md")
    Path("c.md").symlink_to("/dev/zero")
    Path("z.md").write_text("fine", encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("d.md")
        found, problems = events(Path())
    assert found == ["z"]
    assert problems == [
        (f"{name}.md", f"can't be opened: it is {what}, no file")
        for name, what in zip(
            "abcd", ("a named pipe", "a named pipe", "a device", "a socket"), strict=True
        )
    ]


def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "closed/b.md", "d/e.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text", encoding="utf-8")
    scandir = os.scandir

    def refusing(path: str | int) -> object:  # chmod would not stop root
        if isinstance(path, str) and Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert events(tmp_path) == (
        ["a", "d--e"],
        [("closed", "the folder can't be listed: Permission denied")],
    )


FAULTS = [RecursionError, AttributeError, KeyError, ZeroDivisionError, TypeError, re.error]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_reader_at_fault_costs_its_source_alone(tmp_path: Path, fault: type[Exception]) -> None:
    def read(source: Source, profile: SiteProfile) -> Iterator[RawDocument]:
        if source.name == "bad.md":
            raise fault("half \ud800")
        for raw in markdown.READER.read(source, profile):
            assert isinstance(raw, RawDocument)
            yield raw

    broken = Reader("markdown", (".md",), lambda _: False, read)
    found: list[Event] = []
    for name in ("bad.md", "good.md"):
        (tmp_path / name).write_text("text", encoding="utf-8")
        found.extend(read_source(Source(tmp_path / name, name), SiteProfile(), None, (broken,)))
    assert [event.doc_id for event in found if isinstance(event, Document)] == ["good"]
    ((source, said),) = ((e.source, e.reason) for e in found if isinstance(e, Problem))
    assert source == "bad.md"
    assert said.startswith(f"can't be read: {fault.__name__}: ")
    assert said.encode("utf-8")


def test_an_interrupt_ends_the_reading(tmp_path: Path) -> None:
    def read(*_: object) -> Iterator[RawDocument]:
        raise KeyboardInterrupt

    broken = Reader("markdown", (".md",), lambda _: False, read)
    (tmp_path / "a.md").write_text("text", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        list(read_source(Source(tmp_path / "a.md", "a.md"), SiteProfile(), None, (broken,)))


def test_a_name_that_is_not_utf8_gives_a_document_with_a_digest(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    (tmp_path / name).write_text("text", encoding="utf-8")
    profile = SiteProfile(base="https://x.org")
    *_, made = read_source(Source(tmp_path / name, name), profile)
    assert isinstance(made, Document)
    assert (made.source, made.url) == ("caf\\xe9.md", "https://x.org/caf%5Cxe9")
    assert len(document_digest(made)) == 64


def test_half_a_pair_in_front_matter_gives_a_document_with_a_digest(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('---\nlicence: "\\uD800"\n---\ntext', encoding="utf-8")
    *_, made = read_corpus(tmp_path, SiteProfile())
    assert isinstance(made, Document)
    assert made.licence == "\ufffd"
    assert len(document_digest(made)) == 64
