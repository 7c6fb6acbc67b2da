"""What search engines, browsers and link previews find."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web import create_app
from roamio_web.config import Settings
from roamio_web.kept_pages import MOST
from roamio_web.languages import LANGUAGES
from tests.support.travellers import PURPOSES

PAGES = ("/", "/embed", "/privacy", *(f"/book/{purpose}" for purpose in PURPOSES))
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def closed(settings: Settings) -> Iterator[Flask]:
    """The site while it is being worked on."""
    app = create_app(replace(settings, maintenance="We are back at 18:00 India time."))
    yield app
    app.extensions["roamio.backend"].close()


def said(page: str) -> dict[str, str]:
    """The properties that a link preview reads."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page)
    return {name: unescape(content) for name, content in found}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_address_whatever_a_campaign_adds(client: FlaskClient, address: str) -> None:
    page = client.get(address, query_string={"utm_source": "letter"}).text
    assert re.findall(r'<link rel="canonical" href="([^"]+)"', page) == [f"http://localhost{address}"]
    assert said(page)["og:url"] == f"http://localhost{address}"


@pytest.mark.parametrize("address", PAGES)
def test_a_link_to_a_page_shows_what_it_is_about(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    shown = said(page)
    title = re.search(r"<title>(.*?)</title>", page)
    assert title
    assert shown["og:title"] == unescape(title[1])
    assert shown["og:description"] == shown["description"]
    assert 50 <= len(shown["description"]) <= 160
    picture = client.get(shown["og:image"].removeprefix("http://localhost"))
    size = struct.unpack(">II", picture.data[16:24])
    assert (picture.mimetype, size) == ("image/png", (1200, 630))


def test_every_page_has_a_title_and_a_description_of_its_own(client: FlaskClient) -> None:
    pages = [said(client.get(address).text) for address in PAGES]
    assert len({page["og:title"] for page in pages}) == len(PAGES)
    assert len({page["og:description"] for page in pages}) == len(PAGES)


@pytest.mark.parametrize("address", ["/embed/cab", "/nowhere"])
def test_what_is_not_to_be_found_says_so(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_what_it_is_about_as_data(client: FlaskClient, address: str) -> None:
    found = DATA.findall(client.get(address).text)
    assert len(found) == 1
    kinds = [each["@type"] for each in json.loads(found[0])["@graph"]]
    assert kinds[0] == "TravelAgency"
    assert ("Service" in kinds) is address.startswith("/book/")
    assert ("FAQPage" in kinds) is (address == "/")


def test_the_questions_in_the_data_are_those_on_the_page(client: FlaskClient) -> None:
    page = client.get("/").text
    graph = json.loads(DATA.findall(page)[0])["@graph"]
    for each in graph[1]["mainEntity"]:
        assert f"<summary>{each['name']}<" in page
        assert f"<p>{each['acceptedAnswer']['text']}</p>" in page


def test_the_site_map_names_every_page_that_is_to_be_found(client: FlaskClient) -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text
    listed = [each.text for each in ElementTree.fromstring(client.get("/sitemap.xml").text).iter(LOCATION)]
    in_all = [f"{language.prefix}{address}" for language in LANGUAGES for address in PAGES]
    assert sorted(listed, key=str) == sorted(f"http://localhost{address}" for address in in_all)
    for address in listed:
        assert client.get(str(address).removeprefix("http://localhost")).status_code == 200


def test_the_icons_are_pictures(client: FlaskClient) -> None:
    manifest = client.get("/site.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    for each in manifest.json["icons"] if manifest.json else []:
        assert client.get(each["src"]).mimetype == each["type"]
    touch = client.get("/apple-touch-icon.png").data
    assert touch.startswith(b"\x89PNG")
    assert len(zlib.decompress(touch[41:-16])) == 180 * (1 + 180 * 4)
    icon = client.get("/favicon.ico").data
    assert icon[:4] == b"\0\0\1\0"
    assert icon[22:30] == b"\x89PNG\r\n\x1a\n"


def test_a_page_asked_for_by_another_name_gives_that_name_to_nobody_else(settings: Settings) -> None:
    app = create_app(settings)
    browser = app.test_client()
    assert "http://evil.example/" in browser.get("/", headers={"Host": "evil.example"}).text
    assert "evil.example" not in browser.get("/").text
    for number in range(MOST + 10):
        browser.get("/privacy", headers={"Host": f"{number}.example"})
    assert len(list(app.extensions["roamio.pages"])) == MOST
    app.extensions["roamio.backend"].close()


def test_somebody_who_is_lost_finds_the_ways_to_book(client: FlaskClient) -> None:
    page = client.get("/nowhere")
    assert page.status_code == 404
    for purpose in PURPOSES:
        assert page.text.count(f'href="/book/{purpose}"') >= 2


def test_a_page_that_breaks_says_what_to_name_on_the_phone(settings: Settings) -> None:
    broken = create_app(settings)

    @broken.get("/broken")
    def fail() -> str:
        raise ValueError

    page = broken.test_client().get("/broken")
    assert page.status_code == 500
    assert f'<span class="number" dir="ltr">{page.headers["X-Request-ID"]}</span>' in page.text
    broken.extensions["roamio.backend"].close()


@pytest.mark.parametrize("address", ["/", "/book/cab", "/embed/cab", "/staff/sign-in", "/nowhere"])
def test_a_site_that_is_closed_says_until_when(closed: Flask, address: str) -> None:
    page = closed.test_client().get(address)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "600"
    assert "We are back at 18:00 India time." in page.text


def test_a_site_that_is_closed_still_runs_and_has_its_looks(closed: Flask) -> None:
    browser = closed.test_client()
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/static/css/base.css").status_code == 200
