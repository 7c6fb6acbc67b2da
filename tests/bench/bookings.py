"""What a booking costs through the site, and how long it takes to a colleague's screen."""

from __future__ import annotations

import http.client
import re
import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, expect
from postgrest import ReturnMethod

from roamio_web.backend import Backend
from tests.bench.pages import connected
from tests.bench.results import Result
from tests.support.people import ADMIN
from tests.support.person import Person
from tests.support.site import Site
from tests.support.travellers import BROWSER, TICKET, answers, contact

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AT_ONCE = 4
ROUNDS = 3
BOOKINGS = 40
SIGHTINGS = 50
NEXT_WEEK = datetime.now(UTC) + timedelta(days=7)
# Notes when a row is first painted, by the clock that this process reads too.
WATCH = """() => {
  window.painted = {};
  const note = () => document.querySelectorAll("#booking-rows tr").forEach(row => {
    if (!(row.id in window.painted)) {
      window.painted[row.id] = 0;
      requestAnimationFrame(() => { window.painted[row.id] = Date.now() / 1000; });
    }
  });
  note();
  new MutationObserver(note).observe(document.body, {childList: true, subtree: true});
}"""

SEEN = """id => new Promise(tell => {
  const look = () => window.painted[id] ? tell(window.painted[id]) : requestAnimationFrame(look);
  look();
})"""


def rate_through_the_site(site: Site, api_url: str, anon_key: str) -> Result:
    """Bookings a second by the form, against the same insert straight into the API.

    One POST of a checked form (the step that books) against one insert with the ``supabase`` client that the
    site itself uses. Both start from this process, which shares the machine with the site, the API and
    Postgres; so that it takes little of it, the forms are written out beforehand and sent as they are.
    """
    backend = Backend(api_url, anon_key)
    with httpx.Client(base_url=site.url, headers=BROWSER) as visitor, ExitStack() as open_connections:
        browsers = SimpleQueue[http.client.HTTPConnection]()
        for _ in range(AT_ONCE):
            browsers.put(open_connections.enter_context(connected(site)))
        ratios, ours, theirs = [], 0.0, 0.0
        for _ in range(ROUNDS):
            forms = [urlencode(filled_form(visitor)) for _ in range(BOOKINGS)]
            ours = _rate(lambda form: _send(browsers, form), forms)
            rows = [cab_row() for _ in range(BOOKINGS)]
            theirs = _rate(lambda row: _insert(backend, row), rows)
            ratios.append(ours / theirs)
    backend.close()
    detail = f"last round {ours:.0f}/s against {theirs:.0f}/s, {AT_ONCE} at once"
    return Result("a booking through the site", statistics.median(ratios), 0.8, "×", detail, at_least=True)


def time_to_the_screen(browser: Browser, site: Site, api_url: str, anon_key: str) -> Result:
    """From the answer to an insert until its row is painted on an admin's open list, one after the other."""
    admin = Person(browser, site)
    admin.sign_in(ADMIN)
    admin.goes_to("/staff/bookings")
    expect(admin.page.locator("#live-state")).to_have_text(re.compile("live", re.IGNORECASE))
    admin.page.evaluate(WATCH)
    times = []
    with _api(api_url, anon_key) as api:
        for _ in range(SIGHTINGS):
            row = cab_row()
            _expect(api.post("/bookings", json=row), 201)
            committed = time.time()
            seen = admin.page.evaluate(SEEN, f"booking-{row['id']}")
            times.append(max(0.0, seen - committed) * 1000)
    admin.leave()
    times.sort()
    detail = f"median {statistics.median(times):.0f} ms, worst of {SIGHTINGS} shown; one open dashboard"
    return Result("committed → on screen", times[-1], 250, "ms", detail)


def cab_row() -> dict[str, Any]:
    """A cab booking as the website inserts it, each of another traveller."""
    traveller = contact()
    details = {
        "contact": {
            "name": traveller["name"],
            "email": traveller["email"],
            "phone": f"+91{traveller['phone'][1:]}",
            "country": traveller["country"],
        },
        "reach_by": "whatsapp",
        "trip": "one_way",
        "pickup_place": "BLR Airport",
        "dropoff_place": "Leela Palace",
        "starts_at": NEXT_WEEK.isoformat(),
        "time_zone": "Asia/Kolkata",
        "passengers": 2,
        "luggage": 1,
        "vehicle": "sedan",
    }
    return {"id": str(uuid4()), "purpose": "cab", "details": details}


def filled_form(visitor: httpx.Client) -> dict[str, str]:
    """The form with a ticket of its own, answered."""
    found = TICKET.search(visitor.get("/book/cab").text)
    assert found, "The form carries no ticket"
    return answers("cab") | {"ticket": found[1], "send": "yes"}


def _send(browsers: SimpleQueue[http.client.HTTPConnection], form: str) -> None:
    """Send a form through a connection that nobody uses just now."""
    browser = browsers.get()
    browser.request("POST", "/book/cab", form, BROWSER | FORM)
    answer = browser.getresponse()
    answer.read()
    browsers.put(browser)
    assert answer.status == 303, f"A booking was answered with {answer.status}"


def _insert(backend: Backend, row: dict[str, Any]) -> None:
    backend.visitor().table("bookings").insert(row, returning=ReturnMethod.minimal).execute()


def _api(url: str, anon_key: str) -> httpx.Client:
    headers = {"apikey": anon_key, "Authorization": f"Bearer {anon_key}", "Prefer": "return=minimal"}
    return httpx.Client(base_url=f"{url}/rest/v1", headers=headers)


def _rate(send: Callable[[Any], None], bodies: Iterable[Any]) -> float:
    bodies = list(bodies)
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, bodies))
    return len(bodies) / (time.perf_counter() - started)


def _expect(answer: httpx.Response, status: int) -> None:
    assert answer.status_code == status, f"{answer.url} answered {answer.status_code}: {answer.text[:500]}"
