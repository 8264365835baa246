"""The route of the widget's files. The gate makes what is below it public to every origin."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from groundedqa.errors import NotFoundError
from groundedqa.server.widget_files import widget_files

_SHORT = "public, max-age=3600"
_LASTING = "public, max-age=31536000, immutable"
router = APIRouter(include_in_schema=False)


@router.get("/widget/{name}")
def widget_file(request: Request, name: str) -> Response:
    """A file of the widget, packed for who takes that; 304 for who has it.

    Raises:
        NotFoundError: there is none of this name.
    """
    found = widget_files().get(name)
    if found is None:
        raise NotFoundError(f"the widget has no file of this name: {', '.join(widget_files())}")
    packs = _takes_gzip(request.headers.get("accept-encoding", ""))
    etag = f'"{found.digest[:32]}{"-gzip" if packs else ""}"'
    headers = {
        "Cache-Control": _LASTING if found.lasting else _SHORT,
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    if etag in _etags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    if packs:
        headers["Content-Encoding"] = "gzip"
    return Response(
        found.packed if packs else found.content, media_type=found.media_type, headers=headers
    )


def _takes_gzip(accepted: str) -> bool:
    """Whether an ``Accept-Encoding`` names gzip, and not to refuse it."""
    for each in accepted.lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False


def _etags(header: str) -> set[str]:
    return {each.strip().removeprefix("W/") for each in header.split(",")}
