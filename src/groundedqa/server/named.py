"""Which collection a request is for, and what every handler is given of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request
from starlette.concurrency import run_in_threadpool

from groundedqa.ask import Asker
from groundedqa.server.caller import caller_of
from groundedqa.server.collections import Collections
from groundedqa.server.preview import Preview


# These are asynchronous so that they run where they are, and not each in a thread.
async def in_collection(
    collection: Annotated[str, Path(description="As GET /v1/collections lists them.")],
) -> str:
    """Says in the OpenAPI document that the address names the collection."""
    return collection


def collection_name(request: Request) -> str:
    """The collection that the address names, else the default one."""
    default: str = collections_of(request).default
    return str(request.path_params.get("collection", default))


def home_of(request: Request) -> str:
    """The address of the collection's ask page, where its documents' pages are below."""
    named = request.path_params.get("collection")
    return f"/collections/{named}/" if named else "/"


def collections_of(request: Request) -> Collections:
    """The collections that are served."""
    collections: Collections = request.app.state.collections
    return collections


async def asker_of(request: Request) -> Asker:
    """The Asker of the request's collection.

    Raises:
        CollectionNotFoundError: there is none of this name.
        GroundedQAError: why it can't be asked now.
    """
    collections, name = collections_of(request), collection_name(request)
    if collections.is_open(name):
        return collections.asker(name)
    return await run_in_threadpool(collections.asker, name)


async def preview_of(request: Request) -> Preview:
    """What cuts an answer to what the caller may be shown, and addresses it."""
    return Preview(caller_of(request), request.app.state.shown, home_of(request))


Asking = Annotated[Asker, Depends(asker_of)]
Cutting = Annotated[Preview, Depends(preview_of)]
