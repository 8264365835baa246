"""create_app: the service as one ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

import groundedqa
from groundedqa.ask import Asker
from groundedqa.operate.sessions import Sessions
from groundedqa.server import about, admin_pages, feedback_routes, pages, routes, tutor_http, widget
from groundedqa.server.answers import AnswerCache
from groundedqa.server.collections import Collections
from groundedqa.server.gate import Gate, Policy
from groundedqa.server.limited import Limited
from groundedqa.server.limits import BodyLimit, HeadAsGet, TextAddress
from groundedqa.server.metrics import Metrics
from groundedqa.server.named import in_collection
from groundedqa.server.permits import Permits
from groundedqa.server.problems import add_handlers
from groundedqa.server.rates import Rates
from groundedqa.server.schemas import Problem
from groundedqa.server.traces import Traces
from groundedqa.server.tutor import has_sdk
from groundedqa.server.tutor_http import TutorEndpoint
from groundedqa.server.voices import Voices
from groundedqa.server.watched import Watched

_STATIC = Path(__file__).parent / "static"
_SPARE_THREADS = 8  # for what takes no permit
_NAMED = "/v1/collections/{collection}"
_DESCRIPTION = (
    "The passages of a corpus that answer a question, word for word, each with a citation that can "
    "be checked. Nothing is composed."
)


class Service(FastAPI):
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
    app.include_router(routes.router_at("/v1"))  # first: what is asked most is looked for in order
    app.include_router(about.router)
    app.include_router(feedback_routes.router_at("/v1"))
    app.include_router(pages.router_at(""))
    app.include_router(routes.router_at(_NAMED, Depends(in_collection)))
    app.include_router(feedback_routes.router_at(_NAMED, Depends(in_collection)))
    app.include_router(pages.router_at("/collections/{collection}"))
    app.include_router(pages.search_bar)
    app.include_router(widget.router)
    app.include_router(admin_pages.router)


def create_app(
    collections: Collections | Callable[[], Asker],
    *,
    policy: Policy | None = None,
    metrics: Metrics | None = None,
    traces: Traces | None = None,
    voices: Voices | None = None,
) -> Service:
    """The service over these collections, or over the one that a function opens.

    It starts without a snapshot too, answers 503 until there is one, and changes to a newly
    published one by itself. ``policy`` says who may ask; None: anyone. ``voices`` keeps what
    students say of answers; without it answers have no id.
    """
    if not isinstance(collections, Collections):
        collections = Collections.single(collections)
    served = collections
    follower = served.follower
    policy = policy or Policy()
    rates = policy.rates or Rates()
    metrics = metrics or Metrics()
    metrics.tell_snapshot(lambda: (follower.asker.snapshot_id, follower.asker.published))
    tutor = TutorEndpoint(lambda: follower.asker)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # A thread for each permit: what was let in waits for none.
        current_default_thread_limiter().total_tokens = policy.permits + _SPARE_THREADS
        served.start()
        yield
        await tutor.close()
        await rates.close()
        served.stop()
        if voices is not None:
            voices.close()
        if traces is not None:
            traces.close()

    app = Service(
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
    app.state.keyring = policy.keyring
    app.state.sessions = Sessions(policy.keyring) if policy.keyring else None
    app.state.shown = policy.shown
    app.state.rates = rates
    app.state.answers = AnswerCache(policy.cache_megabytes)
    app.state.metrics = metrics
    _include(app)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    # The last is the outermost: a request comes to it first.
    app.add_middleware(Permits, permits=policy.permits)
    app.add_middleware(BodyLimit)
    app.add_middleware(TextAddress)
    app.add_middleware(Limited, rates=rates)
    app.add_middleware(Gate, policy=policy)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Watched, metrics=metrics, traces=traces)
    add_handlers(app)
    return app
