"""The timeline says in sentences what the audit log recorded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from roamio_web.models.change import Change
from roamio_web.sentences import change, columns, reasons
from roamio_web.services.suspicion import WORDS, Clues, judge
from tests.support.factories import Database

NAMES = {"a1": "Priya Nair", "t1": "Call the hotel"}


def recorded(
    table: str,
    action: str,
    record: str = "b1",
    actor: str = "a1",
    about: dict[str, str] | None = None,
    **changes: Any,
) -> Change:
    pairs = {name: {"old": old, "new": new} for name, (old, new) in changes.items()}
    return Change.from_row(
        {
            "table_name": table,
            "action": action,
            "record_id": record,
            "actor": actor,
            "actor_name": NAMES.get(actor),
            "created_at": "2027-03-14T09:30:00+00:00",
            "metadata": {"changes": pairs, **(about or {})},
        }
    )


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (recorded("bookings", "INSERT"), "The booking came in"),
        (
            recorded("bookings", "UPDATE", status=("pending", "in_progress")),
            "The booking moved from pending to in progress",
        ),
        (
            recorded("bookings", "UPDATE", assigned_agent=(None, "a1"), status=("pending", "confirmed")),
            "The booking was handed to Priya Nair, moved from pending to confirmed",
        ),
        (
            recorded("bookings", "UPDATE", assigned_agent=("a1", None)),
            "The booking was left without an agent",
        ),
        (recorded("bookings", "UPDATE", assigned_agent=(None, "gone")), "The booking was handed to somebody"),
        (
            recorded("bookings", "UPDATE", details=({"pickup_place": "A", "hours": 2}, {"hours": 3})),
            "The booking got other answers: pickup place, hours",
        ),
        (recorded("bookings", "UPDATE"), "The booking was changed"),
        (recorded("tasks", "INSERT", "t1"), "The task “Call the hotel” was added"),
        (recorded("tasks", "INSERT", "t9", title=(None, "Call")), "The task “Call” was added"),
        (recorded("tasks", "DELETE", "t9"), "The task “without a title” was deleted"),
        (
            recorded("tasks", "UPDATE", "t9", about={"title": "Call"}, status=("open", "done")),
            "The task “Call” moved from open to done",
        ),
        (
            recorded("tasks", "UPDATE", "t1", due_date=(None, "2027-03-14T04:00:00+00:00")),
            "The task “Call the hotel” is due on Sun 14 Mar 2027, 09:30",
        ),
        *(
            (
                recorded("tasks", "UPDATE", "t1", due_date=("2027-03-14T04:00:00+00:00", due)),
                "The task “Call the hotel” has no day any more on which it is due",
            )
            for due in (None, "294276-12-31T23:59:59+00:00")
        ),
        (
            recorded("tasks", "UPDATE", "t1", title=("Ring", "Call the hotel"), assigned_to=("a1", None)),
            "The task “Call the hotel” was called “Ring” before, was left to nobody",
        ),
    ],
)
def test_agent_reads_what_happened(entry: Change, sentence: str) -> None:
    assert change(entry, NAMES) == sentence


@pytest.mark.parametrize(
    ("actor", "by"), [("a1", "Priya Nair"), ("system", "Roamio"), ("gone", "Somebody who has left")]
)
def test_agent_reads_who_did_it(actor: str, by: str) -> None:
    entry = recorded("bookings", "INSERT", actor=actor)
    assert (entry.by, entry.at) == (by, datetime(2027, 3, 14, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (recorded("clients", "DELETE", name=("Asha Rao", None)), "The client Asha Rao was deleted"),
        (recorded("clients", "UPDATE", phone=(None, "+919812345678")), "A client got a new phone"),
        (
            recorded("bookings", "UPDATE", client_id=("c1", "c2")),
            "The booking went to the client that its own was made one with",
        ),
        (recorded("something_else", "UPDATE"), "A record of something else was changed"),
        (
            recorded("clients", "DELETE", "c1", about={"merged_into": "c2"}, name=("Asha Rao", None)),
            "The client Asha Rao was made one with another client",
        ),
        (
            recorded("clients", "UPDATE", "c2", about={"merged_from": "c1"}, email=(None, "a@example.com")),
            "A client was made one with another, got a new email",
        ),
        (
            recorded("sign_in_rules", "UPDATE", second_factor_for_admins=(False, True)),
            "Every admin needs a second factor from then on",
        ),
        (
            recorded("sign_in_rules", "UPDATE", second_factor_for_admins=(True, False)),
            "A second factor is optional from then on",
        ),
        (
            recorded("booking_notes", "INSERT", author_name=(None, "Priya Nair"), body=(None, "Paid")),
            "The note of Priya Nair was written",
        ),
    ],
)
def test_admin_reads_what_happened_to_other_records(entry: Change, sentence: str) -> None:
    assert change(entry, NAMES) == sentence


INVITED = {"email": "new@example.com"}
RULE = {"purpose": "cab", "agent": "a1"}


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            recorded("profiles", "INSERT", "p9", full_name=(None, "Asha Rao"), role=(None, "viewer")),
            "Asha Rao joined as viewer",
        ),
        (
            recorded("profiles", "UPDATE", "a1", role=("operations", "finance"), full_name=("P", "Priya")),
            "The staff account of Priya Nair went from operations to finance, got another name",
        ),
        (
            recorded("profiles", "UPDATE", "a1", deactivated_at=(None, "2027-03-14T04:00:00+00:00")),
            "The staff account of Priya Nair lost its access",
        ),
        (
            recorded("profiles", "UPDATE", "p9", deactivated_at=("2027-03-14T04:00:00+00:00", None)),
            "The staff account of somebody got its access back",
        ),
        (
            recorded("profiles", "DELETE", "p9", full_name=("Asha Rao", None)),
            "The staff account of Asha Rao was deleted",
        ),
        (
            recorded("invitations", "INSERT", about=INVITED, role=(None, "finance")),
            "new@example.com was invited as finance",
        ),
        (
            recorded("invitations", "UPDATE", about=INVITED, expires_at=("x", "y"), sent_at=("x", "y")),
            "The invitation for new@example.com was sent again",
        ),
        (
            recorded("invitations", "UPDATE", about=INVITED, accepted_at=(None, "y")),
            "The invitation for new@example.com was accepted",
        ),
        (
            recorded("invitations", "DELETE", email=("old@example.com", None)),
            "The invitation for old@example.com was withdrawn",
        ),
        (
            recorded("assignment_rules", "INSERT", about=RULE, enabled=(None, True)),
            "Priya Nair was put into the routing rule for cab, which is on",
        ),
        (
            recorded("assignment_rules", "UPDATE", about=RULE, enabled=(True, False)),
            "The routing rule for cab was switched off for Priya Nair",
        ),
        (
            recorded("assignment_rules", "DELETE", purpose=("cab", None), agent=("gone", None)),
            "Somebody was taken out of the routing rule for cab",
        ),
    ],
)
def test_admin_reads_what_happened_to_the_team(entry: Change, sentence: str) -> None:
    assert change(entry, NAMES) == sentence


def test_old_and_new_values_are_told_in_words_answer_by_answer() -> None:
    entry = recorded(
        "bookings",
        "UPDATE",
        status=("pending", "in_progress"),
        assigned_agent=(None, "a1"),
        details=(
            {"passengers": 2, "notes": "x", "stops": ["A"]},
            {"passengers": 3, "notes": "x", "child_seat": True},
        ),
        due_date=("2027-03-14T04:00:00+00:00", None),
    )
    told = {column.name: (column.old, column.new) for column in columns(entry, NAMES)}
    assert told == {
        "Status": ("Pending", "In progress"),
        "Assigned agent": ("", "Priya Nair"),
        "Passengers": ("2", "3"),
        "Stops": ('[\n "A"\n]', ""),
        "Child seat": ("", "Yes"),
        "Due date": ("Sun 14 Mar 2027, 09:30", ""),
    }


def test_the_reasons_of_a_mark_are_told_in_words() -> None:
    assert reasons(["honeypot", "links"]) == (
        "a question that people don’t see was answered; the answers hold links"
    )
    assert reasons(["no_longer_known"]) == "no longer known"
    clues = Clues(True, 1, 2, "", False, "", "www.x.example", ("<a href=x>",), 9, 9, 99)
    assert set(judge(clues).reasons) <= set(WORDS)


@pytest.mark.parametrize("action", ["INSERT", "UPDATE", "DELETE"])
def test_whatever_is_recorded_has_a_sentence_of_its_own(database: Database, action: str) -> None:
    recording = database.execute(
        "select distinct tgrelid::regclass::text as name from pg_trigger"
        " where tgfoid = 'private.record_change()'::regprocedure"
    ).fetchall()
    tables = {row["name"].rpartition(".")[2] for row in recording}
    assert {"bookings", "tasks", "profiles"} <= tables
    told = {table: change(recorded(table, action), NAMES) for table in tables}
    assert [table for table, sentence in told.items() if sentence.startswith("A record of")] == []
