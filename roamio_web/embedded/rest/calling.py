"""Function calls: POST, GET and HEAD below ``/rpc``."""

from __future__ import annotations

from starlette.responses import Response

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.answers import answer
from roamio_web.embedded.rest.call_sql import (
    SOURCE,
    call_statement,
    call_with_body,
    call_with_query,
    choose_routine,
)
from roamio_web.embedded.rest.catalog import Catalog, Routine
from roamio_web.embedded.rest.payload import FORM, RAW_TYPES, read_payload
from roamio_web.embedded.rest.plan import Node
from roamio_web.embedded.rest.query_string import pairs
from roamio_web.embedded.rest.read_sql import total
from roamio_web.embedded.rest.reading import page_answer, plan_window, single_check
from roamio_web.embedded.rest.request import ApiRequest, pre_request
from roamio_web.embedded.rest.sql import Parameters
from roamio_web.embedded.rest.syntax import Comparison, Condition
from roamio_web.embedded.rest.transaction import Check, Outcome, Row, Work


def call_work(request: ApiRequest, catalog: Catalog, max_rows: int | None) -> tuple[Work, Node, Routine]:
    """:raise RestError: no function takes this call, or its rows are asked for in a way they can't be."""
    parameters = Parameters()
    kind = (request.content_type or "application/json").partition(";")[0].strip().lower()
    if request.method != "POST" or kind == FORM:
        given = request.query.arguments if request.method != "POST" else tuple(pairs(request.body.strip()))
        routine = choose_routine(catalog, request.at, frozenset(name for name, _ in given), None)
        node = _plan(request, catalog, routine, max_rows)
        call = call_with_query(routine, given, parameters, _computed(node))
    else:
        payload = read_payload(request.body, request.content_type, request.query.columns, call=True)
        unnamed = RAW_TYPES[kind] if payload.kind == "raw" else "json"
        routine = choose_routine(catalog, request.at, payload.keys, unnamed)
        node = _plan(request, catalog, routine, max_rows)
        call = call_with_body(routine, payload, parameters, _computed(node))
    _check_most(request, routine)
    statement = call_statement(
        routine,
        call,
        node,
        parameters,
        request.media,
        count=total(node, parameters, request.preferences.count, max_rows, SOURCE),
        body=not request.is_head,
    )
    work = Work(
        request.settings(catalog),
        statement,
        tuple(parameters.values),
        read_only=request.method != "POST" or not routine.volatile,
        before=pre_request(catalog),
        check=_check(request),
    )
    return work, node, routine


def call_answer(request: ApiRequest, node: Node, routine: Routine, outcome: Outcome) -> Response:
    """200 with what the function returned (206 for a part of its rows), or 204 where it returns nothing."""
    total, rows, body, set_headers, set_status = outcome.row
    if routine.returns_void:
        headers = {"Preference-Applied": request.preferences.applied("call"), "Content-Range": "*/*"}
        return answer(request, 204, headers, None, (set_headers, set_status))
    return page_answer(request, node, rows, total, body, (set_headers, set_status), "call")


def _plan(request: ApiRequest, catalog: Catalog, routine: Routine, max_rows: int | None) -> Node:
    """Its rows, which can embed what the table whose rows they are can."""
    at = routine.returns if routine.returns and routine.returns in catalog.tables else routine.at
    node = plan_window(request, catalog, at, max_rows)
    if at is routine.at:
        node.table = None
    return node


def _computed(node: Node) -> list[str]:
    """Names that are no columns of the table: functions of its row, which only the call's own row has."""
    if node.table is None:
        return []
    names = [column.field.name for column in node.columns]
    names += [term.field.name for term in node.order if term.relation is None]
    names += [name for condition in node.where for name in _names(condition)]
    embedded = {child.key for child in node.children}
    return [
        name
        for name in dict.fromkeys(names)
        if name != "*" and name not in node.table.columns and name not in embedded
    ]


def _names(condition: Condition) -> list[str]:
    if isinstance(condition, Comparison):
        return [condition.field.name]
    return [name for term in condition.terms for name in _names(term)]


def _check_most(request: ApiRequest, routine: Routine) -> None:
    limited = request.preferences.strict and request.preferences.max_affected is not None
    if limited and not routine.returns_set:
        raise errors.max_affected_needs_rows()


def _check(request: ApiRequest) -> Check | None:
    single = single_check(request)
    most = request.preferences.max_affected if request.preferences.strict else None
    if single is None and most is None:
        return None

    def check(row: Row) -> None:
        if single:
            single(row)
        if most is not None and row[1] > most:
            raise errors.too_many_affected(row[1])

    return check
