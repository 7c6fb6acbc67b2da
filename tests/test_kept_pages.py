"""Pages that are drawn once and handed out to many."""

from __future__ import annotations

import gzip

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from roamio_web.kept_pages import HOLE, KeptPage

TEXT = st.text().filter(lambda text: HOLE not in text)


@given(before=TEXT, filling=st.text(), after=TEXT)
def test_a_visitor_gets_the_page_with_its_hole_filled(before: str, filling: str, after: str) -> None:
    page = KeptPage(before + HOLE + after)
    assert page.plain(filling).decode() == before + filling + after


@given(before=TEXT, filling=st.text(), after=TEXT)
def test_a_browser_unpacks_the_same_page(before: str, filling: str, after: str) -> None:
    page = KeptPage(before + HOLE + after)
    assert gzip.decompress(page.zipped(filling)) == page.plain(filling)


def test_a_page_without_a_hole_is_kept_too() -> None:
    page = KeptPage("<p>the same for everybody</p>")
    assert page.plain() == b"<p>the same for everybody</p>"
    assert gzip.decompress(page.zipped()) == page.plain()


def test_a_browser_that_takes_no_gzip_gets_none() -> None:
    page = KeptPage("<p>नमस्ते</p>")
    with Flask(__name__).test_request_context(headers={"Accept-Encoding": "gzip;q=0, br"}):
        plain = page.response()
    with Flask(__name__).test_request_context(headers={"Accept-Encoding": "br, gzip"}):
        zipped = page.response()
    assert plain.get_data(as_text=True) == "<p>नमस्ते</p>"
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"
