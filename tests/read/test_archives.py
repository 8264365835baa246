"""Archives are read in place; bombs and paths that lead out of them cost a line of the report."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import pytest

from groundedqa.errors import CorpusError
from groundedqa.read import (
    Opened,
    Problem,
    SiteProfile,
    Source,
    load_profile,
    opened_corpus,
    read_corpus,
)
from groundedqa.read.archives import ArchiveBounds, expanded
from groundedqa.types import Document

PAGES = {"site/b.md": "# B\n\nBees.", "site/a.html": "<title>A</title><h1>A</h1><p>Ants dig.</p>"}
TarMode = Literal["w:", "w:gz", "w:bz2", "w:xz"]
Mode = TarMode | Literal["zip"]
ZERO = b"\0" * (1 << 20)
SMALL = ArchiveBounds(free=1 << 20, member=8 << 20, size=32 << 20, members=20)


def zipped(files: Iterable[tuple[str, bytes]], **how: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def tarred(files: Iterable[tuple[str | tarfile.TarInfo, bytes]], mode: TarMode = "w:gz") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, data in files:
            member = tarfile.TarInfo(name) if isinstance(name, str) else name
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def pages(files: dict[str, str]) -> list[tuple[str, bytes]]:
    return [(name, text.encode()) for name, text in files.items()]


def read(folder: Path, name: str, data: bytes) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The documents by source, and the problems."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    events = list(read_corpus(folder, SiteProfile()))
    found = {event.source: event.text for event in events if isinstance(event, Document)}
    problems = [(e.source, e.place, e.reason) for e in events if isinstance(e, Problem)]
    return found, problems


def problems(tmp_path: Path, data: bytes) -> list[tuple[str, str]]:
    """What is said of an archive under small bounds; what it left is removed as it is read."""
    path = tmp_path / "x.bin"
    path.write_bytes(data)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    said = []
    for each in expanded([Source(path, "x.bin")], scratch, SMALL):
        if isinstance(each, Problem):
            said.append((each.place, each.reason))
        else:
            assert each.path.is_relative_to(scratch)
            assert each.temporary
    return said


@pytest.mark.parametrize("mode", ["zip", "w:", "w:gz", "w:bz2", "w:xz"])
def test_what_an_archive_holds_is_read_as_what_a_folder_holds(tmp_path: Path, mode: Mode) -> None:
    made = pages(PAGES)
    data = zipped(made) if mode == "zip" else tarred(made, mode)
    name = "all.bin"  # its content says what it is
    found, problems = read(tmp_path / "corpus", name, data)
    assert found == {f"{name}/site/a.html": "Ants dig.", f"{name}/site/b.md": "Bees."}
    assert problems == []


def test_an_archive_in_an_archive_is_read_and_one_in_that_is_named(tmp_path: Path) -> None:
    third = zipped([("c.md", b"# C\n\nCats.")])
    second = tarred([("b.md", b"# B\n\nBees."), ("third.zip", third)])
    found, problems = read(tmp_path, "first.zip", zipped([("second.tgz", second)]))
    assert found == {"first.zip/second.tgz/b.md": "Bees."}
    assert [(source, reason) for source, _, reason in problems] == [
        ("first.zip/second.tgz/third.zip", "an archive within archives; unpack the outer one")
    ]


def test_hidden_members_folders_and_profiles_are_left_out(tmp_path: Path) -> None:
    made = [*pages(PAGES), ("__MACOSX/a.md", b"x"), (".git/b.md", b"x"), ("site/.c.md", b"x")]
    found, problems = read(tmp_path, "x.zip", zipped([*made, ("site/", b""), ("site.toml", b"a")]))
    assert (sorted(found), problems) == (["x.zip/site/a.html", "x.zip/site/b.md"], [])


@pytest.mark.parametrize(
    "name", ["../out.md", "/out.md", "a/../../out.md", "..\\out.md", "C:/o.md"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_path_that_leads_out_of_the_archive_costs_itself_alone(
    tmp_path: Path, name: str, kind: str
) -> None:
    made = [(name, b"# Out\n\nOut."), ("good.md", b"# Good\n\nGood.")]
    (tmp_path / "in").mkdir()
    data = zipped(made) if kind == "zip" else tarred(made)
    found, ((_, place, reason),) = read(tmp_path / "in" / "corpus", "x.bin", data)
    assert list(found.values()) == ["Good."]
    assert (place.replace("\\", "/"), reason) == (
        name.replace("\\", "/"),
        "its path leads out of the archive",
    )
    assert not list(tmp_path.rglob("o*.md"))


def test_links_and_devices_are_never_followed(tmp_path: Path) -> None:
    link = tarfile.TarInfo("link.md")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    hard = tarfile.TarInfo("hard.md")
    hard.type, hard.linkname = tarfile.LNKTYPE, "good.md"
    pipe = tarfile.TarInfo("pipe.md")
    pipe.type = tarfile.FIFOTYPE
    data = tarred([(link, b""), (hard, b""), (pipe, b""), ("good.md", b"Good.")])
    found, problems = read(tmp_path, "x.tgz", data)
    assert found == {"x.tgz/good.md": "Good."}
    assert [(place, reason) for _, place, reason in problems] == [
        ("link.md", "a link, which is not followed"),
        ("hard.md", "a link, which is not followed"),
        ("pipe.md", "a device or the like, no file"),
    ]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo("link.md")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    _, ((_, place, reason),) = read(tmp_path / "zip", "x.zip", made.getvalue())
    assert (place, reason) == ("link.md", "a link, which is not followed")


def test_of_two_members_of_one_name_the_first_stands(tmp_path: Path) -> None:
    data = tarred([("a.md", b"First."), ("a.md", b"Second."), ("a.md/b.md", b"Third.")])
    found, problems = read(tmp_path, "x.tar", data)
    assert found == {"x.tar/a.md": "First."}
    assert [(place, reason.partition(";")[0]) for _, place, reason in problems] == [
        ("a.md", "there are two of this name"),
        ("a.md/b.md", "there are two of this name"),
    ]


def test_a_damaged_member_of_a_zip_costs_itself_alone(tmp_path: Path) -> None:
    data = bytearray(
        zipped([("a.md", b"Ants dig."), ("b.md", b"Bees.")], compression=zipfile.ZIP_STORED)
    )
    data[data.index(b"Ants")] ^= 1
    found, ((source, place, reason),) = read(tmp_path, "x.zip", bytes(data))
    assert found == {"x.zip/b.md": "Bees."}
    assert (source, place) == ("x.zip", "a.md")
    assert reason.startswith("damaged: Bad CRC-32")


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.md", b"Ants dig.")]))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    found, ((_, place, reason),) = read(tmp_path, "x.zip", bytes(data))
    assert (found, place) == ({}, "a.md")
    assert reason == "password-protected; unpack it into the folder"


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz", "w:"])
def test_a_tar_that_is_cut_off_is_read_up_to_there(tmp_path: Path, mode: TarMode) -> None:
    noise = bytes(range(256)) * 4000
    data = tarred([("a.md", b"Ants dig."), ("b.bin", noise)], mode)
    found, problems = read(tmp_path, "x.tar", data[: len(data) * 2 // 3])
    assert found in ({"x.tar/a.md": "Ants dig."}, {})  # bzip2 gives nothing of a block cut off
    assert any("cut off" in reason or "damaged" in reason for _, _, reason in problems)


def test_a_bomb_ends_with_its_archive(tmp_path: Path) -> None:
    bombs = {
        "one large member": zipped([("a.md", ZERO * 30)]),
        "many members": zipped([(f"{n}.md", ZERO * 3) for n in range(15)]),
        "a large member of a tar": tarred([("a.md", ZERO * 30)]),
        "hidden members of a tar": tarred([(f".{n}", ZERO * 3) for n in range(15)]),
        "many empty members": zipped([(f"{n}.md", b"") for n in range(21)]),
    }
    reasons = {
        "one large member": "a file in it is larger than 8 MB",
        "a large member of a tar": "a file in it is larger than 8 MB",
        "many empty members": "it holds more than 20 files",
    }
    for number, (what, data) in enumerate(bombs.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (reason,) = [reason for place, reason in problems(folder, data) if not place]
        assert reason.startswith(reasons.get(what, "it unpacks to more than ")), what
        assert reason.endswith("the rest of it was not read"), what
        written = sum(f.stat().st_size for f in (folder / "scratch").rglob("*") if f.is_file())
        assert written <= 33 << 20, what


def test_a_bomb_within_an_archive_counts_for_the_outer_one(tmp_path: Path) -> None:
    inner = zipped([("a.md", ZERO * 7)])
    data = zipped([(f"{n}.zip", inner) for n in range(10)])
    said = problems(tmp_path, data)
    assert said
    assert all("it unpacks to more than " in reason for _, reason in said)


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.md", b"Ants dig."), ("b.md", b"Bees.")]))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)  # it begins where the first one does
    _, ((_, _, reason),) = read(tmp_path, "x.zip", bytes(data))
    assert reason == "its members overlap, as a bomb's do; the rest of it was not read"


def test_a_tar_member_s_name_of_gigabytes_is_refused(tmp_path: Path) -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 3 << 30
    said = problems(tmp_path, header.tobuf(tarfile.GNU_FORMAT) + ZERO)
    assert said == [
        ("", "a member's name or description is larger than 4 MB; the rest of it was not read")
    ]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    read(tmp_path / "corpus", "x.zip", zipped(pages(PAGES)))
    assert list(aside.iterdir()) == []


def test_a_corpus_may_be_an_archive_with_its_profile(tmp_path: Path) -> None:
    made = [*pages(PAGES), ("site/site.toml", b'base = "https://x.org"\n')]
    (tmp_path / "all.zip").write_bytes(zipped(made))
    with opened_corpus(tmp_path / "all.zip") as (folder, said):
        profile = load_profile(folder)
        events = list(read_corpus(folder, profile))
    assert (said, profile.base) == ([], "https://x.org")
    assert [event.source for event in events if isinstance(event, Opened)] == ["a.html", "b.md"]
    assert not folder.exists()
    (tmp_path / "x.md").write_text("x")
    for name in ("x.md", "nowhere.zip"):
        with (
            pytest.raises(CorpusError, match="is neither a folder nor an archive"),
            opened_corpus(tmp_path / name),
        ):
            pass
