"""A note says who wrote it, and goes on saying so when they have left."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from supabase import Client

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT


@pytest.mark.parametrize("who", [AGENT, ADMIN])
def test_note_is_signed_with_its_authors_name(
    who: str, as_staff: Callable[[str], Client], database: Database
) -> None:
    booking, note = make_booking(database, agent=AGENT), str(uuid4())
    row = {"id": note, "booking_id": booking, "body": "Calls after six"}
    as_staff(who).table("booking_notes").insert(row, returning="minimal").execute()
    (author,) = database.execute("select id, full_name from profiles where email = %s", [who]).fetchall()
    signed = database.execute(
        "select author, author_name from booking_notes where id = %s", [note]
    ).fetchone()
    assert signed == {"author": author["id"], "author_name": author["full_name"]}
    assert author["full_name"]
    logged = database.execute("select action::text, actor from audit_logs where record_id = %s", [note])
    assert logged.fetchall() == [{"action": "INSERT", "actor": str(author["id"])}]
