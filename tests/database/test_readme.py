"""The README's permission table is drawn from the one that the tests execute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.database.matrix import NONE, RULES, Rule

README = Path(__file__).parents[2] / "README.md"
ROLES = ("anon", "viewer", "finance", "operations", "admin")
VERBS = {"select": "read", "insert": "add", "update": "change", "delete": "delete"}


def line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def access(rule: Rule) -> tuple[str, ...]:
    return tuple(getattr(rule, role).value for role in ROLES)


def lines() -> Iterator[str]:
    """One line for each verb; columns of their own where they differ. What nobody may do needs no line."""
    yield line(["", "the website", *ROLES[1:]])
    yield line(["---"] * (len(ROLES) + 1))
    for (table, verb), rules in groupby(RULES, key=lambda rule: (rule.table, rule.verb)):
        columns: dict[tuple[str, ...], list[str]] = {}
        for rule in rules:
            if any(getattr(rule, role) is not NONE for role in ROLES):
                columns.setdefault(access(rule), []).append(f"`{rule.column}`" if rule.column else "")
        for granted, names in columns.items():
            what = ", ".join(name for name in names if name)
            words = [f"**{table}**:", VERBS[verb], "choosing" if what and verb == "insert" else "", what]
            yield line([" ".join(filter(None, words)), *granted])


def test_reader_of_the_readme_sees_the_table_that_is_tested() -> None:
    table = "\n".join(lines())
    assert table in README.read_text(encoding="utf-8"), f"Put this table into README.md:\n\n{table}"
