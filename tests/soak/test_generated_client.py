"""A client that a generator of the field makes from the OpenAPI document asks and is answered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import Service
from tests.support.running import RAIN

# In an environment of its own: the generator's dependencies are not ours.
ASK = """
import sys
from generated import Client
from generated.api.ask import ask, suggest
from generated.api.documents import citation, document
from generated.models import AskRequest, Problem

client = Client(base_url=sys.argv[1].rstrip("/"))
answer = ask.sync(client=client, body=AskRequest(question="why does rain fall?", k=1))
cited = answer.citations[0]
found = document.sync(cited.document.id, client=client)
assert found.text[cited.start : cited.end] == cited.quote
assert citation.sync(cited.citation_id, client=client).state == "stands"
assert suggest.sync(client=client, q="why does").suggestions[0].kind == "question"
problem = document.sync("snow", client=client)
assert isinstance(problem, Problem) and problem.status == 404, problem
print(cited.quote)
"""


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("generator")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    install = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", "openapi-python-client"]
    subprocess.run(install, check=True)
    return home / "bin"


def test_a_generated_client_asks_and_is_answered(
    rain: Service, generator: Path, tmp_path: Path
) -> None:
    flags = ("--url", f"{rain.url}openapi.json", "--output-path", tmp_path / "generated")
    made = subprocess.run(
        [generator / "openapi-python-client", "generate", *flags, "--meta", "none"],
        capture_output=True,
        text=True,
        env={"PATH": f"{generator}:/usr/bin:/bin"},
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert "Warning" not in made.stdout + made.stderr
    asked = subprocess.run(
        [generator / "python", "-c", ASK, rain.url],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert asked.stdout.strip() == RAIN, asked.stderr
