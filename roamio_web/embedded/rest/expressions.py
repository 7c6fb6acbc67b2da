"""SQL for a column, a condition and an order."""

from __future__ import annotations

from collections.abc import Callable

from roamio_web.embedded.rest.catalog import Table
from roamio_web.embedded.rest.sql import Parameters, array, quote
from roamio_web.embedded.rest.syntax import Comparison, Condition, Field, Logic, Order

SYMBOLS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
    "isdistinct": "is distinct from",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "sl": "<<",
    "sr": ">>",
    "nxr": "&<",
    "nxl": "&>",
    "adj": "-|-",
}
IS = {
    "null": "null",
    "not_null": "not null",
    "true": "true",
    "false": "false",
    "unknown": "unknown",
}
TEXT_SEARCH = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}

Special = Callable[[Comparison], str | None]


class Expressions:
    """Writes expressions over the rows of one relation, which the statement calls ``row``."""

    def __init__(self, row: str, table: Table | None, parameters: Parameters) -> None:
        self.row = row
        self.table = table
        self.parameters = parameters

    def field(self, field: Field) -> str:
        """The column, or the value in it that the JSON path leads to."""
        if field.name == "*":
            return f"{self.row}.*"
        column = f"{self.row}.{quote(field.name)}"
        if not field.steps:
            return column
        known = self.table.columns.get(field.name) if self.table else None
        source = column if known and known.holds_json else f"to_jsonb({column})"
        return source + "".join(self._step(step.key, step.as_text) for step in field.steps)

    def condition(self, condition: Condition, special: Special | None = None) -> str:
        """A condition; ``special`` may answer for a comparison that is not about a column."""
        if isinstance(condition, Comparison):
            return (special and special(condition)) or self.comparison(condition)
        return self._logic(condition, special)

    def comparison(self, comparison: Comparison) -> str:
        """One comparison, in parentheses."""
        left = self.field(comparison.field)
        operator, value = comparison.operator, comparison.values[0]
        if operator in TEXT_SEARCH:
            test = self._text_search(left, comparison)
        elif operator == "is":
            test = f"{left} is {IS[value]}"
        elif operator == "in":
            values = () if comparison.values == ("",) else comparison.values
            test = f"{left} = any ({self.parameters.add(array(values))})"
        else:
            if operator in ("like", "ilike"):
                value = value.replace("*", "%")
            right = self.parameters.add(value)
            if comparison.quantifier:
                right = f"{comparison.quantifier} ({right})"
            test = f"{left} {SYMBOLS[operator]} {right}"
        return f"(not {test})" if comparison.negated else f"({test})"

    def order(self, term: Order, relation: str | None = None) -> str:
        """One term of an order; ``relation`` is what the statement calls the embed that the column is of."""
        source = Expressions(relation, None, self.parameters) if relation else self
        direction = {True: " desc", False: " asc", None: ""}[term.descending]
        return source.field(term.field) + direction + (f" nulls {term.nulls}" if term.nulls else "")

    def _logic(self, logic: Logic, special: Special | None) -> str:
        terms = f" {logic.operator} ".join(self.condition(term, special) for term in logic.terms)
        return f"(not ({terms}))" if logic.negated else f"({terms})"

    def _step(self, key: str | int, as_text: bool) -> str:
        arrow = "->>" if as_text else "->"
        placeholder = self.parameters.add(str(key))
        return f"{arrow}{placeholder}" + ("::int" if isinstance(key, int) else "")

    def _text_search(self, left: str, comparison: Comparison) -> str:
        column = self.table.columns.get(comparison.field.name) if self.table else None
        if comparison.field.steps or column is None or column.base != "tsvector":
            left = f"to_tsvector({self._language(comparison)}{left})"
        function = f"{TEXT_SEARCH[comparison.operator]}({self._language(comparison)}"
        return f"{left} @@ {function}{self.parameters.add(comparison.values[0])})"

    def _language(self, comparison: Comparison) -> str:
        return f"{self.parameters.add(comparison.language)}, " if comparison.language else ""
