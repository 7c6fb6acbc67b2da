"""The query string's grammar, by examples."""

from __future__ import annotations

from typing import Any

import pytest

from roamio_web.embedded.rest.errors import RestError
from roamio_web.embedded.rest.filter_parser import parse_comparison, parse_key, parse_logic
from roamio_web.embedded.rest.query_string import parse_query
from roamio_web.embedded.rest.select_parser import parse_names, parse_order, parse_select
from roamio_web.embedded.rest.syntax import (
    Column,
    Comparison,
    Embed,
    Field,
    JsonStep,
    Logic,
    Order,
    SelectItem,
    Window,
)


def column(name: str, *steps: tuple[str | int, bool], **more: Any) -> Column:
    return Column(Field(name, tuple(JsonStep(key, as_text) for key, as_text in steps)), **more)


SELECTS: list[tuple[str, tuple[SelectItem, ...]]] = [
    ("", ()),
    ("*", (column("*"),)),
    ("id", (column("id"),)),
    (" id , name ", (column("id"), column("name"))),
    ("a:id", (column("id", alias="a"),)),
    ("id::text", (column("id", cast="text"),)),
    ("id::double precision", (column("id", cast="double precision"),)),
    ("a:id::text", (column("id", alias="a", cast="text"),)),
    ("first-name", (column("first-name"),)),
    ('"a, (b\\"\\\\":id', (column("id", alias='a, (b"\\'),)),
    ("a->b", (column("a", ("b", False)),)),
    ("a->>b", (column("a", ("b", True)),)),
    ("a->0->>-1", (column("a", (0, False), (-1, True)),)),
    ("a->0b->c", (column("a", ("0b", False), ("c", False)),)),
    ('a->"b.c,d"->>e', (column("a", ("b.c,d", False), ("e", True)),)),
    ("a->b-c::int", (column("a", ("b-c", False), cast="int"),)),
    ("b(*)", (Embed("b", items=(column("*"),)),)),
    ("b()", (Embed("b"),)),
    ("x:b!h!inner(id)", (Embed("b", "x", "h", "inner", items=(column("id"),)),)),
    ("b!inner!h(id)", (Embed("b", None, "h", "inner", items=(column("id"),)),)),
    ("b!left(id)", (Embed("b", join="left", items=(column("id"),)),)),
    ("b!inner_circle(id)", (Embed("b", hint="inner_circle", items=(column("id"),)),)),
    ("...b(id)", (Embed("b", spread=True, items=(column("id"),)),)),
    (
        "a,b(c,d(e)),f",
        (column("a"), Embed("b", items=(column("c"), Embed("d", items=(column("e"),)))), column("f")),
    ),
    ("count()", (column("*", aggregate="count"),)),
    ("n:count()::text", (column("*", alias="n", cast="text", aggregate="count"),)),
    ("a.sum()", (column("a", aggregate="sum"),)),
    ("a::int.max()::text", (column("a", cast="text", aggregate="max"),)),
]


@pytest.mark.parametrize(("text", "items"), SELECTS)
def test_select_is_understood(text: str, items: tuple[SelectItem, ...]) -> None:
    assert parse_select(text) == items


@pytest.mark.parametrize(
    ("text", "column_number"),
    [
        ("id,", 4),
        (",id", 1),
        ("id name(", 9),
        ("id!inner", 9),
        ("a:", 3),
        ("a::", 4),
        ("a->", 4),
        ("a->>", 5),
        ("b(id", 5),
        ("b(id))", 6),
        ('"a', 3),
        ('"a"b', 4),
        ("a.total()", 3),
        ("...b", 5),
        ("a-", 3),
        ("a;b", 2),
        ("a'b", 2),
        ("a->2147483648", 4),
        ("*a", 2),
    ],
)
def test_select_that_makes_no_sense_says_where(text: str, column_number: int) -> None:
    with pytest.raises(RestError) as refused:
        parse_select(text)
    assert (refused.value.status, refused.value.code) == (400, "PGRST100")
    assert (
        refused.value.message
        == f'"failed to parse select parameter ({text})" (line 1, column {column_number})'
    )
    assert str(refused.value.details).startswith("unexpected ")


FILTERS: list[tuple[str, Comparison]] = [
    ("eq.1", Comparison(Field("f"), "eq", ("1",))),
    ("eq.", Comparison(Field("f"), "eq", ("",))),
    ("eq.a.b,c(d)", Comparison(Field("f"), "eq", ("a.b,c(d)",))),
    ('eq."x"', Comparison(Field("f"), "eq", ('"x"',))),
    ("not.eq.1", Comparison(Field("f"), "eq", ("1",), negated=True)),
    ("gte(any).{1,2}", Comparison(Field("f"), "gte", ("{1,2}",), quantifier="any")),
    ("not.like(all).{a*}", Comparison(Field("f"), "like", ("{a*}",), negated=True, quantifier="all")),
    ("in.(a,b)", Comparison(Field("f"), "in", ("a", "b"))),
    ("in.()", Comparison(Field("f"), "in", ("",))),
    ('in.("a,b","c\\"d",e"f)', Comparison(Field("f"), "in", ("a,b", 'c"d', 'e"f'))),
    ("is.NULL", Comparison(Field("f"), "is", ("null",))),
    ("not.is.true", Comparison(Field("f"), "is", ("true",), negated=True)),
    ("fts(english).a b", Comparison(Field("f"), "fts", ("a b",), language="english")),
    ("isdistinct.x", Comparison(Field("f"), "isdistinct", ("x",))),
]


