"""The pages that anybody reads."""

from __future__ import annotations

import gzip
import re

import pytest
from flask.testing import FlaskClient

from roamio_web.languages import LANGUAGES, language_of
from roamio_web.models.offer import OFFERS
from tests.support.travellers import PURPOSES

BUDGET = 40 * 1024
EMBED_BUDGET = 3 * 1024
LOADED = re.compile(
    r'<(?:script|link(?! rel="(?:canonical|alternate)")|img|source)\b[^>]*\s(?:src|href|srcset)="([^"]+)"'
)
ENGLISH = (
    "/",
    "/privacy",
    "/embed",
    *(f"/book/{purpose}" for purpose in PURPOSES),
    *(f"/embed/{purpose}" for purpose in PURPOSES),
)
PAGES = tuple(f"{language.prefix}{address}" for language in LANGUAGES for address in ENGLISH)


def test_the_home_page_offers_the_eight_ways_to_book(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    for offer in OFFERS:
        assert f'href="/book/{offer.slug}"' in page.text
        assert str(offer.summary) in page.text


def test_the_privacy_page_says_how_to_reach_us(client: FlaskClient) -> None:
    page = client.get("/privacy")
    assert page.status_code == 200
    assert 'href="mailto:hello@roamio.example"' in page.text


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_loads_little_and_from_nobody_else(client: FlaskClient, address: str) -> None:
    page = client.get(address, headers={"Accept-Encoding": "gzip"})
    size = len(page.data)
    for loaded in set(LOADED.findall(gzip.decompress(page.data).decode())):
        assert loaded.startswith("/"), f"{address} asks somebody else: {loaded}"
        part = client.get(loaded.replace("&amp;", "&"), headers={"Accept-Encoding": "gzip"})
        assert part.status_code == 200, loaded
        size += len(part.data)
    assert size <= BUDGET, f"{address} and what it loads are {size} bytes"


def test_what_another_site_loads_to_show_a_form_is_a_few_kilobytes(client: FlaskClient) -> None:
    script = client.get("/embed.js", headers={"Accept-Encoding": "gzip"})
    assert script.headers["Content-Encoding"] == "gzip"
    assert len(script.data) <= EMBED_BUDGET


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_has_one_title_one_heading_and_a_language(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert len(re.findall(r"<title>[^<]+ – [^<]+</title>", page)) == 1
    assert len(re.findall(r"<h1\b", page)) == 1
    language = language_of(address)
    assert f'<html lang="{language.code}" dir="{language.direction}"' in page


@pytest.mark.parametrize("address", PAGES)
def test_every_id_on_a_page_is_there_once(client: FlaskClient, address: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', client.get(address).text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_question_has_a_label(client: FlaskClient, purpose: str) -> None:
    page = client.get(f"/book/{purpose}").text
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    asked = re.findall(r'<(?:input|select|textarea)\b(?![^>]*type="hidden")[^>]*\sid="([^"]+)"', page)
    assert asked
    assert set(asked) == labelled


def test_the_home_page_may_be_kept_by_anybody_and_a_form_by_nobody_else(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "public, max-age=300"
    assert client.get("/book/cab").headers["Cache-Control"] == "private, no-cache"
    assert client.post("/book/cab").headers["Cache-Control"] == "no-store"
