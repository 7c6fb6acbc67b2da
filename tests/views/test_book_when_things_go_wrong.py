"""A traveller books while something is broken, crowded or hostile: nothing is lost, nothing is doubled."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits.storage import MemoryStorage

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.sources import CAMPAIGN, HOST
from tests.support.factories import Database
from tests.support.travellers import BROWSER, Traveller, answers, notice, taken_from

NAMES = ("cab", "medical")
HOSTILE = '\u0027"><script>alert(1)</script>{{7*7}}${7*7}%00../../etc/passwd; drop table bookings; --'


def built(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    app.extensions["roamio.backend"].close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine that nobody listens on, held so that nobody else can."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def cut_off(settings: Settings, closed_port: int) -> Iterator[Flask]:
    """The site while Supabase can't be reached."""
    yield from built(replace(settings, supabase_url=f"http://127.0.0.1:{closed_port}"))


@pytest.fixture
def crowded(settings: Settings) -> Iterator[Flask]:
    """The site with room for two requests an hour from one address."""
    yield from built(replace(settings, booking_rate="2 per hour"))


class StoreThatIsDown(MemoryStorage):
    """Stands for a Redis that does not answer."""

    STORAGE_SCHEME = ["down"]  # noqa: RUF012 - the library reads it from the class
    base_exceptions = ConnectionError

    def incr(self, *_: Any, **__: Any) -> int:
        raise ConnectionError("no answer")


@pytest.fixture
def uncounted(settings: Settings) -> Iterator[Flask]:
    """The site while the store of its counters is down."""
    yield from built(replace(settings, booking_rate="1 per hour", rate_storage="down://"))


@pytest.fixture
def forgetful(settings: Settings) -> Iterator[Flask]:
    """The site whose tickets have always lain too long."""
    yield from built(replace(settings, ticket_age=-1))


@pytest.mark.parametrize("htmx", [False, True], ids=["without JavaScript", "with htmx"])
@pytest.mark.parametrize("purpose", NAMES)
def test_traveller_keeps_what_was_typed_while_supabase_is_down(
    cut_off: Flask, purpose: str, htmx: bool
) -> None:
    traveller = Traveller(cut_off.test_client(), htmx=htmx)
    sent = answers(purpose)
    traveller.opens(purpose)
    ticket = traveller.ticket
    response = traveller.sends(purpose, sent)
    assert response.status_code == 503
    assert "has not been sent yet. Nothing you typed was lost" in notice(response)
    assert f'value="{sent["email"]}"' in response.text
    assert traveller.ticket == ticket


def test_a_booking_sent_while_supabase_was_down_is_sent_again_as_the_same(
    cut_off: Flask, client: FlaskClient, database: Database
) -> None:
    sent = answers("cab")
    before, after = Traveller(cut_off.test_client()), Traveller(client)
    before.opens("cab")
    before.sends("cab", sent)
    for _ in range(2):
        after.reads_confirmation(after.sends("cab", sent | {"ticket": before.ticket}))
    assert _count(database, sent["email"]) == 1


def test_traveller_who_is_too_fast_keeps_what_was_typed(crowded: Flask, database: Database) -> None:
    traveller = Traveller(crowded.test_client())
    sent = answers("cab")
    for _ in range(2):
        traveller.opens("cab")
        traveller.reads_confirmation(traveller.sends("cab", sent))
    traveller.opens("cab")
    response = traveller.sends("cab", sent)
    assert response.status_code == 429
    assert 3000 < int(response.headers["Retry-After"]) <= 3601
    assert "Nothing was lost: wait" in notice(response)
    assert "minutes, then send it again" in notice(response)
    assert f'value="{sent["email"]}"' in response.text
    assert _count(database, sent["email"]) == 2


def test_a_mistake_in_a_form_uses_up_no_try(crowded: Flask) -> None:
    traveller = Traveller(crowded.test_client())
    traveller.opens("cab")
    for _ in range(5):
        assert traveller.sends("cab", answers("cab", phone="12")).status_code == 422
    traveller.reads_confirmation(traveller.sends("cab", answers("cab")))


def test_a_store_that_is_down_stops_nobody(uncounted: Flask) -> None:
    traveller = Traveller(uncounted.test_client())
    for _ in range(2):
        traveller.books("cab")


def test_a_form_that_lay_too_long_keeps_what_was_typed(
    forgetful: Flask, client: FlaskClient, database: Database
) -> None:
    sent = answers("cab")
    late = Traveller(forgetful.test_client())
    late.opens("cab")
    response = late.sends("cab", sent)
    assert response.status_code == 422
    assert notice(response).startswith("This form had been open for a long time. Nothing was lost")
    assert f'value="{sent["name"]}"' in response.text
    assert 'value="suv" selected' in response.text or 'selected value="suv"' in response.text
    assert _count(database, sent["email"]) == 0


