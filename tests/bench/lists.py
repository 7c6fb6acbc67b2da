"""What each staff page takes on the server among a hundred thousand bookings: for admin, agent and finance.

``python -m tests.bench.lists [BOOKINGS]`` measures that alone.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import psycopg

from tests.bench.dashboards import percentile, signed_in
from tests.bench.many_bookings import make_bookings
from tests.bench.results import Result, table
from tests.support.backend import TestBackend, embedded
from tests.support.people import ADMIN, AGENT, FINANCE
from tests.support.site import Site, serve

BOOKINGS = 100_000
ROUNDS = 20
BUDGET = 150
NEXT = re.compile(r'rel="next" href="([^"]+)"')
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
    "/staff/bookings?starts=week&sort=soonest",
    "/staff/bookings?source=site",
    "/staff/bookings?suspected=yes",
    "/staff/tasks",
    "/staff/clients",
    "/staff/clients?search=rao",
    "/staff/clients?search=zzzzz",
    "/staff/",
)
FOLLOWED = (
    "/staff/bookings",
    "/staff/bookings?sort=changed",
    "/staff/bookings?sort=soonest",
    "/staff/bookings?status=pending&purpose=cab",
    "/staff/clients",
    "/staff/clients?search=rao",
)
"""Their next page, and the one after it, is asked for too."""
FINANCES = (
    "/staff/bookings",
    "/staff/bookings?search=airport",
    "/staff/bookings?sort=soonest",
    "/staff/embeds",
    "/staff/",
)
ADMINS = (
    "/staff/team",
    "/staff/bookings?agent={agent}",
    "/staff/tasks?agent={agent}",
    "/staff/clients/{client}",
    "/staff/audit",
    "/staff/audit?table=tasks&action=UPDATE",
    "/staff/audit?person=system",
    "/staff/embeds",
)


def lists(site: Site, project: TestBackend, bookings: int = BOOKINGS) -> Iterator[Result]:
    """Fill the project, and ask for each list as a whole page."""
    make_bookings(project.db_url, bookings)
    things = _things(project.db_url, bookings)
    for email, paths in ((ADMIN, LISTS + ADMINS), (AGENT, LISTS), (FINANCE, FINANCES)):
        with httpx.Client(
            base_url=site.url, timeout=60, headers={"Cookie": signed_in(site, email)}
        ) as browser:
            who = email.partition("@")[0]
            for path in paths:
                yield _time(browser, path.format(**things), who, path)
            for path in FOLLOWED if email != FINANCE else ():
                yield _time(browser, _following(browser, path), who, f"{path} (its next page)")


def _following(browser: httpx.Client, path: str) -> str:
    """The address of the page after this one; of this one, where it is the last."""
    found = NEXT.search(browser.get(path).text)
    return unescape(found[1]) if found else path


def _things(db_url: str, bookings: int) -> dict[str, str]:
    """An agent, and a client to whom a twentieth of the bookings goes: an agency that books for many."""
    with psycopg.connect(db_url) as database:
        # No trigger of the project's lets a booking change its client.
        database.execute("set local session_replication_role = replica")
        row = database.execute(
            "with picked as (select id from bookings limit %s),"
            " kept as (select client_id from bookings where client_id is not null limit 1),"
            " given as (update bookings set client_id = (select client_id from kept)"
            "   where id in (select id from picked) returning client_id)"
            " select client_id::text, (select id::text from profiles where email = %s), count(*) from given"
            " group by 1, 2",
            [max(1, bookings // 20), AGENT],
        ).fetchone()
    assert row is not None
    return {"client": row[0], "agent": row[1]}


def _time(browser: httpx.Client, path: str, who: str, name: str) -> Result:
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
    return Result(f"{who}: {name}", percentile(times, 95), BUDGET, "ms", detail)


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
