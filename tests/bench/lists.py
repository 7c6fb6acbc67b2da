"""What each staff page takes on the server among a hundred thousand bookings, as an admin and as an agent.

``python -m tests.bench.lists [BOOKINGS]`` measures that alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.bench.dashboards import percentile, signed_in
from tests.bench.many_bookings import make_bookings
from tests.bench.results import Result, table
from tests.support.backend import TestBackend, embedded
from tests.support.people import ADMIN, AGENT
from tests.support.site import Site, serve

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


def lists(site: Site, project: TestBackend, bookings: int = BOOKINGS) -> Iterator[Result]:
    """Fill the project, and ask for each list as a whole page."""
    make_bookings(project.db_url, bookings)
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


def main() -> int:
    """Print the figures; the exit status says whether every budget is met."""
    bookings = int(sys.argv[1]) if len(sys.argv) > 1 else BOOKINGS
    with tempfile.TemporaryDirectory() as name, embedded(Path(name) / "backend.log") as project:
        settings = {
            "SUPABASE_URL": project.url,
            "SUPABASE_ANON_KEY": project.anon_key,
            "ROAMIO_ENV": "testing",
        }
        with serve(settings, Path(name) / "site.log") as site:
            results = list(lists(site, project, bookings))
    print(table(results))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
