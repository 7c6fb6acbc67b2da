"""An admin invites somebody, sends it again, takes it back; the invited person gets in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.support.accounts import new_address
from tests.support.backend import TestBackend
from tests.support.colleagues import make_colleague
from tests.support.factories import Database
from tests.support.mailbox import last_mail_to, mail_to
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER
from tests.support.staff import StaffBrowser

Opens = Callable[..., StaffBrowser]
NEW = "/staff/team/invitations/new"
SEND = "/staff/team/invitations"


def invitation_for(database: Database, email: str) -> dict[str, Any] | None:
    return database.execute("select * from invitations where email = %s", [email]).fetchone()


def invite(admin: StaffBrowser, email: str, role: str = "viewer", name: str = "") -> str:
    """Fill in the form, and read what the team page says then."""
    admin.opens(NEW)
    sent = admin.sends(SEND, email=email, full_name=name, role=role)
    assert (sent.status_code, sent.location) == (303, "/staff/team")
    return admin.opens("/staff/team").text


def write_down(database: Database, email: str, **columns: Any) -> str:
    """An invitation whose mail was never sent."""
    row = database.execute(
        "insert into invitations (email, role, full_name, invited_by, sent_at, expires_at)"
        " values (%s, 'viewer', 'Asha Rao', %s, %s, %s) returning id::text",
        [
            email,
            columns.get("invited_by"),
            columns.get("sent_at", datetime.now(UTC)),
            columns.get("expires_at", datetime.now(UTC) + timedelta(days=7)),
        ],
    ).fetchone()
    assert row is not None
    return str(row["id"])


def listed(page: str, invitation: str) -> str:
    """The invitation's place on the team page."""
    return page.partition(f'id="invitation-{invitation}"')[2].partition("</li>")[0]


def test_invited_person_is_mailed_a_way_in_and_becomes_what_was_said(
    browser: Opens, app: Flask, backend: TestBackend, database: Database
) -> None:
    email = new_address()
    page = invite(browser(ADMIN), email.upper(), "operations", "Asha Rao")
    assert f"The invitation for Asha Rao is on its way to {email}." in page
    written = invitation_for(database, email)
    assert written is not None
    about = listed(page, written["id"])
    for words in ("<strong>Asha Rao</strong> as operations", email, "by Meera Krishnan", "good until"):
        assert words in about, words
    mail = last_mail_to(backend, email)
    assert mail.subject == "You have been invited to Roamio"

    invited, link = browser(), urlsplit(mail.link)
    landing = invited.opens(f"{link.path}?{link.query}", follow_redirects=True).request.full_path
    assert landing.startswith("/staff/accept-invitation?token_hash=")
    sent = invited.sends(landing, password="three-random-words", again="three-random-words")
    assert sent.status_code == 303
    assert "Asha Rao" in invited.opens("/staff/bookings").text
    page = browser(ADMIN).opens("/staff/team").text
    assert listed(page, written["id"]) == ""
    assert "Asha Rao" in page


@pytest.mark.parametrize("email", [AGENT, FINANCE, VIEWER])
def test_nobody_else_invites_renews_or_withdraws(browser: Opens, database: Database, email: str) -> None:
    person, address = browser(email), new_address()
    open_one = write_down(database, new_address())
    before = database.execute("select * from invitations where id = %s", [open_one]).fetchone()
    person.opens("/staff/")
    assert person.opens(NEW).status_code == 403
    assert person.sends(SEND, email=address, role="admin").status_code == 403
    for act in ("renewal", "withdrawal"):
        assert person.sends(f"{SEND}/{open_one}/{act}").status_code == 403
    assert invitation_for(database, address) is None
    assert database.execute("select * from invitations where id = %s", [open_one]).fetchone() == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "Enter an e-mail address like name@example.com"),
        ({"email": "nobody"}, "Enter an e-mail address like name@example.com"),
        ({"role": ""}, "Choose a role"),
        ({"role": "owner"}, "Choose a role"),
        ({"full_name": "x" * 201}, "shorten this to 200 characters"),
    ],
)
def test_answers_that_can_t_be_are_explained_and_nobody_is_invited(
    browser: Opens, database: Database, fields: dict[str, str], sentence: str
) -> None:
    admin, email = browser(ADMIN), new_address()
    admin.opens(NEW)
    sent = admin.sends(SEND, **{"email": email, "full_name": "Kept Name", "role": "viewer", **fields})
    assert sent.status_code == 422
    assert sentence in sent.text
    assert "Kept Name" in sent.text or "full_name" in fields
    assert invitation_for(database, email) is None