def test_a_form_sent_before_it_lay_too_long_is_still_the_same_booking(
    forgetful: Flask, client: FlaskClient, database: Database
) -> None:
    """Sent, left open overnight, and sent again: the ticket is new, the booking is not."""
    sent = answers("cab")
    in_time, late = Traveller(client), Traveller(forgetful.test_client())
    in_time.opens("cab")
    reference = in_time.reads_confirmation(in_time.sends("cab", sent))
    late.sends("cab", sent | {"ticket": in_time.ticket})
    again = Traveller(client)
    assert again.reads_confirmation(again.sends("cab", sent | {"ticket": late.ticket})) == reference
    assert _count(database, sent["email"]) == 1


@pytest.mark.parametrize("question", ["name", "pickup_place", "notes", "flight_number"])
def test_hostile_text_is_kept_as_text(client: FlaskClient, database: Database, question: str) -> None:
    traveller = Traveller(client)
    sent = answers("cab", trip="airport") | {question: HOSTILE}
    traveller.opens("cab")
    page = traveller.sends("cab", sent | {"phone": "12"})
    assert "<script>alert" not in page.text
    traveller.reads_confirmation(traveller.sends("cab", sent))
    row = database.execute(
        "select clients.name, details from bookings join clients on clients.id = client_id where email = %s",
        [sent["email"]],
    ).fetchone()
    assert row is not None
    assert HOSTILE in (row["name"], *row["details"].values())


@pytest.mark.parametrize("name", [*CAMPAIGN, HOST])
@pytest.mark.parametrize("said", ["\x00", "\ud800", "a\x00\u202eb\n" + "x" * 5000])
def test_an_address_says_nothing_that_the_database_would_refuse(
    client: FlaskClient, database: Database, name: str, said: str
) -> None:
    traveller = Traveller(client)
    sent = answers("cab")
    query = quote(said if name != HOST else f"https://hotel.example/{said}", errors="surrogatepass")
    traveller.ticket = taken_from(client.get(f"/book/cab?{name}={query}"))
    answer = client.post(
        f"/book/cab?{name}={query}", data=sent | {"ticket": traveller.ticket, "send": "yes"}, headers=BROWSER
    )
    traveller.reads_confirmation(answer)
    source = _details(database, sent["email"])["source"]
    kept = source.pop(name, "")
    assert source == {"channel": "site"}
    assert kept.isprintable()
    assert len(kept) <= 200


@pytest.mark.parametrize("header", ["Origin", "Referer"])
@pytest.mark.parametrize("said", ["https://[", "https://[::1", "http://x]@[y/", "https://]", "//", "\x80"])
def test_a_page_that_can_t_be_named_is_another_page(
    client: FlaskClient, database: Database, header: str, said: str
) -> None:
    traveller = Traveller(client)
    traveller.headers = {**BROWSER, header: said, "Sec-Fetch-Dest": "iframe"}
    del traveller.headers["Sec-Fetch-Site"], traveller.headers["Accept-Language"]
    sent = answers("cab")
    traveller.opens("cab")
    traveller.reads_confirmation(traveller.sends("cab", sent))
    source = _details(database, sent["email"])["source"]
    assert {"another_page", "no_language"} <= set(source["suspected"])
    assert "host" not in source


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b"ticket=%ff%fe&name=%00",
        b"trip[]=x&trip[$ne]=1&__proto__=1",
        b"a=1&" * 20_000,
        b"passengers=" + b"9" * 100_000,
        b"",
    ],
)
def test_a_body_that_is_no_form_shows_a_form_or_a_sentence(client: FlaskClient, body: bytes) -> None:
    response = client.post("/book/cab", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (400, 413, 422)
    assert "Traceback" not in response.text
    assert "werkzeug" not in response.text.lower()


@pytest.mark.parametrize("htmx", [False, True], ids=["without JavaScript", "with htmx"])
def test_a_body_that_is_too_large_is_refused_in_words(client: FlaskClient, htmx: bool) -> None:
    traveller = Traveller(client, htmx=htmx)
    response = traveller.sends("cab", {"notes": "x" * 300_000})
    assert response.status_code == 413
    assert "That is too much at once" in response.text
    assert "Shorten what you wrote" in response.text
    if htmx:
        assert response.headers["HX-Retarget"] == "#notices"  # the form stays as it is


def test_a_file_can_t_be_sent(client: FlaskClient) -> None:
    response = client.post(
        "/book/cab", data={"name": (b"x" * 10, "name.txt")}, content_type="multipart/form-data"
    )
    assert response.status_code == 422


def _details(database: Database, email: str) -> dict[str, Any]:
    row = database.execute(
        "select details from bookings join clients on clients.id = client_id where email = %s", [email]
    ).fetchone()
    assert row is not None
    return dict(row["details"])


def _count(database: Database, email: str) -> int:
    row = database.execute(
        "select count(*) from bookings join clients on clients.id = client_id where email = %s", [email]
    ).fetchone()
    assert row is not None
    return int(row["count"])
