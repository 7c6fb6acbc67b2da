"""An admin makes one client of two, and nothing of either is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


def row_of(database: Database, client: str) -> dict[str, Any] | None:
    return database.execute("select * from clients where id = %s", [client]).fetchone()


def bookings_of(database: Database, client: str) -> set[str]:
    found = database.execute("select id::text from bookings where client_id = %s", [client])
    return {row["id"] for row in found}


def test_admin_is_shown_who_may_be_the_same_person(browser: Opens, database: Database) -> None:
    name = f"Asha {uuid4().hex}"
    client, mail = make_client(database, name=name), f"{uuid4().hex}@example.com"
    twin = make_client(database, name=name.upper(), email=mail)
    other = make_client(database)
    admin, address = browser(ADMIN), f"/staff/clients/{client}/merging"
    assert f'href="{address}"' in admin.opens(f"/staff/clients/{client}").text
    page = admin.opens(address).text
    assert f"other={twin}" in page
    assert f"other={other}" not in page
    assert f"other={client}" not in page
    searched = admin.opens(f"{address}?search={row_of(database, other)['email']}").text  # type: ignore[index]
    assert f"other={other}" in searched
    assert f"other={twin}" not in searched


def test_admin_makes_one_of_two_and_every_booking_goes_along(browser: Opens, database: Database) -> None:
    kept, gone = make_client(database, phone=None), make_client(database)
    before = row_of(database, gone)
    assert before is not None
    bookings = {make_booking(database, client_id=client) for client in (kept, gone, gone)}
    admin, address = browser(ADMIN), f"/staff/clients/{kept}/merging"
    page = admin.opens(f"{address}?other={gone}").text
    assert "All 3 bookings" in page
    assert before["email"] in page
    response = admin.sends(address, gone=gone)
    assert (response.status_code, response.location) == (303, f"/staff/clients/{kept}")
    assert "The two are one client now." in admin.opens(f"/staff/clients/{kept}").text
    assert bookings_of(database, kept) == bookings
    assert row_of(database, gone) is None
    assert row_of(database, kept)["phone"] == before["phone"]  # type: ignore[index]
    log = database.execute(
        "select a.action, a.metadata, p.email from audit_logs a join profiles p on p.id::text = a.actor"
        " where table_name = 'clients' and record_id = %s",
        [gone],
    ).fetchone()
    assert log is not None
    assert (log["action"], log["email"], log["metadata"]["merged_into"]) == ("DELETE", ADMIN, kept)
    assert log["metadata"]["changes"]["email"] == {"old": before["email"], "new": None}
    moved = database.execute(
        "select count(*) from audit_logs where table_name = 'bookings' and record_id = any(%s::uuid[])"
        " and metadata #>> '{changes,client_id,new}' = %s and metadata #>> '{changes,client_id,old}' = %s",
        [list(bookings), kept, gone],
    ).fetchone()
    assert moved == {"count": 2}


def test_client_that_would_become_a_third_one_stays_as_it_is(browser: Opens, database: Database) -> None:
    name, mail, phone = (
        f"Asha {uuid4().hex}",
        f"{uuid4().hex}@example.com",
        f"+91981{uuid4().int % 10**7:07d}",
    )
    kept = make_client(database, name=name, email=mail, phone=None)
    gone = make_client(database, phone=phone)
    make_client(database, name=name, email=mail, phone=phone)
    booking = make_booking(database, client_id=gone)
    admin, address = browser(ADMIN), f"/staff/clients/{kept}/merging"
    admin.opens(f"{address}?other={gone}")
    response = admin.sends(address, gone=gone)
    assert response.status_code == 422
    assert "Another client has exactly this name" in response.text
    assert bookings_of(database, gone) == {booking}
    assert row_of(database, kept)["phone"] is None  # type: ignore[index]


@pytest.mark.parametrize("other", [str(UUID(int=0)), "not-a-uuid", ""])
def test_nobody_is_merged_with_nobody(browser: Opens, database: Database, other: str) -> None:
    client = make_client(database)
    before, admin, address = row_of(database, client), browser(ADMIN), f"/staff/clients/{client}/merging"
    admin.opens(address)
    assert admin.sends(address, gone=other).status_code in (400, 404)
    assert row_of(database, client) == before


def test_client_is_not_merged_with_itself(browser: Opens, database: Database) -> None:
    client = make_client(database)
    before, admin, address = row_of(database, client), browser(ADMIN), f"/staff/clients/{client}/merging"
    admin.opens(address)
    assert admin.sends(address, gone=client).status_code in (404, 422)
    assert row_of(database, client) == before


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_only_an_admin_makes_one_of_two(browser: Opens, database: Database, email: str) -> None:
    kept, gone = make_client(database), make_client(database)
    for client in (kept, gone):
        make_booking(database, client_id=client, agent=AGENT)
    before, person, address = row_of(database, gone), browser(email), f"/staff/clients/{kept}/merging"
    person.opens("/staff/")
    assert person.opens(address).status_code == 403
    assert person.sends(address, gone=gone).status_code == 403
    assert row_of(database, gone) == before
