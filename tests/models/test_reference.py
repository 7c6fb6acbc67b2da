"""The reference that a traveller reads out on the phone."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roamio_web.models.reference import ALPHABET, display, parse, reference_of
from tests.support.factories import Database


@pytest.mark.parametrize(
    ("booking_id", "reference"),
    [
        ("00000000-0000-4000-8000-000000000000", "00000000"),
        ("ffffffff-ff00-4000-8000-000000000000", "ZZZZZZZZ"),
        ("00000000-0100-4000-8000-000000000000", "00000001"),
        ("0a0b0c0d-0e0f-4000-8000-000000000000", "185GR38E"),
    ],
)
def test_a_booking_has_the_reference_that_its_id_says(booking_id: str, reference: str) -> None:
    assert reference_of(UUID(booking_id)) == reference


@given(st.uuids())
def test_a_reference_that_is_read_out_is_found_again(booking_id: UUID) -> None:
    reference = reference_of(booking_id)
    assert set(reference) <= set(ALPHABET)
    assert parse(display(reference)) == reference


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("18a8-r3ek", "18A8R3EK"),
        (" 18A8 R3EK ", "18A8R3EK"),
        ("I8A8-R3EK", "18A8R3EK"),
        ("l8A8‑R3EK", "18A8R3EK"),
        ("OOOO-OOOO", "00000000"),
        ("", None),
        ("18A8-R3E", None),
        ("18A8-R3EKX", None),
        ("18A8-R3EU", None),
        ("१८A8-R3EK", None),
    ],
)
def test_a_reference_may_be_typed_carelessly(typed: str, reference: str | None) -> None:
    assert parse(typed) == reference


def test_the_database_and_the_site_compute_the_same_reference(database: Database) -> None:
    ids = [uuid4() for _ in range(50)]
    rows = database.execute(
        "select id, private.booking_reference(id) as reference from unnest(%s::uuid[]) as id", [ids]
    ).fetchall()
    assert {row["id"]: row["reference"] for row in rows} == {each: reference_of(each) for each in ids}
