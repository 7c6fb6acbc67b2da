"""A thousand open dashboards on one process: how soon they see a change, what each costs, and a rush."""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import re
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg.rows import dict_row

from tests.bench.bookings import cab_row, filled_form
from tests.bench.pace import pause, pause_until
from tests.bench.results import Result
from tests.support.backend import PASSWORD, TestBackend
from tests.support.colleagues import make_colleague
from tests.support.eventually import eventually
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN
from tests.support.site import Site, serve

DASHBOARDS = 1000
TEAM = ("admin",) * 4 + ("operations",) * 14 + ("finance",) * 2
VIEWS = ("bookings",) * 7 + ("overview", "tasks", "booking")  # of ten pages
SAMPLE = 5  # lists of everybody's bookings on which each booking of the rush is looked for
CHANGES = 40
PAUSE = 0.4  # seconds between two changes, as long as the slowest dashboard may take and more
RUSH = 60  # seconds
RATE = 10  # bookings a second
PAGE = 50
AT_ONCE = 8
LIVE = b"event: live:state\ndata: live"
ROW = re.compile(rb'id="booking-[0-9a-f-]{36}"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE = 120.0


@dataclass(frozen=True)
class Desk:
    """Somebody who is signed in, and the booking that they have open."""

    person: str
    role: str
    cookie: str
    booking: str

    @property
    def sees_all(self) -> bool:
        return self.role != "operations"

    def address(self, view: str) -> str:
        """The stream of such a page; finance has no tasks."""
        shown = "bookings" if view == "tasks" and self.role == "finance" else view
        return f"view={shown}&id={self.booking}" if shown == "booking" else f"view={shown}"


@dataclass
class Stream:
    """One open page: when it saw which booking, and all that it saw if it is looked at closely."""

    desk: Desk
    view: str
    live: bool = False
    seen: dict[bytes, float] = field(default_factory=dict)
    close_look: set[bytes] | None = None


class Dashboards:
    """The streams of everybody, of all views, read by a thread of its own."""

    def __init__(self, site: Site, team: list[Desk]) -> None:
        address = urlsplit(site.url)
        self.streams: list[Stream] = []
        self._host, self._port = address.hostname or "", address.port or 80
        self._plan = itertools.cycle((desk, view) for view in VIEWS for desk in team)
        self._wanted: frozenset[bytes] = frozenset()
        self._readings: list[Future[None]] = []  # held here: the loop forgets what nobody holds
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def open(self, number: int) -> None:
        """Open so many more, a few at a time, and wait until each says that it is live."""
        for desk, view in itertools.islice(self._plan, number):
            stream = Stream(desk, view)
            self.streams.append(stream)
            self._readings.append(asyncio.run_coroutine_threadsafe(self._read(stream), self._loop))
            if len(self.streams) % 20 == 0:
                eventually(lambda: sum(not each.live for each in self.streams) < 20, PATIENCE)
        eventually(lambda: all(each.live for each in self.streams), PATIENCE, "every dashboard's being live")

    def lists(self, agent: str | None = None) -> list[Stream]:
        """The lists of that agent; of those who see everybody's bookings if it is none."""
        return [
            stream
            for stream in self.streams
            if stream.view == "bookings"
            and (stream.desk.sees_all if agent is None else stream.desk.person == agent)
        ]

    def expect(self, booking: str) -> bytes:
        """Note from now on when each sees this booking's row."""
        mark = row_of(booking)
        self._wanted |= {mark}
        return mark

    async def _read(self, stream: Stream) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        writer.write(
            (
                f"GET /staff/live?{stream.desk.address(stream.view)} HTTP/1.1\r\n"
                f"Host: {self._host}:{self._port}\r\n"
                f"Accept: text/event-stream\r\nCookie: {stream.desk.cookie}\r\n\r\n"
            ).encode()
        )
        rest = b""
        while data := await reader.read(1 << 20):
            text = rest + data
            rest = text[-80:]
            stream.live |= LIVE in text
            if self._wanted or stream.close_look is not None:
                now = time.time()
                for mark in ROW.findall(text):
                    if mark in self._wanted:
                        stream.seen.setdefault(mark, now)
                    if stream.close_look is not None:
                        stream.close_look.add(mark)


def row_of(booking: str) -> bytes:
    """How a booking's row begins in the list."""
    return f'id="booking-{booking}"'.encode()


def thousand_dashboards(
    project: TestBackend, settings: Mapping[str, str], folder: Path, number: int = DASHBOARDS
) -> Iterator[Result]:
    """Memory and time with so many streams on one process, and then ten bookings a second for a minute."""
    # As .env.example advises: else each thread keeps freed memory to itself, 15 KB of it.
    threads = {"ROAMIO_THREADS": str(number + 100), "ROAMIO_STREAMS_EACH": str(number // len(TEAM) + 1)}
    threads |= {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
    with (
        serve(settings | threads, folder / "dashboards.log") as site,
        _api(project) as api,
        psycopg.connect(project.db_url, autocommit=True, row_factory=dict_row) as database,
    ):
        dashboards = Dashboards(site, _team(site, database))
        warm_up = number // 10
        dashboards.open(warm_up)
        before = _memory(site)
        dashboards.open(number - warm_up)
        each = (_memory(site) - before) / (number - warm_up)
        detail = f"{number} open by {len(TEAM)} people, {before / 1024:.0f} MB before"
        yield Result("memory for one dashboard", each, 64, "KB", detail)
        yield _time_to_all(dashboards, api, database)
        yield from _rush(dashboards, site, database)


def _team(site: Site, database: Database) -> list[Desk]:
    """People of each role, signed in, each with a booking that they may see."""
    team = []
    for role in TEAM:
        person = make_colleague(database, role)
        agent = person.email if role == "operations" else None
        booking = make_booking(database, agent=agent)
        team.append(Desk(person.id, role, signed_in(site, person.email), booking))
    return team


def _time_to_all(dashboards: Dashboards, api: httpx.Client, database: Database) -> Result:
    """Each booking on all lists of everybody's, and on those of the agent whom it is handed to."""
    agents = itertools.cycle(
        {stream.desk.person for stream in dashboards.streams if not stream.desk.sees_all}
    )
    times: list[float] = []
    for _ in range(CHANGES):
        row, agent = cab_row(), next(agents)
        mark = dashboards.expect(row["id"])
        api.post("/bookings", json=row).raise_for_status()
        times += _seen(dashboards.lists(), mark, time.time())
        pause(PAUSE)
        database.execute("update bookings set assigned_agent = %s where id = %s", [agent, row["id"]])
        times += _seen(dashboards.lists(agent), mark, time.time())
        pause(PAUSE)
    times.sort()
    detail = (
        f"median {statistics.median(times):.0f} ms, worst {times[-1]:.0f}, {len(dashboards.streams)} open, "
        f"{len(dashboards.lists())} of them lists of all; load {os.getloadavg()[0]:.1f}"
    )
    return Result("committed → in the stream, 99%", percentile(times, 99), 250, "ms", detail)


def _seen(lists: list[Stream], mark: bytes, committed: float) -> list[float]:
    """Wait until each has the row; how long that took for each, in milliseconds."""
    eventually(lambda: all(mark in stream.seen for stream in lists), PATIENCE, "each list's having the row")
    return [max(0.0, stream.seen[mark] - committed) * 1000 for stream in lists]


def _rush(dashboards: Dashboards, site: Site, database: Database) -> Iterator[Result]:
    """Book by the form at a steady rate: each is confirmed, kept, and shown by the lists looked at."""
    # Nobody books so much from one place: what stops them is measured elsewhere.
    database.execute("update private.ceilings set arrivals = 1000000")
    sampled = dashboards.lists()
    sampled = sampled[:: max(1, len(sampled) // SAMPLE)]
    for stream in sampled:
        stream.close_look = set()
    before = _kept(database)
    yield _bookings_at_a_rate(dashboards, site)
    booked = _kept(database) - before
    lost = RUSH * RATE - len(booked)
    yield Result("bookings that a rush lost", lost, 0, "", f"of {RUSH * RATE}, all confirmed")
    # Once everybody's list has one more, nothing of the rush is still on its way.
    last = make_booking(database)
    mark = dashboards.expect(last)
    _seen(dashboards.lists(), mark, time.time())
    unseen = {mark for mark in booked for stream in sampled if mark not in (stream.close_look or ())}
    detail = f"of {len(booked)}, on any of {len(sampled)} open lists"
    yield Result("bookings of the rush that a list did not show", len(unseen), 0, "", detail)


def _kept(database: Database) -> set[bytes]:
    """The rows of all bookings that there are."""
    return {row_of(row["id"]) for row in database.execute("select id::text from bookings")}


def _bookings_at_a_rate(dashboards: Dashboards, site: Site) -> Result:
    """How soon the site answers meanwhile."""
    answers: list[float] = []
    with httpx.Client(base_url=site.url, timeout=60) as visitor, ThreadPoolExecutor(AT_ONCE) as pool:
        begun = time.monotonic()
        booked = []
        for number in range(RUSH * RATE):
            pause_until(begun + number / RATE)
            booked.append(pool.submit(_book, visitor))
            if number % RATE == 0:
                asked = time.perf_counter()
                visitor.get("/book/cab").raise_for_status()
                answers.append((time.perf_counter() - asked) * 1000)
        for confirmation in booked:
            confirmation.result()
        took = time.monotonic() - begun
    answers.sort()
    open_now = len(dashboards.streams)
    detail = f"{len(booked)} booked in {took:.0f} s, {open_now} open; load {os.getloadavg()[0]:.1f}"
    return Result("the form's answer during a rush, 95%", percentile(answers, 95), 1000, "ms", detail)


def percentile(sorted_values: list[float], percent: int) -> float:
    """The smallest value that so many percent do not exceed."""
    return sorted_values[max(0, math.ceil(len(sorted_values) * percent / 100) - 1)]


def _memory(site: Site) -> float:
    """What the serving process holds for itself, in KB, when it has come to rest."""
    rollup = Path(f"/proc/{site.workers()[0]}/smaps_rollup").read_text()
    return sum(int(found) for found in re.findall(r"^Private_\w+:\s+(\d+) kB$", rollup, re.MULTILINE))


def signed_in(site: Site, email: str = ADMIN) -> str:
    """The cookie of somebody who signed in by the form."""
    with httpx.Client(base_url=site.url, timeout=60) as browser:
        token = TOKEN.search(browser.get("/staff/sign-in").text)
        assert token, "the sign-in page has no token"
        form = {"csrf_token": token[1], "email": email, "password": PASSWORD}
        browser.post("/staff/sign-in", data=form)
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


def _book(visitor: httpx.Client) -> None:
    answer = visitor.post("/book/cab", data=filled_form(visitor))
    assert answer.status_code == 303, f"a booking was answered with {answer.status_code}"


def _api(project: TestBackend) -> httpx.Client:
    headers = {
        "apikey": project.anon_key,
        "Authorization": f"Bearer {project.anon_key}",
        "Prefer": "return=minimal",
    }
    return httpx.Client(base_url=f"{project.url}/rest/v1", headers=headers, timeout=60)
