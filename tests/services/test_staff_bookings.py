"""Staff read and move bookings, each as far as the database lets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from supabase import Client

from roamio_web.models.booking import BookingRow, Status
from roamio_web.models.booking_query import NOBODY, BookingQuery, Sort
from roamio_web.models.staff import StaffMember
from roamio_web.models.values import HOME_ZONE, zone_of
from roamio_web.services import staff_bookings
from roamio_web.services.failures import NotFound, Refused
from roamio_web.services.staff_bookings import Conflict
from tests.support.at_once import only_winner
from tests.support.factories import Database, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER
from tests.support.rows import row_of

As = Callable[[str], Client]
Member = Callable[[str], StaffMember]

TODAY = datetime.now(zone_of(HOME_ZONE)).date()


def seen_by(client: Client, booking: str) -> BookingRow:
    return staff_bookings.read_booking(client, booking).row


def everything(client: Client, query: BookingQuery) -> list[BookingRow]:
    """Every page of a list, one after the other."""
    rows: list[BookingRow] = []
    following: BookingQuery | None = query
    while following:
        page = staff_bookings.list_bookings(client, following)
        rows += page.rows
        following = page.following
    return rows


@pytest.mark.parametrize("sort", list(Sort))
def test_admin_pages_through_every_booking_once_and_in_order(
    sort: Sort, as_staff: As, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    undated = make_booking(database)
    database.execute("update bookings set details = details - 'starts_at' where id = %s", [undated])
    monkeypatch.setattr(staff_bookings, "PAGE_SIZE", 7)
    rows = everything(as_staff(ADMIN), BookingQuery(sort=sort))
    assert sorted(row.id for row in rows) == sorted(
        str(row["id"]) for row in database.execute("select id from bookings")
    )
    keys = [sort.key(row) for row in rows]
    assert keys == sorted(keys, reverse=sort.descending)


@pytest.mark.parametrize(
    "args",
    [
        {"purpose": "cab"},
        {"status": "pending"},
        {"purpose": "hotel", "status": "confirmed"},
        {"agent": NOBODY},
        {"agent": "d0000000-0000-4000-8000-000000000002"},
        {"search": "asha"},
        {"search": "needle_1 street"},
        {"search": "needle"},
        {"search": "+91 98"},
        {"search": "a", "status": "pending", "purpose": "cab"},
        {"search": "zzzzzz"},
        {"starts": "today"},
        {"starts": "tomorrow", "purpose": "cab"},
        {"starts": "week", "sort": "soonest"},
        {"suspected": "yes"},
        {"since": TODAY.isoformat()},
        {"until": (TODAY - timedelta(days=1)).isoformat()},
        {"starts_from": TODAY.isoformat(), "starts_to": TODAY.isoformat(), "sort": "soonest"},
        {"starts_from": (TODAY + timedelta(days=1)).isoformat()},
    ],
)
def test_list_and_stream_agree_on_which_bookings_fit(
    args: dict[str, str], as_staff: As, database: Database
) -> None:
    make_booking(database, pickup_place="Needle_1 Street")
    make_booking(database, pickup_place="NeedleX1 Street")
    make_booking(database, source={"channel": "embed", "suspected": ["hasty"]})
    for hours in range(-48, 60, 12):
        starts_at = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Nowhere/Land", ""):
            make_booking(database, starts_at=starts_at, time_zone=zone)
    client, query = as_staff(ADMIN), BookingQuery.from_args(args)
    found = {row.id for row in everything(client, query)}
    assert found == {row.id for row in everything(client, BookingQuery()) if query.matches(row)}


def test_admin_finds_a_booking_by_whatever_they_know_of_it(as_staff: As, database: Database) -> None:
    phone = f"+4477009{uuid4().int % 10**5:05d}"
    person = make_client(
        database, name="Zoë O'Brien-Ñandú", email=f"zoe+{uuid4().hex}@example.com", phone=phone
    )
    booking = make_booking(database, client_id=person, dropoff_place="Café “Löwe”, 50% off")
    row = seen_by(as_staff(ADMIN), booking)
    assert row.client_email is not None
    for typed in (
        row.reference.lower(),
        "o'brien-ñ",
        row.client_email,
        f"{phone[:5]} {phone[5:]}",
        "café “löwe”, 50%",
    ):
        page = staff_bookings.list_bookings(as_staff(ADMIN), BookingQuery.from_args({"search": typed}))
        assert booking in {row.id for row in page.rows}, typed


def test_agent_s_list_holds_their_bookings_and_nobody_else_s(as_staff: As, database: Database) -> None:
    mine = make_booking(database, agent=AGENT)
    theirs = make_booking(database, agent=OTHER_AGENT)
    ids = {row.id for row in everything(as_staff(AGENT), BookingQuery())}
    assert mine in ids
    assert theirs not in ids
    assert row_of(database, "bookings", theirs)


def test_finance_sees_the_booking_and_no_client_or_task(as_staff: As, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    seen = staff_bookings.read_booking(as_staff(FINANCE), booking)
    assert seen.client is None
    assert (seen.row.client_name, seen.row.client_email, seen.row.client_phone) == (None, None, None)
    assert seen.row.assigned_agent_name is None
    assert (seen.tasks, seen.history, seen.agents) == ((), (), ())
    assert row_of(database, "bookings", booking)["client_id"]


def test_viewer_reads_no_booking(as_staff: As, database: Database) -> None:
    booking = make_booking(database)
    assert staff_bookings.list_bookings(as_staff(VIEWER), BookingQuery()).rows == ()
    with pytest.raises(NotFound):
        staff_bookings.read_booking(as_staff(VIEWER), booking)
    assert row_of(database, "bookings", booking)


def test_admin_reads_a_booking_whole(as_staff: As, database: Database) -> None:
    booking = make_booking(database, agent=AGENT, pickup_place="Gate 4")
    seen = staff_bookings.read_booking(as_staff(ADMIN), booking)
    assert seen.details["pickup_place"] == "Gate 4"
    assert seen.client is not None
    assert [task.title[:6] for task in seen.tasks] == ["Review"]
    assert {change.table for change in seen.history} == {"bookings", "tasks"}
    assert {agent.id for agent in seen.agents} >= {seen.row.assigned_agent}


def test_booking_that_does_not_exist_is_not_found(as_staff: As) -> None:
    with pytest.raises(NotFound):
        staff_bookings.read_booking(as_staff(ADMIN), str(uuid4()))


def test_agent_moves_their_booking_on(as_staff: As, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    client = as_staff(AGENT)
    staff_bookings.change_status(client, booking, Status.CONFIRMED, seen=seen_by(client, booking).version)
    assert row_of(database, "bookings", booking)["status"] == "confirmed"


def test_agent_who_was_too_late_changes_nothing(as_staff: As, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    client = as_staff(AGENT)
    seen = seen_by(client, booking)
    database.execute("update bookings set status = 'cancelled' where id = %s", [booking])
    with pytest.raises(Conflict):
        staff_bookings.change_status(client, booking, Status.CONFIRMED, seen=seen.version)
    assert row_of(database, "bookings", booking)["status"] == "cancelled"


def test_of_two_people_at_once_exactly_one_wins(as_staff: As, database: Database) -> None:
    booking = make_booking(database, agent=AGENT)
    seen = seen_by(as_staff(ADMIN), booking).version
    move = {
        status: partial(staff_bookings.change_status, as_staff(email), booking, status, seen=seen)
        for email, status in ((ADMIN, Status.CANCELLED), (AGENT, Status.CONFIRMED))
    }
    winner = only_winner(move, Conflict)
    assert row_of(database, "bookings", booking)["status"] == winner


def test_agent_cannot_move_a_booking_that_is_somebody_else_s(as_staff: As, database: Database) -> None:
    booking = make_booking(database, agent=OTHER_AGENT)
    before = row_of(database, "bookings", booking)
    with pytest.raises(NotFound):
        staff_bookings.change_status(
            as_staff(AGENT), booking, Status.CONFIRMED, seen=before["updated_at"].isoformat()
        )
    assert row_of(database, "bookings", booking) == before


def test_finance_cannot_move_a_booking_that_they_see(as_staff: As, database: Database) -> None:
    booking = make_booking(database)
    client, before = as_staff(FINANCE), row_of(database, "bookings", booking)
    with pytest.raises(Refused):
        staff_bookings.change_status(client, booking, Status.CONFIRMED, seen=seen_by(client, booking).version)
    assert row_of(database, "bookings", booking) == before


def test_admin_hands_a_booking_over_with_its_tasks(as_staff: As, database: Database, member: Member) -> None:
    booking = make_booking(database, agent=AGENT)
    client, other = as_staff(ADMIN), member(OTHER_AGENT)
    staff_bookings.assign(client, booking, other.id, seen=seen_by(client, booking).version)
    after = staff_bookings.read_booking(client, booking)
    assert after.row.assigned_agent == other.id
    assert {task.assigned_to for task in after.tasks} == {other.id}
    staff_bookings.assign(client, booking, None, seen=after.row.version)
    assert row_of(database, "bookings", booking)["assigned_agent"] is None


def test_agent_cannot_hand_a_booking_to_somebody_else(
    as_staff: As, database: Database, member: Member
) -> None:
    booking = make_booking(database, agent=AGENT)
    client, before = as_staff(AGENT), row_of(database, "bookings", booking)
    with pytest.raises(Refused, match="can't hand a booking to somebody else"):
        staff_bookings.assign(client, booking, member(OTHER_AGENT).id, seen=seen_by(client, booking).version)
    assert row_of(database, "bookings", booking) == before


def test_admin_cannot_give_a_booking_to_somebody_who_may_not_have_it(
    as_staff: As, database: Database, member: Member
) -> None:
    booking = make_booking(database)
    client, before = as_staff(ADMIN), row_of(database, "bookings", booking)
    for nobody in (member(FINANCE).id, str(uuid4())):
        with pytest.raises(Refused, match=r"\.$"):
            staff_bookings.assign(client, booking, nobody, seen=seen_by(client, booking).version)
    assert row_of(database, "bookings", booking) == before


def test_version_that_is_not_a_time_is_refused_in_words(as_staff: As, database: Database) -> None:
    booking = make_booking(database)
    before = row_of(database, "bookings", booking)
    with pytest.raises(Refused, match="Reload the page"):
        staff_bookings.change_status(as_staff(ADMIN), booking, Status.CONFIRMED, seen="some day")
    assert row_of(database, "bookings", booking) == before


def test_query_beyond_the_last_row_is_an_empty_page(as_staff: As) -> None:
    client = as_staff(ADMIN)
    rows = everything(client, BookingQuery())
    last = rows[-1]
    page = staff_bookings.list_bookings(
        client,
        BookingQuery().page_after(
            BookingRow(**{**vars(last), "created_at": last.created_at - timedelta(days=900)})
        ),
    )
    assert (page.rows, page.following) == ((), None)
