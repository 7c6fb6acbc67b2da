"""What each staff page takes on the server among a hundred thousand bookings, as an admin and as an agent."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import httpx

from tests.bench.dashboards import percentile, signed_in
from tests.bench.many_bookings import make_bookings
from tests.bench.results import Result
from tests.support.backend import TestBackend
from tests.support.people import ADMIN, AGENT
from tests.support.site import Site

BOOKINGS = 100_000
ROUNDS = 20
BUDGET = 150
LISTS = (
    "/staff/bookings",
    "/staff/bookings?sort=changed",
    "/staff/bookings?sort=soonest",
    "/staff/bookings?status=pending&purpose=cab",
    "/staff/bookings?agent=nobody",
    "/staff/bookings?search=rao",
    "/staff/bookings?search=asha+airport",
    "/staff/bookings?search=zzzzz",
    "/staff/bookings?search=98",
    "/staff/tasks",
    "/staff/clients",
    "/staff/clients?search=rao",
    "/staff/clients?search=zzzzz",
    "/staff/",
)
ADMINS = (
    "/staff/audit",
    "/staff/audit?table=tasks&action=UPDATE",
    "/staff/audit?person=system",
    "/staff/embeds",
)


def lists(site: Site, project: TestBackend) -> Iterator[Result]:
    """Fill the project, and ask for each list as a whole page."""
    make_bookings(project.db_url, BOOKINGS)
    for email in (ADMIN, AGENT):
        with httpx.Client(
            base_url=site.url, timeout=60, headers={"Cookie": signed_in(site, email)}
        ) as browser:
            for path in LISTS + (ADMINS if email == ADMIN else ()):
                yield _time(browser, path, email.partition("@")[0])


def _time(browser: httpx.Client, path: str, who: str) -> Result:
    times = []
    for number in range(ROUNDS + 2):
        asked = time.perf_counter()
        answer = browser.get(path)
        took = (time.perf_counter() - asked) * 1000
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        if number > 1:
            times.append(took)
    times.sort()
    detail = f"median {times[len(times) // 2]:.0f} ms, {ROUNDS} times, load {os.getloadavg()[0]:.1f}"
    return Result(f"{who}: {path}", percentile(times, 95), BUDGET, "ms", detail)
