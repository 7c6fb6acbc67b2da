"""Staff get in and out through Supabase Auth."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from roamio_web.backend import Backend
from roamio_web.services import mailed_links
from roamio_web.services import sign_in as auth
from roamio_web.services.account import set_password
from roamio_web.services.failures import TokenRefused, Unavailable
from roamio_web.services.mailed_links import LinkSpent
from roamio_web.services.sign_in import SessionOver, Tokens, WrongCredentials
from tests.support.at_once import Start, together
from tests.support.backend import PASSWORD, TestBackend
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, People


@pytest.fixture
def site(backend: TestBackend) -> Iterator[Backend]:
    """The site's door to Supabase."""
    door = Backend(backend.url, backend.anon_key)
    yield door
    door.close()


def test_agent_signs_in_with_address_and_password(site: Backend) -> None:
    tokens = auth.sign_in(site, AGENT.upper(), PASSWORD)
    (profile,) = auth.read_team(site, tokens.access)
    assert (profile.id, profile.email) == (tokens.user_id, AGENT)


def test_wrong_address_and_wrong_password_get_one_answer(site: Backend) -> None:
    sentences = set()
    for email, password in ((AGENT, "not-the-password"), (f"{uuid4()}@example.com", PASSWORD), (AGENT, "")):
        with pytest.raises(WrongCredentials) as refusal:
            auth.sign_in(site, email, password)
        sentences.add(str(refusal.value))
    assert len(sentences) == 1


def test_admin_may_name_everybody_and_others_only_themselves(site: Backend) -> None:
    tokens = auth.sign_in(site, ADMIN, PASSWORD)
    named = {person.email for person in auth.read_team(site, tokens.access)}
    assert {ADMIN, AGENT, OTHER_AGENT, FINANCE} <= named
    tokens = auth.sign_in(site, FINANCE, PASSWORD)
    assert {person.email for person in auth.read_team(site, tokens.access)} == {FINANCE}


def test_session_goes_on_with_its_refresh_token(site: Backend) -> None:
    first = auth.sign_in(site, AGENT, PASSWORD)
    second = auth.refresh(site, first.refresh)
    assert second.user_id == first.user_id
    assert second.refresh != first.refresh
    assert auth.read_team(site, second.access)


def test_two_tabs_that_refresh_at_once_both_stay_signed_in(site: Backend) -> None:
    first = auth.sign_in(site, AGENT, PASSWORD)

    def tab(_: int, start: Start) -> Tokens:
        start()
        return auth.refresh(site, first.refresh)

    for tokens in together(tab, range(4)):
        assert auth.read_team(site, tokens.access)
        assert auth.refresh(site, tokens.refresh)


def test_whose_answer_was_lost_can_refresh_once_more(site: Backend) -> None:
    first = auth.sign_in(site, AGENT, PASSWORD)
    lost = auth.refresh(site, first.refresh)
    again = auth.refresh(site, first.refresh)
    assert again.user_id == lost.user_id


def test_signed_out_session_cannot_be_refreshed(site: Backend) -> None:
    here, elsewhere = (auth.sign_in(site, AGENT, PASSWORD) for _ in range(2))
    auth.sign_out(site, here.access)
    with pytest.raises(SessionOver):
        auth.refresh(site, here.refresh)
    assert auth.refresh(site, elsewhere.refresh)


def test_signing_out_twice_is_no_error(site: Backend) -> None:
    tokens = auth.sign_in(site, AGENT, PASSWORD)
    auth.sign_out(site, tokens.access)
    auth.sign_out(site, tokens.access)
    with pytest.raises(SessionOver):
        auth.refresh(site, tokens.refresh)


def test_made_up_tokens_open_nothing(site: Backend) -> None:
    with pytest.raises(SessionOver):
        auth.refresh(site, "made-up")
    with pytest.raises(TokenRefused):
        auth.read_team(site, "made.up.token")


def test_stranger_without_a_profile_is_on_no_team(site: Backend, people: People) -> None:
    email = f"stranger-{uuid4().hex}@example.com"
    people.operator().auth.admin.create_user({"email": email, "password": PASSWORD, "email_confirm": True})
    tokens = auth.sign_in(site, email, PASSWORD)
    assert auth.read_team(site, tokens.access) == ()


def test_asking_for_a_password_says_nothing_of_who_is_known(site: Backend) -> None:
    known, unknown = (
        mailed_links.mail_password_link(site, email, "http://127.0.0.1:8000/staff/new-password")
        for email in (FINANCE, f"{uuid4()}@example.com")
    )
    assert len(known) == len(unknown) > 0


def test_made_up_link_opens_nothing(site: Backend) -> None:
    with pytest.raises(LinkSpent):
        mailed_links.open_password_link(site, "made-up")
    with pytest.raises(LinkSpent):
        mailed_links.follow_password_link(site, str(uuid4()), "made-up")


def test_new_password_replaces_the_old_one(site: Backend, people: People) -> None:
    email, new = f"agent-{uuid4().hex}@example.com", "three-random-words"
    people.operator().auth.admin.create_user({"email": email, "password": PASSWORD, "email_confirm": True})
    set_password(site, auth.sign_in(site, email, PASSWORD), new)
    assert auth.sign_in(site, email, new)
    with pytest.raises(WrongCredentials):
        auth.sign_in(site, email, PASSWORD)


def test_nobody_is_signed_out_while_supabase_is_away() -> None:
    nowhere = Backend("http://127.0.0.1:9", "key")
    tokens = Tokens("access", "refresh", 0, str(uuid4()))
    with pytest.raises(Unavailable):
        auth.sign_in(nowhere, AGENT, PASSWORD)
    with pytest.raises(Unavailable):
        auth.refresh(nowhere, tokens.refresh)
    with pytest.raises(Unavailable):
        auth.read_team(nowhere, tokens.access)
    nowhere.close()
