"""The documentation says what is so, and all of it: commands run, names are those of the code."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
from pathlib import Path

import pytest
import typer

from groundedqa import errors
from groundedqa.cli.main import app
from groundedqa.read import SiteProfile, load_profile
from groundedqa.read.table import READERS
from groundedqa.server import create_app
from groundedqa.settings import Settings
from groundedqa.snapshot import Collection
from tests.conftest import ROOT
from tests.support.processes import service


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_has_at_most_120_lines_and_answers_a_question_before_the_30th() -> None:
    lines = text_of("README.md").split("\n")
    assert len(lines) <= 120
    asked = next(n for n, line in enumerate(lines) if "groundedqa ask" in line)
    closed = next(n for n, line in enumerate(lines) if n > asked and line == "```")
    assert closed < 30


def test_the_readme_shows_what_the_first_question_really_prints(sample: Collection) -> None:
    shown = re.search(
        r"```console\n\$ (?P<command>.+)\n(?P<output>(?s:.+?))\n```", text_of("README.md")
    )
    assert shown
    asking = shown["command"].split(" && ")[1]
    environment = {**os.environ, "GROUNDEDQA_INDEX": str(sample.index)}
    ran = subprocess.run(
        asking, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == shown["output"].strip()


def test_the_example_of_suggestions_puts_the_typing_error_right(
    sample: Collection, tmp_path: Path
) -> None:
    request = re.search(r"```sh\n(curl [^`]+)```", text_of("docs/http.md"))
    assert request
    with service(sample.index, tmp_path / "log") as running:
        running.wait_until_ready()
        command = request[1].replace("http://127.0.0.1:8000/", running.url)
        ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert '"document_id":"history--collectivisation-and-famine"' in ran.stdout


def test_the_example_of_a_site_profile_is_one(tmp_path: Path) -> None:
    example = re.search(r"```toml\n([^`]+)```", text_of("docs/site-profile.md"))
    assert example
    (tmp_path / "site.toml").write_text(example[1], encoding="utf-8")
    profile = load_profile(tmp_path)
    assert profile.risk == 0.02
    assert profile.synonyms[0] == ("USSR", "Soviet Union")
    assert profile.pins[0].document == "guides--citing"


def test_the_readme_s_request_gets_an_answer(sample: Collection, tmp_path: Path) -> None:
    request = re.search(r"```sh\n(curl [^`]+)```", text_of("README.md"))
    assert request
    with service(sample.index, tmp_path / "log") as running:
        running.wait_until_ready()
        command = request[1].replace(
            "127.0.0.1:8000", running.url.removeprefix("http://").rstrip("/")
        )
        ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert '"doc' in ran.stdout
    assert '"decision":"answered"' in ran.stdout


@pytest.mark.parametrize(
    "page",
    sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("*.md"))
    + sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "docs").rglob("*.md"))
    + ["scripts/README.md", "benchmarks/README.md"],
)
def test_every_link_within_the_documentation_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text_of(page)):
        assert (ROOT / page).parent.joinpath(target).exists(), target


def test_every_command_is_documented() -> None:
    documented = set(
        re.findall(r"^\| `groundedqa (\w+)", text_of("docs/commands.md"), re.MULTILINE)
    )
    commands = typer.main.get_command(app)
    assert documented == set(getattr(commands, "commands"))  # noqa: B009 - typer types it a Command


def test_every_setting_is_documented_with_its_variable_and_default() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \|.*\| `GROUNDEDQA_(\w+)` \|(.*)\|$",
        text_of("docs/commands.md"),
        re.MULTILINE,
    )
    assert [name for name, _, _ in rows] == list(Settings.model_fields)
    for name, variable, default in rows:
        assert variable == name.upper()
        value = Settings.model_fields[name].default
        assert value is None or f"`{value}`" in default


def test_every_error_is_documented() -> None:
    documented = re.findall(r"^\| `(\w+Error)` \|", text_of("docs/commands.md"), re.MULTILINE)
    classes = [name for name, value in vars(errors).items() if inspect.isclass(value)]
    assert sorted(documented) == sorted(classes)
    drawn = re.findall(r"(\w+Error)\b", inspect.getdoc(errors) or "")
    assert sorted(drawn) == sorted(classes)


def test_every_route_is_documented() -> None:
    documented = set(re.findall(r"^\| `(GET|POST) (\S+)`", text_of("docs/http.md"), re.MULTILINE))
    described = create_app(lambda: pytest.fail("nothing is asked here")).openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    # The routes of a named collection are those of the default one; the text says so once.
    named = {route for route in routes if route[1].startswith("/v1/collections/{collection}/")}
    plain = {(verb, path.replace("/collections/{collection}", "")) for verb, path in named}
    assert plain <= routes
    beside = {"GET /", "GET /documents/{doc_id}", "GET /opensearch.xml", "POST /mcp"}
    beside |= {"GET /widget/{name}", "GET /admin"}
    assert documented == (routes - named) | {tuple(route.split()) for route in beside}


def test_every_field_of_a_site_profile_is_documented() -> None:
    table = text_of("docs/site-profile.md").split("## What a source")[0]
    documented = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert documented == list(SiteProfile.model_fields)


def test_every_reader_is_documented_with_its_suffixes() -> None:
    text = text_of("docs/site-profile.md")
    for reader in READERS:
        suffixes = ", ".join(f"`{suffix}`" for suffix in reader.suffixes)
        assert f"| {reader.name} | {suffixes} |" in text


def test_every_script_is_in_their_table() -> None:
    documented = re.findall(
        r"^\| `scripts/([\w-]+)` \|", text_of("scripts/README.md"), re.MULTILINE
    )
    scripts = [
        p.name for p in (ROOT / "scripts").iterdir() if os.access(p, os.X_OK) and p.is_file()
    ]
    assert sorted(documented) == sorted(scripts)


def test_a_missing_system_package_is_named_in_one_line_and_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    (tmp_path / "id").chmod(0o755)
    ran = subprocess.run(
        ["bash", "-c", ". scripts/environment; system_packages python3-venv chromium"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 3
    assert "  apt-get install python3-venv chromium\n" in ran.stderr
