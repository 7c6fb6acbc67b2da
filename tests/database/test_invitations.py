"""Inviting somebody to the staff, and letting somebody go."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from postgrest.exceptions import APIError
from supabase import Client
from supabase_auth.errors import AuthApiError

from tests.database.cast import add_account, email_of
from tests.support.accounts import make_account
from tests.support.factories import Database, make_booking
from tests.support.people import ADMIN, People

AsStaff = Callable[[str], Client]


def test_invited_person_is_staff_once_the_address_is_confirmed_and_not_before(
    as_staff: AsStaff, database: Database
) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email.upper(), role="finance", full_name="Asha Rao")
    account = add_account(database, email, confirmed=False)
    assert profile_of(database, account) is None
    database.execute("update auth.users set email_confirmed_at = now() where id = %s", [account])
    assert profile_of(database, account) == {"role": "finance", "full_name": "Asha Rao", "email": email}
    (invitation,) = database.execute(
        "select accepted_at is not null as accepted, inviter.email from invitations"
        " join profiles as inviter on inviter.id = invited_by where invitations.email = %s",
        [email],
    ).fetchall()
    assert invitation == {"accepted": True, "email": ADMIN}


def test_person_who_had_an_account_already_is_staff_at_once(as_staff: AsStaff, database: Database) -> None:
    account = add_account(database)
    invite(as_staff(ADMIN), email_of(database, account), role="viewer")
    assert (profile_of(database, account) or {})["role"] == "viewer"


def test_invitation_says_the_role_and_the_person_does_not(as_staff: AsStaff, database: Database) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email, role="viewer")
    account = add_account(database, email, user_meta_data={"role": "admin"})
    assert (profile_of(database, account) or {})["role"] == "viewer"


def test_invitation_is_good_for_one_address(as_staff: AsStaff, database: Database) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email)
    assert profile_of(database, add_account(database, f"x{email}")) is None


def test_expired_invitation_is_worth_nothing_and_can_be_renewed(
    as_staff: AsStaff, database: Database
) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email, role="admin", expires_at="2001-01-01T00:00:00Z")
    account = add_account(database, email)
    assert profile_of(database, account) is None
    invite(as_staff(ADMIN), email, role="viewer")
    assert (profile_of(database, account) or {})["role"] == "viewer"


def test_accepted_invitation_is_remembered_when_its_person_is_invited_again(
    as_staff: AsStaff, database: Database
) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email, role="viewer")
    account = add_account(database, email)
    with database.transaction():
        database.execute("set local session_replication_role = replica")  # what was accepted never changes
        database.execute("update invitations set expires_at = now() where email = %s", [email])
    database.execute("delete from auth.users where id = %s", [account])
    invite(as_staff(ADMIN), email, role="finance")
    found = database.execute(
        "select role::text, accepted_at is not null as accepted from invitations where email = %s"
        " order by created_at",
        [email],
    ).fetchall()
    assert found == [{"role": "viewer", "accepted": True}, {"role": "finance", "accepted": False}]


def test_invitation_that_was_taken_back_is_worth_nothing(as_staff: AsStaff, database: Database) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email)
    as_staff(ADMIN).table("invitations").delete().eq("email", email).execute()
    assert profile_of(database, add_account(database, email)) is None


def test_nobody_is_invited_twice_or_while_on_the_staff(as_staff: AsStaff, database: Database) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email)
    with pytest.raises(APIError) as twice:
        invite(as_staff(ADMIN), email)
    assert twice.value.code == "23505"
    colleague = email_of(database, add_account(database, role="viewer"))
    with pytest.raises(APIError, match="has a profile already") as known:
        invite(as_staff(ADMIN), colleague)
    assert known.value.code == "22023"
    assert (
        database.execute("select from invitations where email = any(%s)", [[email, colleague]]).rowcount == 1
    )


def test_admin_who_is_demoted_leaves_no_open_invitation(database: Database, people: People) -> None:
    admin, email = add_account(database, role="admin"), new_address()
    invite(people.staff(email_of(database, admin)), email, role="admin")
    database.execute("update profiles set role = 'viewer' where id = %s", [admin])
    assert profile_of(database, add_account(database, email)) is None


def test_deleted_admin_leaves_no_open_invitation(database: Database, people: People) -> None:
    admin, email = add_account(database, role="admin"), new_address()
    invite(people.staff(email_of(database, admin)), email, role="admin")
    database.execute("delete from auth.users where id = %s", [admin])
    assert database.execute("select from auth.users where id = %s", [admin]).rowcount == 0
    assert profile_of(database, add_account(database, email)) is None


def test_person_who_was_taken_off_the_staff_does_not_come_back_by_signing_in(
    as_staff: AsStaff, database: Database, people: People
) -> None:
    account = make_account(people.operator(), app_metadata={"role": "admin"})
    admin = as_staff(ADMIN).table("profiles")
    admin.update({"role": "viewer"}).eq("id", account.id).execute()
    admin.delete().eq("id", account.id).execute()
    person = people.visitor()
    person.auth.sign_in_with_password(account.credentials)  # type: ignore[arg-type]
    person.auth.update_user({"data": {"full_name": "Back Again"}})
    assert profile_of(database, account.id) is None

    invite(as_staff(ADMIN), account.email, role="viewer")
    assert (profile_of(database, account.id) or {})["role"] == "viewer"
    person.auth.sign_in_with_password(account.credentials)  # type: ignore[arg-type]
    assert (profile_of(database, account.id) or {})["role"] == "viewer"


def test_operator_s_word_counts_when_it_is_given(database: Database, people: People) -> None:
    operator, attributes = people.operator(), {"app_metadata": {"role": "finance"}}
    unconfirmed = make_account(operator, email_confirm=False, **attributes)
    assert profile_of(database, unconfirmed.id) is None
    operator.auth.admin.update_user_by_id(unconfirmed.id, {"email_confirm": True})
    assert (profile_of(database, unconfirmed.id) or {})["role"] == "finance"

    stranger = make_account(operator)
    assert profile_of(database, stranger.id) is None
    for role in ("viewer", "operations"):
        operator.auth.admin.update_user_by_id(stranger.id, {"app_metadata": {"role": role}})
        assert (profile_of(database, stranger.id) or {})["role"] == role


def test_later_word_of_operator_and_invitation_counts(
    as_staff: AsStaff, database: Database, people: People
) -> None:
    operator, attributes = people.operator(), {"app_metadata": {"role": "admin"}}
    account = make_account(operator, email_confirm=False, **attributes)
    invite(as_staff(ADMIN), account.email, role="viewer")
    operator.auth.admin.update_user_by_id(account.id, {"email_confirm": True})
    assert (profile_of(database, account.id) or {})["role"] == "viewer"

    email = new_address()
    invite(as_staff(ADMIN), email, role="viewer")
    account = make_account(operator, email=email, app_metadata={"role": "finance"})
    assert (profile_of(database, account.id) or {})["role"] == "finance"
    database.execute("delete from profiles where id = %s", [account.id])
    people.token(email, account.password)
    assert profile_of(database, account.id) is None


@pytest.mark.parametrize("what", ["accepted_at = now()", "expires_at = now() - interval '1 minute'"])
def test_invitation_that_is_over_does_not_take_the_operator_s_word_back(
    what: str, as_staff: AsStaff, database: Database, people: People
) -> None:
    operator = people.operator()
    account = make_account(operator, email_confirm=False, app_metadata={"role": "finance"})
    database.execute("delete from profiles where id = %s", [account.id])
    invite(as_staff(ADMIN), account.email, role="viewer")
    over = f"update invitations set {what}, created_at = created_at - interval '1 day' where email = %s"
    database.execute(over.encode(), [account.email])
    operator.auth.admin.update_user_by_id(account.id, {"email_confirm": True})
    assert (profile_of(database, account.id) or {})["role"] == "finance"


def test_stranger_who_signs_an_invited_address_up_does_not_get_in(
    as_staff: AsStaff, database: Database, people: People
) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email, role="admin")
    stranger, invited = people.visitor(), people.visitor()
    stranger.auth.sign_up({"email": email, "password": "the stranger's own"})
    # The mail goes to the invited person, who follows it without knowing of the stranger.
    (mailed,) = database.execute("select token_hash from auth.one_time_tokens where relates_to = %s", [email])
    session = invited.auth.verify_otp({"type": "email", "token_hash": mailed["token_hash"]})
    assert session.user
    assert (profile_of(database, session.user.id) or {})["role"] == "admin"
    credentials = {"email": email, "password": "the stranger's own"}
    with pytest.raises(AuthApiError, match="Invalid login credentials"):
        stranger.auth.sign_in_with_password(credentials)  # type: ignore[arg-type]
    invited.auth.update_user({"password": credentials["password"]})
    assert invited.auth.sign_in_with_password(credentials).session  # type: ignore[arg-type]


def test_invitations_are_audited(as_staff: AsStaff, database: Database) -> None:
    email = new_address()
    invite(as_staff(ADMIN), email, role="finance")
    (row,) = database.execute(
        "select action::text, profiles.email as actor, metadata from audit_logs"
        " join profiles on profiles.id::text = actor where metadata #>> '{changes,email,new}' = %s",
        [email],
    ).fetchall()
    assert (row["action"], row["actor"]) == ("INSERT", ADMIN)
    assert row["metadata"]["changes"]["role"] == {"old": None, "new": "finance"}


def test_deactivated_agent_loses_access_at_once_and_the_history_stays(
    as_staff: AsStaff, database: Database, people: People
) -> None:
    account = add_account(database, role="operations")
    agent = people.staff(email_of(database, account))
    booking = make_booking(database)
    database.execute("update bookings set assigned_agent = %s where id = %s", [account, booking])
    agent.table("bookings").update({"status": "confirmed"}).eq("id", booking).execute()

    change = {"deactivated_at": "2026-11-22T10:00:00Z"}
    as_staff(ADMIN).table("profiles").update(change).eq("id", account).execute()

    for table in ("profiles", "bookings", "clients", "tasks", "booking_rows"):
        assert agent.table(table).select("*").execute().data == []
    assert agent.rpc("booking_summary", {}).execute().data == []
    assert agent.table("bookings").update({"status": "cancelled"}).eq("id", booking).execute().data == []
    row = database.execute("select status::text, assigned_agent from bookings where id = %s", [booking])
    assert row.fetchone() == {"status": "confirmed", "assigned_agent": UUID(account)}
    (told,) = database.execute(
        "select payload ->> 'role' as role from realtime.messages where topic = %s and event = 'access'",
        [f"staff:{account}"],
    ).fetchall()
    assert told == {"role": None}
    changes = database.execute(
        "select actor from audit_logs where record_id = %s and actor = %s", [booking, account]
    )
    assert changes.rowcount == 1

    as_staff(ADMIN).table("profiles").update({"deactivated_at": None}).eq("id", account).execute()
    assert len(agent.table("bookings").select("id").eq("id", booking).execute().data) == 1


def test_deactivated_agent_is_offered_no_work(as_staff: AsStaff, database: Database) -> None:
    account = add_account(database, role="operations")
    database.execute("update profiles set deactivated_at = now() where id = %s", [account])
    booking = make_booking(database)
    with pytest.raises(APIError, match="can only be assigned to"):
        as_staff(ADMIN).table("bookings").update({"assigned_agent": account}).eq("id", booking).execute()
    assert account not in {agent["id"] for agent in as_staff(ADMIN).rpc("staff_agents", {}).execute().data}
    row = database.execute("select assigned_agent from bookings where id = %s", [booking]).fetchone()
    assert row == {"assigned_agent": None}


def invite(client: Client, email: str, *, role: str = "admin", **columns: str) -> None:
    row = {"email": email, "role": role} | columns
    client.table("invitations").insert(row, returning="minimal").execute()


def new_address() -> str:
    return f"{uuid4().hex[:12]}@invited.example"


def profile_of(database: Database, account: str) -> dict[str, str] | None:
    return database.execute(
        "select role::text, full_name, email from profiles where id = %s", [account]
    ).fetchone()
