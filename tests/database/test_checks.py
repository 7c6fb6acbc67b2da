"""What no row can hold, whoever writes it: past forms, policies and triggers, the columns refuse."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.factories import Database

NO_ROW = "00000000-0000-4000-8000-000000000000"
CLIENT = "insert into clients (name, email, phone, country) values (%s, %s, %s, %s)"
BOOKING = f"insert into bookings (client_id, purpose, details) values ('{NO_ROW}', 'cab', %s)"
INVITATION = (
    "insert into invitations (email, role, full_name, expires_at) values (%s, 'viewer', %s, now() + %s)"
)
QUESTION = "insert into private.questions (purpose, key, kind, needed) values ('cab', 'mood', %s, false)"
NOTE = f"insert into booking_notes (booking_id, body) values ('{NO_ROW}', %s)"
TASK = f"insert into tasks (booking_id, title) values ('{NO_ROW}', %s)"
PROFILE = (
    f"insert into profiles (id, role, email, full_name) values ('{NO_ROW}', 'viewer', 'a@b.example', %s)"
)
CEILING = "insert into private.ceilings values ('mood', %s, %s)"
REFUSED = [
    ("profiles_full_name_is_short", PROFILE, ["x" * 201]),
    ("clients_name_is_given", CLIENT, [" ", "asha@example.com", None, None]),
    ("clients_name_is_given", CLIENT, ["x" * 201, "asha@example.com", None, None]),
    ("clients_email_is_short", CLIENT, ["Asha", "a@", None, None]),
    ("clients_phone_is_international", CLIENT, ["Asha", None, "09812345678", None]),
    ("clients_country_is_short", CLIENT, ["Asha", "asha@example.com", None, "x" * 61]),
    ("clients_can_be_reached", CLIENT, ["Asha", None, None, "IN"]),
    ("bookings_details_is_an_object", BOOKING, ["[]"]),
    ("bookings_details_keeps_no_health", BOOKING, ['{"health": {}}']),
    ("tasks_title_is_given", TASK, [" "]),
    ("tasks_title_is_given", TASK, ["x" * 201]),
    ("invitations_email_is_plausible", INVITATION, ["nobody", "", "1 day"]),
    ("invitations_email_is_lower_case", INVITATION, ["Asha@example.com", "", "1 day"]),
    ("invitations_full_name_is_short", INVITATION, ["asha@example.com", "x" * 201, "1 day"]),
    ("invitations_expire_within_a_month", INVITATION, ["asha@example.com", "", "32 days"]),
    ("questions_kind_check", QUESTION, ["mood"]),
    ("ceilings_arrivals_check", CEILING, [0, "1 hour"]),
    ("ceilings_per_check", CEILING, [1, "0 hours"]),
    ("booking_notes_body_is_given", NOTE, [" "]),
    ("booking_notes_body_is_given", NOTE, ["x" * 4001]),
    ("site_keys_key_check", "insert into private.site_keys (key) values (%s)", ["short"]),
]


@pytest.mark.parametrize(("check", "statement", "values"), REFUSED)
def test_column_refuses_what_it_can_not_hold(
    check: str, statement: str, values: list[object], database: Database
) -> None:
    with database.transaction(force_rollback=True):
        # The triggers refuse most of it first, in kinder words.
        database.execute("set local session_replication_role = replica")
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            database.execute(statement.encode(), values)
    assert refused.value.diag.constraint_name == check


def test_every_check_is_tried(database: Database) -> None:
    checks = database.execute(
        "select conname from pg_constraint where contype = 'c'"
        " and connamespace in ('public'::regnamespace, 'private'::regnamespace)"
    ).fetchall()
    assert {row["conname"] for row in checks} == {check for check, *_ in REFUSED}
