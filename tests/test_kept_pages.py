"""Pages that are drawn once and handed out to many."""

from __future__ import annotations

import gzip

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from roamio_web import prefill
from roamio_web.kept_pages import HOLES, Hole, KeptPage, Shelf

TEXT = st.text().filter(lambda text: not HOLES.search(text))
FILLINGS = st.dictionaries(st.sampled_from(Hole), st.text() | st.just("x" * 100_000))


@given(pieces=st.lists(TEXT | st.sampled_from(Hole)), fillings=FILLINGS)
def test_a_visitor_gets_the_page_with_its_holes_filled(pieces: list[str], fillings: dict[Hole, str]) -> None:
    page = KeptPage("".join(pieces))
    filled = [fillings.get(piece, "") if isinstance(piece, Hole) else piece for piece in pieces]
    assert page.plain(fillings).decode() == "".join(filled)
    assert gzip.decompress(page.zipped(fillings)) == page.plain(fillings)


def test_a_page_without_a_hole_is_kept_too() -> None:
    page = KeptPage("<p>the same for everybody</p>")
    assert page.plain({}) == b"<p>the same for everybody</p>"
    assert gzip.decompress(page.zipped({})) == page.plain({})


def test_a_browser_that_takes_no_gzip_gets_none() -> None:
    page = KeptPage("<p>नमस्ते</p>")
    with Flask(__name__).test_request_context(headers={"Accept-Encoding": "gzip;q=0, br"}):
        plain = page.response()
    with Flask(__name__).test_request_context(headers={"Accept-Encoding": "br, gzip"}):
        zipped = page.response()
    assert plain.get_data(as_text=True) == "<p>नमस्ते</p>"
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"


def test_the_page_that_nobody_asked_for_longest_makes_room() -> None:
    shelf = Shelf[KeptPage](most=2)
    first, second, third = (KeptPage(text) for text in "123")
    shelf.put(1, first)
    shelf.put(2, second)
    assert shelf.get(1) is first
    shelf.put(3, third)
    assert [shelf.get(key) for key in (1, 2, 3)] == [first, None, third]


def test_each_visitor_is_handed_on_with_what_their_own_address_says(client: FlaskClient) -> None:
    first = client.get("/embed/cab?utm_source=a%26b&theme=dark&host=https://goa.example/x").text
    second = client.get("/embed/cab?utm_source=c&theme=dark").text
    plain = client.get("/embed/cab").text
    assert 'action="/embed/cab?sent=&amp;theme=dark&amp;utm_source=a%26b&amp;host=https' in first
    assert 'action="/embed/cab?sent=&amp;theme=dark&amp;utm_source=c"' in second
    assert 'action="/embed/cab?sent="' in plain
    assert 'href="/hi/book/cab?gclid=%22%3E&amp;ref=x"' in client.get("/book/cab?gclid=%22%3E&ref=x").text
    assert not any(HOLES.search(page) for page in (first, second, plain))


def test_nobody_reads_what_the_first_visitor_s_address_said(client: FlaskClient) -> None:
    for address in ("/", "/privacy"):
        assert "gclid" not in client.get(f"{address}?gclid=first").text
    assert "gclid=first" in client.get("/book/nri?gclid=first").text
    assert "gclid" not in client.get("/book/nri").text


def test_a_form_that_an_address_fills_in_is_kept_for_that_address_alone(client: FlaskClient) -> None:
    jaipur = client.get("/book/hotel?place=Jaipur").text
    goa = client.get("/book/hotel?place=Goa").text
    assert 'value="Jaipur"' in jaipur
    assert 'value="Goa"' in goa
    assert 'value="Jaipur"' not in client.get("/book/hotel").text


def test_nobody_s_name_is_kept_in_a_page(client: FlaskClient) -> None:
    shelf: Shelf[KeptPage] = client.application.extensions["roamio.pages"]
    assert 'value="Meera Iyer"' in client.get("/book/cab?name=Meera+Iyer").text
    assert not any("Meera" in str(key) for key in shelf)


def test_nobody_s_name_is_kept_with_what_an_address_says(client: FlaskClient) -> None:
    before = len(list(prefill.known))
    for said in ("name=Meera+Iyer", "email=meera%40example.com&theme=dark", "notes=My+knee"):
        assert client.get(f"/book/cab?{said}").status_code == 200
    assert client.get("/book/medical?need=My+knee").status_code == 200
    assert len(list(prefill.known)) == before
    client.get("/book/cab?ref=not-about-anybody")
    assert len(list(prefill.known)) == before + 1


def test_the_same_address_is_handed_on_with_each_page_around_it(client: FlaskClient) -> None:
    def handed_on(page: str) -> str:
        framed = {"Sec-Fetch-Dest": "iframe", "Referer": page}
        form = client.get("/embed/cab?theme=dark", headers=framed if page else {}).text
        return form.partition('action="/embed/cab?sent=&amp;theme=dark')[2].partition('"')[0]

    around = ("https://goa.example/stay", "https://delhi.example/", "")
    assert [handed_on(page) for page in around] == [
        "&amp;host=https%3A%2F%2Fgoa.example%2Fstay",
        "&amp;host=https%3A%2F%2Fdelhi.example%2F",
        "",
    ]
