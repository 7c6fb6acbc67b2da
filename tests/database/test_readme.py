"""The README's permission tables are drawn from the one that the tests execute."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.database.matrix import ALL, NONE, OTHERS, OWN, RULES, SHARED, Access, Rule

README = Path(__file__).parents[2] / "README.md"
ROLES = ("anon", "viewer", "finance", "operations", "admin")
VERBS = {"select": "read", "insert": "add", "update": "change", "delete": "delete", "call": "call"}


def line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def access(rule: Rule) -> tuple[str, ...]:
    return tuple(getattr(rule, role).value for role in ROLES)


def lines() -> Iterator[str]:
    """One line for each verb; columns of their own where they differ. What nobody may do needs no line."""
    yield line(["", "the website", *ROLES[1:]])
    yield line(["---"] * (len(ROLES) + 1))
    for (table, verb, row), rules in groupby(RULES, key=lambda rule: (rule.table, rule.verb, rule.row)):
        columns: dict[tuple[str, ...], list[str]] = {}
        for rule in rules:
            if any(getattr(rule, role) is not NONE for role in ROLES):
                columns.setdefault(access(rule), []).append(f"`{rule.column}`" if rule.column else "")
        for granted, names in columns.items():
            what = ", ".join(name for name in names if name)
            words = [f"**{table}**:", VERBS[verb], "choosing" if what and verb == "insert" else "", what]
            words.append(SHARED[row] if row else "")
            yield line([" ".join(filter(None, words)), *granted])


# In the first table, one line each: what it is called, and what it is made of.
SUMMARY = {
    "bookings": {"bookings", "booking_summary"},
    "clients": {"clients"},
    "tasks": {"tasks"},
    "notes on a booking": {"booking_notes"},
    "people and roles": {"profiles"},
    "the audit log": {"audit_logs", "booking_timeline"},
    "where bookings come from": {"booking_sources"},
    "health details": {"booking_health"},
}
# How it says what a role may do. A new one has to be put into words.
WORDS = {
    "": "–",
    "bookings: add all": "send one in",
    "bookings: call all": "counts",
    "bookings: read all, call all": "read all",
    "bookings: read own, change own, call all": "read and update those assigned to them",
    "bookings: read all, add all, change all, delete all, call all": "everything",
    "clients: read own": "read those of their bookings",
    "clients: read all, add all, change all, delete all": "everything",
    "tasks: read own, add own, change own, delete own": "work on their own; add to their bookings",
    "tasks: read all, add all, change all, delete all": "everything",
    "notes on a booking: read own, add own, delete own": (
        "read and write them on their bookings; take their own back"
    ),
    "notes on a booking: read all, add all, delete own": "the same, on all",
    "people and roles: read own": "their own",
    "people and roles: read all, add all, change all, delete others": (
        "everything, but of themselves only the name"
    ),
    "the audit log: call own": "how their bookings moved, and who moved them and their tasks",
    "the audit log: read all, call all": "read",
    "where bookings come from: call own": "counts, of their bookings",
    "where bookings come from: call all": "counts",
    "health details: call own": "for their bookings, each reading recorded",
    "health details: call all": "for all, each reading recorded",
}
MEASURE = {NONE: 0, OTHERS: 1, OWN: 1, ALL: 2}
SHORT = {OWN: "own", OTHERS: "others", ALL: "all"}


def at_most(role: str, subjects: set[str], verb: str) -> Access:
    """The most that a role may do with the columns of a subject."""
    granted = [
        getattr(rule, role)
        for rule in RULES
        if rule.verb == verb and {rule.table, rule.column} & subjects and not rule.row
    ]
    return max(granted, key=MEASURE.__getitem__, default=NONE)


def summary() -> Iterator[str]:
    """The first table: a line for each subject."""
    yield line(["", "the website", *ROLES[1:]])
    yield line(["---"] * (len(ROLES) + 1))
    for subject, made_of in SUMMARY.items():
        cells = []
        for role in ROLES:
            may = [(VERBS[verb], at_most(role, made_of, verb)) for verb in VERBS]
            said = ", ".join(f"{verb} {SHORT[access]}" for verb, access in may if access is not NONE)
            # Health details are sent in with a booking.
            sent_in = subject == "health details" and role == "anon"
            cells.append("send them in" if sent_in else WORDS[f"{subject}: {said}" if said else ""])
        yield line([subject, *cells])


def test_reader_of_the_readme_sees_in_short_what_is_tested() -> None:
    table = "\n".join(summary())
    assert table in README.read_text(encoding="utf-8"), f"Put this table into README.md:\n\n{table}"


def test_reader_of_the_readme_sees_the_table_that_is_tested() -> None:
    table = "\n".join(lines())
    assert table in README.read_text(encoding="utf-8"), f"Put this table into README.md:\n\n{table}"
