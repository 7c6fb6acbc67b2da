"""The overview, kept true: the counts, what waits, and the charts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from supabase import Client

from roamio_web.live.drawing import Drawing
from roamio_web.live.subscriber import Interest, Message
from roamio_web.live.turns import next_turn
from roamio_web.live.view import Demand, ReadAgain, replace
from roamio_web.models.charts import Charts
from roamio_web.models.staff import Role, StaffMember
from roamio_web.services import overview
from roamio_web.services.overview import Overview

PACE = 2.0  # seconds; the charts count every booking of a month


@dataclass
class OverviewView:
    """Read afresh, and once for all who are shown the same: nearly any change moves some number of it."""

    member: StaffMember
    drawing: Drawing
    turns_at: datetime | None = None
    interest = Interest(frozenset({"booking", "leave", "task", "task_leave", "summary"}), pace=PACE)

    def read(self, client: Client, demand: Demand) -> str:
        match self.member.role:
            case Role.FINANCE | Role.VIEWER as role:
                # Nothing of theirs is anybody's own.
                found, html = self.drawing.fresh(
                    ("overview", role),
                    demand.at,
                    lambda: self._whole(overview.read(client, self.member, charts=True)),
                )
            case Role.ADMIN:
                # Each has tasks of their own; the charts are of all bookings.
                charts = self.drawing.fresh(
                    ("charts", Role.ADMIN), demand.at, lambda: self._charts(overview.read_charts(client))
                )
                found = overview.read(client, self.member)
                html = self._counts(found) + charts
            case Role.OPERATIONS:
                found, html = self._whole(overview.read(client, self.member, charts=True))
        if self.member.role is not Role.VIEWER:
            due, starting = (task.due_date for task in found.tasks), (row.starts_at for row in found.starting)
            self.turns_at = next_turn(demand.moment, *due, *starting, days=True)
        return html

    def change(self, messages: Iterable[Message]) -> str:
        raise ReadAgain

    def _whole(self, found: Overview) -> tuple[Overview, str]:
        return found, self._counts(found) + (self._charts(found.charts) if found.charts else "")

    def _counts(self, found: Overview) -> str:
        html = self.drawing.draw("staff/overview/_counts.html", overview=found, member=self.member)
        return replace("overview", html)

    def _charts(self, charts: Charts) -> str:
        html = self.drawing.draw("staff/overview/_charts.html", charts=charts, member=self.member)
        return replace("charts", html)
