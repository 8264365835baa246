"""The operator's pages: what is published and what changed, how it is asked, what is missing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from groundedqa.errors import CollectionNotFoundError, NotFoundError, SnapshotCorruptError
from groundedqa.operate import may_read
from groundedqa.operate.gaps import find_gaps
from groundedqa.operate.question_log import logged
from groundedqa.server import admin_session, admin_snapshots
from groundedqa.server.admin_activity import activity, drawn
from groundedqa.server.admin_look import SIGN_IN, AdminPage, shown, sign_in_form
from groundedqa.server.admin_session import Acting, Filled, Operator, Signed
from groundedqa.server.named import collections_of
from groundedqa.snapshot import (
    Collection,
    before,
    make_current,
    not_found,
    read_report,
    roll_back,
)

_HOME = "/admin"
_GAPS = 50
_IN_LIST = ("nDCG@10", "Success@1")
_MOST_QUESTIONS = 500  # each is asked again while the page waits
_ONE = "/admin/collections/{name}"
# A report is one file with its own styles.
_REPORT = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox; frame-ancestors 'none'",
}
router = APIRouter(include_in_schema=False, route_class=AdminPage)


def collection_of(request: Request, name: str, operator: Signed) -> Collection:
    """The collection that the address names, if the operator's key is for it.

    Raises:
        ForbiddenError: it is not.
        CollectionNotFoundError: there is none, or it has no index to look into.
    """
    may_read(operator.key, name)
    serving = collections_of(request)
    if serving.index is None or name not in serving.names():
        raise not_found(name)
    return Collection(serving.index, name)


Named = Annotated[Collection, Depends(collection_of)]


@router.get(SIGN_IN)
def sign_in_page() -> HTMLResponse:
    """Where the admin key is given."""
    return sign_in_form()


@router.post(SIGN_IN, dependencies=[Depends(admin_session.check_attempts)])
def sign_in(request: Request, form: Filled) -> Response:
    """Begin a session."""
    admin_session.check_same_site(request)
    response = RedirectResponse(_HOME, status_code=HTTPStatus.SEE_OTHER)
    admin_session.begin(request, response, form.get("token", "").strip())
    return response


@router.post("/admin/sign-out")
def sign_out(operator: Acting) -> Response:
    """End it."""
    del operator
    response = RedirectResponse(SIGN_IN, status_code=HTTPStatus.SEE_OTHER)
    admin_session.end(response)
    return response


@router.get(_HOME)
def home(request: Request, operator: Signed) -> HTMLResponse:
    """The collections of the key."""
    serving = collections_of(request)
    rows = []
    for name in filter(operator.key.is_for, serving.names()):
        try:
            rows.append((serving.served(name), serving.is_open(name)))
        except CollectionNotFoundError:  # removed meanwhile
            continue
    return shown("home.html", operator, rows=rows, default=serving.default)


@router.get(_ONE)
def collection_page(collection: Named, operator: Signed) -> HTMLResponse:
    """Its snapshots."""
    rows = admin_snapshots.rows(collection)
    chosen = [name for name in _IN_LIST if any(name in row.measures for row in rows)]
    return shown(
        "collection.html", operator, name=collection.name, rows=rows, measures=chosen,
        can_roll_back=before(collection) is not None,
    )  # fmt: skip


@router.get(_ONE + "/changes")
def changes_page(
    collection: Named,
    operator: Signed,
    earlier: Annotated[str, Query()],
    later: Annotated[str, Query()],
) -> HTMLResponse:
    """What changed between two snapshots."""
    return shown(
        "changes.html", operator, name=collection.name, earlier=earlier, later=later,
        changes=admin_snapshots.changed(collection, earlier, later),
        measured=admin_snapshots.measured(collection, (earlier, later)),
    )  # fmt: skip


@router.get(_ONE + "/snapshots/{snapshot}/publish")
def confirm_page(collection: Named, operator: Signed, snapshot: str) -> HTMLResponse:
    """What publishing a snapshot would change, and the button that does it."""
    return _confirm(collection, operator, snapshot, f"snapshots/{snapshot}/publish")


@router.post(_ONE + "/snapshots/{snapshot}/publish")
def publish(collection: Named, operator: Acting, snapshot: str) -> Response:
    """Publish it."""
    del operator
    make_current(collection, snapshot)
    return _back(collection)


@router.get(_ONE + "/rollback")
def confirm_rollback_page(collection: Named, operator: Signed) -> HTMLResponse:
    """What going back would change, and the button that does it."""
    earlier = before(collection)
    if earlier is None:
        raise NotFoundError("nothing was published before")
    return _confirm(collection, operator, earlier, "rollback")


@router.post(_ONE + "/rollback")
def confirmed_rollback(collection: Named, operator: Acting) -> Response:
    """Go back."""
    del operator
    roll_back(collection)
    return _back(collection)


@router.get(_ONE + "/snapshots/{snapshot}/report")
def build_report_page(collection: Named, snapshot: str) -> HTMLResponse:
    """What its build made of each source."""
    from groundedqa.build.report_page import report_page  # with it comes all that builds

    chosen, report = read_report(collection, admin_snapshots.folder_of(collection, snapshot).name)
    return HTMLResponse(report_page(chosen, report), headers=_REPORT)


@router.get(_ONE + "/snapshots/{snapshot}/evaluation")
def evaluation_page(collection: Named, snapshot: str) -> HTMLResponse:
    """The page that ``evaluate --keep`` wrote of it."""
    known = admin_snapshots.folder_of(collection, snapshot).name
    try:
        path = collection.evaluation(known).with_suffix(".html")
        written = path.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFoundError(
            "no page of an evaluation is kept of this snapshot; make one with: groundedqa evaluate "
            f"--data DIR --index INDEX --collection {collection.name} --keep"
        ) from error
    return HTMLResponse(written, headers=_REPORT)


@router.get(_ONE + "/gaps")
def gaps_page(request: Request, collection: Named, operator: Signed) -> HTMLResponse:
    """What students asked and nothing answers; the questions that were asked most."""
    rows = logged(request.app.state.keyring.path, collection.name)
    asker = collections_of(request).asker(collection.name)
    found = find_gaps(asker, rows, top=_GAPS, most=_MOST_QUESTIONS) if rows else None
    return shown("gaps.html", operator, name=collection.name, found=found)


@router.get("/admin/activity")
def activity_page(request: Request, operator: Signed) -> HTMLResponse:
    """How long questions take, and how they are decided."""
    found = activity(request.app.state.metrics)
    return shown("activity.html", operator, found=found, charts=drawn(found))


def _confirm(
    collection: Collection, operator: Operator, snapshot: str, action: str
) -> HTMLResponse:
    row = admin_snapshots.row(collection, snapshot)
    now = admin_snapshots.published(collection)
    ids = (now.id if now else row.id, row.id)
    try:
        changes = admin_snapshots.changed(collection, *ids) if now and not now.problem else None
    except SnapshotCorruptError:  # of what is published: then it is to be replaced all the more
        changes = None
    return shown(
        "confirm.html", operator, name=collection.name, row=row, now=now, action=action,
        changes=changes,
        measured=admin_snapshots.measured(collection, ids),
    )  # fmt: skip


def _back(collection: Collection) -> Response:
    address = f"/admin/collections/{collection.name}"
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
