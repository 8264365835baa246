"""create_app: the service as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

import groundedqa
from groundedqa.ask import Asker
from groundedqa.server import about, feedback_routes, pages, routes, tutor_http, widget
from groundedqa.server.collections import Collections
from groundedqa.server.gate import Gate, Policy
from groundedqa.server.limits import BodyLimit, HeadAsGet, TextAddress
from groundedqa.server.metrics import Metrics
from groundedqa.server.named import in_collection
from groundedqa.server.problems import add_handlers
from groundedqa.server.schemas import Problem
from groundedqa.server.traces import Traces
from groundedqa.server.tutor import has_sdk
from groundedqa.server.tutor_http import TutorEndpoint
from groundedqa.server.voices import Voices
from groundedqa.server.watched import Watched

_STATIC = Path(__file__).parent / "static"
_NAMED = "/v1/collections/{collection}"
_DESCRIPTION = (
    "The passages of a corpus that answer a question, word for word, each with a citation that can "
    "be checked. Nothing is composed."
)


class _Service(FastAPI):
    """FastAPI with the problem's schema in its OpenAPI document in the place of FastAPI's own."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made once."""
        if self.openapi_schema is None:
            schema = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                routes=self.routes,
            )
            schemas = schema["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            described = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(described.pop("$defs", {}))
            schemas["Problem"] = described
            self.openapi_schema = schema
        return self.openapi_schema


def _operation_id(route: APIRoute) -> str:
    """The handler's name: what generated clients call an operation by."""
    return f"{route.name}_in_collection" if "/collections/{" in route.path else route.name


def _include(app: FastAPI) -> None:
    """Every route for the default collection, and for one that the address names."""
    app.include_router(about.router)
    app.include_router(routes.router_at("/v1"))
    app.include_router(feedback_routes.router_at("/v1"))
    app.include_router(pages.router_at(""))
    app.include_router(routes.router_at(_NAMED, Depends(in_collection)))
    app.include_router(feedback_routes.router_at(_NAMED, Depends(in_collection)))
    app.include_router(pages.router_at("/collections/{collection}"))
    app.include_router(pages.search_bar)
    app.include_router(widget.router)


def create_app(
    collections: Collections | Callable[[], Asker],
    *,
    policy: Policy | None = None,
    metrics: Metrics | None = None,
    traces: Traces | None = None,
    voices: Voices | None = None,
) -> FastAPI:
    """The service over these collections, or over the one that a function opens.

    It starts without a snapshot too, answers 503 until there is one, and changes to a newly
    published one by itself. ``policy`` says who may ask; None: anyone. ``voices`` keeps what
    students say of answers; without it answers have no id.
    """
    if not isinstance(collections, Collections):
        collections = Collections.single(collections)
    served = collections
    follower = served.follower
    metrics = metrics or Metrics()
    metrics.tell_snapshot(lambda: follower.asker)
    tutor = TutorEndpoint(lambda: follower.asker)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        served.start()
        yield
        await tutor.close()
        served.stop()
        if traces is not None:
            traces.close()

    app = _Service(
        title="groundedqa",
        version=groundedqa.__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )
    app.state.collections = served
    if has_sdk():
        app.router.routes.append(tutor_http.route(tutor))
    app.state.voices = voices
    app.state.shown = policy.shown if policy else None
    _include(app)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(TextAddress)
    app.add_middleware(Gate, policy=policy or Policy())
    app.add_middleware(HeadAsGet)
    app.add_middleware(Watched, metrics=metrics, traces=traces)
    add_handlers(app)
    return app
