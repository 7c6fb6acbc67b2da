"""Reads filters: ``column=not.operator.value``, and ``and=(...)`` / ``or=(...)`` trees."""

from __future__ import annotations

import re

from roamio_web.embedded.rest.scanner import Scanner
from roamio_web.embedded.rest.syntax import Comparison, Condition, Field, Logic, Path, Quantifier

QUANTIFIABLE = frozenset({"eq", "gte", "gt", "lte", "lt", "like", "ilike", "match", "imatch"})
SIMPLE = frozenset({"neq", "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "isdistinct"})
FULL_TEXT = frozenset({"fts", "plfts", "phfts", "wfts"})
IS_VALUES = frozenset({"null", "not_null", "true", "false", "unknown"})
OPERATORS = QUANTIFIABLE | SIMPLE | FULL_TEXT | {"in", "is"}
OPERATOR = "operator (eq, gt, ...)"
WORD = re.compile(r"[a-z]+")
LOOKS_LIKE_FILTER = re.compile(
    rf"(?:not\.|(?:{'|'.join(sorted(OPERATORS, key=len, reverse=True))})(?:\([\w $]*\))?\.)"
)


def parse_key(text: str) -> tuple[Path, Field]:
    """Which embed a filter is about, and which column: ``client.address->>city``.

    :raise RestError: PGRST100, the text does not follow the grammar.
    """
    scanner = Scanner(text, "tree path")
    names = [scanner.name()]
    while scanner.take("."):
        names.append(scanner.name())
    field = Field(names[-1], scanner.json_path())
    scanner.end()
    return tuple(names[:-1]), field


def parse_path(text: str, what: str) -> tuple[Path, str]:
    """The embeds that lead to a reserved word, and the word: ``tasks.order``.

    :raise RestError: PGRST100, the text does not follow the grammar.
    """
    scanner = Scanner(text, what)
    names = [scanner.name()]
    while scanner.take("."):
        names.append(scanner.name())
    scanner.end()
    return tuple(names[:-1]), names[-1]


def looks_like_filter(value: str) -> bool:
    """Whether a function call by GET means this as a filter on its result and not as an argument."""
    return LOOKS_LIKE_FILTER.match(value) is not None


def parse_comparison(field: Field, text: str) -> Comparison:
    """:raise RestError: PGRST100, the text does not follow the grammar."""
    scanner = Scanner(text, "filter")
    comparison = _comparison(scanner, field, nested=False)
    scanner.end()
    return comparison


def parse_logic(operator: str, negated: bool, text: str) -> Logic:
    """The tree in ``and=(...)``.

    :raise RestError: PGRST100, the text does not follow the grammar.
    """
    scanner = Scanner(text, "logic tree")
    logic = Logic("and" if operator == "and" else "or", _terms(scanner), negated)
    scanner.end()
    return logic


def _terms(scanner: Scanner) -> tuple[Condition, ...]:
    scanner.deeper()
    scanner.space()
    scanner.expect("(")
    terms = [_term(scanner)]
    while scanner.take(","):
        terms.append(_term(scanner))
    scanner.expect(")")
    scanner.space()
    scanner.shallower()
    return tuple(terms)


def _term(scanner: Scanner) -> Condition:
    scanner.space()
    start = scanner.position
    negated = scanner.take("not.")
    for operator in ("and", "or"):
        if scanner.take(operator):
            scanner.space()
            if scanner.next == "(":
                return Logic("and" if operator == "and" else "or", _terms(scanner), negated)
    scanner.position = start
    field = scanner.field()
    if not scanner.take("."):
        scanner.fail("delimiter (.)")
    comparison = _comparison(scanner, field, nested=True)
    scanner.space()
    return comparison


def _comparison(scanner: Scanner, field: Field, *, nested: bool) -> Comparison:
    start = scanner.position
    negated = scanner.take("not.")
    word = WORD.match(scanner.text, scanner.position)
    operator = word.group() if word else ""
    if operator not in OPERATORS:
        if not negated:
            scanner.position = start
        scanner.fail(OPERATOR if negated else f'"not" or {OPERATOR}')
    scanner.position += len(operator)
    quantifier, language = _modifier(scanner, operator)
    if not scanner.take("."):
        scanner.fail("delimiter (.)")
    if operator == "in":
        values = _list(scanner)
    elif operator == "is":
        values = (_is_value(scanner),)
    else:
        values = (_nested_value(scanner) if nested else scanner.rest(),)
    return Comparison(field, operator, values, negated, quantifier, language)


def _modifier(scanner: Scanner, operator: str) -> tuple[Quantifier | None, str | None]:
    """What stands in parentheses after the operator: any or all, or a full-text configuration."""
    if operator in QUANTIFIABLE:
        for quantifier, token in (("any", "(any)"), ("all", "(all)")):
            if scanner.take(token):
                return ("any" if quantifier == "any" else "all"), None
    elif operator in FULL_TEXT and scanner.take("("):
        language = scanner.identifier()
        scanner.expect(")")
        return None, language
    return None, None


def _is_value(scanner: Scanner) -> str:
    word = re.compile(r"\w+").match(scanner.text, scanner.position)
    value = word.group().lower() if word else ""
    if value not in IS_VALUES:
        scanner.fail("isVal: (null, not_null, true, false, unknown)")
    scanner.position += len(value)
    return value


def _list(scanner: Scanner) -> tuple[str, ...]:
    scanner.space()
    scanner.expect("(")
    scanner.space()
    values = [_element(scanner)]
    while scanner.take(","):
        values.append(_element(scanner))
    scanner.expect(")")
    scanner.space()
    return tuple(values)


def _element(scanner: Scanner) -> str:
    quoted = scanner.quoted_before(",)")
    return scanner.until(",)") if quoted is None else quoted


def _nested_value(scanner: Scanner) -> str:
    quoted = scanner.quoted_before(",)")
    if quoted is not None:
        return quoted
    array = re.compile(r"\{[^{}]*\}").match(scanner.text, scanner.position)
    if array:
        scanner.position = array.end()
        return array.group()
    return scanner.until(",)")
