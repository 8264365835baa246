"""What is asked of the service itself: whether it lives, what runs, which collections it serves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

import groundedqa
from groundedqa.errors import GroundedQAError
from groundedqa.server.caller import Caller, caller_of
from groundedqa.server.collections import Collections
from groundedqa.server.described import UNREADABLE, problems
from groundedqa.server.metrics import Metrics
from groundedqa.server.named import collections_of
from groundedqa.server.schemas import CollectionOut, CollectionsOut, Health, Readiness, Version
from groundedqa.server.sending import as_json

Serving = Annotated[Collections, Depends(collections_of)]
Calling = Annotated[Caller, Depends(caller_of)]
router = APIRouter()


@router.get("/healthz", response_model=Health, summary="Whether the process lives", tags=["health"])
async def healthz() -> Response:
    """Always ok as long as anything answers."""
    return as_json(Health())


@router.get(
    "/readyz",
    response_model=Readiness,
    summary="Whether questions are answered",
    responses=problems(503),
    tags=["health"],
)
async def readyz(collections: Serving) -> Response:
    """Ready once a snapshot is verified and the model has answered once."""
    follower = collections.follower
    return as_json(Readiness(snapshot=follower.asker.snapshot_id, problem=follower.problem))


@router.get("/version", response_model=Version, summary="What is running", tags=["health"])
async def version(collections: Serving) -> Response:
    """The version, and the snapshot that answers."""
    try:
        snapshot = collections.follower.asker.snapshot_id
    except GroundedQAError:
        snapshot = None
    return as_json(Version(version=groundedqa.__version__, snapshot=snapshot))


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    summary="What the service counts, for Prometheus",
    responses=problems(401, 403, 429),
    tags=["health"],
)
def metrics(request: Request, caller: Calling) -> Response:
    """The sums of all workers; with keys it takes an admin key."""
    caller.check_admin()
    counted: Metrics = request.app.state.metrics
    return Response(counted.text(), media_type=CONTENT_TYPE_LATEST)


@router.get(
    "/v1/collections",
    response_model=CollectionsOut,
    summary="The collections that may be asked",
    responses=problems(401, 403, 429, 503),
    tags=["collections"],
)
def collections(serving: Serving, caller: Calling) -> Response:
    """Each that has something published and that the key is for, by name."""
    found = [
        CollectionOut.of(serving.served(name), serving.default)
        for name in serving.names()
        if caller.may_read(name)
    ]
    return as_json(CollectionsOut(collections=found))


@router.get(
    "/v1/collections/{collection}",
    response_model=CollectionOut,
    summary="What a collection has published",
    responses=UNREADABLE | problems(401, 403, 404, 422, 429, 503),
    tags=["collections"],
)
def collection(
    collection: Annotated[str, Path(description="As GET /v1/collections lists them.")],
    serving: Serving,
) -> Response:
    """Its snapshot, and how much is in it."""
    return as_json(CollectionOut.of(serving.served(collection), serving.default))
