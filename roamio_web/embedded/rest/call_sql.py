"""Picks the function that a call means, and writes the call."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from roamio_web.embedded.rest.catalog import Catalog, Name, Parameter, Routine
from roamio_web.embedded.rest.errors import RestError, ambiguous_function
from roamio_web.embedded.rest.media import Media
from roamio_web.embedded.rest.payload import Payload, RawType
from roamio_web.embedded.rest.plan import Node
from roamio_web.embedded.rest.read_sql import ENVELOPE, body_sql, scalar_body_sql, select
from roamio_web.embedded.rest.sql import Parameters, array, qualified, quote

SOURCE = "pgrst_source"
CLOSE_PARAMETERS = 0.33
UNNAMED_TYPES: dict[RawType, tuple[str, ...]] = {
    "json": ("json", "jsonb"),
    "text": ("text",),
    "xml": ("xml",),
    "bytea": ("bytea",),
}


def choose_routine(catalog: Catalog, at: Name, names: frozenset[str], unnamed: RawType | None) -> Routine:
    """The function of this name that takes these arguments.

    ``unnamed`` is the kind of body that a single unnamed parameter may take whole, None where that can't be.

    :raise RestError: PGRST202, there is none; PGRST203, there are several.
    """
    known = catalog.routines.get(at, ())
    callable_ = [routine for routine in known if sum(not p.name for p in routine.parameters) == 0]
    fitting = [routine for routine in callable_ if _takes(routine, names, unnamed)]
    whole = [routine for routine in known if unnamed and _takes_whole(routine, unnamed)]
    chosen = fitting or whole
    if not chosen:
        raise _not_found(catalog, at, names, unnamed)
    if len(chosen) > 1:
        raise ambiguous_function(_signature(routine) for routine in chosen)
    return chosen[0]


def call_statement(
    routine: Routine,
    call: str,
    node: Node,
    parameters: Parameters,
    media: Media,
    *,
    count: str,
    body: bool,
) -> str:
    """Wrap a call so that it gives the total, the number of rows, the body, and what it set of the answer."""
    if not body or routine.returns_void:
        answer = "''"
    elif media.shape == "csv":
        answer = body_sql(media, rows_query=SOURCE)
    elif not routine.composite:
        answer = scalar_body_sql(media, many=routine.returns_set)
    elif routine.returns_set:
        answer = body_sql(media, rows_query=SOURCE)
    else:
        answer = body_sql(Media("object", media.strip, media.content_type), rows_query=SOURCE)
    rows = select(node, parameters, SOURCE)
    return f"with {SOURCE} as ({call}) select {count}, count(*), {answer}, {ENVELOPE} from ({rows}) _row"


def call_with_body(routine: Routine, payload: Payload, parameters: Parameters, extra: Iterable[str]) -> str:
    """A call whose arguments are the keys of a JSON object, or whose one unnamed argument is the body."""
    if any(not parameter.name for parameter in routine.parameters):
        value: str | bytes = payload.text
        if routine.parameters[0].type == "bytea":
            value = payload.raw
        return _call(routine, f"{parameters.add(value)}::{routine.parameters[0].type}", None, extra)
    given = [parameter for parameter in routine.parameters if parameter.name in payload.keys]
    if not given:
        return _call(routine, "", None, extra)
    placeholder = f"{parameters.add(payload.text)}::json" + (" -> 0" if payload.kind == "array" else "")
    typed = ", ".join(f"{quote(parameter.name)} {parameter.type}" for parameter in given)
    arguments = ", ".join(_argument(parameter, f"pgrst_body.{quote(parameter.name)}") for parameter in given)
    return _call(routine, arguments, f"json_to_record({placeholder}) as pgrst_body ({typed})", extra)


def call_with_query(
    routine: Routine, given: Iterable[tuple[str, str]], parameters: Parameters, extra: Iterable[str]
) -> str:
    """A call whose arguments are texts; only a variadic one may be given more than once."""
    values: dict[str, list[str]] = {}
    for name, value in given:
        values.setdefault(name, []).append(value)
    arguments = [
        _argument(
            parameter,
            parameters.add(
                array(values[parameter.name]) if parameter.variadic else values[parameter.name][-1]
            )
            + f"::{parameter.type}",
        )
        for parameter in routine.parameters
        if parameter.name in values
    ]
    return _call(routine, ", ".join(arguments), None, extra)


def _call(routine: Routine, arguments: str, body: str | None, extra: Iterable[str]) -> str:
    call = f"{qualified(routine.at)}({arguments})"
    before = f"{body}, lateral " if body else ""
    if not routine.composite:
        return f"select pgrst_call.pgrst_scalar from {before}(select {call} as pgrst_scalar) as pgrst_call"
    computed = "".join(f", pgrst_call.{quote(name)}" for name in extra)
    return f"select pgrst_call.*{computed} from {before}{call} as pgrst_call"


def _argument(parameter: Parameter, value: str) -> str:
    return f"{'variadic ' if parameter.variadic else ''}{quote(parameter.name)} := {value}"


def _takes(routine: Routine, names: frozenset[str], unnamed: RawType | None) -> bool:
    if not routine.parameters:
        return not names and unnamed in (None, "json")
    required = {parameter.name for parameter in routine.parameters if parameter.required}
    return required <= names <= {parameter.name for parameter in routine.parameters}


def _takes_whole(routine: Routine, unnamed: RawType) -> bool:
    if len(routine.parameters) != 1 or routine.parameters[0].name:
        return False
    return routine.parameters[0].type in UNNAMED_TYPES[unnamed]


def _signature(routine: Routine) -> str:
    parameters = ", ".join(f"{parameter.name} => {parameter.type}" for parameter in routine.parameters)
    return f"{routine.at.schema}.{routine.at.name}({parameters})"


def _not_found(catalog: Catalog, at: Name, names: frozenset[str], unnamed: RawType | None) -> RestError:
    name = f"{at.schema}.{at.name}"
    listed = ", ".join(sorted(names))
    if unnamed in (None, "json"):
        plural = "s" if len(names) > 1 else ""
        called = f"{name}({listed})" if names else f"{name} without parameters"
        searched = f" with parameter{plural} {listed}" if names else " without parameters"
        if unnamed:
            searched += " or with a single unnamed json/jsonb parameter"
    else:
        called, searched = name, f" with a single unnamed {unnamed} parameter"
    return RestError(
        404,
        "PGRST202",
        f"Could not find the function {called} in the schema cache",
        f"Searched for the function {name}{searched}, but no matches were found in the schema cache.",
        _suggestion(catalog, at, names),
    )


def _suggestion(catalog: Catalog, at: Name, names: frozenset[str]) -> str | None:
    """A function that was probably meant, told only when it is close to what was asked for."""
    known = catalog.routines.get(at, ())
    if known:
        spellings = [_listed(parameter.name for parameter in routine.parameters) for routine in known]
        close = next(iter(get_close_matches(_listed(names), spellings, 1, CLOSE_PARAMETERS)), None)
        return f"Perhaps you meant to call the function {at.schema}.{at.name}{close}" if close else None
    similar = catalog.similar_routine(at)
    return f"Perhaps you meant to call the function {at.schema}.{similar}" if similar else None


def _listed(names: Iterable[str]) -> str:
    return f"({', '.join(sorted(names))})"
