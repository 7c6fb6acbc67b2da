"""What a booking says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from roamio_web.models.booking import BookingRow, Purpose, Status
from roamio_web.models.client import Client
from roamio_web.models.staff import Role, StaffMember

NOW = datetime.now(UTC)
ROW = BookingRow(
    id="0a0b0c0d-0000-4000-8000-000000000001",
    reference="18A8R3EK",
    purpose=Purpose.HOTEL,
    status=Status.CONFIRMED,
    created_at=NOW,
    updated_at=NOW,
)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_leads_somewhere_else(status: Status) -> None:
    steps = [step.status for step in status.next_steps]
    assert steps
    assert status not in steps
    assert len(steps) == len(set(steps))


def test_every_status_can_be_reached() -> None:
    reached = {step.status for status in Status for step in status.next_steps}
    assert reached == set(Status)


def test_booking_with_a_late_task_is_overdue_only_while_it_is_open() -> None:
    late = replace(ROW, next_due=NOW - timedelta(minutes=1))
    assert late.is_overdue
    assert not replace(late, status=Status.COMPLETED).is_overdue
    assert not replace(late, next_due=NOW + timedelta(hours=1)).is_overdue


@pytest.mark.parametrize(
    ("purpose", "starts_at", "zone", "all_day"),
    [
        (Purpose.HOTEL, "2027-03-14T00:00:00+05:30", "Asia/Kolkata", True),
        (Purpose.HOTEL, "2027-03-14T00:00:00+00:00", "Europe/London", True),
        (Purpose.HOTEL, "2027-03-14T00:00:00+00:00", "Asia/Kolkata", False),
        (Purpose.CAB, "2027-03-14T00:00:00+05:30", "Asia/Kolkata", False),
    ],
)
def test_only_a_day_is_shown_as_a_day(purpose: Purpose, starts_at: str, zone: str, all_day: bool) -> None:
    row = replace(ROW, purpose=purpose, starts_at=datetime.fromisoformat(starts_at), time_zone=zone)
    assert row.is_all_day is all_day


@pytest.mark.parametrize(
    ("zone", "abroad"),
    [(None, False), ("Asia/Kolkata", False), ("Europe/London", True), ("Mars/Olympus", False)],
)
def test_clock_is_named_where_it_is_not_india_s(zone: str | None, abroad: bool) -> None:
    assert replace(ROW, time_zone=zone).is_abroad is abroad


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_today_is_the_day_of_the_place_where_it_starts(zone: str) -> None:
    midnight = datetime.now(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    today = replace(ROW, time_zone=zone, starts_at=midnight.astimezone(UTC))
    assert today.days_ahead == 0
    assert replace(today, starts_at=midnight - timedelta(seconds=1)).days_ahead == -1
    assert replace(today, starts_at=midnight + timedelta(days=1, hours=1)).days_ahead == 1
    assert replace(today, starts_at=None).days_ahead is None


def test_version_keeps_every_microsecond() -> None:
    row = BookingRow.from_row(
        {
            "id": ROW.id,
            "reference": ROW.reference,
            "purpose": "cab",
            "status": "pending",
            "created_at": "2027-03-14T09:30:00+00:00",
            "updated_at": "2027-03-14T15:00:00.000001+05:30",
        }
    )
    assert row.version == "2027-03-14T09:30:00.000001+00:00"


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Priya Nair", "PN"), ("Meera", "M"), ("Anna Maria de Souza", "AS"), ("", "OE")],
)
def test_person_has_initials(name: str, initials: str) -> None:
    assert StaffMember("1", Role.ADMIN, name, "ops@example.com").initials == initials


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("asha+trips@example.com", "mailto:asha%2Btrips@example.com"),
        ("asha?bcc=eve&body=hi@example.com", "mailto:asha%3Fbcc%3Deve%26body%3Dhi@example.com"),
        (None, None),
    ],
)
def test_mail_goes_to_the_address_and_says_nothing_by_itself(email: str | None, address: str | None) -> None:
    assert Client("1", "Asha", email=email).mail_address == address


def test_whatsapp_takes_a_number_without_signs() -> None:
    assert Client("1", "Asha", phone="+91 98123-45678").whatsapp_address == "https://wa.me/919812345678"
    assert Client("1", "Asha").whatsapp_address is None
