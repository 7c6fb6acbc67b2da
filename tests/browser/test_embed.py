"""A booking form in a page of another origin, in Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.backend import TestBackend
from tests.support.cab import fill_in
from tests.support.eventually import eventually
from tests.support.factories import Database
from tests.support.site import Site, serve

PAGE = """<!doctype html><html lang="en"><title>A travel magazine</title><h1>Goa</h1>
<script async src="{site}/embed.js"></script>
<roamio-booking purpose="cab" ref="goa"></roamio-booking><p>The end</p>
<script>
  window.heard = [];
  for (const name of ["roamio:ready", "roamio:booked"])
    document.addEventListener(name, (event) => heard.push([name, event.detail]));
</script></html>"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def magazine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Somebody else's website: its origin, and the folder that it serves."""
    folder = tmp_path_factory.mktemp("magazine")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", folder
        server.shutdown()


@pytest.fixture(scope="module")
def framed_site(
    backend: TestBackend, magazine: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The site, which the magazine may frame."""
    settings = {
        "SUPABASE_URL": backend.url,
        "SUPABASE_ANON_KEY": backend.anon_key,
        "ROAMIO_ENV": "testing",
        "ROAMIO_TICKET_MINIMUM_AGE": "0",
        "ROAMIO_EMBED_ORIGINS": magazine[0],
    }
    with serve(settings, tmp_path_factory.mktemp("framed") / "gunicorn.log") as running:
        yield running


@pytest.fixture(params=[320, 768, 1440])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a new visitor, as wide as a phone, a tablet or a desk."""
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    yield context.new_page()
    context.close()


def test_traveller_books_on_somebody_else_s_page(
    page: Page, framed_site: Site, magazine: tuple[str, Path], database: Database
) -> None:
    origin, folder = magazine
    (folder / "goa.html").write_text(PAGE.format(site=framed_site.url))
    page.goto(f"{origin}/goa.html?utm_campaign=winter")
    form = page.frame_locator("roamio-booking iframe")
    expect(form.get_by_role("button", name="Book this cab")).to_be_visible()
    _fits(page)
    form.get_by_label("Round trip").check()
    _fits(page)

    email = f"lena.{uuid4().hex[:10]}@example.com"
    fill_in(page.frames[1], name="Lena Sommer", email=email)
    form.get_by_role("button", name="Book this cab").click()
    expect(form.get_by_role("heading", name="We have your request")).to_be_visible()
    _fits(page)

    row = database.execute(
        "select reference, details from bookings join clients on clients.id = client_id where email = %s",
        [email],
    ).fetchone()
    assert row is not None
    assert row["details"]["source"] == {
        "channel": "embed",
        "host": f"{origin}/goa.html",
        "ref": "goa",
        "utm_campaign": "winter",
    }
    shown = f"{row['reference'][:4]}-{row['reference'][4:]}"
    heard = eventually(lambda: len(found := page.evaluate("heard")) == 2 and found, what="The page's news")
    assert heard == [["roamio:ready", {}], ["roamio:booked", {"reference": shown}]]
    assert page.context.cookies() == []


def test_page_that_the_settings_do_not_name_gets_no_form(
    browser: Browser, site: Site, magazine: tuple[str, Path]
) -> None:
    origin, folder = magazine
    (folder / "stranger.html").write_text(PAGE.format(site=site.url))
    context = browser.new_context()
    page = context.new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{origin}/stranger.html")
    assert page.frames[1].locator("form").count() == 0
    context.close()


def _fits(page: Page) -> None:
    """The frame is as high as what it holds, to the pixel, and nothing in it scrolls sideways."""
    frame = page.frames[1]

    def settled() -> bool:
        height = page.evaluate("document.querySelector('roamio-booking iframe').offsetHeight")
        needed, width, wide = frame.evaluate(
            "[document.body.getBoundingClientRect().height, innerWidth, document.documentElement.scrollWidth]"
        )
        return abs(height - needed) <= 1 and wide <= width

    eventually(settled, what="The frame's height")
