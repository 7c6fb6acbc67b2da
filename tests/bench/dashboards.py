"""A thousand open dashboards on one process: how soon they see a change, what each costs, and a rush."""

from __future__ import annotations

import asyncio
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
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg

from tests.bench.bookings import cab_row, filled_form
from tests.bench.pace import pause, pause_until
from tests.bench.results import Result
from tests.support.backend import PASSWORD, TestBackend
from tests.support.eventually import eventually
from tests.support.people import ADMIN
from tests.support.site import Site, serve

DASHBOARDS = 1000
WARM_UP = 100
CHANGES = 40
PAUSE = 0.4  # seconds between two changes, as long as the slowest dashboard may take and more
RUSH = 60  # seconds
RATE = 10  # bookings a second
PAGE = 50
AT_ONCE = 8
LIVE = b"event: live:state\ndata: live"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATIENCE = 120.0


@dataclass
class Stream:
    """One open page: when it saw which booking."""

    live: bool = False
    seen: dict[bytes, float] = field(default_factory=dict)


class Dashboards:
    """The streams of one signed-in person, read by a thread of its own."""

    def __init__(self, site: Site, cookie: str) -> None:
        address = urlsplit(site.url)
        self.streams: list[Stream] = []
        self._host, self._port = address.hostname or "", address.port or 80
        self._request = (
            f"GET /staff/live?view=bookings HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Accept: text/event-stream\r\nCookie: {cookie}\r\n\r\n"
        ).encode()
        self._wanted: frozenset[bytes] = frozenset()
        self._readings: list[Future[None]] = []  # held here: the loop forgets what nobody holds
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def open(self, number: int) -> None:
        """Open so many more, a few at a time, and wait until each says that it is live."""
        for _ in range(number):
            stream = Stream()
            self.streams.append(stream)
            self._readings.append(asyncio.run_coroutine_threadsafe(self._read(stream), self._loop))
            if len(self.streams) % 20 == 0:
                eventually(lambda: sum(not each.live for each in self.streams) < 20, PATIENCE)
        eventually(lambda: all(each.live for each in self.streams), PATIENCE, "every dashboard's being live")

    def expect(self, booking: str) -> bytes:
        """Note from now on when each sees this booking's row."""
        mark = f'id="booking-{booking}"'.encode()
        self._wanted |= {mark}
        return mark

    def have_seen(self, mark: bytes) -> int:
        return sum(mark in stream.seen for stream in self.streams)

    async def _read(self, stream: Stream) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        writer.write(self._request)
        rest = b""
        while data := await reader.read(1 << 20):
            text = rest + data
            rest = text[-80:]
            stream.live |= LIVE in text
            if self._wanted:
                now = time.time()
                for mark in re.findall(rb'id="booking-[0-9a-f-]{36}"', text):
                    if mark in self._wanted:
                        stream.seen.setdefault(mark, now)


def thousand_dashboards(
    project: TestBackend, settings: Mapping[str, str], folder: Path, number: int = DASHBOARDS
) -> Iterator[Result]:
    """Memory and time with so many streams on one process, and then ten bookings a second for a minute."""
    # As .env.example advises: else each thread keeps freed memory to itself, 15 KB of it.
    threads = {"ROAMIO_THREADS": str(number + 100), "ROAMIO_STREAMS_EACH": str(number)}
    threads |= {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
    with serve(settings | threads, folder / "dashboards.log") as site, _api(project) as api:
        dashboards = Dashboards(site, signed_in(site))
        dashboards.open(WARM_UP)
        before = _memory(site)
        dashboards.open(number - WARM_UP)
        each = (_memory(site) - before) / (number - WARM_UP)
        yield Result(
            "memory for one dashboard", each, 64, "KB", f"{number} open, {before / 1024:.0f} MB before"
        )
        yield _time_to_all(dashboards, api)
        yield from _rush(dashboards, site, project)


def _time_to_all(dashboards: Dashboards, api: httpx.Client) -> Result:
    times = []
    for _ in range(CHANGES):
        row = cab_row()
        mark = dashboards.expect(row["id"])
        api.post("/bookings", json=row).raise_for_status()
        committed = time.time()
        eventually(lambda mark=mark: dashboards.have_seen(mark) == len(dashboards.streams), PATIENCE)
        times += [max(0.0, stream.seen[mark] - committed) * 1000 for stream in dashboards.streams]
        pause(PAUSE)
    times.sort()
    detail = (
        f"median {statistics.median(times):.0f} ms, worst {times[-1]:.0f}, {len(dashboards.streams)} open; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    return Result("committed → in the stream, 99%", percentile(times, 99), 250, "ms", detail)


def _rush(dashboards: Dashboards, site: Site, project: TestBackend) -> Iterator[Result]:
    """Book by the form at a steady rate: each is confirmed, kept, and the last of them on every dashboard."""
    with psycopg.connect(project.db_url, autocommit=True) as database:
        # Nobody books so much from one place: what stops them is measured elsewhere.
        database.execute("update private.ceilings set arrivals = 1000000")
        before = _kept(database)
        yield _bookings_at_a_rate(dashboards, site)
        lost = before + RUSH * RATE - _kept(database)
        yield Result("bookings that a rush lost", lost, 0, "", f"of {RUSH * RATE}, all confirmed")
    row = cab_row()
    mark = dashboards.expect(row["id"])
    with _api(project) as api:
        api.post("/bookings", json=row).raise_for_status()
    eventually(
        lambda: dashboards.have_seen(mark) == len(dashboards.streams), PATIENCE, "the last booking's row"
    )


def _kept(database: psycopg.Connection[Any]) -> int:
    row = database.execute("select count(*) from bookings").fetchone()
    return int(row[0]) if row else 0


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
