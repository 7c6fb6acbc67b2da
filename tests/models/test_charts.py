"""What the overview's charts are drawn from."""

from __future__ import annotations

from datetime import date

from roamio_web.models.booking import Purpose
from roamio_web.models.charts import Charts

TODAY = date(2027, 3, 14)


def counted(day: str, purpose: str, bookings: int, status: str = "pending") -> dict[str, object]:
    return {"day": day, "purpose": purpose, "status": status, "bookings": bookings}


def test_day_without_bookings_has_its_place() -> None:
    charts = Charts.from_answer({"days": [counted("2027-03-13", "cab", 3)], "waits": []}, TODAY)
    assert len(charts.days) == 30
    assert (charts.days[0].day, charts.days[-1].day) == (date(2027, 2, 13), TODAY)
    assert [day.total for day in charts.days[-3:]] == [0, 3, 0]


def test_periods_end_today_and_count_every_status() -> None:
    days = [
        counted("2027-03-14", "cab", 1),
        counted("2027-03-14", "cab", 2, "confirmed"),
        counted("2027-03-08", "hotel", 4),
        counted("2027-03-07", "hotel", 8),
        counted("2027-02-12", "cab", 99),
    ]
    charts = Charts.from_answer({"days": days, "waits": []}, TODAY)
    assert [charts.of(Purpose.CAB, period) for period in ("Today", "7 days", "30 days")] == [3, 3, 3]
    assert [charts.of(None, period) for period in ("Today", "7 days", "30 days")] == [3, 7, 15]
    assert (charts.total, charts.busiest_day) == (15, 8)
    assert charts.purposes == [Purpose.HOTEL, Purpose.CAB]


def test_empty_month_still_has_an_axis() -> None:
    charts = Charts.from_answer({"days": [], "waits": []}, TODAY)
    assert (charts.total, charts.busiest_day, charts.longest_wait) == (0, 1, 1.0)


def test_longest_wait_fills_the_width() -> None:
    waits = [
        {"purpose": "cab", "bookings": 2, "waiting": 2, "median": None, "slowest_tenth": None},
        {"purpose": "hotel", "bookings": 3, "waiting": 0, "median": 60.0, "slowest_tenth": 1800.0},
    ]
    charts = Charts.from_answer({"days": [], "waits": waits}, TODAY)
    assert charts.longest_wait == 1800.0
    assert [wait.purpose for wait in charts.waits] == [Purpose.CAB, Purpose.HOTEL]