@pytest.mark.parametrize(("text", "comparison"), FILTERS)
def test_filter_is_understood(text: str, comparison: Comparison) -> None:
    assert parse_comparison(Field("f"), text) == comparison


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "",
        "eq",
        "equals.1",
        "not.1",
        "not.not.eq.1",
        "eq(some).1",
        "in.1,2",
        "in.(1",
        "is.maybe",
        "is.nullx",
        "eq().1",
        "fts().a",
        "in(any).(1)",
        "neq(any).{1}",
    ],
)
def test_filter_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(RestError, match="failed to parse filter"):
        parse_comparison(Field("f"), text)


def test_key_of_a_filter_leads_to_a_column() -> None:
    assert parse_key("a") == ((), Field("a"))
    assert parse_key("a.b.c") == (("a", "b"), Field("c"))
    assert parse_key('a."b.c"->>d') == (("a",), Field("b.c", (JsonStep("d", True),)))


def test_logic_is_understood() -> None:
    assert parse_logic(
        "or", False, '(a.eq.1,not.and(b->>c.is.null,d.in.(1,"2,3")),e.eq."x,y",f.cs.{1,2})'
    ) == Logic(
        "or",
        (
            Comparison(Field("a"), "eq", ("1",)),
            Logic(
                "and",
                (
                    Comparison(Field("b", (JsonStep("c", True),)), "is", ("null",)),
                    Comparison(Field("d"), "in", ("1", "2,3")),
                ),
                negated=True,
            ),
            Comparison(Field("e"), "eq", ("x,y",)),
            Comparison(Field("f"), "cs", ("{1,2}",)),
        ),
    )
    assert parse_logic("and", True, "(order.eq.1)") == Logic(
        "and", (Comparison(Field("order"), "eq", ("1",)),), True
    )


@pytest.mark.parametrize(
    "text", ["", "()", "(a)", "(a.eq.1", "a.eq.1", "(a.eq.1,)", "(xor(a.eq.1,b.eq.2))", "(a.eq.1))"]
)
def test_logic_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(RestError, match="failed to parse logic tree"):
        parse_logic("or", False, text)


def test_order_is_understood() -> None:
    assert parse_order("a,b.desc,c.asc.nullslast,d.nullsfirst,e(f->>g).desc") == (
        Order(Field("a")),
        Order(Field("b"), descending=True),
        Order(Field("c"), descending=False, nulls="last"),
        Order(Field("d"), nulls="first"),
        Order(Field("f", (JsonStep("g", True),)), "e", descending=True),
    )
    for text in ("", "a.up", "a.desc.first", "a,,b", "a(b", "a.nullsfirst.desc"):
        with pytest.raises(RestError, match="failed to parse order"):
            parse_order(text)


def test_names_are_understood() -> None:
    assert parse_names('a, "b,c" ,a', "columns") == ("a", "b,c")
    with pytest.raises(RestError, match="failed to parse columns parameter"):
        parse_names("a,", "columns")


def test_query_sorts_its_parts_by_what_they_are_about() -> None:
    raw = (
        b"select=id,b(c)&b.c=eq.1&b.or=(d.eq.1)&not.and=(a.eq.2)&b.not.or=(x.eq.1)&order=id&b.order=c.desc"
        b"&limit=5&offset=2&b.limit=1&a=eq.1&a=lt.9&empty&select=ignored"
    )
    with pytest.raises(RestError, match="failed to parse filter"):
        parse_query(raw)
    query = parse_query(raw.replace(b"&empty", b""))
    assert query.select == (column("id"), Embed("b", items=(column("c"),)))
    assert [path for path, _ in query.conditions] == [("b",), ("b",), (), ("b",), (), ()]
    assert query.windows == {(): Window(2, 5), ("b",): Window(0, 1)}
    assert query.orders == (((), (Order(Field("id")),)), (("b",), (Order(Field("c"), descending=True),)))
    assert len(query.root_conditions()) == 3


def test_call_by_get_tells_arguments_from_filters() -> None:
    query = parse_query(b"a=1&b=eq.2&c=not.eq.3&d=equal&e=in.(x)&f=fts(english).x&select=id", call=True)
    assert query.arguments == (("a", "1"), ("d", "equal"))
    assert [c.field.name for _, c in query.conditions if isinstance(c, Comparison)] == ["b", "c", "e", "f"]
