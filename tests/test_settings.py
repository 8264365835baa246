from __future__ import annotations

from pathlib import Path

import pytest

from groundedqa.errors import ConfigurationError
from groundedqa.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GROUNDEDQA_{name.upper()}", raising=False)


def test_the_defaults_are_those_of_the_readme() -> None:
    settings = load_settings()
    assert settings.corpus == Path("corpus")
    assert settings.index == Path("index")
    assert settings.collection == "default"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.model, settings.threads, settings.passage_tokens) == (None, None, 200)


def test_a_variable_sets_what_no_flag_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDEDQA_INDEX", "/data/index")
    monkeypatch.setenv("GROUNDEDQA_PORT", "9000")
    assert load_settings(index=None, port=None).index == Path("/data/index")
    assert load_settings(index=None, port=None).port == 9000


def test_a_flag_goes_before_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDEDQA_PORT", "9000")
    assert load_settings(port=9001).port == 9001
    assert load_settings(port=0).port == 0


def test_an_empty_variable_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDEDQA_CORPUS", "")
    monkeypatch.setenv("GROUNDEDQA_PORT", "")
    assert load_settings().corpus == Path("corpus")
    assert load_settings().port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "x"), ("PORT", "65536"), ("PORT", "-1"), ("PASSAGE_TOKENS", "15")],
)
def test_a_wrong_value_names_the_flag_and_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"GROUNDEDQA_{name}", value)
    flag = name.lower()
    with pytest.raises(ConfigurationError) as caught:
        load_settings(**{flag: None})
    assert f"GROUNDEDQA_{name}: " in str(caught.value)
    assert f"--{flag.replace('_', '-')} or " in str(caught.value)


def test_a_variable_without_a_flag_is_named_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDEDQA_THREADS", "0")
    with pytest.raises(ConfigurationError, match=r"^GROUNDEDQA_THREADS: "):
        load_settings(port=None)
