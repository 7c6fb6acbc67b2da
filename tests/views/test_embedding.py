"""Somebody with a site of their own chooses a booking form for it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from roamio_web.forms.snippet import OUR_COLOUR
from tests.support.repository import ROOT
from tests.support.travellers import HTMX, PURPOSES

CODE = re.compile(r'<code id="(as-\w+)">(.*?)</code>', re.DOTALL)
ROOM = ' style="display: block; min-height: 100vh"'


def snippets(client: FlaskClient, **chosen: str) -> dict[str, str]:
    """The three snippets that the page shows."""
    return {
        name: unescape(text) for name, text in CODE.findall(client.get("/embed", query_string=chosen).text)
    }


def test_the_page_begins_with_a_cab(client: FlaskClient) -> None:
    shown = snippets(client)
    assert set(shown) == {"as-element", "as-frame", "as-link"}
    assert f'<roamio-booking purpose="cab"{ROOM}>\n' in shown["as-element"]
    assert 'src="http://localhost/embed/cab"' in shown["as-frame"]


def test_nobody_begins_with_what_somebody_else_chose(client: FlaskClient) -> None:
    assert "goa" in snippets(client, purpose="hotel", ref="goa")["as-element"]
    page = client.get("/embed")
    assert "goa" not in page.text
    assert {"HX-Request", "HX-Request-Type", "Accept-Encoding"} == set(page.vary)
    assert "<html" not in client.get("/embed", headers=HTMX).text


def test_everything_can_be_chosen_without_javascript(client: FlaskClient) -> None:
    shown = snippets(client, purpose="hotel", theme="dark", accent="#B0305F", ref="goa")
    assert (
        f'<roamio-booking purpose="hotel" theme="dark" accent="#b0305f" ref="goa"{ROOM}>'
        in shown["as-element"]
    )
    assert "/embed/hotel?theme=dark&amp;accent=b0305f&amp;ref=goa" in shown["as-frame"]


def test_what_was_chosen_stays_chosen(client: FlaskClient) -> None:
    page = client.get("/embed?purpose=hotel&theme=dark&accent=%23b0305f&ref=goa").text
    assert re.search(r'<option selected[^>]*value="hotel"', page)
    assert re.search(r'<input checked[^>]*value="dark"', page)
    assert re.search(r'type="color"[^>]*value="#b0305f"|value="#b0305f"[^>]*type="color"', page)
    assert re.search(r'name="ref"[^>]*value="goa"', page)


@pytest.mark.parametrize(
    "chosen",
    [
        {"purpose": "boat"},
        {"theme": "neon"},
        {"accent": "red"},
        {"accent": f"#{OUR_COLOUR}"},
        {"ref": "  "},
    ],
)
def test_what_can_t_be_used_is_left_out(client: FlaskClient, chosen: dict[str, str]) -> None:
    assert f'<roamio-booking purpose="cab"{ROOM}>\n' in snippets(client, **chosen)["as-element"]


def test_our_own_colour_is_the_one_of_the_style_sheet() -> None:
    assert f"--colour-brand: #{OUR_COLOUR};" in (ROOT / "static/css/tokens.css").read_text()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_form_is_shown_live(client: FlaskClient, purpose: str) -> None:
    page = client.get("/embed", query_string={"purpose": purpose}).text
    assert f'<roamio-booking id="live-form" purpose="{purpose}"' in page
    assert f'<noscript><iframe class="embedding__frame" src="http://localhost/embed/{purpose}"' in page


def test_questions_that_can_be_answered_beforehand_are_listed_and_consent_is_not(client: FlaskClient) -> None:
    page = client.get("/embed?purpose=medical").text
    assert '<code dir="ltr">prefill-city</code>' in page
    assert "prefill-consent" not in page


def test_only_this_page_of_the_site_holds_a_frame_and_only_one_of_ours(client: FlaskClient) -> None:
    assert "; frame-src 'self';" in client.get("/embed").headers["Content-Security-Policy"]
    assert "frame-src" not in client.get("/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/embed").headers["Content-Security-Policy"]


def test_htmx_gets_the_snippet_alone(client: FlaskClient) -> None:
    response = client.get("/embed?purpose=hotel", headers=HTMX)
    assert response.text.lstrip().startswith('<section class="embedding__snippet" id="snippet"')
    assert "HX-Request" in response.headers["Vary"]


def test_every_page_of_the_site_leads_there(client: FlaskClient) -> None:
    assert '<a href="/embed">A form for your own site</a>' in client.get("/").text
