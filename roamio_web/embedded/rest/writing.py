"""POST, PATCH, PUT and DELETE on tables and views."""

from __future__ import annotations

from starlette.responses import Response

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.answers import answer, location
from roamio_web.embedded.rest.catalog import Catalog, Table
from roamio_web.embedded.rest.payload import read_payload
from roamio_web.embedded.rest.plan import Node, plan_read
from roamio_web.embedded.rest.preferences import About
from roamio_web.embedded.rest.ranges import content_range
from roamio_web.embedded.rest.reading import table_at
from roamio_web.embedded.rest.request import ApiRequest, pre_request
from roamio_web.embedded.rest.sql import Parameters
from roamio_web.embedded.rest.syntax import Comparison
from roamio_web.embedded.rest.transaction import Check, Outcome, Row, Work
from roamio_web.embedded.rest.write_sql import (
    Conflict,
    delete,
    insert,
    returning,
    update,
    write_statement,
)

ABOUT: dict[str, About] = {"POST": "insert", "PATCH": "update", "PUT": "put", "DELETE": "delete"}


def write_work(request: ApiRequest, catalog: Catalog) -> Work:
    """:raise RestError: it writes what is not there, or in a way that is not allowed."""
    table = table_at(catalog, request.at)
    _refuse_limits(request)
    node = plan_read(catalog, request.at, request.query, None, returning=True)
    parameters = Parameters()
    keyed = request.method == "POST" and request.preferences.representation == "headers-only"
    key = keyed and bool(table.primary_key)
    statement = write_statement(
        _write(request, table, node, parameters),
        node,
        parameters,
        request.media,
        body=request.preferences.wants_rows,
        location=key,
    )
    return Work(
        request.settings(catalog),
        statement,
        tuple(parameters.values),
        read_only=False,
        before=pre_request(catalog),
        check=_check(request),
    )


def write_answer(request: ApiRequest, outcome: Outcome) -> Response:
    """201 for new rows, 200 with what was written, 204 with nothing."""
    _, rows, body, set_headers, set_status, key, inserted = outcome.row
    total = rows if request.preferences.counts else None
    headers: dict[str, str | None] = {"Preference-Applied": request.preferences.applied(_about(request))}
    wanted = request.preferences.wants_rows
    status = 200 if wanted else 204
    if request.method == "POST":
        merged = request.preferences.resolution == "merge-duplicates" and not (inserted or 0) > 0
        status = 200 if merged else 201
        headers |= {
            "Content-Range": content_range(0, 0, total),
            "Location": location(request, key) if rows == 1 else None,
        }
    elif request.method == "PUT" and wanted:
        status = 201 if (inserted or 0) > 0 else 200
    elif request.method == "PATCH":
        headers["Content-Range"] = content_range(0, rows, total)
    elif request.method == "DELETE":
        headers["Content-Range"] = content_range(0, 0, total)
    return answer(request, status, headers, body if wanted else None, (set_headers, set_status))


def _write(request: ApiRequest, table: Table, node: Node, parameters: Parameters) -> str:
    columns = _given_back(request, table, node)
    conditions = request.query.root_conditions()
    defaults = request.preferences.missing == "default"
    if request.method == "DELETE":
        _require_where(request, "DELETE")
        return delete(table, parameters, columns, conditions)
    wanted = request.query.columns if request.method in ("POST", "PATCH") else None
    payload = read_payload(request.body, request.content_type, wanted, call=False)
    if request.method == "PATCH":
        _require_where(request, "UPDATE")
        return update(table, payload, parameters, columns, conditions, defaults=defaults)
    if request.method == "PUT":
        _check_put(table, request)
        conflict = Conflict(table.primary_key, merge=True)
        return insert(table, payload, parameters, columns, conflict=conflict, put=conditions)
    return insert(table, payload, parameters, columns, conflict=_conflict(request, table), defaults=defaults)


def _given_back(request: ApiRequest, table: Table, node: Node) -> list[str]:
    if request.preferences.wants_rows:
        return returning(node, table.primary_key)
    if request.method == "POST" and request.preferences.representation == "headers-only":
        return list(table.primary_key)
    return []


def _conflict(request: ApiRequest, table: Table) -> Conflict | None:
    columns = request.query.on_conflict or table.primary_key
    if not request.preferences.resolution or not columns:
        return None
    return Conflict(columns, request.preferences.resolution == "merge-duplicates")


def _refuse_limits(request: ApiRequest) -> None:
    """PostgREST itself ignores a limit on a write; to write more than was asked for would be worse."""
    if () not in request.query.windows:
        return
    if request.method == "PUT":
        raise errors.put_with_limit()
    raise errors.not_implemented(f"limit and offset are not supported on {request.method}")


def _require_where(request: ApiRequest, verb: str) -> None:
    """Refuse to write every row for want of a filter, as ``safeupdate`` does on Supabase."""
    if not request.query.root_conditions():
        raise errors.RestError(400, "21000", f"{verb} requires a WHERE clause")


def _check_put(table: Table, request: ApiRequest) -> None:
    """Refuse a PUT whose filters don't name one row by its primary key."""
    named = [
        condition.field.name
        for condition in request.query.root_conditions()
        if isinstance(condition, Comparison)
        and condition.operator == "eq"
        and not (condition.negated or condition.quantifier or condition.field.steps)
    ]
    complete = table.primary_key and sorted(named) == sorted(table.primary_key)
    if not complete or len(named) != len(request.query.root_conditions()):
        raise errors.invalid_put_filters()


def _check(request: ApiRequest) -> Check | None:
    """What must hold of the rows before they are kept, if anything."""
    most = request.preferences.max_affected
    limited = request.preferences.strict and most is not None and request.method in ("PATCH", "DELETE")
    single = request.media.shape == "object"
    put = request.method == "PUT"
    if not (limited or single or put):
        return None

    def check(row: Row) -> None:
        rows: int = row[1]
        if put and rows != 1:
            raise errors.put_mismatch()
        if single and rows != 1:
            raise errors.not_single(rows)
        if limited and most is not None and rows > most:
            raise errors.too_many_affected(rows)

    return check


def _about(request: ApiRequest) -> About:
    return ABOUT[request.method]
