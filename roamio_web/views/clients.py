"""Clients for staff: finding one, one with all bookings, and correcting their details."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from roamio_web.forms.clients import ClientForm, ClientSearch, MergeForm
from roamio_web.fragments import answer, wants_fragment
from roamio_web.models.client import ClientRow
from roamio_web.models.client_query import ClientQuery
from roamio_web.models.values import uuid_or_none
from roamio_web.permissions import Permission, requires
from roamio_web.sentences import by_whom
from roamio_web.services import clients
from roamio_web.services.clients import ClientMovedOn, ClientPage
from roamio_web.services.failures import NotFound, Refused
from roamio_web.sessions import current_client, member_let_in

bp = Blueprint("clients", __name__, url_prefix="/staff/clients")


@bp.get("")
@requires(Permission.SEE_CLIENTS)
def index() -> Response:
    """Show the clients that this person may see, those that the search finds, the newest first."""
    query = ClientQuery.from_args(request.args)
    page = clients.list_clients(current_client(), query)
    response = answer(
        "staff/clients/index.html",
        "staff/clients/_answer.html",
        {"member": member_let_in(), "page": page, "query": query, "filters": ClientSearch.showing(query)},
    )
    if wants_fragment():
        args: dict[str, Any] = {**query.to_args()}
        response.headers["HX-Push-Url"] = url_for("clients.index", **args)
    return response


@bp.get("/<uuid:client_id>")
@requires(Permission.SEE_CLIENTS)
def show(client_id: UUID) -> str:
    """Show one client with the bookings that this person may see.

    :raise 404: there is none, or it is not this person's to see.
    """
    return render_template("staff/clients/show.html", member=member_let_in(), page=_read(client_id))


@bp.get("/<uuid:client_id>/details")
@requires(Permission.CHANGE_CLIENT)
def details(client_id: UUID) -> str:
    """Show the form that corrects a client's details.

    :raise 404: there is none.
    """
    page = _read(client_id)
    return _form(page, ClientForm.showing(page.client))


@bp.post("/<uuid:client_id>/details")
@requires(Permission.CHANGE_CLIENT)
def change(client_id: UUID) -> ResponseReturnValue:
    """Write a client's details, unless somebody else was faster and changed them.

    :raise 404: there is none.
    """
    form = ClientForm()
    if not form.validate():
        return _form(_read(client_id), form), 422
    seen, wanted = form.seen(str(client_id)), form.wanted(str(client_id))
    try:
        clients.change_client(current_client(), seen, wanted)
    except ClientMovedOn as moved:
        changes = [*form.changes_until(moved.page.client), *by_whom(moved.latest)]
        return _form(moved.page, form.seeing(moved.page.client), changes=changes), 409
    except Refused as refusal:
        return _form(refusal.now, form, refusal=str(refusal)), 422
    flash("The details were changed.", "success")
    return redirect(url_for("clients.show", client_id=client_id), 303)


@bp.get("/<uuid:client_id>/merging")
@requires(Permission.MERGE_CLIENTS)
def merging(client_id: UUID) -> str:
    """Show who may be the same person as this client or, once one is chosen, the two side by side.

    :raise 404: there is none.
    """
    other = uuid_or_none(request.args.get("other"))
    if other and other != str(client_id):
        return _side_by_side(*clients.read_pair(current_client(), str(client_id), other))
    query = ClientQuery.from_args(request.args)
    kept, twins = clients.read_twins(current_client(), str(client_id), query.search)
    return render_template(
        "staff/clients/merging.html",
        member=member_let_in(),
        kept=kept,
        twins=twins,
        query=query,
        filters=ClientSearch.showing(query),
    )


@bp.post("/<uuid:client_id>/merging")
@requires(Permission.MERGE_CLIENTS)
def merge(client_id: UUID) -> ResponseReturnValue:
    """Make one client of two.

    :raise 404: one of them does not exist.
    """
    form = MergeForm()
    if not form.validate():
        abort(400)
    try:
        clients.merge_clients(current_client(), str(client_id), str(UUID(form.gone.data)))
    except Refused as refusal:
        if refusal.now is None:
            raise NotFound(str(refusal)) from refusal
        kept, gone = refusal.now
        return _side_by_side(kept, gone, str(refusal)), 422
    flash("The two are one client now.", "success")
    return redirect(url_for("clients.show", client_id=client_id), 303)


def _side_by_side(kept: ClientRow, gone: ClientRow, refusal: str | None = None) -> str:
    return render_template(
        "staff/clients/merge.html",
        member=member_let_in(),
        kept=kept,
        gone=gone,
        form=MergeForm(formdata=None, gone=gone.client.id),
        refusal=refusal,
    )


def _read(client_id: UUID) -> ClientPage:
    return clients.read_client(current_client(), str(client_id))


def _form(page: ClientPage, form: ClientForm, **outcome: object) -> str:
    return render_template(
        "staff/clients/details.html", member=member_let_in(), page=page, form=form, **outcome
    )
