from __future__ import annotations

import contextlib
import json
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from groundedqa.cli.main import app
from groundedqa.errors import (
    ConfigurationError,
    ForbiddenError,
    KeyNotFoundError,
    StorageError,
    UnauthorizedError,
)
from groundedqa.operate import TOKEN, Database, KeyKind, Keyring, checked_origin, may_read

SITE = "https://www.example.org"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "below" / "operator.sqlite")


def test_a_key_is_known_by_its_token_alone_and_the_file_holds_only_its_digest(
    database: Database,
) -> None:
    token, key = database.create("site", "widget", origins=(SITE,), rate=7, access="preview")
    assert TOKEN.fullmatch(token)
    assert token.startswith("site_")
    assert Keyring(database).key_of(token) == key == database.all_keys()[0]
    assert (key.rate, key.access, key.origins) == (7, "preview", (SITE,))
    stored = b"".join(path.read_bytes() for path in database.path.parent.iterdir())
    assert token.encode() not in stored
    assert token.split("_", 1)[1].encode() not in stored
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
    for wrong in ("", "site_", token[:-1], token.upper(), key.digest, key.key_id, "\ud800"):
        with pytest.raises(UnauthorizedError, match="groundedqa keys create"):
            Keyring(database).key_of(wrong)


def test_a_revoked_or_expired_key_opens_nothing_and_says_so(database: Database) -> None:
    token, key = database.create("server", "")
    keyring = Keyring(database, every=0)
    assert keyring.key_of(token).key_id == key.key_id
    assert database.revoke(key.key_id[:4]).revoked is not None
    with pytest.raises(UnauthorizedError, match="was revoked"):
        keyring.key_of(token)
    assert keyring.any()
    assert database.revoke(key.key_id).revoked == database.all_keys()[0].revoked
    soon = datetime.now(UTC) + timedelta(seconds=60)
    _, brief = database.create("server", "", expires=soon)
    assert brief.state(soon) == "expired"
    assert brief.state(soon - timedelta(seconds=1)) == "live"


def test_keys_that_are_gone_or_damaged_close_the_service(database: Database) -> None:
    keyring = Keyring(database, every=0)
    assert not keyring.any()
    database.create("admin", "")
    assert keyring.any()
    database.path.rename(database.path.with_suffix(".away"))
    with pytest.raises(StorageError, match="are gone"):
        keyring.any()
    database.path.write_bytes(b"no database" * 100)
    with pytest.raises(StorageError, match="--keys"):
        keyring.any()


def test_a_row_that_is_no_key_is_named(database: Database) -> None:
    database.create("server", "")
    with sqlite3.connect(database.path) as connection:
        connection.execute("UPDATE keys SET described = '{}'")
    connection.close()
    with pytest.raises(StorageError, match="not one of ours"):
        database.all_keys()


def test_the_id_of_a_key_that_is_not_there_or_not_alone_is_refused(database: Database) -> None:
    with pytest.raises(KeyNotFoundError, match="keys list"):
        database.revoke("abc")
    database.create("server", "")
    for wrong in ("", "zz"):
        with pytest.raises(KeyNotFoundError):
            database.revoke(wrong)


def test_only_listed_origins_and_collections_are_a_keys(database: Database) -> None:
    keyring = Keyring(database, every=0)
    _, key = database.create("site", "", origins=(SITE,), collections=("a",))
    assert keyring.lists_origin(SITE)
    assert not keyring.lists_origin("https://other.example.org")
    may_read(key, "a")
    with pytest.raises(ForbiddenError, match="'b'"):
        may_read(key, "b")
    database.revoke(key.key_id)
    assert not keyring.lists_origin(SITE)


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [
        ("site", {}),
        ("server", {"origins": (SITE,)}),
        ("site", {"origins": ("*",)}),
        ("server", {"expires": datetime(2020, 1, 1, tzinfo=UTC)}),
    ],
)
def test_bounds_that_do_not_go_together_are_refused(
    database: Database, kind: KeyKind, bounds: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError):
        database.create(kind, "", **bounds)
    assert database.all_keys() == []


@pytest.mark.parametrize(
    "origin",
    [
        *("", "null", "*", "example.org", "https://", "https://a.example.org/", "ftp://a.org"),
        *("https://A.example.org", "https://a.org:443", "http://a.org:80", "https://a.org:x"),
        *("https://u@a.org", "https://a.org?x", "https://é.org", "https://a.org#", " https://a.b"),
    ],
)
def test_what_no_browser_sends_as_an_origin_is_refused(origin: str) -> None:
    with pytest.raises(ConfigurationError, match="www"):
        checked_origin(origin)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=30))
def test_an_origin_is_taken_as_it_is_or_refused(text: str) -> None:
    for origin in (text, f"https://{text}"):
        with contextlib.suppress(ConfigurationError):
            assert checked_origin(origin) == origin


def run(*words: str | Path) -> str:
    ran = CliRunner().invoke(app, ["keys", *map(str, words)])
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_keys_are_made_listed_and_revoked_at_the_command_line(tmp_path: Path) -> None:
    where = ("--index", tmp_path / "index")
    token = run("create", "site", "--origin", SITE, "--name", "widget", *where).strip()
    assert TOKEN.fullmatch(token)
    bounds = ("--expires", "2099-12-31", "--access", "preview", "--words", "9", "--rate", "5")
    made = json.loads(run("create", "server", "--json", "--collection", "a", *bounds, *where))
    assert (made["expires"], made["words"]) == ("2100-01-01T00:00:00+00:00", 9)
    listed = json.loads(run("list", "--json", "--keys", tmp_path / "operator.sqlite"))
    assert [(key["kind"], key["state"]) for key in listed] == [("site", "live"), ("server", "live")]
    assert not any("digest" in key or "key" in key for key in listed)
    assert "is revoked" in run("revoke", made["key_id"], *where)
    lines = run("list", *where).splitlines()
    assert token not in "".join(lines)
    assert f"{SITE}  widget" in lines[0]
    assert "revoked  5 a minute  preview (9 words" in lines[1]


@pytest.mark.parametrize(
    "words",
    [
        ("create", "site"),
        ("create", "server", "--expires", "soon"),
        ("create", "server", "--expires", "0d"),
        ("create", "server", "--collection", "../x"),
        ("revoke", "abc"),
    ],
)
def test_a_wrong_flag_ends_with_2_and_makes_no_key(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = CliRunner().invoke(app, ["keys", *words, "--index", str(tmp_path / "index")])
    assert ran.exit_code == 2
    assert ran.output.startswith("groundedqa: ")
    assert not list(tmp_path.iterdir())
