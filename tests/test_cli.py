"""The command as a process, as scripts and people use it."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest

from groundedqa.cli.options import progress_bar
from groundedqa.snapshot import Collection, current, snapshots
from tests.conftest import BuildTiny
from tests.support.processes import PYTHON, command

COMMANDS = [
    "tune",
    *("build", "publish", "rollback", "verify", "prune", "remove", "allow", "ask", "serve"),
    *("read", "evaluate"),
]


def build(
    collection: Collection, corpus: Path, model: Path, *flags: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    given = ("--corpus", corpus, "--index", collection.index, "--model", model)
    return command("build", *given, "--passage-tokens", "48", *flags, **variables)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_says_what_each_flag_does(name: str) -> None:
    shown = command(name, "--help", COLUMNS="200")
    assert (shown.returncode, shown.stderr) == (0, "")
    options = shown.stdout.split("Options:")[1].splitlines()
    flags = [line.split() for line in options if line.strip().startswith("-")]
    assert flags[-1][0] == "--help"
    for words in flags:
        said = [word for word in words[1:] if word == "A" or not re.fullmatch("[A-Z]+", word)]
        assert said[0][0].isupper(), words


def test_the_first_help_leads_to_the_commands() -> None:
    shown = command("--help")
    assert all(name in shown.stdout for name in COMMANDS)
    assert "groundedqa build" in shown.stdout
    assert command("--version").stdout == "groundedqa 0.1.0\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["ask"],
        ["ask", "x", "--nonsense"],
        ["build", "extra"],
        ["prune", "--keep", "0"],
    ],
)
def test_a_wrong_command_line_ends_with_2(words: list[str]) -> None:
    assert command(*words).returncode == 2


def test_build_prints_the_snapshots_id_and_publishes_it(
    collection: Collection, corpus: Path, tiny_model: Path
) -> None:
    built = build(collection, corpus, tiny_model)
    assert built.returncode == 0, built.stderr
    made = current(collection)
    assert built.stdout.splitlines()[0] == f"snapshot {made} published"
    assert "0 warnings" in built.stdout
    assert built.stderr == ""
    again = json.loads(build(collection, corpus, tiny_model, "--json").stdout)
    assert (again["snapshot"], again["reused"], again["published"]) == (made, True, True)
    assert again["warnings"] == 0
    assert again["counts"]["documents"] == 4


def test_no_publish_leaves_what_is_published(
    collection: Collection, corpus: Path, tiny_model: Path, build_tiny: BuildTiny
) -> None:
    before = build_tiny().snapshot
    (corpus / "wind.txt").write_text("Wind\n\nAir that moves.\n")
    for flags, variables in ((["--no-publish"], {}), ([], {"GROUNDEDQA_NO_PUBLISH": "1"})):
        built = build(collection, corpus, tiny_model, "--json", *flags, **variables)
        told = json.loads(built.stdout)
        assert told["published"] is False
        assert told["snapshot"] != before
        assert current(collection) == before


def test_what_can_not_be_read_is_a_warning_and_with_strict_the_end(
    collection: Collection, corpus: Path, tiny_model: Path
) -> None:
    (corpus / "latin.txt").write_bytes("Caf\xe9".encode("latin-1") + b"\xff\xfe\x81")
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "again.jsonl").write_text('{"_id": "rain", "title": "Rain", "text": "Twice."}\n')
    (corpus / "broken.md").write_text("---\ntitle: [\n---\n\nText.\n")
    strict = build(collection, corpus, tiny_model, "--strict")
    assert (strict.returncode, strict.stdout) == (2, "")
    assert current(collection) is None
    assert snapshots(collection) == []
    built = build(collection, corpus, tiny_model)
    assert built.returncode == 0
    for output in (strict.stderr, built.stdout):
        for name in ("empty.txt", "broken.md"):
            assert name in output
        assert "rain" in output
    assert "0 warnings" not in built.stdout


def test_ask_prints_passages_with_their_citations(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    made = build_tiny().snapshot
    given = ("--index", collection.index, "-k", "2")
    shown = command("ask", *given, "why are there two tides a day")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("1. ")
    assert shown.stdout.count("\n   -- ") == 2
    assert shown.stdout.count("   /documents/") == 2
    answer = json.loads(command("ask", *given, "--json", "why are there two tides a day").stdout)
    assert answer["snapshot"] == made
    assert [c["rank"] for c in answer["citations"]] == [1, 2]
    for citation in answer["citations"]:
        printed = " ".join(shown.stdout.split())
        assert " ".join(citation["quote"].split()) in printed
        assert citation["link"] in shown.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["  "], "blank"),
        (["x" * 10_001], "at most 10000"),
        (["-k", "51", "x"], "1 to 50"),
        (["-k", "0", "x"], "1 to 50"),
        (["--collection", "../x", "x"], "no name for a collection"),
        (["--collection", "other", "x"], "groundedqa build"),
    ],
)
def test_ask_says_in_one_line_what_is_wrong(
    collection: Collection, build_tiny: BuildTiny, words: list[str], says: str
) -> None:
    build_tiny()
    refused = command("ask", "--index", collection.index, *words)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert says in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_variables_stand_for_flags_and_a_wrong_one_is_named(
    collection: Collection, build_tiny: BuildTiny
) -> None:
    build_tiny()
    variables = {
        "GROUNDEDQA_INDEX": str(collection.index),
        "GROUNDEDQA_K": "3",
        "GROUNDEDQA_JSON": "true",
    }
    assert len(json.loads(command("ask", "rain", **variables).stdout)["citations"]) == 3
    for name, value in (("PORT", "x"), ("PORT", "70000"), ("THREADS", "0"), ("K", "x")):
        words = ["serve"] if name == "PORT" else ["ask", "x"]
        refused = command(*words, **{**variables, f"GROUNDEDQA_{name}": value})
        assert refused.returncode == 2
        assert f"GROUNDEDQA_{name}" in refused.stderr


def test_read_prints_markdown_and_json(corpus: Path) -> None:
    shown = command("read", corpus / "clouds.md")
    assert shown.returncode == 0
    assert "# Clouds\n" in shown.stdout
    assert "## How they form" in shown.stdout.replace("###", "##")
    assert "Air that rises cools. Its vapour condenses on dust." in shown.stdout
    lines = command("read", "--json", corpus / "more.jsonl").stdout.splitlines()
    assert [json.loads(line)["doc_id"] for line in lines] == ["rain", "snow"]
    missing = command("read", corpus / "nope.md")
    assert missing.returncode == 2


def test_read_explains_what_was_left_out_and_tells_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("chrome = ['tide tables .*']\n", encoding="utf-8")
    page = tmp_path / "tide.txt"
    page.write_text(
        "Why does the tide turn?\n\nExpert Answers\nseafarer9 Sandbar educator| Certified Educator"
        "\n\nThe Moon pulls at the sea, and the Earth turns below it.\n\nTide tables for sale\n",
        encoding="utf-8",
    )
    told = command("read", "--explain", page).stdout
    assert "language: en\nauthor: seafarer9\n" in told
    assert told.split("\n\n")[-2].split("\n") == [
        "- [dropped by answer heading] Expert Answers",
        "- [dropped by byline] seafarer9 Sandbar educator| Certified Educator",
        "- [dropped by chrome: tide tables .*] Tide tables for sale",
    ]
    (line,) = command("read", "--explain", "--json", page).stdout.splitlines()
    dropped = json.loads(line)["dropped"]
    assert dropped[-1] == {"rule": "chrome: tide tables .*", "text": "Tide tables for sale"}
    assert "dropped" not in command("read", page).stdout


def test_publish_rollback_verify_and_prune_end_well_or_say_why(
    collection: Collection, build_tiny: BuildTiny, corpus: Path
) -> None:
    given = ("--index", collection.index)
    for name in ("publish", "rollback", "verify"):
        refused = command(name, *given)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    first = build_tiny().snapshot
    (corpus / "wind.txt").write_text("Wind\n\nAir that moves.\n")
    second = build_tiny().snapshot
    assert command("rollback", *given).stdout == f"snapshot {first} published\n"
    assert command("publish", second, *given).stdout == f"snapshot {second} published\n"
    assert command("verify", *given).stdout.startswith(f"snapshot {second} is sound (current)")
    assert command("prune", "--keep", "1", *given).stdout == "0 snapshots deleted\n"
    assert command("publish", "nope", *given).returncode == 2
    path = collection.snapshot(second) / "report.json"
    path.write_text(path.read_text() + " ")
    damaged = command("verify", *given)
    assert damaged.returncode == 2
    assert str(path) in damaged.stderr


def test_an_interrupted_build_ends_with_130_and_keeps_what_was_encoded(
    collection: Collection, corpus: Path, tiny_model: Path
) -> None:
    lines = (
        json.dumps({"_id": f"d{n}", "title": f"Page {n}", "text": f"The text of page {n}. " * 40})
        for n in range(4000)  # far from its end when the first vectors are there
    )
    (corpus / "many.jsonl").write_text("\n".join(lines) + "\n")
    words = ["build", "--corpus", corpus, "--index", collection.index, "--model", tiny_model]
    with subprocess.Popen(
        [PYTHON, "-m", "groundedqa", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GROUNDEDQA_READERS": "0"},
    ) as process:
        tick = threading.Event()
        while process.poll() is None and not has_vectors(collection):
            tick.wait(0.05)
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, out) == (130, "")
    assert err == "groundedqa: interrupted; what was encoded is kept for the next build\n"
    assert current(collection) is None
    assert has_vectors(collection)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_a_finalizer_swallowed_ends_the_work_where_it_next_tells() -> None:
    class Closed:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with progress_bar() as tell:
        tell("encoding", 0, 2)
        Closed()
        with pytest.raises(KeyboardInterrupt):
            tell("encoding", 1, 2)
    assert signal.getsignal(signal.SIGINT) is before


def has_vectors(collection: Collection) -> bool:
    """Whether the cache holds any vector yet."""
    if not collection.vectors.exists():
        return False
    db = sqlite3.connect(f"{collection.vectors.as_uri()}?mode=ro", uri=True)
    try:
        (table,) = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()
        return bool(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except (sqlite3.OperationalError, TypeError):  # it is being made
        return False
    finally:
        db.close()