def test_address_that_is_invited_or_works_here_is_not_invited_again(
    browser: Opens, database: Database
) -> None:
    admin, waiting, colleague = browser(ADMIN), new_address(), make_colleague(database, "viewer")
    write_down(database, waiting)
    for email, sentence in (
        (waiting, "This address is invited already"),
        (colleague.email, "Whoever has this e-mail address has a profile already"),
    ):
        admin.opens(NEW)
        sent = admin.sends(SEND, email=email, full_name="Kept Name", role="admin")
        assert sent.status_code == 422
        assert sentence in sent.text
        assert 'value="Kept Name"' in sent.text
    kept = invitation_for(database, waiting)
    assert kept is not None
    assert kept["role"] == "viewer"


def test_invitation_that_expired_is_good_again_once_it_is_sent_again(
    browser: Opens, backend: TestBackend, database: Database
) -> None:
    email, long_ago = new_address(), datetime.now(UTC) - timedelta(days=40)
    expired = write_down(database, email, sent_at=long_ago, expires_at=long_ago + timedelta(days=7))
    admin = browser(ADMIN)
    assert "Expired" in listed(admin.opens("/staff/team").text, expired)
    assert admin.sends(f"{SEND}/{expired}/renewal").status_code == 303
    page = admin.opens("/staff/team").text
    assert f"The invitation for Asha Rao is on its way to {email}." in page
    assert "Expired" not in listed(page, expired)
    assert "by Meera Krishnan" in listed(page, expired)
    renewed = invitation_for(database, email)
    assert renewed is not None
    assert renewed["expires_at"] > datetime.now(UTC) + timedelta(days=6)
    assert len(mail_to(backend, email)) == 1
    log = admin.opens(f"/staff/audit?record={expired}").text
    assert f"The invitation for {email} was sent again" in log


def test_admin_who_sends_too_often_is_told_to_wait_and_the_invitation_stands(
    browser: Opens, backend: TestBackend, database: Database
) -> None:
    admin, email = browser(ADMIN), new_address()
    invite(admin, email)
    written = invitation_for(database, email)
    assert written is not None
    admin.sends(f"{SEND}/{written['id']}/renewal")
    page = admin.opens("/staff/team").text
    assert f"A mail went to {email} less than a minute ago." in page
    assert "good until" in listed(page, written["id"])
    assert len(mail_to(backend, email)) == 1


def test_withdrawn_invitation_lets_nobody_in(
    browser: Opens, backend: TestBackend, database: Database
) -> None:
    admin, email = browser(ADMIN), new_address()
    invite(admin, email, "admin")
    written, mail = invitation_for(database, email), last_mail_to(backend, email)
    assert written is not None
    admin.sends(f"{SEND}/{written['id']}/withdrawal")
    page = admin.opens("/staff/team").text
    assert f"{email} is not invited any more." in page
    assert listed(page, written["id"]) == ""
    late = browser()
    late.opens("/staff/accept-invitation")
    password = "three-random-words"
    late.sends("/staff/accept-invitation", email=email, code=mail.code, password=password, again=password)
    assert late.opens("/staff/").status_code == 303
    assert database.execute("select from profiles where email = %s", [email]).fetchone() is None


@pytest.mark.parametrize("act", ["renewal", "withdrawal"])
def test_invitation_that_was_accepted_or_withdrawn_meanwhile_is_left_alone(
    browser: Opens, backend: TestBackend, database: Database, act: str
) -> None:
    admin, email = browser(ADMIN), new_address()
    accepted, gone = write_down(database, email), write_down(database, new_address())
    database.execute("update invitations set accepted_at = now() where id = %s", [accepted])
    database.execute("delete from invitations where id = %s", [gone])
    before = invitation_for(database, email)
    for invitation in (accepted, gone):
        admin.opens("/staff/team")
        assert admin.sends(f"{SEND}/{invitation}/{act}").status_code == 303
        assert "That invitation is not open any more" in admin.opens("/staff/team").text
    assert invitation_for(database, email) == before
    assert mail_to(backend, email) == []


def test_mail_that_can_t_be_sent_is_told_and_the_invitation_stands(
    browser: Opens, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server is what is down here: it can't be made to fail, so the request to it is."""
    admin, email = browser(ADMIN), new_address()
    http = admin.client.application.extensions["roamio.backend"]._http
    real = http.send

    def down(request: Any, **options: Any) -> Any:
        response = real(request, **options)
        if request.url.path.endswith("/otp"):
            response.status_code = 500
        return response

    monkeypatch.setattr(http, "send", down)
    page = invite(admin, email)
    assert f"The invitation for {email} stands, but its mail could not be sent." in page
    assert invitation_for(database, email) is not None
