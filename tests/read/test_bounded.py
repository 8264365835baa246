"""A source is read by a process of its own kind: whatever that does costs one line."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundedqa.read import Dropped, Event, Opened, Problem, SiteProfile, Source, read_bounded
from groundedqa.read.process import Bounds
from groundedqa.read.source import read_source
from groundedqa.types import Document
from tests.support.hostile import READERS
from tests.support.processes import PYTHON

HOSTILE = "tests.support.hostile"
BOUNDS = Bounds(seconds=2, memory=512 << 20)


def put(folder: Path, *stems: str) -> list[Source | Problem]:
    for stem in stems:
        (folder / f"{stem}.md").write_text(f"# {stem}\n\nThe text of {stem}.")
    return [Source(folder / f"{stem}.md", f"{stem}.md") for stem in stems]


def read(sources: list[Source | Problem], readers: int = 1) -> list[Event]:
    return list(read_bounded(sources, SiteProfile(), readers, None, BOUNDS, HOSTILE))


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("dies", "the reader's process died (signal 9)"),
        ("exits", "the reader's process died (status 0)"),
        ("faults", "the reader's process died (signal 11)"),
        ("sleeps", "reading took more than 2 s and was stopped"),
        ("loops", "reading took more than 2 s and was stopped"),
        ("stops", "reading took more than 2 s and was stopped"),
        ("eats", "needed more than 0.5 GiB of memory"),
    ],
)
def test_what_a_reader_does_to_its_process_costs_one_line(
    tmp_path: Path, deed: str, reason: str
) -> None:
    others = psutil.Process().children()  # a server of the session's may live in this process
    found = read(put(tmp_path, "before", deed, "after"))
    assert [e.doc_id for e in found if isinstance(e, Document) and e.doc_id != deed] == [
        "before",
        "after",
    ]
    assert [(e.source, e.reason) for e in found if isinstance(e, Problem)] == [
        (f"{deed}.md", reason)
    ]
    assert psutil.Process().children() == others


def test_what_a_reader_prints_is_seen_by_nobody(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = read(put(tmp_path, "prints", "after"))
    assert [e.doc_id for e in found if isinstance(e, Document)] == ["prints", "after"]
    assert capfd.readouterr() == ("", "")


def test_a_reader_that_closes_its_pipes_costs_one_line(tmp_path: Path) -> None:
    found = read(put(tmp_path, "closes", "after"))
    assert [e.doc_id for e in found if isinstance(e, Document)][-1] == "after"
    (problem,) = (e for e in found if isinstance(e, Problem))
    assert problem.source == "closes.md"


def test_a_full_disk_is_no_fault_of_the_source(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left on device"):
        read(put(tmp_path, "is full", "after"))


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    stems=st.lists(st.sampled_from(["a", "b", "c", "exits"]), min_size=9, max_size=20),
    readers=st.integers(1, 3),
)
def test_events_come_in_the_order_of_the_sources_whatever_the_number_of_processes(
    tmp_path: Path, stems: list[str], readers: int
) -> None:
    sources = put(tmp_path, *stems)
    sources[3:3] = [Problem("y", "", "can't be listed")]
    wanted: list[Event] = []
    for each in sources:
        if isinstance(each, Problem):
            wanted.append(each)
        elif each.name == "exits.md":
            wanted.append(Opened(each.name, "hostile", "suffix"))
            wanted.append(Problem(each.name, "", "the reader's process died (status 0)"))
        else:
            wanted.extend(read_source(each, SiteProfile(), None, READERS))
    # What it gave before its end may have come or not.
    found = [event for event in read(sources, readers) if getattr(event, "doc_id", "") != "exits"]
    assert found == wanted


def test_what_was_left_out_comes_before_its_document(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "Why is the sky blue?\n\nExpert Answers\n\nAir scatters blue light most.\n\n"
        "Get 48-hour free trial\n"
    )
    alone: list[Dropped] = []
    list(read_source(Source(page, "page.txt"), SiteProfile(), alone))
    assert alone
    for source in ([Source(page, "page.txt")], [Source(page, "page.txt")] * 2):
        dropped: list[Dropped] = []
        counts = []
        for event in read_bounded(source, SiteProfile(), 1, dropped):
            if isinstance(event, Document):
                counts.append(len(dropped))
                dropped.clear()
        assert counts == [len(alone)] * len(source)


def test_a_killed_build_leaves_no_process(tmp_path: Path) -> None:
    put(tmp_path, "sleeps")
    program = (
        "from pathlib import Path; from groundedqa.read import *\n"
        f"source = Source(Path({str(tmp_path / 'loops.md')!r}), 'loops.md')\n"
        f"for event in read_bounded([source], SiteProfile(), 1, None, table={HOSTILE!r}):\n"
        "    print(type(event).__name__, flush=True)\n"
    )
    put(tmp_path, "loops")
    with subprocess.Popen([PYTHON, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "Opened\n"
        (worker,) = psutil.Process(process.pid).children()
        process.send_signal(signal.SIGKILL)
    assert worker.wait(5) is None or not worker.is_running()


def test_a_table_that_cannot_be_loaded_is_an_error_that_says_what_to_look_at(
    tmp_path: Path,
) -> None:
    from groundedqa.errors import CorpusError

    with pytest.raises(CorpusError, match=r"did not start \(status 1\); see what `.*worker"):
        list(read_bounded(put(tmp_path, "a"), SiteProfile(), 1, table="tests.no_such_table"))
