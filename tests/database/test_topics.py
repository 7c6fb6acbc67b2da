"""Who may listen to which topic, and that nobody but the database speaks there."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import uuid4

import psycopg
import pytest

from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER


@pytest.mark.parametrize(
    ("who", "topics"),
    [
        (ADMIN, {"role:admin", "own"}),
        (AGENT, {"own"}),
        (FINANCE, {"role:finance", "own"}),
        (VIEWER, {"role:viewer", "own"}),
        (None, set()),
    ],
)
def test_everybody_listens_to_their_own_topics_only(
    who: str | None, topics: set[str], database: Database
) -> None:
    """Asks the policy as Realtime does when somebody joins a private channel."""
    people = {row["email"]: str(row["id"]) for row in database.execute("select id, email from profiles")}
    me, colleague = people.get(who or "", str(uuid4())), people[OTHER_AGENT]
    names = {
        "own": f"staff:{me}",
        "another": f"staff:{colleague}",
        **{f"role:{role}": f"role:{role}" for role in ("admin", "operations", "finance", "viewer", "")},
    }
    heard = set()
    for name, topic in names.items():
        with database.transaction(force_rollback=True):
            database.execute(
                "insert into realtime.messages (topic, extension, private) values (%s, 'broadcast', true)",
                [topic],
            )
            claims = json.dumps({"sub": me, "role": "authenticated"})
            database.execute(
                "select set_config('request.jwt.claims', %s, true), set_config('realtime.topic', %s, true)",
                [claims, topic],
            )
            database.execute("set local role authenticated")
            if database.execute("select from realtime.messages where topic = %s", [topic]).rowcount:
                heard.add(name)
            with pytest.raises(psycopg.errors.InsufficientPrivilege), database.transaction():
                database.execute(
                    "insert into realtime.messages (topic, extension, event) values (%s, 'broadcast', 'lie')",
                    [topic],
                )
    assert heard == topics


def test_topic_is_heard_for_what_it_is_for(database: Database) -> None:
    """Of a booking's topic also who is there; nothing else that Realtime may come to send."""
    (person,) = database.execute("select id::text from profiles where email = %s", [ADMIN]).fetchall()
    both = {"broadcast", "presence"}
    topics = {"role:admin": {"broadcast"}, f"staff:{person['id']}": {"broadcast"}}
    topics[f"booking:{make_booking(database)}"] = both
    claims = json.dumps({"sub": person["id"], "role": "authenticated"})
    for topic, heard in topics.items():
        with database.transaction(force_rollback=True):
            for extension in (*both, "postgres_changes"):
                database.execute(
                    "insert into realtime.messages (topic, extension, private) values (%s, %s, true)",
                    [topic, extension],
                )
            database.execute(
                "select set_config('request.jwt.claims', %s, true), set_config('realtime.topic', %s, true)",
                [claims, topic],
            )
            database.execute("set local role authenticated")
            rows = database.execute("select extension from realtime.messages where topic = %s", [topic])
            assert {row["extension"] for row in rows} == heard, topic


@pytest.mark.parametrize(
    ("who", "works_on_it"),
    [(ADMIN, True), (AGENT, True), (OTHER_AGENT, False), (FINANCE, False), (VIEWER, False), (None, False)],
)
def test_only_who_works_on_a_booking_says_so_and_sees_who_else_does(
    who: str | None, works_on_it: bool, database: Database
) -> None:
    """Asks the policies as Realtime does when somebody joins a booking's channel and is tracked there."""
    topic = f"booking:{make_booking(database, agent=AGENT)}"
    people = {row["email"]: str(row["id"]) for row in database.execute("select id, email from profiles")}
    allowed = []
    with database.transaction(force_rollback=True):
        database.execute(
            "insert into realtime.messages (topic, extension, private) values (%s, 'presence', true)", [topic]
        )
        claims = json.dumps({"sub": people.get(who or "", str(uuid4())), "role": "authenticated"})
        database.execute(
            "select set_config('request.jwt.claims', %s, true), set_config('realtime.topic', %s, true)",
            [claims, topic],
        )
        database.execute("set local role authenticated")
        if database.execute("select from realtime.messages where topic = %s", [topic]).rowcount:
            allowed.append("see")
        for extension in ("presence", "broadcast"):
            with suppress(psycopg.errors.InsufficientPrivilege), database.transaction():
                database.execute(
                    "insert into realtime.messages (topic, extension) values (%s, %s)", [topic, extension]
                )
                allowed.append(extension)
    assert allowed == (["see", "presence"] if works_on_it else [])
