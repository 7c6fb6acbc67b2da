"""What keeps whoever is asking outside: nothing that is somebody else's, unfinished or over."""

from __future__ import annotations

import jwt

from tests.support.accounts import make_account, signed_in
from tests.support.backend import TestBackend
from tests.support.factories import Database
from tests.support.people import People
from tests.support.totp import set_up


def test_app_that_was_not_finished_setting_up_asks_for_nothing(people: People) -> None:
    account = make_account(people.operator(), app_metadata={"role": "operations"})
    browser = people.visitor()
    session = browser.auth.sign_in_with_password(account.credentials).session  # type: ignore[arg-type]
    assert session
    browser.auth.mfa.enroll({"factor_type": "totp"})
    person = people.holder(session.access_token)
    assert person.rpc("my_missing_step").execute().data is None
    assert person.table("profiles").select("id").eq("id", account.id).execute().data
    assert person.rpc("my_account").execute().data["factor"] is None


def test_session_of_somebody_else_is_none(people: People, backend: TestBackend) -> None:
    operator, admin = people.operator(), {"role": "admin"}
    account, other = (make_account(operator, app_metadata=admin) for _ in range(2))
    claims = jwt.decode(signed_in(people, account), options={"verify_signature": False})
    theirs = jwt.decode(signed_in(people, other), options={"verify_signature": False})["session_id"]
    for session, missing in ((claims["session_id"], None), (theirs, "session")):
        token = jwt.encode(claims | {"session_id": session}, backend.jwt_secret, "HS256")
        client = people.holder(token)
        assert client.rpc("my_missing_step").execute().data == missing
        assert bool(client.table("profiles").select("id").execute().data) is (missing is None)


def test_person_who_was_let_go_is_asked_for_nothing_more(people: People, database: Database) -> None:
    account = make_account(people.operator(), app_metadata={"role": "admin"})
    set_up(people, account)
    outside = people.holder(signed_in(people, account))
    assert outside.rpc("my_missing_step").execute().data == "code"
    database.execute("update profiles set deactivated_at = now() where id = %s", [account.id])
    assert outside.rpc("my_missing_step").execute().data is None
    assert outside.table("profiles").select("id").execute().data == []
