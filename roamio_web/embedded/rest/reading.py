"""GET and HEAD on tables and views."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.responses import Response

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.answers import answer
from roamio_web.embedded.rest.catalog import Catalog, Name, Table
from roamio_web.embedded.rest.plan import Node, plan_read
from roamio_web.embedded.rest.preferences import About
from roamio_web.embedded.rest.ranges import content_range, range_status
from roamio_web.embedded.rest.read_sql import count_query, read_statement, total
from roamio_web.embedded.rest.request import ApiRequest, pre_request
from roamio_web.embedded.rest.sql import Parameters
from roamio_web.embedded.rest.transaction import Check, Outcome, Row, Work


def table_at(catalog: Catalog, at: Name) -> Table:
    """:raise RestError: PGRST205, there is no such table or view."""
    table = catalog.tables.get(at)
    if table is None:
        raise errors.no_table(at.schema, at.name, catalog.similar_table(at))
    return table


def plan_window(request: ApiRequest, catalog: Catalog, at: Name, max_rows: int | None) -> Node:
    """The tree to read, its root held to the rows that header, query string and project allow."""
    query = replace(request.query, windows=request.query.windows | {(): request.window})
    return plan_read(catalog, at, query, max_rows)


def read_work(request: ApiRequest, catalog: Catalog, max_rows: int | None) -> tuple[Work, Node]:
    """:raise RestError: it asks for what is not there."""
    table_at(catalog, request.at)
    node = plan_window(request, catalog, request.at, max_rows)
    parameters = Parameters()
    count = total(node, parameters, request.preferences.count, max_rows)
    statement = read_statement(node, parameters, request.media, count=count, body=not request.is_head)
    estimate = None
    if request.preferences.count in ("planned", "estimated"):
        bound = Parameters()
        estimate = (count_query(node, bound), tuple(bound.values))
    work = Work(
        request.settings(catalog),
        statement,
        tuple(parameters.values),
        read_only=True,
        before=pre_request(catalog),
        check=single_check(request),
        estimate=estimate,
    )
    return work, node


def single_check(request: ApiRequest) -> Check | None:
    """A check that there is exactly one row, where the client can only take one."""
    if request.media.shape != "object":
        return None

    def check(row: Row) -> None:
        if row[1] != 1:
            raise errors.not_single(row[1])

    return check


def read_answer(request: ApiRequest, node: Node, outcome: Outcome, max_rows: int | None) -> Response:
    """200, or 206 for a part.

    :raise RestError: PGRST103, the part begins beyond the end.
    """
    counted, rows, body, set_headers, set_status = outcome.row
    best = _best_total(request, counted, outcome.estimate, max_rows)
    return page_answer(request, node, rows, best, body, (set_headers, set_status), "read")


def page_answer(
    request: ApiRequest,
    node: Node,
    rows: int,
    total: int | None,
    body: bytes,
    said: tuple[Any, Any],
    about: About,
) -> Response:
    """An answer with a page of rows.

    :raise RestError: PGRST103, the page begins beyond the end.
    """
    first = node.window.offset
    status = range_status(first, rows, total)
    span = content_range(first, rows, total)
    if status == 416:
        details = f"An offset of {first} was requested, but there are only {total} rows."
        raise errors.invalid_range(details, {"Content-Range": span})
    headers = {"Content-Range": span, "Preference-Applied": request.preferences.applied(about)}
    return answer(request, status, headers, body, said)


def _best_total(
    request: ApiRequest, total: int | None, estimate: int | None, max_rows: int | None
) -> int | None:
    """A planner's estimate where that was asked for, or where an exact count would cost too much."""
    if request.preferences.count == "planned":
        return estimate
    if total is not None and estimate is not None and max_rows is not None and total > max_rows:
        return max(total, estimate)
    return total
