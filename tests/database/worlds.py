"""The rows of the permission tests: what is somebody's own, a colleague's, or belongs to both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from tests.database.cast import Character, Row, add_account, one
from tests.database.matrix import OWN_NOTHING
from tests.support.factories import Database, make_client

VIEW_OF = {
    "booking_rows": "bookings",
    "client_rows": "clients",
    "task_rows": "tasks",
    "team_rows": "profiles",
    "routing_rows": "assignment_rules",
}
# Rows of every table of the project's own, whichever order they are in.
DIGEST = """
select string_agg(
  format(
    'select %1$L as name, count(*) as rows, sum(hashtextextended(t::text, 0)) as sum from %1$s t',
    oid::regclass
  ),
  ' union all '
) as query
from pg_class
where relnamespace in ('public'::regnamespace, 'private'::regnamespace) and relkind in ('r', 'p')
"""


@dataclass(frozen=True)
class Belongings:
    """One row of each table, all of one person."""

    booking: str
    client: str
    task: str
    profile: str
    staff_presence: str
    audit_log: str
    health_reading: str
    invitation: str
    assignment_rule: str
    booking_note: str
    assignment_notice: str

    def of(self, table: str) -> str:
        """The id of the row of that table, or behind that row of a view."""
        return str(getattr(self, VIEW_OF.get(table, table).removesuffix("s")))


@dataclass(frozen=True)
class World:
    """What somebody has, and what a colleague of theirs has, with whom they share nothing."""

    own: Belongings | None
    foreign: Belongings
    colleague: str
    newcomer: str
    shared: dict[str, str]

    def rows(self, own: bool) -> Belongings:
        """One's own belongings or the colleague's."""
        if not own:
            return self.foreign
        assert self.own is not None
        return self.own


def make_world(database: Database, character: Character, shared: bool = False) -> World:
    """Give somebody a booking with all that hangs on it, and a colleague another.

    :param shared: also make the rows that belong to both.
    """
    colleague = character.rival or add_account(database, role="operations")
    foreign = _give(database, colleague)
    own, both = None, {}
    if character.name not in OWN_NOTHING and character.id:
        own = _give(database, character.id)
        if shared:
            both = _share(database, own, foreign)
    # A confirmed account that is not staff yet.
    return World(own, foreign, colleague, add_account(database), both)


@contextmanager
def _in_operations(database: Database, person: str) -> Iterator[None]:
    """Work can be given to them for a moment, whatever they are."""
    before = database.execute("select role, deactivated_at from profiles where id = %s", [person]).fetchone()
    assert before is not None
    with database.transaction():
        _quietly(
            database, "update profiles set role = 'operations', deactivated_at = null where id = %s", person
        )
        yield
        _quietly(
            database,
            "update profiles set role = %s, deactivated_at = %s where id = %s",
            before["role"],
            before["deactivated_at"],
            person,
        )


def _quietly(database: Database, statement: str, *values: object) -> None:
    """Write without a trigger: nobody's invitations are withdrawn."""
    database.execute("set local session_replication_role = replica")
    database.execute(statement.encode(), list(values))
    database.execute("set local session_replication_role = origin")


def _share(database: Database, own: Belongings, foreign: Belongings) -> dict[str, str]:
    """A note and a task of theirs on the colleague's booking, and the other way round."""
    note = (
        "insert into booking_notes (booking_id, author, body) values (%s, %s, 'Knows the way') returning id"
    )
    task = "insert into tasks (booking_id, assigned_to, title) values (%s, %s, 'Call back') returning id"
    with _in_operations(database, own.profile):
        return {
            "handed_note": one(database, note, foreign.booking, own.profile),
            "guest_note": one(database, note, own.booking, foreign.profile),
            "lent_task": one(database, task, foreign.booking, own.profile),
            "guest_task": one(database, task, own.booking, foreign.profile),
        }


def _give(database: Database, owner: str) -> Belongings:
    """A booking with all that hangs on it, assigned while the owner was in operations."""
    with _in_operations(database, owner):
        client = make_client(database)
        booking = one(
            database,
            "insert into bookings (client_id, purpose, details, assigned_agent) "
            """values (%s, 'cab', '{"pickup_place": "Kochi"}', %s) returning id::text""",
            client,
            owner,
        )
        rule = one(
            database,
            "insert into assignment_rules (purpose, agent) values ('logistics', %s)"
            " on conflict (purpose, agent) do update set enabled = false returning id::text",
            owner,
        )
        task = one(database, "select id::text from tasks where booking_id = %s", booking)
        audit_log = one(
            database,
            "select id::text from audit_logs where table_name = 'bookings' and record_id = %s",
            booking,
        )
        database.execute(
            "insert into private.booking_health (booking_id, details, consent)"
            """ values (%s, '{"need": "A bypass"}', '{"wording": "I agree"}')""",
            [booking],
        )
        reading = one(
            database,
            "insert into health_readings (booking_id, read_by) values (%s, %s) returning id::text",
            booking,
            owner,
        )
        invitation = one(
            database,
            "insert into invitations (email, role, invited_by) values (%s, 'viewer', %s) returning id::text",
            f"{uuid4().hex}@invited.example",
            owner,
        )
        note = one(
            database,
            "insert into booking_notes (booking_id, author, body) values (%s, %s, 'Calls after six')"
            " returning id::text",
            booking,
            owner,
        )
        notice = one(
            database,
            "select id::text from assignment_notices where booking_id = %s and person = %s",
            booking,
            owner,
        )
        presence = one(
            database,
            "insert into staff_presence (id) values (%s)"
            " on conflict (id) do update set seen_at = now() returning id::text",
            owner,
        )
    return Belongings(
        booking, client, task, owner, presence, audit_log, reading, invitation, rule, note, notice
    )


class Watch:
    """Sees whether a single row of the project has changed since."""

    def __init__(self, database: Database) -> None:
        self._database = database
        query = database.execute(DIGEST.encode()).fetchone()
        assert query is not None
        self._query = str(query["query"]).encode()
        self._last: str | None = None
        self._state: dict[str, Row] = {}

    def state(self) -> dict[str, Row]:
        """Each table's number of rows, and a sum over all that is in them."""
        # Who writes has a number for it: as long as no new one was given out, nothing was written anywhere.
        now = one(self._database, "select pg_snapshot_xmax(pg_current_snapshot())")
        if now != self._last:
            rows = self._database.execute(self._query).fetchall()
            self._last, self._state = now, {row["name"]: row for row in rows}
        return self._state
