"""The errors of the REST API, with the codes, words and statuses that PostgREST gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class RestError(Exception):
    """An answer that is an error: its status, and the four keys of its body."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Any = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.hint = hint
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """What the client reads."""
        return {"code": self.code, "details": self.details, "hint": self.hint, "message": self.message}


def unparsable(what: str, text: str, position: int, expected: str) -> RestError:
    """A part of the query string does not follow the grammar; ``position`` counts from 0."""
    found = f'unexpected "{text[position]}"' if position < len(text) else "unexpected end of input"
    return RestError(
        400,
        "PGRST100",
        f'"failed to parse {what} ({text})" (line 1, column {position + 1})',
        f"{found} expecting {expected}",
    )


def wrong_method_for_function(method: str) -> RestError:
    return RestError(405, "PGRST101", f"Cannot use the {method} method on RPC")


def invalid_body(message: str) -> RestError:
    return RestError(400, "PGRST102", message)


def invalid_range(details: str, headers: Mapping[str, str] | None = None) -> RestError:
    return RestError(416, "PGRST103", "Requested range not satisfiable", details, headers=headers)


def invalid_put_filters() -> RestError:
    message = "Filters must include all and only primary key columns with 'eq' operators"
    return RestError(405, "PGRST105", message)


def unknown_schema(schema: str, exposed: Iterable[str]) -> RestError:
    hint = f"Only the following schemas are exposed: {', '.join(exposed)}"
    return RestError(406, "PGRST106", f"Invalid schema: {schema}", hint=hint)


def no_media_type(accepted: Iterable[str]) -> RestError:
    message = f"None of these media types are available: {', '.join(accepted)}"
    return RestError(406, "PGRST107", message)


def not_embedded(name: str) -> RestError:
    return RestError(
        400,
        "PGRST108",
        f"'{name}' is not an embedded resource in this request",
        hint=f"Verify that '{name}' is included in the 'select' query parameter.",
    )


def put_with_limit() -> RestError:
    message = "limit/offset querystring parameters are not allowed for PUT"
    return RestError(400, "PGRST114", message)


def put_mismatch() -> RestError:
    return RestError(400, "PGRST115", "Payload values do not match URL in primary key column(s)")


def not_single(rows: int) -> RestError:
    message = "Cannot coerce the result to a single JSON object"
    return RestError(406, "PGRST116", message, f"The result contains {rows} rows")


def unsupported_method(method: str) -> RestError:
    return RestError(405, "PGRST117", f"Unsupported HTTP method: {method}")


def order_by_many(source: str, name: str) -> RestError:
    return RestError(
        400,
        "PGRST118",
        f"A related order on '{name}' is not possible",
        f"'{source}' and '{name}' do not form a many-to-one or one-to-one relationship",
    )


def bad_embed_filter(name: str) -> RestError:
    return RestError(
        400,
        "PGRST120",
        f"Bad operator on the '{name}' embedded resource",
        "Only is null or not is null filters are allowed on embedded resources",
    )


def bad_raise(details: str, hint: str) -> RestError:
    message = "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error"
    return RestError(500, "PGRST121", message, details, hint)


def invalid_preferences(preferences: Iterable[str]) -> RestError:
    return RestError(
        400,
        "PGRST122",
        "Invalid preferences given with handling=strict",
        f"Invalid preferences: {', '.join(preferences)}",
    )


def aggregates_off() -> RestError:
    return RestError(400, "PGRST123", "Use of aggregate functions is not allowed")


def too_many_affected(rows: int) -> RestError:
    message = "Query result exceeds max-affected preference constraint"
    return RestError(400, "PGRST124", message, f"The query affects {rows} rows")


def invalid_path() -> RestError:
    return RestError(404, "PGRST125", "Invalid path specified in request URL")


def not_implemented(details: str) -> RestError:
    """Part of PostgREST that this backend does not speak, or that PostgREST itself would quietly ignore."""
    return RestError(400, "PGRST127", "Feature not implemented", details)


def max_affected_needs_rows() -> RestError:
    message = "Function must return SETOF or TABLE when max-affected preference is used with handling=strict"
    return RestError(400, "PGRST128", message)


def no_relationship(source: str, target: str, hint: str | None, schema: str) -> RestError:
    using = f" using the hint '{hint}'" if hint else ""
    return RestError(
        400,
        "PGRST200",
        f"Could not find a relationship between '{source}' and '{target}' in the schema cache",
        f"Searched for a foreign key relationship between '{source}' and '{target}'{using} "
        f"in the schema '{schema}', but no matches were found.",
    )


def ambiguous_relationship(
    source: str, target: str, details: list[dict[str, str]], choices: Iterable[str]
) -> RestError:
    return RestError(
        300,
        "PGRST201",
        f"Could not embed because more than one relationship was found for '{source}' and '{target}'",
        details,
        f"Try changing '{target}' to one of the following: {', '.join(choices)}. "
        "Find the desired relationship in the 'details' key.",
    )


def ambiguous_function(candidates: Iterable[str]) -> RestError:
    return RestError(
        300,
        "PGRST203",
        f"Could not choose the best candidate function between: {', '.join(candidates)}",
        hint="Try renaming the parameters or the function itself in the database "
        "so function overloading can be resolved",
    )


def no_column(table: str, column: str) -> RestError:
    message = f"Could not find the '{column}' column of '{table}' in the schema cache"
    return RestError(400, "PGRST204", message)


def no_table(schema: str, table: str, suggestion: str | None) -> RestError:
    hint = f"Perhaps you meant the table '{schema}.{suggestion}'" if suggestion else None
    message = f"Could not find the table '{schema}.{table}' in the schema cache"
    return RestError(404, "PGRST205", message, hint=hint)


def lost_connection() -> RestError:
    return RestError(503, "PGRST001", "Database client error. Retrying the connection.")


def no_free_connection() -> RestError:
    return RestError(504, "PGRST003", "Timed out acquiring connection from connection pool.")


def bad_token(code: str, message: str) -> RestError:
    """The token is no good: ``PGRST301`` can't be read or trusted, ``PGRST303`` its claims forbid it."""
    challenge = f'Bearer error="invalid_token", error_description="{message}"'
    return RestError(401, code, message, headers={"WWW-Authenticate": challenge})
