"""4,000 forms from a script, and those of 40 people among them, through the served site."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg

from tests.bench.results import Result
from tests.support.backend import TestBackend
from tests.support.flood import Sender, form, script, traveller
from tests.support.site import serve
from tests.support.travellers import TICKET

SCRIPTED, REAL, AT_ONCE = 4000, 40, 8
TAKEN = """
select
  clients.name like '%%Real Traveller%%' as real,
  details #> '{source,suspected}' is not null as marked,
  count(*)
from bookings join clients on clients.id = client_id
where clients.name like '%%' || %s
group by 1, 2
"""


def flood(project: TestBackend, settings: dict[str, str], folder: Path) -> list[Result]:
    """How many of the people's bookings arrive unmarked, and how many of the script's."""
    mark = uuid4().hex
    proxied = {name: value for name, value in settings.items() if name != "ROAMIO_TICKET_MINIMUM_AGE"}
    proxied |= {"ROAMIO_TRUSTED_PROXIES": "1", "ROAMIO_BOOKING_RATE": "30 per hour; 10 per minute"}
    every = SCRIPTED // REAL
    queue = [script(number, mark) for number in range(SCRIPTED)]
    for number in reversed(range(REAL)):
        queue.insert((number + 1) * every, traveller(number, mark))
    started = time.perf_counter()
    with (
        serve(proxied, folder / "flooded.log") as site,
        httpx.Client(base_url=site.url) as sender,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        # Until all are open, the first have had theirs for longer than the site finds hasty.
        open_forms = list(pool.map(lambda each: None if each.hurries else _opens(sender, each), queue))
        answers = Counter(pool.map(lambda each, form: _sends(sender, each, form), queue, open_forms))
    took = time.perf_counter() - started
    with psycopg.connect(project.db_url) as database:
        taken = {(real, marked): count for real, marked, count in database.execute(TAKEN, [mark])}
    people, unnoticed = taken.get((True, False), 0), taken.get((False, False), 0)
    detail = (
        f"{SCRIPTED} forms in {took:.0f} s; answers {dict(answers)}, marked {taken.get((False, True), 0)}"
    )
    return [
        Result("people's bookings in a flood, taken unmarked", people, REAL, "", f"of {REAL}", at_least=True),
        Result("a script's, taken unmarked", unnoticed / SCRIPTED * 100, 1, "%", detail),
    ]


def _opens(sender: httpx.Client, each: Sender) -> str:
    """Ask for the form; returns the ticket that it carries."""
    found = TICKET.search(sender.get("/book/cab", headers=each.sent_headers).text)
    assert found
    return found[1]


def _sends(sender: httpx.Client, each: Sender, ticket: str | None) -> int:
    """Book with this ticket, or open a form and send it at once; returns the status of the answer."""
    body = form(each) | {"ticket": ticket or _opens(sender, each), "send": "yes"}
    return sender.post("/book/cab", data=body, headers=each.sent_headers).status_code
