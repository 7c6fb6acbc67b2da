"""The public site in Hindi and Arabic: the same pages and the same bookings, in other words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from roamio_web.languages import LANGUAGES, TRANSLATED, Language, language_of, without_language
from tests.support.factories import Database
from tests.support.travellers import (
    PURPOSES,
    Traveller,
    answers,
    brought_along,
    days_ahead,
    notice,
    sentences,
)

ALTERNATE = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
MENU = re.compile(r'<li><a href="([^"]+)" lang="(\w\w)" dir="(\w+)" hreflang="\w\w"([^>]*)>([^<]+)</a>')
INWARD = re.compile(r'href="(/(?!static|share|favicon|apple|staff)[^"]*)"')
WRONG: dict[str, Any] = {"phone": "12", "pickup_date": "yesterday", "passengers": "900", "name": ""}
SAID = {
    "hi": [
        "पिकअप की तारीख इस तरह लिखें: 27/3/2027",
        "यात्रियों की संख्या पूरी संख्या में लिखें, 1 से 50 तक",
        "अपना पूरा नाम लिखें",
        "देश के कोड के साथ ऐसा फ़ोन नंबर लिखें जिस पर हम फ़ोन कर सकें, जैसे +91 98100 12345",
    ],
    "ar": [
        "أدخل تاريخ الانطلاق بهذا الشكل: 27/3/2027",
        "أدخل عدد المسافرين رقمًا صحيحًا من 1 إلى 50",
        "أدخل اسمك الكامل",
        "أدخل رقم هاتف يمكننا الاتصال به مع رمز الدولة، مثل \u2066+91 98100 12345\u2069",
    ],
}


def named(language: Language) -> str:
    return language.code


def same_but_for_the_moment(details: dict[str, Any]) -> dict[str, Any]:
    """What was stored, without whom it is from, when consent was given and in which words."""
    return {name: value for name, value in details.items() if name not in ("contact", "source", "health")}


@pytest.mark.parametrize(
    ("path", "code", "in_english"),
    [
        ("/", "en", "/"),
        ("/book/cab", "en", "/book/cab"),
        ("/hi/", "hi", "/"),
        ("/hi", "hi", "/"),
        ("/ar/book/cab", "ar", "/book/cab"),
        ("/hindi/", "en", "/hindi/"),
        ("/xx/book/cab", "en", "/xx/book/cab"),
        ("/book/hi/", "en", "/book/hi/"),
    ],
)
def test_the_first_part_of_an_address_names_its_language(path: str, code: str, in_english: str) -> None:
    assert (language_of(path).code, without_language(path)) == (code, in_english)


@pytest.mark.parametrize("language", LANGUAGES, ids=named)
@pytest.mark.parametrize("address", ["/", "/privacy", "/embed", "/book/cab", "/book/medical"])
def test_a_page_names_itself_in_every_language(client: FlaskClient, language: Language, address: str) -> None:
    page = client.get(language.prefix + address, query_string={"utm_source": "letter"}).text
    assert f'<link rel="canonical" href="http://localhost{language.prefix}{address}">' in page
    others = {each.code: f"http://localhost{each.prefix}{address}" for each in LANGUAGES}
    assert dict(ALTERNATE.findall(page)) == others | {"x-default": others["en"]}


@pytest.mark.parametrize("language", LANGUAGES, ids=named)
def test_a_reader_changes_the_language_and_stays_on_the_page(client: FlaskClient, language: Language) -> None:
    page = client.get(f"{language.prefix}/book/hotel", query_string={"place": "Goa & more", "ref": "x"}).text
    shown = {code: (address, direction, name) for address, code, direction, _, name in MENU.findall(page)}
    assert shown == {
        each.code: (
            f"{each.prefix}/book/hotel?place=Goa+%26+more&amp;ref=x",
            each.direction,
            each.name,
        )
        for each in LANGUAGES
    }
    assert [code for _, code, _, rest, _ in MENU.findall(page) if "aria-current" in rest] == [language.code]


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
@pytest.mark.parametrize("address", ["/", "/privacy", "/embed", "/book/cab", "/nowhere"])
def test_every_way_on_stays_in_the_language(client: FlaskClient, language: Language, address: str) -> None:
    page = MENU.sub("", client.get(language.prefix + address).text)
    inward = INWARD.findall(page)
    assert inward
    assert [way for way in inward if language_of(way) is not language] == []


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
def test_a_page_that_is_kept_is_kept_in_each_language(client: FlaskClient, language: Language) -> None:
    for _ in range(2):
        assert '<html lang="en" dir="ltr"' in client.get("/").text
        assert f'<html lang="{language.code}"' in client.get(f"{language.prefix}/").text


def test_no_visitor_s_arguments_are_on_a_page_that_is_kept_for_all(client: FlaskClient) -> None:
    client.get("/hi/privacy", query_string={"secret": "letter"})
    assert "letter" not in client.get("/hi/privacy").text


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_is_booked_is_the_same_in_every_language(
    client: FlaskClient, database: Database, language: Language, purpose: str
) -> None:
    filled = answers(purpose, pickup_time="10:00") if purpose == "cab" else answers(purpose)
    stored = []
    for channel in ("book", f"{language.code}/book"):
        traveller = Traveller(client, channel=channel)
        traveller.opens(purpose)
        checked = traveller.checks(purpose, filled)
        reference = traveller.reads_confirmation(traveller.sends(purpose, brought_along(checked)))
        row = database.execute("select details from bookings where reference = %s", [reference]).fetchone()
        assert row
        stored.append(row["details"])
    english, other = stored
    assert same_but_for_the_moment(other) == same_but_for_the_moment(english)
    assert "language" not in english["source"]
    assert other["source"]["language"] == language.code


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
def test_consent_is_kept_in_the_words_that_were_read(
    client: FlaskClient, database: Database, language: Language
) -> None:
    traveller = Traveller(client, channel=f"{language.code}/book")
    form = traveller.opens("medical")
    reference = traveller.reads_confirmation(traveller.sends("medical", answers("medical")))
    row = database.execute(
        "select consent from private.booking_health join bookings on id = booking_id where reference = %s",
        [reference],
    ).fetchone()
    assert row
    assert row["consent"]["wording"] in form.text
    assert not row["consent"]["wording"].startswith("I agree")


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
def test_what_is_wrong_is_said_in_the_language(client: FlaskClient, language: Language) -> None:
    traveller = Traveller(client, channel=f"{language.code}/book")
    traveller.opens("cab")
    assert sentences(traveller.checks("cab", answers("cab") | WRONG)) == SAID[language.code]
    assert notice(traveller.checks("cab", answers("cab", ticket="forged")))[0] not in "TW"


@pytest.mark.parametrize(
    ("language", "spelled"),
    [("hi", "27/3/{year}"), ("ar", "٢٧/٣/{year}"), ("hi", "२७-०३-{year}"), ("ar", "{year}-03-27")],
)
def test_a_day_is_understood_in_any_script(client: FlaskClient, language: str, spelled: str) -> None:
    year = datetime.now(UTC).year + 1
    traveller = Traveller(client, channel=f"{language}/book")
    traveller.opens("cab")
    page = traveller.checks("cab", answers("cab", pickup_date=spelled.format(year=year), passengers="٣"))
    shown = {"hi": f"27 मार्च {year}", "ar": f"27 مارس {year}"}
    assert shown[language] in page.text, sentences(page)
    assert f'name="pickup_date" value="{spelled.format(year=year)}"' in page.text


def test_a_number_is_grouped_as_the_language_does(client: FlaskClient) -> None:
    traveller = Traveller(client, channel="hi/book")
    traveller.opens("hotel")
    assert "1,25,000" in traveller.checks("hotel", answers("hotel", budget="125000")).text


def test_several_answers_stand_between_the_language_s_own_commas(client: FlaskClient) -> None:
    traveller = Traveller(client, channel="ar/book")
    traveller.opens("tourism")
    assert "الطعام، الحياة البرية والجبال" in traveller.checks("tourism", answers("tourism")).text


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
def test_digits_and_addresses_run_from_left_to_right(client: FlaskClient, language: Language) -> None:
    page = client.get(f"{language.prefix}/book/cab").text
    for link in re.findall(r'<a [^>]*href="(?:tel|mailto):[^>]*>.*?</a>', page, re.DOTALL):
        assert 'dir="ltr"' in link
    for question in ("email", "phone"):
        field = re.search(rf'<input[^>]* id="{question}"[^>]*>', page)
        assert field
        assert 'dir="ltr"' in field[0]


@pytest.mark.parametrize(("language", "entry"), [("hi", "Roamio: कैब"), ("ar", "Roamio: سيارة")])
def test_the_calendar_s_entry_is_in_the_language(client: FlaskClient, language: str, entry: str) -> None:
    traveller = Traveller(client, channel=f"{language}/embed")
    traveller.opens("cab")
    address = traveller.sends("cab", answers("cab", pickup_date=days_ahead(9))).headers["Location"]
    path, _, query = address.partition("?")
    file = client.get(f"{path}/calendar.ics?{query}")
    assert f"SUMMARY:{entry}" in file.text.replace("\r\n ", "")


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
def test_no_page_of_any_language_sets_a_cookie(client: FlaskClient, language: Language) -> None:
    traveller = Traveller(client, channel=f"{language.code}/book")
    opened, wrong = traveller.opens("cab"), traveller.checks("cab", {})
    sent = traveller.sends("cab", answers("cab"))
    confirmed = client.get(sent.headers["Location"])
    assert confirmed.status_code == 200
    for response in (client.get(f"{language.prefix}/"), opened, wrong, sent, confirmed):
        assert "Set-Cookie" not in response.headers
        assert "Accept-Language" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
def test_a_snippet_is_in_the_language_that_was_chosen(client: FlaskClient, language: Language) -> None:
    page = client.get("/embed", query_string={"purpose": "hotel", "language": language.code}).text
    assert f"language=&#34;{language.code}&#34;" in page
    assert f"http://localhost/{language.code}/embed/hotel" in page
    assert f'<option selected value="{language.code}">{language.name}</option>' in page
    own = client.get(f"{language.prefix}/embed").text
    assert f"/{language.code}/embed/cab" in own


@pytest.mark.parametrize("language", TRANSLATED, ids=named)
def test_the_site_map_shows_each_page_beside_its_others(client: FlaskClient, language: Language) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").text)
    links = root.iter("{http://www.w3.org/1999/xhtml}link")
    there = {link.get("href") for link in links if link.get("hreflang") == language.code}
    assert f"http://localhost{language.prefix}/book/cab" in there
    manifest = client.get(f"{language.prefix}/site.webmanifest").json
    assert manifest
    assert (manifest["lang"], manifest["start_url"]) == (language.code, f"{language.prefix}/")


def test_staff_pages_and_scripts_have_one_address(client: FlaskClient) -> None:
    for address in ("/hi/staff/sign-in", "/hi/embed.js", "/ar/robots.txt", "/ar/healthz"):
        assert client.get(address).status_code == 404
    assert '<html lang="en"' in client.get("/staff/sign-in", headers={"Accept-Language": "hi"}).text
