"""The tools of an AI tutor, by the Model Context Protocol: it quotes the site, not its memory.

The SDK comes with ``groundedqa[mcp]`` and is slow to import: it is read in where it is first used.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

import groundedqa
from groundedqa.ask import DEFAULT_CITATIONS, MOST_CITATIONS, Asker, Wanted
from groundedqa.errors import ConfigurationError, GroundedQAError
from groundedqa.server.fields import Question
from groundedqa.server.reload import Follower
from groundedqa.server.schemas import AnswerOut, DocumentOut

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

_INSTRUCTIONS = (
    "Answers come from one site's own pages. Ask before you answer, show a quote exactly as it "
    "stands, and give its link and attribution.text with it. Where the decision is 'abstained' the "
    "site does not hold the answer: say so, and don't answer from memory as if it did."
)
_ASK = (
    "The passages of the site that answer a question, word for word, best first, each with a "
    "citation (quote, link, document, author, attribution). Where the site does not answer, the "
    "decision is 'abstained', there are no citations, and the reason is told."
)
_READ = "The whole text of a document of the site, by the id that a citation's document.id names."

Count = Annotated[int, Field(ge=1, le=MOST_CITATIONS, description="How many passages at most.")]
DocumentId = Annotated[str, Field(description="As in a citation's document.id.")]


def has_sdk() -> bool:
    """Whether the SDK is installed."""
    return importlib.util.find_spec("mcp") is not None


def tutor(asker: Callable[[], Asker]) -> MCPServer[object]:
    """The server of the two tools, over whatever ``asker`` gives at each call.

    Raises:
        ConfigurationError: the SDK is not installed.
    """
    if not has_sdk():
        raise ConfigurationError(
            "the Model Context Protocol needs its SDK, which is not here; install it with: "
            "pip install 'groundedqa[mcp]'"
        )
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
    from mcp_types import ToolAnnotations

    def ask(question: Question, k: Count = DEFAULT_CITATIONS) -> AnswerOut:
        try:
            return AnswerOut.of(asker().ask(question, wanted=Wanted(k=k)))
        except GroundedQAError as error:
            raise ToolError(str(error)) from error

    def read_document(document_id: DocumentId) -> DocumentOut:
        try:
            return DocumentOut.of(asker().document(document_id))
        except GroundedQAError as error:
            raise ToolError(str(error)) from error

    server: MCPServer[object] = MCPServer(
        "groundedqa",
        instructions=_INSTRUCTIONS,
        version=groundedqa.__version__,
        log_level="WARNING",
        subscriptions=False,
    )
    harmless = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    server.add_tool(ask, description=_ASK, annotations=harmless)
    server.add_tool(read_document, description=_READ, annotations=harmless)
    return server


def run_tutor(open_asker: Callable[[], Asker]) -> None:
    """Serve the tools on standard input and output until the input ends.

    Raises:
        ConfigurationError: the SDK is not installed.
    """
    follower = Follower(open_asker)
    server = tutor(lambda: follower.asker)
    follower.look()  # the first question need not be told to come again
    follower.start()
    try:
        server.run("stdio")
    finally:
        follower.stop()
