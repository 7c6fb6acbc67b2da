"""Somebody with the public key, or with a staff token and too much curiosity, calls the API directly."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.support.backend import TestBackend
from tests.support.factories import Database, book, cab_details, contact, make_booking
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People

Visitor = Callable[[], Client]
AsStaff = Callable[[str], Client]


@pytest.fixture
def api(backend: TestBackend) -> Callable[..., httpx.Response]:
    """``api("GET", "/bookings", token)`` calls REST without a client library."""

    def call(method: str, path: str, token: str | None = None, **options: Any) -> httpx.Response:
        headers = {"apikey": backend.anon_key, "Authorization": f"Bearer {token or backend.anon_key}"}
        headers |= options.pop("headers", {})
        return httpx.request(method, f"{backend.url}/rest/v1{path}", headers=headers, timeout=20, **options)

    return call


def test_helpers_and_triggers_cannot_be_called(
    visitor: Visitor, as_staff: AsStaff, database: Database
) -> None:
    names = database.execute(
        "select distinct proname as name from pg_proc where pronamespace = 'private'::regnamespace"
    ).fetchall()
    assert len(names) > 30
    for client in (visitor(), as_staff(ADMIN)):
        for row in names:
            with pytest.raises(APIError) as refused:
                client.rpc(row["name"], {}).execute()
            assert refused.value.code == "PGRST202", row["name"]


@pytest.mark.parametrize("header", ["Accept-Profile", "Content-Profile"])
@pytest.mark.parametrize("schema", ["private", "auth", "realtime", "extensions", "pg_catalog"])
def test_no_other_schema_can_be_asked_for(
    header: str, schema: str, api: Callable[..., httpx.Response], people: People
) -> None:
    method, path = ("GET", "/booking_health") if header == "Accept-Profile" else ("POST", "/rpc/staff_role")
    answer = api(method, path, people.token(ADMIN), headers={header: schema}, json={})
    assert answer.status_code == 406
    assert answer.json()["code"] == "PGRST106"


def test_temporary_table_or_function_takes_nobodys_place(database: Database) -> None:
    """Only SQL could do this, not the API; what runs as the owner must not be fooled all the same."""
    make_booking(database)
    viewer = database.execute("select id from profiles where email = %s", [VIEWER]).fetchone()
    assert viewer is not None
    with database.transaction(force_rollback=True):
        claims = json.dumps({"sub": str(viewer["id"]), "role": "authenticated"})
        database.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        database.execute("set local role authenticated")
        database.execute("set local search_path = pg_temp, public")
        database.execute(
            "create temporary table profiles as select %s::uuid as id, 'admin'::staff_role as role,"
            " null::timestamptz as deactivated_at",
            [viewer["id"]],
        )
        database.execute(
            "create function pg_temp.staff_role() returns staff_role language sql"
            " as $$ select 'admin'::staff_role $$"
        )
        database.execute("grant all on profiles to public")
        assert database.execute("select from public.bookings").rowcount == 0
        assert database.execute("select private.staff_role()::text as role").fetchone() == {"role": "viewer"}


def test_embedding_brings_no_hidden_row(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    whole = as_staff(ADMIN).table("bookings").select("id, clients(name), tasks(title), profiles(email)")
    (row,) = whole.eq("id", booking).execute().data
    assert row["clients"]["name"]
    assert row["tasks"]
    assert row["profiles"]["email"] == AGENT
    asked = as_staff(FINANCE).table("bookings").select("id, clients(name), tasks(title), profiles(email)")
    (row,) = asked.eq("id", booking).execute().data
    assert row == {"id": booking, "clients": None, "tasks": [], "profiles": None}
    inner = as_staff(FINANCE).table("bookings").select("id, clients!inner(name)").eq("id", booking)
    assert inner.execute().data == []


@pytest.mark.parametrize(
    ("who", "seen"), [(VIEWER, 0), (OTHER_AGENT, 0), (FINANCE, 1), (AGENT, 1), (ADMIN, 1)]
)
def test_counting_counts_what_the_counter_may_see(
    who: str, seen: int, as_staff: AsStaff, database: Database
) -> None:
    booking = make_booking(database, agent=AGENT)
    counted = as_staff(who).table("bookings").select("*", count="exact", head=True).eq("id", booking)
    assert counted.execute().count == seen


def test_filter_tells_nothing_of_a_hidden_column(as_staff: AsStaff, database: Database) -> None:
    booking = make_booking(database)
    row = database.execute(
        "select email from clients join bookings on clients.id = client_id where bookings.id = %s", [booking]
    ).fetchone()
    assert row is not None
    for client, found in ((as_staff(ADMIN), 1), (as_staff(FINANCE), 0)):
        rows = client.table("booking_rows").select("id").eq("client_email", row["email"]).execute().data
        assert len(rows) == found


def test_aggregates_add_up_nothing_hidden(
    api: Callable[..., httpx.Response], people: People, database: Database
) -> None:
    make_booking(database)
    answer = api("GET", "/bookings?select=count()", people.token(VIEWER))
    assert answer.status_code == 400 or answer.json() == [{"count": 0}]


def test_visitor_reads_nothing_in_any_way(
    api: Callable[..., httpx.Response], visitor: Visitor, database: Database
) -> None:
    booking = book(visitor())
    for path in (
        "/bookings",
        "/clients",
        "/tasks",
        "/profiles",
        "/audit_logs",
        "/booking_rows",
        "/invitations",
    ):
        answer = api("GET", f"{path}?select=*")
        assert (answer.status_code, answer.json()["code"]) == (401, "42501"), path
    assert database.execute("select from bookings where id = %s", [booking]).rowcount == 1


@pytest.mark.parametrize("resolution", ["merge-duplicates", "ignore-duplicates"])
@pytest.mark.parametrize("conflict", ["", "?on_conflict=id", "?on_conflict=reference"])
def test_visitor_cannot_write_over_a_booking(
    resolution: str,
    conflict: str,
    api: Callable[..., httpx.Response],
    visitor: Visitor,
    database: Database,
) -> None:
    booking = book(visitor())
    before = database.execute("select * from bookings where id = %s", [booking]).fetchone()
    answer = api(
        "POST",
        f"/bookings{conflict}",
        json={"id": booking, "purpose": "hotel", "details": cab_details()},
        headers={"Prefer": f"resolution={resolution}, return=minimal"},
    )
    assert answer.status_code in (400, 401, 409)
    assert database.execute("select * from bookings where id = %s", [booking]).fetchone() == before


def test_visitor_cannot_change_or_delete_a_booking(
    api: Callable[..., httpx.Response], visitor: Visitor, database: Database
) -> None:
    booking = book(visitor())
    before = database.execute("select * from bookings where id = %s", [booking]).fetchone()
    for method, body in (("PATCH", {"status": "cancelled"}), ("PUT", {"id": booking}), ("DELETE", None)):
        assert api(method, f"/bookings?id=eq.{booking}", json=body).status_code in (400, 401)
    assert database.execute("select * from bookings where id = %s", [booking]).fetchone() == before


def test_many_bookings_in_one_request_count_as_many(
    api: Callable[..., httpx.Response], visitor: Visitor, database: Database
) -> None:
    asha = contact()
    book(visitor(), contact=asha)
    rows = [{"id": str(uuid4()), "purpose": "cab", "details": cab_details(contact=asha)} for _ in range(20)]
    answer = api("POST", "/bookings", json=rows)
    assert (answer.status_code, answer.json()["code"]) == (429, "PT429")
    ids = [row["id"] for row in rows]
    assert database.execute("select from bookings where id::text = any(%s)", [ids]).rowcount == 0


@pytest.mark.parametrize(
    "body",
    [
        '{"purpose": "cab", "details": ' + '{"a":' * 5000 + "1" + "}" * 5000 + "}",
        '{"purpose": "cab", "details": ' + "[" * 20000 + "]" * 20000 + "}",
        '{"purpose": "cab", "details": {"notes": "' + "x" * 1_000_000 + '"}}',
        '{"purpose": "cab", "details": {"notes": "\\u0000"}}',
        '{"purpose": "cab", "details": {"n": 1e400000}}',
        '{"purpose": "cab"',
        '{"purpose": "teleport", "details": {}}',
    ],
    ids=["deep object", "deep list", "large", "nul", "number", "cut off", "purpose"],
)
def test_bombs_are_refused_and_the_door_stays_open(
    body: str, api: Callable[..., httpx.Response], visitor: Visitor
) -> None:
    answer = api("POST", "/bookings", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text[:200]
    assert book(visitor())


@pytest.mark.parametrize(
    "forgery", ["another key", "no algorithm", "expired", "service role", "another algorithm"]
)
def test_forged_token_opens_nothing(
    forgery: str, backend: TestBackend, api: Callable[..., httpx.Response], database: Database
) -> None:
    make_booking(database)
    admin = database.execute("select id::text from profiles where email = %s", [ADMIN]).fetchone()
    assert admin is not None
    now = int(time.time())
    claims = {"sub": admin["id"], "role": "authenticated", "aud": "authenticated", "exp": now + 3600}
    if forgery == "expired":
        token = jwt.encode(claims | {"exp": now - 3600}, backend.jwt_secret or "x" * 32, algorithm="HS256")
    elif forgery == "no algorithm":
        token = jwt.encode(claims, None, algorithm="none")
    elif forgery == "service role":
        token = jwt.encode(claims | {"role": "service_role"}, "x" * 32, algorithm="HS256")
    elif forgery == "another algorithm":
        token = jwt.encode(claims, (backend.jwt_secret or "x") * 4, algorithm="HS512")
    else:
        token = jwt.encode(claims, "another-key-of-thirty-two-characters!", algorithm="HS256")
    before = database.execute("select * from bookings order by id").fetchall()
    for method, path, body in (
        ("GET", "/bookings?select=id", None),
        ("PATCH", "/bookings?status=eq.pending", {"status": "cancelled"}),
        ("DELETE", "/bookings?status=eq.pending", None),
    ):
        answer = api(method, path, token, json=body)
        assert answer.status_code == 401
        assert "PGRST30" in answer.json()["code"]
    assert database.execute("select * from bookings order by id").fetchall() == before


def test_good_token_with_a_made_up_role_is_nobody(
    backend: TestBackend, api: Callable[..., httpx.Response]
) -> None:
    claims = {"role": "postgres", "exp": int(time.time()) + 3600}
    token = jwt.encode(claims, backend.jwt_secret or "x" * 32, algorithm="HS256")
    answer = api("GET", "/bookings?select=id", token)
    assert answer.status_code in (401, 403)


def test_header_that_asks_for_a_rollback_changes_nothing(
    api: Callable[..., httpx.Response], database: Database
) -> None:
    booking = str(uuid4())
    row = {"id": booking, "purpose": "cab", "details": cab_details()}
    answer = api("POST", "/bookings", json=row, headers={"Prefer": "tx=rollback, return=minimal"})
    kept = database.execute("select from bookings where id = %s", [booking]).rowcount == 1
    # What is confirmed is kept, whatever the header says.
    assert kept == (answer.status_code == 201)


def test_refusal_of_a_duplicate_tells_nothing_of_the_booking(visitor: Visitor, database: Database) -> None:
    booking = make_booking(database, notes="secret wish")
    with pytest.raises(APIError) as refused:
        visitor().table("bookings").insert(
            {"id": booking, "purpose": "cab", "details": cab_details()}, returning="minimal"
        ).execute()
    assert refused.value.code == "23505"
    assert "secret" not in json.dumps(refused.value.json())


def test_error_tells_nothing_of_a_hidden_row(
    api: Callable[..., httpx.Response], people: People, database: Database
) -> None:
    """A cast that fails says what it failed on, so it must never be tried on a row that is hidden."""
    booking = make_booking(database, agent=AGENT, pickup_place="Secret garden")
    path = f"/bookings?select=details->>pickup_place::int&id=eq.{booking}"
    theirs = api("GET", path, people.token(AGENT))
    assert (theirs.status_code, theirs.json()["code"]) == (400, "22P02")
    for who in (OTHER_AGENT, VIEWER):
        answer = api("GET", path, people.token(who))
        assert (answer.status_code, answer.json()) == (200, [])


def test_booking_that_is_hidden_is_refused_like_one_that_is_not_there(
    api: Callable[..., httpx.Response], people: People, database: Database
) -> None:
    hidden = make_booking(database, agent=AGENT)
    me = database.execute("select id::text from profiles where email = %s", [OTHER_AGENT]).fetchone()
    assert me is not None
    answers = []
    for booking in (hidden, str(uuid4())):
        row = {"booking_id": booking, "title": "Call", "assigned_to": me["id"]}
        answer = api("POST", "/tasks", people.token(OTHER_AGENT), json=row)
        answers.append((answer.status_code, answer.json()))
    assert answers[0] == answers[1] == (403, answers[0][1])
    assert database.execute("select from tasks where booking_id = %s", [hidden]).rowcount == 1
