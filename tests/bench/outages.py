"""``make soak``: how soon open pages are true again after outages of full length."""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from playwright.sync_api import expect, sync_playwright
from psycopg.rows import dict_row

from tests.bench.pace import pause, pause_until
from tests.bench.results import Result, table
from tests.support import browser as chromium
from tests.support.backend import TestBackend, embedded
from tests.support.colleagues import make_colleague
from tests.support.office import Office

CHANGES = 100
OUTAGE = 30  # seconds
BUDGET = 2  # seconds
PATIENCE = 60_000  # milliseconds
SIGN_IN = re.compile("/staff/sign-in")
REALTIME = b"GET /realtime/"
ROUNDS = 5
OPEN_PAGES = (
    "/staff/",
    "/staff/bookings",
    "/staff/tasks",
    "/staff/clients",
    "/staff/tasks/new",
)  # the last: not live


def outages(project: TestBackend, folder: Path) -> Iterator[Result]:
    """Each kind of outage in turn, a hundred changes in each; the clock runs from its end."""
    with (
        sync_playwright() as playwright,
        psycopg.connect(project.db_url, autocommit=True, row_factory=dict_row) as database,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        with Office(project, database, browser, folder / "office.log").open() as office:
            yield _measure(
                office,
                f"Realtime was down for {OUTAGE} s",
                lambda: office.to_supabase.kill(REALTIME),
                office.to_supabase.mend,
            )
            yield _measure(
                office,
                f"Supabase was down for {OUTAGE} s",
                office.to_supabase.kill,
                office.to_supabase.mend,
            )
            yield _measure(office, "the site was killed and started", office.stop_site, office.start_site, 3)
            yield _measure(office, "laptops slept ten minutes", office.sleep, lambda: office.wake_up(600), 3)
            yield _measure(office, "tokens had expired", lambda: _expire(office), office.to_site.mend, 3)
            yield _measure(office, "the network flapped", lambda: _flap(office), office.go_online, 1)
            yield _closed(office)
        browser.close()


def _measure(
    office: Office,
    what: str,
    breaks: Callable[[], object],
    mends: Callable[[], object],
    seconds: float = OUTAGE,
) -> Result:
    breaks()
    until = time.monotonic() + seconds
    office.turmoil.changes(CHANGES)
    pause_until(until)
    mends()
    back = time.monotonic()
    office.wait_until_true(180)
    took = time.monotonic() - back
    pages = len(office.pages)
    detail = f"until the last of {pages} pages equalled the database; load {os.getloadavg()[0]:.1f}"
    return Result(f"true again after {what}", took, BUDGET, "s", detail)


def _expire(office: Office) -> None:
    office.to_site.kill()
    office.expire_tokens()


def _flap(office: Office) -> None:
    for _ in range(4):
        office.go_offline()
        pause(0.5)
        office.go_online()
        pause(0.5)
    office.go_offline()


def _closed(office: Office) -> Result:
    """From the commit that takes a role away until each page of that person has become the sign-in page."""
    times = []
    for _ in range(ROUNDS):
        colleague = make_colleague(office.database)
        with office.visited_by(colleague.email, OPEN_PAGES) as pages:
            for page in pages[:-1]:
                expect(page.locator("#live-state")).to_have_text("Live", timeout=PATIENCE)
            pause(1)
            office.database.execute(
                "update profiles set deactivated_at = now() where id = %s", [colleague.id]
            )
            committed = time.monotonic()
            for page in pages:
                page.wait_for_url(SIGN_IN, wait_until="commit", timeout=PATIENCE)
            times.append(time.monotonic() - committed)
            for page in pages:
                page.wait_for_load_state()  # Chromium may not close what is still on its way
    detail = (
        f"worst of {ROUNDS}, {len(OPEN_PAGES)} pages each; median {statistics.median(times):.2f} s; "
        f"load {os.getloadavg()[0]:.1f}"
    )
    return Result("pages closed after a role was taken away", max(times), 1, "s", detail)


def main() -> int:
    """Print the figures; the exit status says whether every page was back in time."""
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder) / "backend.log") as project:
        results = list(outages(project, Path(folder)))
    print(table(results))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
