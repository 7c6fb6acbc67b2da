"""Staff find clients, read what they booked, and correct their details."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from tests.support.colleagues import make_colleague
from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People
from tests.support.rows import row_of
from tests.support.staff import StaffBrowser, hidden

Opens = Callable[..., StaffBrowser]
SEEN = ("seen_name", "seen_email", "seen_phone", "seen_country")


def phone() -> str:
    return f"+91981{uuid4().int % 10**7:07d}"


def seen(page: str) -> dict[str, str]:
    """What the form says of the client that its page showed."""
    return {name: hidden(page, name) for name in SEEN}


@pytest.mark.parametrize("email", [FINANCE, VIEWER])
def test_who_may_not_see_clients_is_offered_none(browser: Opens, database: Database, email: str) -> None:
    client = make_client(database)
    person = browser(email)
    assert 'href="/staff/clients"' not in person.opens("/staff/").text
    for path in ("/staff/clients", f"/staff/clients/{client}", f"/staff/clients/{client}/details"):
        assert person.opens(path).status_code == 403
    assert row_of(database, "clients", client)


def test_admin_finds_a_client_by_whatever_they_know(browser: Opens, database: Database) -> None:
    number = phone()
    client = make_client(
        database, name="Zoë O'Brien-Ñandú 100%", email=f"zoe_{uuid4().hex}@example.com", phone=number
    )
    other = make_client(database)
    kept = row_of(database, "clients", client)
    for typed in ("o'brien-ñ", "100%25 zoë", kept["email"][:12], number.replace("+", "%2B"), number[3:9]):
        page = browser(ADMIN).opens(f"/staff/clients?search={typed}").text
        assert f'id="client-{client}"' in page, typed
        assert f'id="client-{other}"' not in page, typed


@pytest.mark.parametrize("typed", ["%25", "_", "'", '"', "\\", "(", "a,b)", "%2B"])
def test_search_for_marks_is_a_search_and_nothing_else(
    browser: Opens, database: Database, typed: str
) -> None:
    client = make_client(database)
    page = browser(ADMIN).opens(f"/staff/clients?search={typed}")
    assert page.status_code == 200
    assert f'id="client-{client}"' not in page.text


def test_agent_finds_the_clients_of_their_bookings_and_no_others(browser: Opens, database: Database) -> None:
    family = f"Family{uuid4().hex}"
    mine, theirs = (make_client(database, name=f"{name} {family}") for name in ("Asha", "Ravi"))
    make_booking(database, client_id=mine, agent=AGENT)
    make_booking(database, client_id=theirs, agent=OTHER_AGENT)
    agent = browser(AGENT)
    page = agent.opens(f"/staff/clients?search={family}").text
    assert f'id="client-{mine}"' in page
    assert f'id="client-{theirs}"' not in page
    assert agent.opens(f"/staff/clients/{theirs}").status_code == 404
    assert browser(ADMIN).opens(f"/staff/clients/{theirs}").status_code == 200


def test_htmx_gets_the_list_and_a_clean_address(browser: Opens, database: Database) -> None:
    client = make_client(database)
    response = browser(ADMIN).swaps(f"/staff/clients?search={row_of(database, 'clients', client)['email']}")
    assert response.headers["HX-Push-Url"].startswith("/staff/clients?search=asha")
    assert response.text.strip().startswith('<section id="clients"')
    assert f'id="client-{client}"' in response.text


def test_search_that_finds_nobody_offers_the_way_back(browser: Opens) -> None:
    page = browser(ADMIN).opens(f"/staff/clients?search={uuid4().hex}").text
    assert "No client is called that" in page
    assert "Show all clients" in page


def test_admin_turns_the_pages(browser: Opens, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roamio_web.services.clients.PAGE_SIZE", 2)
    family = uuid4().hex
    made = {make_client(database, name=f"{number} {family}") for number in range(5)}
    admin, address, shown = browser(ADMIN), f"/staff/clients?search={family}", []
    while address:
        page = admin.opens(address).text
        shown += [part.partition('"')[0] for part in page.split('<tr id="client-')[1:]]
        address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert len(shown) == 5
    assert set(shown) == made


def test_admin_reads_a_client_with_all_bookings(browser: Opens, database: Database) -> None:
    client = make_client(database, name="Ingrid Bergström", phone=(number := phone()))
    for agent in (AGENT, OTHER_AGENT):
        make_booking(database, client_id=client, agent=agent, dropoff_place=f"To {agent}")
    page = browser(ADMIN).opens(f"/staff/clients/{client}").text
    for words in (
        "Ingrid Bergström",
        f"To {AGENT}",
        f"To {OTHER_AGENT}",
        f'href="tel:{number}"',
        "Change the details",
    ):
        assert words in page, words


def test_agent_reads_a_client_with_the_bookings_that_are_theirs(browser: Opens, database: Database) -> None:
    client = make_client(database)
    for agent in (AGENT, OTHER_AGENT):
        make_booking(database, client_id=client, agent=agent, dropoff_place=f"To {agent}")
    page = browser(AGENT).opens(f"/staff/clients/{client}").text
    assert f"To {AGENT}" in page
    assert f"To {OTHER_AGENT}" not in page
    assert "Change the details" not in page


def test_booking_leads_to_its_client(browser: Opens, database: Database) -> None:
    client = make_client(database)
    booking = make_booking(database, client_id=client)
    assert f'href="/staff/clients/{client}"' in browser(ADMIN).opens(f"/staff/bookings/{booking}").text


def test_admin_corrects_a_client_s_details(browser: Opens, database: Database) -> None:
    client = make_client(database, name="Asha Roa")
    admin, address, number = browser(ADMIN), f"/staff/clients/{client}/details", phone()
    page = admin.opens(address).text
    response = admin.sends(
        address, name=" Asha  Rao ", email="", country="IN", phone=number.removeprefix("+91"), **seen(page)
    )
    assert (response.status_code, response.location) == (303, f"/staff/clients/{client}")
    assert "The details were changed." in admin.opens(f"/staff/clients/{client}").text
    kept = row_of(database, "clients", client)
    assert (kept["name"], kept["email"], kept["phone"]) == ("Asha Rao", None, number)


def test_admin_who_was_too_late_sees_what_changed_and_by_whom_and_keeps_what_they_typed(
    browser: Opens, database: Database, people: People
) -> None:
    client, boss = make_client(database), make_colleague(database, "admin")
    admin, address = browser(ADMIN), f"/staff/clients/{client}/details"
    page = admin.opens(address).text
    newer = {"email": "newer@example.com"}
    people.staff(boss.email).table("clients").update(newer).eq("id", client).execute()
    mine = {"name": "Typed Name", "email": "", "country": "IN", "phone": phone()}
    response = admin.sends(address, **mine, **seen(page))
    assert response.status_code == 409
    assert "Somebody was faster" in response.text
    assert f"The e-mail address is newer@example.com now. {boss.name} did that on " in response.text
    assert 'value="Typed Name"' in response.text
    assert row_of(database, "clients", client)["name"] != "Typed Name"
    assert admin.sends(address, **mine, **seen(response.text)).status_code == 303
    assert row_of(database, "clients", client)["name"] == "Typed Name"


def test_second_click_is_no_conflict(browser: Opens, database: Database) -> None:
    client = make_client(database)
    admin, address = browser(ADMIN), f"/staff/clients/{client}/details"
    page = admin.opens(address).text
    answers = {"name": "Twice", "email": "", "country": "IN", "phone": phone(), **seen(page)}
    assert [admin.sends(address, **answers).status_code for _ in range(2)] == [303, 303]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Enter the client’s full name"),
        ({"email": "nobody"}, "Enter an e-mail address like name@example.com"),
        ({"phone": "12"}, "Enter a phone number we can ring"),
        ({"email": "", "phone": ""}, "Enter an e-mail address or a phone number"),
        ({"country": "Atlantis"}, "Choose a country from the list"),
    ],
)
def test_details_that_can_t_be_are_explained(
    browser: Opens, database: Database, fields: dict[str, str], sentence: str
) -> None:
    client = make_client(database)
    before, admin, address = (
        row_of(database, "clients", client),
        browser(ADMIN),
        f"/staff/clients/{client}/details",
    )
    page = admin.opens(address).text
    given = {"name": "Somebody", "email": "some@example.com", "country": "IN", "phone": phone(), **fields}
    response = admin.sends(address, **given, **seen(page))
    assert response.status_code == 422
    assert sentence in response.text
    assert row_of(database, "clients", client) == before


def test_client_cannot_become_one_that_exists(browser: Opens, database: Database) -> None:
    client, twin = make_client(database), row_of(database, "clients", make_client(database))
    before, admin, address = (
        row_of(database, "clients", client),
        browser(ADMIN),
        f"/staff/clients/{client}/details",
    )
    page = admin.opens(address).text
    same = {name: twin[name] for name in ("name", "email", "phone", "country")}
    response = admin.sends(address, **same, **seen(page))
    assert response.status_code == 422
    assert "Another client has exactly this name" in response.text
    assert row_of(database, "clients", client) == before


def test_agent_changes_no_client(browser: Opens, database: Database) -> None:
    client = make_client(database)
    make_booking(database, client_id=client, agent=AGENT)
    before, agent, address = (
        row_of(database, "clients", client),
        browser(AGENT),
        f"/staff/clients/{client}/details",
    )
    agent.opens(f"/staff/clients/{client}")
    assert agent.opens(address).status_code == 403
    assert agent.sends(address, name="Mine", phone=phone()).status_code == 403
    assert row_of(database, "clients", client) == before


@pytest.mark.parametrize("path", ["/staff/clients/not-a-uuid", f"/staff/clients/{UUID(int=0)}"])
def test_address_of_no_client_says_so(browser: Opens, path: str) -> None:
    assert browser(ADMIN).opens(path).status_code == 404
