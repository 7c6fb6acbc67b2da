"""Static files: what a browser keeps, what it asks for again, and what it gets compressed."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from roamio_web import assets, vendor
from roamio_web.config import SettingsError

STYLE = "body { color: teal }\n" * 100


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A folder of static files with the front-end packages in it."""
    for name in vendor.versioned_names().values():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"/* {name} */")
    (tmp_path / "page.css").write_text(STYLE)
    (tmp_path / "dot.png").write_bytes(b"\x89PNG")
    return tmp_path


@pytest.fixture
def app(static: Path) -> Flask:
    app = Flask(__name__, static_folder=static, static_url_path="/static")
    assets.init_app(app)
    return app


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return assets.asset_url(name)


def test_browser_keeps_a_file_whose_address_carries_its_hash(app: Flask, browser: FlaskClient) -> None:
    for name in ("page.css", "dot.png"):
        answer = browser.get(address(app, name), buffered=True)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef"])
def test_browser_asks_again_for_a_file_under_any_other_address(query: str, browser: FlaskClient) -> None:
    for name in ("page.css", "dot.png"):
        answer = browser.get(f"/static/{name}{query}", buffered=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_browser_is_not_sent_again_what_it_has(encoding: str, browser: FlaskClient) -> None:
    for name in ("page.css", "dot.png"):
        first = browser.get(f"/static/{name}", headers={"Accept-Encoding": encoding}, buffered=True)
        seen = {"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]}
        again = browser.get(f"/static/{name}", headers=seen, buffered=True)
        assert (again.status_code, again.data) == (304, b"")


def test_changed_file_gets_another_address(app: Flask, static: Path) -> None:
    before = address(app, "page.css")
    (static / "page.css").write_text(STYLE.replace("teal", "navy"))
    os.utime(static / "page.css", ns=(1, 1))
    assert address(app, "page.css") != before


def test_text_travels_compressed_to_whoever_takes_it(browser: FlaskClient) -> None:
    zipped = browser.get("/static/page.css", headers={"Accept-Encoding": "br, gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data).decode() == STYLE
    assert len(zipped.data) < len(STYLE) / 10
    for refused in ("identity", "gzip;q=0"):
        plain = browser.get("/static/page.css", headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in plain.headers
        assert plain.text == STYLE
        assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["ETag"] != zipped.headers["ETag"]


def test_template_names_a_package_without_its_version(app: Flask, browser: FlaskClient) -> None:
    url = address(app, "vendor/htmx.js")
    assert url.startswith("/static/vendor/htmx-4.0.1.min.js?v=")
    answer = browser.get(url)
    assert answer.mimetype == "text/javascript"
    assert answer.text == "/* vendor/htmx-4.0.1.min.js */"


def test_template_that_names_no_file_fails_at_once(app: Flask) -> None:
    with pytest.raises(FileNotFoundError):
        address(app, "css/nothing.css")


@pytest.mark.parametrize("path", ["nothing.css", "../test_assets.py", "%2e%2e/test_assets.py", "vendor", ""])
def test_visitor_gets_nothing_from_outside_the_folder(path: str, browser: FlaskClient) -> None:
    assert browser.get(f"/static/{path}").status_code == 404


def test_site_without_its_front_end_packages_says_how_to_get_them(static: Path) -> None:
    (static / "vendor" / "hx-sse-4.0.1.min.js").unlink()
    app = Flask(__name__, static_folder=static)
    with pytest.raises(SettingsError, match=r"hx-sse.* is missing: run `make assets`"):
        assets.init_app(app)


@pytest.mark.parametrize(
    ("name", "written", "sent"),
    [
        ("a.css", "/* Why,\n   at length. */\na { b: c } /* here */\n", "a { b: c } /* here */\n"),
        ("a.js", "// Why.\nlet a = 'x // y'; // here\n  // Why.\n", "let a = 'x // y'; // here\n"),
        ("vendor/a.js", "// A licence.\n", "// A licence.\n"),
        ("vendor/a.css", "/* A licence. */\n", "/* A licence. */\n"),
    ],
)
def test_what_is_said_to_colleagues_is_not_sent_to_phones(
    static: Path, browser: FlaskClient, name: str, written: str, sent: str
) -> None:
    (static / name).write_text(written)
    assert browser.get(f"/static/{name}").text == sent
