"""An AI tutor asks by the Model Context Protocol: the SDK's own client, over stdio and HTTP."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from groundedqa.errors import ConfigurationError
from groundedqa.server import tutor
from tests.support.processes import Service
from tests.support.running import RAIN


async def ask_and_read(client: Client) -> None:
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == {"ask", "read_document"}
    assert tools["ask"].input_schema["required"] == ["question"]
    answer = await client.call_tool("ask", {"question": "why does rain fall?", "k": 1})
    assert not answer.is_error
    told: Any = answer.structured_content
    (cited,) = told["citations"]
    assert (told["decision"], cited["quote"]) == ("answered", RAIN)
    assert cited["attribution"]["title"] == "Why does rain fall?"
    read = await client.call_tool("read_document", {"document_id": cited["document"]["id"]})
    document: Any = read.structured_content
    assert document["text"][cited["start"] : cited["end"]] == cited["quote"]


async def ask_wrongly(client: Client) -> None:
    for tool, wrong, said in (
        ("ask", {"question": " "}, "blank"),
        ("ask", {"question": "why?", "k": 99}, "k"),
        ("read_document", {"document_id": "snow"}, "snow"),
    ):
        refused = await client.call_tool(tool, wrong)
        assert refused.is_error, wrong
        (content,) = refused.content
        assert content.type == "text"
        assert said in content.text


async def both(server: str | StdioServerParameters) -> None:
    async with Client(server) as client:
        assert "exactly as it stands" in (client.instructions or "")
        await ask_and_read(client)
        await ask_wrongly(client)


def test_a_tutor_asks_over_http_and_gets_the_very_words(rain: Service) -> None:
    asyncio.run(both(f"{rain.url}mcp"))
    assert rain.get("/readyz")[0] == 200


def test_a_tutor_asks_over_standard_input_and_output(rain: Service) -> None:
    flags = ["-m", "groundedqa", "mcp", "--index", str(rain.log.parent / "index")]
    command = StdioServerParameters(command=sys.executable, args=flags, env=dict(os.environ))
    asyncio.run(both(command))


def test_without_the_sdk_the_command_names_what_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "mcp" else found(name)
    )
    assert not tutor.has_sdk()
    with pytest.raises(ConfigurationError, match=r"pip install 'groundedqa\[mcp\]'"):
        tutor.run_tutor(lambda: pytest.fail("nothing is opened"))
