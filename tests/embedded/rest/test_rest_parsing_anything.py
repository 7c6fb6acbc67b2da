"""The query string's grammar, for any names and values there can be.

What is written in the grammar is read as it was meant, and nothing that is written becomes SQL.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from roamio_web.embedded.rest.catalog import Catalog, Name, Table, TableColumn
from roamio_web.embedded.rest.errors import RestError
from roamio_web.embedded.rest.filter_parser import parse_logic
from roamio_web.embedded.rest.media import JSON
from roamio_web.embedded.rest.plan import plan_read
from roamio_web.embedded.rest.query_string import parse_query
from roamio_web.embedded.rest.read_sql import read_statement
from roamio_web.embedded.rest.select_parser import parse_select
from roamio_web.embedded.rest.sql import Parameters
from roamio_web.embedded.rest.syntax import (
    Column,
    Comparison,
    Condition,
    Embed,
    Field,
    JsonStep,
    Logic,
    SelectItem,
)

names = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)),
    min_size=1,
    max_size=12,
)
steps = st.lists(
    st.builds(
        JsonStep,
        names.filter(lambda key: not key.lstrip("-").isdigit()) | st.integers(-99, 99),
        st.booleans(),
    ),
    max_size=2,
).map(tuple)
fields = st.builds(Field, names, steps)
comparisons = st.builds(
    Comparison,
    fields,
    st.sampled_from(["eq", "neq", "gt", "like", "match", "cs", "in"]),
    st.lists(names, min_size=1, max_size=3).map(tuple),
    st.booleans(),
).map(lambda c: c if c.operator == "in" else Comparison(c.field, c.operator, c.values[:1], c.negated))


def logic(children: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    terms = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.builds(Logic, st.sampled_from(["and", "or"]), terms, st.booleans())


conditions: st.SearchStrategy[Condition] = st.recursive(comparisons, logic, max_leaves=6)
columns = st.builds(Column, fields, st.none() | names, st.sampled_from([None, "text", "int"]))


def embeds(children: st.SearchStrategy[SelectItem]) -> st.SearchStrategy[SelectItem]:
    items = st.lists(children, max_size=3).map(tuple)
    plain = st.builds(
        Embed, names, st.none() | names, st.none(), st.sampled_from([None, "inner"]), items=items
    )
    spread = st.builds(Embed, names, spread=st.just(True), items=items)
    return plain | spread


selects = st.lists(st.recursive(columns, embeds, max_leaves=6), min_size=1, max_size=4).map(tuple)


def spell(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def spell_field(field: Field) -> str:
    return spell(field.name) + "".join(
        ("->>" if step.as_text else "->") + (spell(step.key) if isinstance(step.key, str) else str(step.key))
        for step in field.steps
    )


def spell_item(item: SelectItem) -> str:
    alias = f"{spell(item.alias)}:" if item.alias else ""
    if isinstance(item, Column):
        return alias + spell_field(item.field) + (f"::{item.cast}" if item.cast else "")
    start = "..." if item.spread else alias
    join = f"!{item.join}" if item.join else ""
    return f"{start}{spell(item.target)}{join}({','.join(map(spell_item, item.items))})"


def spell_condition(condition: Condition) -> str:
    if isinstance(condition, Logic):
        terms = ",".join(spell_condition(term) for term in condition.terms)
        return f"{'not.' if condition.negated else ''}{condition.operator}({terms})"
    values = ",".join(spell(value) for value in condition.values)
    value = f"({values})" if condition.operator == "in" else values
    return f"{spell_field(condition.field)}.{'not.' if condition.negated else ''}{condition.operator}.{value}"


@settings(deadline=None, max_examples=50)
@given(selects)
def test_any_select_is_read_as_it_was_meant(items: tuple[SelectItem, ...]) -> None:
    # An index can't stand right before a closing parenthesis: PostgREST takes it for a key there.
    text = ",".join(map(spell_item, items))
    if not re.search(r"->>?-?\d+\)", text):
        assert parse_select(text) == items


@settings(deadline=None, max_examples=50)
@given(conditions)
def test_any_condition_is_read_as_it_was_meant(condition: Condition) -> None:
    parsed = parse_logic("and", False, f"({spell_condition(condition)})")
    assert parsed == Logic("and", (condition,))


@settings(deadline=None, max_examples=50)
@given(
    st.text(max_size=60), st.sampled_from(["select", "order", "columns", "on_conflict", "or", "limit", ""])
)
def test_any_text_is_understood_or_refused(text: str, key: str) -> None:
    raw = f"{quote(key or text, errors='replace')}={quote(text, errors='replace')}".encode()
    codes = {"none"}
    try:
        parse_query(raw)
    except RestError as refused:
        codes.add(refused.code)
    assert codes <= {"none", "PGRST100", "PGRST103", "22021"}


TABLE = Table(Name("public", "trips"), False, {"id": TableColumn("id", "integer", "integer")}, ("id",))
OWN_WORDS = re.compile(r'"(?:[^"]|"")*"|\$\d+|[a-z_0-9.]+|\'(?:\[\]|null)\'|[^\w\s"\'$;\\]|\s')
SQL_WORDS = {
    *("select", "from", "where", "and", "or", "not", "as", "count", "coalesce", "json_agg", "text", "null"),
    *("bigint", "current_setting", "true", "in", "any", "like", "limit", "cast", "int", "to_jsonb", "_row"),
    "t",
}


@settings(deadline=None, max_examples=50)
@given(st.lists(columns, min_size=1, max_size=3).map(tuple), conditions)
def test_nothing_that_is_asked_becomes_sql(items: tuple[Column, ...], condition: Condition) -> None:
    raw = urlencode({"select": ",".join(map(spell_item, items)), "and": f"({spell_condition(condition)})"})
    catalog = Catalog({TABLE.at: TABLE})
    node = plan_read(catalog, TABLE.at, parse_query(raw.encode()), 1000)
    parameters = Parameters()
    statement = read_statement(node, parameters, JSON, count="null::bigint", body=True)
    statement = statement.replace("'response.headers'", "").replace("'response.status'", "")
    rest = OWN_WORDS.sub("", statement)
    assert rest == "", statement
    unquoted = re.sub(r'"(?:[^"]|"")*"', "", statement)
    words = set(re.findall(r"[a-z_]+", unquoted))
    assert words <= SQL_WORDS, words - SQL_WORDS
