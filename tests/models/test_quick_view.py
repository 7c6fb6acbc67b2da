"""The lists that somebody looks at every day."""

from __future__ import annotations

from roamio_web.models.booking import Status
from roamio_web.models.booking_query import BookingQuery, Sort
from roamio_web.models.quick_view import quick_views

ME = "d0000000-0000-4000-8000-000000000001"


def test_who_hands_bookings_out_asks_whose_they_are() -> None:
    assert [view.name for view in quick_views(ME, assigns=True)][:3] == ["All", "Unassigned", "Mine"]
    assert "Suspected spam" in [view.name for view in quick_views(ME, assigns=False)]
    assert "Mine" not in [view.name for view in quick_views(ME, assigns=False)]


def test_every_list_has_an_address_of_its_own_and_knows_when_it_is_shown() -> None:
    views = quick_views(ME, assigns=True)
    for view in views:
        asked = BookingQuery.from_args(view.query.to_args())
        assert [each for each in views if each.is_shown(asked)] == [view]


def test_order_makes_no_other_list_and_a_filter_does() -> None:
    new = next(view for view in quick_views(ME, assigns=False) if view.name == "New")
    assert new.is_shown(BookingQuery(status=Status.PENDING, sort=Sort.CHANGED))
    assert not new.is_shown(BookingQuery(status=Status.PENDING, search="asha"))
