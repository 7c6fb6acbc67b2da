"""``make bench``: measures the budgets on a project and a site of its own, and prints what is met."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench.bookings import rate_through_the_site, time_to_the_screen
from tests.bench.dashboards import thousand_dashboards
from tests.bench.flood import flood
from tests.bench.lists import lists
from tests.bench.pages import time_to_serve, weight
from tests.bench.results import Result, table
from tests.support import browser as chromium
from tests.support.backend import embedded
from tests.support.site import serve

PAGES = (
    "/",
    "/embed",
    "/book/cab",
    "/book/hotel",
    "/ar/book/hybrid",
    "/embed/cab?theme=dark&utm_source=goa",
)
NO_LIMIT = "100000 per minute"


def measure(folder: Path) -> Iterator[Result]:
    """Each budget in turn."""
    with embedded(folder / "backend.log") as project, sync_playwright() as playwright:
        settings = {
            "SUPABASE_URL": project.url,
            "SUPABASE_ANON_KEY": project.anon_key,
            "ROAMIO_ENV": "testing",
            "ROAMIO_BOOKING_RATE": NO_LIMIT,
            "ROAMIO_SIGN_IN_RATE": NO_LIMIT,
            "ROAMIO_TICKET_MINIMUM_AGE": "0",
        }
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        with serve(settings, folder / "site.log") as site:
            for path in PAGES:
                yield time_to_serve(site, path, settings, folder)
                yield weight(site, path, browser)
            yield rate_through_the_site(site, project.url, project.anon_key)
            yield time_to_the_screen(browser, site, project.url, project.anon_key)
        yield from flood(project, settings, folder)
        yield from thousand_dashboards(project, settings, folder)
        with serve(settings, folder / "lists.log") as site:
            yield from lists(site, project)
        browser.close()


def main() -> int:
    """Print the figures; the exit status says whether every budget is met."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for result in measure(Path(folder)):
            print(f"measured: {result.what}", flush=True)
            results.append(result)
    print(table(results))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
