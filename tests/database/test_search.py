"""Finding bookings among many: by what people say on the phone, page after page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from postgrest.exceptions import APIError
from supabase import Client

from tests.database.cast import add_account, email_of
from tests.support.factories import Database, contact, make_booking, make_client
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People

AsStaff = Callable[[str], Client]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Shelf:
    """Bookings of one agent, some without a time, whom no other test knows."""

    agent: str
    email: str
    bookings: list[str]


@pytest.fixture(scope="module")
def shelf(records: Database) -> Shelf:
    """Seventeen bookings; some start at the same moment, and some at none."""
    agent = add_account(records, role="operations")
    times = ["2027-01-31T09:30:00Z", "2027-01-31T15:00:00+05:30", "2027-01-30T09:30:00Z", None]
    email = email_of(records, agent)
    bookings = [
        make_booking(records, agent=email, dropoff_place="Lake Pichola", starts_at=times[place % 4])
        for place in range(17)
    ]
    return Shelf(agent, email, bookings)


@pytest.mark.parametrize(
    "search",
    [
        "Ramanujan {mark}",
        "{mark} ramanujan",
        "lake {mark} RAMANUJAN",
        "{dashed} {mark} lake {phone}",
        "manujan {mark}",
        "RAMANUJAN {mark}",
        "  ramanujan {mark}  ",
        "Lake, {mark}; Ramanujan ,",
        "{mark}@search.example",
        "{phone}",
        "Lake {mark}",
        "{reference}",
        "{dashed}",
        "{spoken}",
    ],
)
def test_admin_finds_a_booking_by_what_people_say(search: str, as_staff: AsStaff, database: Database) -> None:
    mark = uuid4().hex[:10]
    client = make_client(database, name=f"Ramanujan {mark}", email=f"{mark}@search.example")
    booking = make_booking(database, client_id=client, dropoff_place=f"Lake {mark}", agent=AGENT)
    row = database.execute(
        "select reference, phone from bookings join clients on clients.id = client_id where bookings.id = %s",
        [booking],
    ).fetchone()
    assert row is not None
    reference, phone = row["reference"], row["phone"]
    said = search.format(
        mark=mark,
        phone=f"{phone[:3]} {phone[3:8]} {phone[8:]}",
        reference=reference,
        dashed=f"{reference[:4]}-{reference[4:]}",
        spoken=f"{reference[:4]} {reference[4:]}".lower().replace("0", "o").replace("1", "l"),
    )
    for who in (ADMIN, AGENT):
        assert ids(find(as_staff(who), search=said)) == [booking]
    assert find(as_staff(OTHER_AGENT), search=said) == []
    assert find(as_staff(VIEWER), search=said) == []


def test_finance_finds_by_reference_and_place_and_not_by_person(
    as_staff: AsStaff, database: Database
) -> None:
    mark = uuid4().hex[:10]
    client = make_client(database, name=f"Ramanujan {mark}")
    booking = make_booking(database, client_id=client, dropoff_place=f"Lake {mark}")
    assert find(as_staff(FINANCE), search=f"Ramanujan {mark}") == []
    assert count(as_staff(FINANCE), search=f"Ramanujan {mark}") == 0
    (row,) = find(as_staff(FINANCE), search=f"Lake {mark}")
    assert (row["id"], row["client_name"]) == (booking, None)


@pytest.mark.parametrize(
    "search", ["100%", "a_b", "\\", "'; drop table bookings; --", "%", "\u0926\u093e\u0938"]
)
def test_search_takes_every_character_for_itself(search: str, as_staff: AsStaff, database: Database) -> None:
    mark = uuid4().hex[:8]
    named = make_booking(database, client_id=make_client(database, name=f"{mark} {search} x"))
    make_booking(database, client_id=make_client(database, name=f"{mark} other"))
    assert ids(find(as_staff(ADMIN), search=f"{mark} {search}")) == [named]


def test_filters_narrow_the_list_down(as_staff: AsStaff, database: Database) -> None:
    mark = uuid4().hex[:10]
    client = make_client(database, name=mark)
    cab = make_booking(database, client_id=client, purpose="cab", agent=AGENT)
    hotel = make_booking(database, client_id=client, purpose="hotel", status="confirmed")
    admin = as_staff(ADMIN)
    agent = database.execute("select id::text from profiles where email = %s", [AGENT]).fetchone()
    assert agent is not None
    assert ids(find(admin, search=mark)) == [hotel, cab]
    assert ids(find(admin, search=mark, purpose="cab")) == [cab]
    assert ids(find(admin, search=mark, status="confirmed")) == [hotel]
    assert ids(find(admin, search=mark, agent=agent["id"])) == [cab]
    assert ids(find(admin, search=mark, unassigned=True)) == [hotel]
    assert ids(find(admin, search=mark, since="2001-01-01T00:00:00Z")) == [hotel, cab]
    assert find(admin, search=mark, until="2001-01-01T00:00:00Z") == []
    assert count(admin, search=mark) == 2
    assert count(admin, search=mark, most=1) == 2
    assert count(as_staff(AGENT), search=mark) == 1


@pytest.mark.parametrize("who", ["admin", "their agent", "finance"])
@pytest.mark.parametrize(
    ("sort", "column", "descending"),
    [("newest", "created_at", True), ("changed", "updated_at", True), ("soonest", "starts_at", False)],
)
@pytest.mark.parametrize("search", [None, "Lake"])
def test_pages_follow_one_another_without_gap_or_overlap(
    who: str,
    sort: str,
    column: str,
    descending: bool,
    search: str | None,
    shelf: Shelf,
    people: People,
) -> None:
    client = people.staff({"admin": ADMIN, "finance": FINANCE}.get(who, shelf.email))
    asked = {"agent": shelf.agent, "search": search, "sort": sort}
    paged: Rows = []
    while page := find(
        client,
        page_size=5,
        after_value=paged[-1][column] if paged else None,
        after_id=paged[-1]["id"] if paged else None,
        **asked,
    ):
        paged += page
    assert sorted(ids(paged)) == sorted(shelf.bookings)
    assert ids(paged) == ids(find(client, page_size=200, **asked))
    timed = [row[column] for row in paged if row[column]]
    assert timed == sorted(timed, reverse=descending)
    assert [bool(row[column]) for row in paged] == [True] * len(timed) + [False] * (len(paged) - len(timed))
    assert count(client, agent=shelf.agent, search=search) == len(shelf.bookings)


def test_list_holds_what_the_reader_may_read(as_staff: AsStaff, database: Database) -> None:
    visible = {
        who: set(ids(as_staff(who).table("booking_rows").select("id").execute().data))
        for who in (ADMIN, AGENT, FINANCE, VIEWER)
    }
    for who, expected in visible.items():
        found: set[str] = set()
        last: dict[str, Any] = {}
        while page := find(
            as_staff(who), page_size=200, after_value=last.get("created_at"), after_id=last.get("id")
        ):
            found |= set(ids(page))
            last = page[-1]
        assert found == expected


def test_list_is_narrowed_down_by_start_and_source(as_staff: AsStaff, database: Database) -> None:
    mark = uuid4().hex[:10]
    client = make_client(database, name=mark)

    def booked(starts_at: str | None, **source: Any) -> str:
        return make_booking(database, client_id=client, starts_at=starts_at, source=source, agent=AGENT)

    first = booked("2031-05-01T00:00:00+05:30", channel="site")
    second = booked("2031-05-02T00:00:00+05:30", channel="embed", host="https://Magazine.example:8443/goa")
    third = booked(None, channel="embed", suspected=["fast"])
    for who in (ADMIN, AGENT, FINANCE):
        staff = as_staff(who)

        def found(client: Client = staff, **filters: Any) -> list[str]:
            return [
                row for row in ids(find(client, page_size=200, **filters)) if row in (first, second, third)
            ]

        assert found(starts_since="2031-05-01T00:00:00+05:30", starts_until="2031-05-02T00:00:00+05:30") == [
            first
        ]
        assert found(starts_since="2031-05-01T00:00:01+05:30", sort="soonest") == [second]
        assert found(suspected=True) == [third]
        assert found(source="site") == [first]
        assert found(source="embed") == [third, second]
        assert found(source="magazine.example:8443") == [second]
        assert found(source="another.example") == []
    assert count(as_staff(ADMIN), search=mark, source="embed") == 2
    assert count(as_staff(ADMIN), search=mark, suspected=True) == 1
    rows = find(as_staff(ADMIN), search=mark)
    assert [row["source"] for row in rows] == ["embed", "magazine.example:8443", "site"]


def test_booking_is_found_by_what_it_says_now(as_staff: AsStaff, database: Database) -> None:
    before, after = uuid4().hex[:10], uuid4().hex[:10]
    client = make_client(database, name=f"Asha {before}", email=f"{before}@mail.example")
    booking = make_booking(database, client_id=client, dropoff_place=f"Lake {before}")
    admin = as_staff(ADMIN)
    assert ids(find(admin, search=f"asha lake {before}")) == [booking]
    admin.table("clients").update({"name": f"Asha {after}"}).eq("id", client).execute()
    assert ids(find(admin, search=f"asha {after}")) == [booking]
    assert ids(find(admin, search=f"asha {before}@mail")) == [booking]
    admin.table("clients").update({"email": f"{after}@mail.example"}).eq("id", client).execute()
    admin.table("bookings").update({"details": {"dropoff_place": f"Fort {after}"}}).eq(
        "id", booking
    ).execute()
    assert find(admin, search=before) == []
    assert ids(find(admin, search=f"fort {after}@mail.example")) == [booking]
    admin.table("bookings").delete().eq("id", booking).execute()
    assert find(admin, search=after) == []


def test_order_that_does_not_exist_is_refused(as_staff: AsStaff) -> None:
    with pytest.raises(APIError, match="newest, changed or soonest") as refused:
        find(as_staff(ADMIN), sort="id; drop table bookings")
    assert refused.value.code == "22023"


def test_visitor_finds_nothing(visitor: Callable[[], Client]) -> None:
    with pytest.raises(APIError, match="permission denied"):
        find(visitor(), search=contact()["name"])
    with pytest.raises(APIError, match="permission denied"):
        count(visitor())


def find(client: Client, **filters: Any) -> Rows:
    rows: Rows = client.rpc("find_bookings", filters).execute().data
    return rows


def count(client: Client, **filters: Any) -> int:
    return int(client.rpc("count_found_bookings", filters).execute().data)


def ids(rows: Rows) -> list[str]:
    return [row["id"] for row in rows]
