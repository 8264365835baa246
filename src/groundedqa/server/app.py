"""create_app: the service as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

import groundedqa
from groundedqa.ask import Asker
from groundedqa.server import feedback_routes, pages, routes, tutor_http
from groundedqa.server.gate import Gate, Policy
from groundedqa.server.limits import BodyLimit, HeadAsGet, TextAddress
from groundedqa.server.metrics import Metrics
from groundedqa.server.problems import add_handlers
from groundedqa.server.reload import Follower
from groundedqa.server.schemas import Problem
from groundedqa.server.traces import Traces
from groundedqa.server.tutor import has_sdk
from groundedqa.server.tutor_http import TutorEndpoint
from groundedqa.server.voices import Voices
from groundedqa.server.watched import Watched

_STATIC = Path(__file__).parent / "static"
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


def create_app(
    open_asker: Callable[[], Asker],
    *,
    every: float = 0.5,
    policy: Policy | None = None,
    metrics: Metrics | None = None,
    traces: Traces | None = None,
    voices: Voices | None = None,
) -> FastAPI:
    """The service over whatever ``open_asker`` opens.

    It starts without a snapshot too, answers 503 until there is one, and changes to a newly
    published one within ``every`` seconds. ``policy`` says who may ask; None: anyone.
    ``voices`` keeps what students say of answers; without it answers have no id.
    """
    follower = Follower(open_asker, every)
    metrics = metrics or Metrics()
    metrics.tell_snapshot(lambda: follower.asker)
    tutor = TutorEndpoint(lambda: follower.asker)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        follower.start()
        yield
        await tutor.close()
        follower.stop()
        if voices is not None:
            voices.close()
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
    app.state.follower = follower
    if has_sdk():
        app.router.routes.append(tutor_http.route(tutor))
    app.state.shown = policy.shown if policy else None
    app.state.voices = voices
    routers = (routes.router, feedback_routes.router, pages.router)
    app.state.routes = (*app.router.routes, *(route for each in routers for route in each.routes))
    for each in routers:
        app.include_router(each)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(BodyLimit)
    app.add_middleware(TextAddress)
    app.add_middleware(Gate, policy=policy or Policy())
    app.add_middleware(HeadAsGet)
    app.add_middleware(Watched, metrics=metrics, traces=traces)
    add_handlers(app)
    return app
