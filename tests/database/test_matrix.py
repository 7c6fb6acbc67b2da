"""Every cell of the permission table, executed through the API with a real token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgrest.exceptions import APIError

from tests.database.attempts import as_text, attempt, find, inserted, target_of, values_to_write
from tests.database.calls import SAYS_WHO_IS_HERE
from tests.database.cast import Character
from tests.database.matrix import ASKED_OF_NOBODY_ELSE, RULES, Cell, cells
from tests.database.worlds import VIEW_OF, Watch, World, make_world
from tests.support.factories import Database

# A missing grant or policy and the guards say 42501; a generated column 428C9.
REFUSALS = {"42501", "428C9"}
CELLS = cells()
# What the row of an insert's own rule brings along.
GIVEN = {
    "bookings": ("id", "purpose", "details"),
    "clients": ("name", "email", "phone", "country"),
    "tasks": ("id", "booking_id", "title", "status", "due_date"),
    "profiles": ("id", "role", "full_name", "email"),
    "audit_logs": ("id", "table_name", "record_id", "action", "actor"),
    "health_readings": ("id", "booking_id", "read_by"),
    "booking_notes": ("id", "booking_id", "body"),
    "assignment_notices": ("id", "booking_id", "person"),
    "staff_presence": ("id",),
    "invitations": ("email", "role", "full_name", "expires_at"),
    "assignment_rules": ("purpose", "agent", "enabled"),
}


@pytest.fixture(scope="module", autouse=True)
def routing_is_left_off(records: Database) -> Iterator[None]:
    """The admin's cell turns a rule on, and it would route the bookings of every test that follows."""
    yield
    records.execute("update assignment_rules set enabled = false where enabled")


@pytest.mark.parametrize("cell", [cell for cell in CELLS if not cell.allowed], ids=str)
def test_who_may_not_is_refused_and_nothing_changes(
    cell: Cell,
    cast: dict[str, Character],
    old_worlds: dict[str, World],
    records: Database,
    watch: Watch,
) -> None:
    character, world = cast[cell.character], old_worlds[cell.character]
    values = values_to_write(cell, character, world, records)
    before = watch.state()
    refusal, seen = None, []
    try:
        seen = attempt(cell, character, world, values, records)
    except APIError as error:
        refusal = error.code
    # What a policy hides is not refused: it is not there.
    assert refusal in REFUSALS or (cell.rule.verb != "insert" and refusal is None)
    assert seen == []
    after = watch.state()
    if cell.rule.column in SAYS_WHO_IS_HERE:
        before, after = (state | {"staff_presence": {}} for state in (before, after))
    assert after == before
    if cell.rule.verb == "insert":
        assert inserted(records, cell, values) == []
    elif cell.rule.verb != "call":
        table = VIEW_OF.get(cell.rule.table, cell.rule.table)
        assert find(records, table, target_of(cell, world)) is not None


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell.allowed], ids=str)
def test_who_may_does(cell: Cell, cast: dict[str, Character], records: Database) -> None:
    character = cast[cell.character]
    world = make_world(records, character, shared=cell.rule.row is not None)
    rule, target = cell.rule, target_of(cell, world)
    if (rule.table, rule.verb) == ("clients", "delete"):
        records.execute("delete from bookings where client_id = %s", [target])
    values = values_to_write(cell, character, world, records)

    try:
        seen = attempt(cell, character, world, values, records)
    except APIError as error:
        raise AssertionError(f"{cell}, and is refused: {error.message}") from error

    if rule.table == "routing_rows" or rule.verb == "call":
        assert seen
    elif rule.verb == "select":
        assert [row["id"] for row in seen] == [target]
    elif rule.verb == "insert":
        (added,) = inserted(records, cell, values)
        assert not rule.column or as_text(added[rule.column]) == as_text(values[rule.column])
    elif rule.verb == "update":
        changed = find(records, rule.table, target)
        assert changed is not None
        assert as_text(changed[rule.column or ""]) == as_text(values[rule.column or ""])
    else:
        assert find(records, rule.table, target) is None


def test_every_table_view_column_and_function_has_its_rule(records: Database) -> None:
    ruled = {(rule.table, rule.verb, rule.column) for rule in RULES}
    written = {(rule.table, rule.verb) for rule in RULES}
    relations = records.execute(
        "select relname as name, relkind = 'v' as view from pg_class"
        " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')"
    ).fetchall()
    wanted = {
        (row["name"], verb)
        for row in relations
        for verb in (["select"] if row["view"] else ["select", "insert", "update", "delete"])
    }
    assert wanted - written == set(), "Give it a rule in tests/database/matrix.py"
    columns = records.execute(
        "select attrelid::regclass::text as table, attname as column from pg_attribute"
        " join pg_class on pg_class.oid = attrelid and relkind in ('r', 'p')"
        " where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped"
    ).fetchall()
    wanted = {
        (row["table"], verb, row["column"])
        for row in columns
        for verb in ("insert", "update")
        if not (verb == "insert" and row["column"] in GIVEN.get(row["table"], ""))
    }
    assert wanted - ruled == set(), "Give it a rule in tests/database/matrix.py"
    functions = records.execute(
        "select proname as name from pg_proc where pronamespace = 'public'::regnamespace"
    ).fetchall()
    wanted = {
        ("functions", "call", row["name"]) for row in functions if row["name"] not in ASKED_OF_NOBODY_ELSE
    }
    assert wanted - ruled == set(), "Give it a rule in tests/database/matrix.py and a call in calls.py"
