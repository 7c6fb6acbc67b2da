"""Staff find bookings and read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from tests.support.colleagues import make_colleague
from tests.support.factories import Database, book, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]


@pytest.mark.parametrize(
    ("email", "columns"),
    [
        (ADMIN, ["Booking", "Starts", "Client", "Agent", "Status", "Tasks", "Received"]),
        (AGENT, ["Booking", "Starts", "Client", "Status", "Tasks", "Received"]),
        (FINANCE, ["Booking", "Starts", "Status", "Received"]),
    ],
)
def test_each_role_s_list_has_its_columns(
    browser: Opens, database: Database, email: str, columns: list[str]
) -> None:
    make_booking(database, agent=AGENT)
    page = browser(email).opens("/staff/bookings")
    assert page.status_code == 200
    head = page.text.partition("<thead>")[2].partition("</thead>")[0]
    assert re.findall(r'<th scope="col" class="column-\w+">(\w+)</th>', head) == columns
    first = page.text.partition("<tbody")[2].partition("</tr>")[0]
    assert [cell.partition('"')[0] for cell in first.split('data-label="')[1:]] == columns


def test_viewer_is_not_let_in_and_told_why(browser: Opens, database: Database) -> None:
    booking = make_booking(database)
    viewer = browser(VIEWER)
    for path in ("/staff/bookings", f"/staff/bookings/{booking}"):
        response = viewer.opens(path)
        assert response.status_code == 403
        assert "Ask an administrator" in response.text
        assert 'href="/staff/"' in response.text
    assert viewer.swaps("/staff/bookings").headers["HX-Retarget"] == "#notices"


def test_new_booking_is_the_first_row_with_its_review_task(browser: Opens, database: Database) -> None:
    person = make_client(database, name="Ingrid Bergström")
    booking = make_booking(database, client_id=person, pickup_place="Gate 4", dropoff_place="Fort Kochi")
    row = browser(ADMIN).opens("/staff/bookings").text.partition("<tbody")[2].partition("</tr>")[0]
    assert f'id="booking-{booking}"' in row
    for words in ("Gate 4 → Fort Kochi", "Ingrid Bergström", "Nobody yet", "Pending", "1 open"):
        assert words in row


def test_filters_stand_in_the_address_and_in_the_form(browser: Opens, database: Database) -> None:
    wanted = make_booking(database, status="cancelled", pickup_place="Filterpur")
    other = make_booking(database, pickup_place="Filterpur")
    page = browser(ADMIN).opens("/staff/bookings?search=filterpur&status=cancelled").text
    assert f"booking-{wanted}" in page
    assert f"booking-{other}" not in page
    assert 'value="filterpur"' in page
    assert '<option selected value="cancelled">' in page


def test_booking_that_looks_automatic_is_marked_and_can_be_asked_for(
    browser: Opens, database: Database
) -> None:
    suspected = make_booking(database, source={"channel": "site", "suspected": ["honeypot"]})
    other = make_booking(database)
    page = browser(ADMIN).opens("/staff/bookings?suspected=yes").text
    assert f"booking-{suspected}" in page
    assert f"booking-{other}" not in page
    assert "looks automatic" in page
    assert '<input type="hidden" name="suspected" value="yes">' in page
    assert 'href="/staff/bookings?suspected=yes" aria-current="page">Suspected spam</a>' in page


def test_htmx_gets_the_list_a_clean_address_and_its_stream(browser: Opens, database: Database) -> None:
    make_booking(database)
    response = browser(ADMIN).swaps("/staff/bookings?search=&status=pending&purpose=&agent=&sort=newest")
    assert response.headers["HX-Push-Url"] == "/staff/bookings?status=pending"
    assert response.text.strip().startswith('<section id="bookings"')
    assert 'hx-target="#live"' in response.text
    assert "status=pending" in response.text.partition("hx-sse:connect")[2].partition(">")[0]


def test_filter_that_nothing_fits_offers_the_way_back(browser: Opens) -> None:
    page = browser(ADMIN).opens(f"/staff/bookings?search={uuid4().hex}").text
    assert "Nothing fits these filters" in page
    assert 'class="row"' not in page


def test_admin_turns_the_pages(browser: Opens, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roamio_web.services.staff_bookings.PAGE_SIZE", 2)
    for _ in range(3):
        make_booking(database, pickup_place="Pageabad")
    admin = browser(ADMIN)
    first = admin.opens("/staff/bookings?search=pageabad").text
    address = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = admin.opens(address).text
    assert first.count('class="row"') == 2
    assert second.count('class="row"') == 1
    assert "First page" in second
    assert 'rel="next"' not in second


def test_admin_reads_everything_of_a_booking(browser: Opens, database: Database) -> None:
    person = make_client(database, name="Ingrid Bergström", email="ingrid@example.com", phone="+46701234567")
    booking = make_booking(
        database,
        client_id=person,
        agent=AGENT,
        trip="airport",
        flight_number="AI 302",
        starts_at="2027-03-14T09:30:00+00:00",
        time_zone="Europe/London",
        notes="<b>Wheelchair</b> at the gate",
    )
    page = browser(ADMIN).opens(f"/staff/bookings/{booking}").text
    for words in (
        "Sun 14 Mar 2027, 09:30",
        "London time (UTC+0)",
        "Sun 14 Mar 2027, 15:00",
        "To or from an airport",
        "AI 302",
        "&lt;b&gt;Wheelchair&lt;/b&gt; at the gate",
        "Ingrid Bergström",
        "https://wa.me/46701234567",
        'href="tel:+46701234567"',
        'href="mailto:ingrid@example.com?subject=',
        "Review cab booking",
        "The booking came in",
        "Assigned to",
        ">Confirm<",
        ">Cancel booking<",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("email", "shown", "hidden"),
    [
        (AGENT, ("Client", "Tasks", ">Confirm<", "Notes and timeline"), ("Assigned to", "was added")),
        (
            FINANCE,
            ("What was asked for",),
            ("Client", "Tasks", ">Confirm<", "Assigned to", "Notes", "timeline", "Ingrid"),
        ),
    ],
)
def test_each_role_reads_its_part_of_a_booking(
    browser: Opens, database: Database, email: str, shown: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    booking = make_booking(database, client_id=make_client(database, name="Ingrid"), agent=AGENT)
    page = browser(email).opens(f"/staff/bookings/{booking}")
    assert page.status_code == 200
    assert [words for words in shown if words not in page.text] == []
    assert [words for words in hidden if words in page.text] == []


@pytest.fixture
def ill_traveller_s_booking(database: Database, people: People) -> str:
    """A medical booking with health details, assigned to the agent."""
    consent = {"wording": "I agree that Roamio keeps this.", "given_at": "2027-03-14T09:30:00+05:30"}
    health = {"speciality": "dental", "need": "Two crowns", "consent": consent}
    booking = book(people.visitor(), purpose="medical", health=health)
    database.execute(
        "update bookings set assigned_agent = (select id from profiles where email = %s) where id = %s",
        [AGENT, booking],
    )
    return booking


@pytest.mark.parametrize("htmx", [False, True])
def test_agent_opens_health_details_and_the_reading_is_recorded(
    browser: Opens, database: Database, ill_traveller_s_booking: str, htmx: bool
) -> None:
    agent, address = browser(AGENT), f"/staff/bookings/{ill_traveller_s_booking}"
    closed = agent.opens(address).text
    assert "Each reading is recorded with your name." in closed
    assert "Two crowns" not in closed
    opened = agent.sends(f"{address}/health", htmx=htmx)
    assert opened.status_code == 200
    for words in ("Teeth", "Two crowns", "I agree that Roamio keeps this."):
        assert words in opened.text
    assert ("<html" in opened.text) is not htmx
    readers = database.execute(
        "select p.email from health_readings r join profiles p on p.id = r.read_by where r.booking_id = %s",
        [ill_traveller_s_booking],
    ).fetchall()
    assert [reader["email"] for reader in readers] == [AGENT]


@pytest.mark.parametrize(("email", "code"), [(OTHER_AGENT, 403), (FINANCE, 403), (VIEWER, 403)])
def test_nobody_else_opens_health_details(
    browser: Opens, database: Database, ill_traveller_s_booking: str, email: str, code: int
) -> None:
    person = browser(email)
    person.opens("/staff/")
    response = person.sends(f"/staff/bookings/{ill_traveller_s_booking}/health")
    assert response.status_code == code
    assert "Two crowns" not in response.text
    read = database.execute(
        "select count(*) from health_readings where booking_id = %s", [ill_traveller_s_booking]
    ).fetchone()
    assert read == {"count": 0}


def test_agent_cannot_open_somebody_else_s_booking(browser: Opens, database: Database) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    response = browser(AGENT).opens(f"/staff/bookings/{booking}")
    assert response.status_code == 404
    assert "does not exist, or it is not yours" in response.text
    assert browser(ADMIN).opens(f"/staff/bookings/{booking}").status_code == 200


@pytest.mark.parametrize("path", ["/staff/bookings/not-a-uuid", f"/staff/bookings/{UUID(int=0)}"])
def test_address_of_no_booking_says_so(browser: Opens, path: str) -> None:
    assert browser(ADMIN).opens(path).status_code == 404


@pytest.mark.parametrize("path", ["/staff/", "/staff/bookings", "/staff/sign-in"])
def test_no_cache_keeps_a_staff_page(browser: Opens, path: str) -> None:
    assert browser(ADMIN).opens(path).headers["Cache-Control"] == "no-store"


def test_admin_finds_what_waits_for_somebody_who_left(browser: Opens, database: Database) -> None:
    gone = make_colleague(database)
    booking = make_booking(database, agent=gone.email)
    database.execute("update profiles set deactivated_at = now() where id = %s", [gone.id])
    admin = browser(ADMIN)
    for work in ("bookings", "tasks"):
        page = admin.opens(f"/staff/{work}?agent={gone.id}").text
        assert booking in page
        assert f'<option selected value="{gone.id}">{gone.name}</option>' in page
    assert gone.name not in admin.opens("/staff/bookings").text.partition('id="bookings"')[0]
