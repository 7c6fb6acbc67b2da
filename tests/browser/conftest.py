"""Real people's browsers before the really served site."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support import browser as chromium
from tests.support import trouble
from tests.support.person import Person
from tests.support.site import Site, serve

if TYPE_CHECKING:
    from tests.support.backend import TestBackend

# The last two are panels of an address bar that nobody sees, for which every window had a process of its own.
# Of several such flags the last one alone counts: the others are what Playwright switches off.
SWITCHED_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(SWITCHED_OFF)}",
)
NO_LIMIT = "100000 per minute"
# A busy machine may be slow, and is not wrong for it.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def site(backend: TestBackend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site on the shared backend, with room for tests that book and sign in faster than people do."""
    settings = {
        "SUPABASE_URL": backend.url,
        "SUPABASE_ANON_KEY": backend.anon_key,
        "ROAMIO_ENV": "testing",
        "ROAMIO_HOSTS": "127.0.0.1",
        "ROAMIO_BOOKING_RATE": NO_LIMIT,
        "ROAMIO_SIGN_IN_RATE": NO_LIMIT,
        "ROAMIO_TICKET_MINIMUM_AGE": "0",
    }
    with serve(settings, tmp_path_factory.mktemp("site") / "gunicorn.log") as running:
        yield running


@pytest.fixture(scope="module")
def site_in_trouble(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, as it is when something fails: ``?trouble=`` says what, and Supabase can't be reached."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # held, so that nobody else listens there
        settings = {
            "SUPABASE_URL": f"http://127.0.0.1:{closed.getsockname()[1]}",
            "SUPABASE_ANON_KEY": "key",
            "ROAMIO_ENV": "testing",
            "ROAMIO_SECRET_KEY": trouble.SECRET_KEY,
            "ROAMIO_BOOKING_RATE": trouble.BOOKING_RATE,
        }
        log = tmp_path_factory.mktemp("trouble") / "gunicorn.log"
        with serve(settings, log, "tests.support.trouble:create_app()") as running:
            yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module; each person has a context of their own in it.

    It ends with the module, since nothing else can run an event loop in this thread while Playwright does.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def somebody(browser: Browser, site: Site) -> Iterator[Callable[..., Person]]:
    """Makes people: ``somebody()`` is a visitor, ``somebody("admin@roamio.example")`` is signed in.

    When the test ends, none of them may have met an error on a page or a request that left the site.
    """
    people: list[Person] = []

    def make(email: str | None = None, *, javascript: bool = True) -> Person:
        person = Person(browser, site, javascript=javascript)
        people.append(person)
        if email:
            person.sign_in(email)
        return person

    yield make
    problems = [problem for person in people for problem in person.problems]
    for person in people:
        person.leave()
    assert not problems, "A page complained: " + "; ".join(problems)
