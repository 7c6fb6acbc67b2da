"""The overview, kept true: the counts, what waits, and the charts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from supabase import Client

from roamio_web.live.drawing import Drawing
from roamio_web.live.subscriber import Interest, Message
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
    interest = Interest(frozenset({"booking", "leave", "task", "task_leave", "summary"}), pace=PACE)

    def read(self, client: Client, demand: Demand) -> str:
        match self.member.role:
            case Role.FINANCE | Role.VIEWER as role:
                # Nothing of theirs is anybody's own.
                return self.drawing.fresh(
                    ("overview", role),
                    demand.at,
                    lambda: self._whole(overview.read(client, self.member, charts=True)),
                )
            case Role.ADMIN:
                # Each has tasks of their own; the charts are of all bookings.
                charts = self.drawing.fresh(
                    ("charts", Role.ADMIN), demand.at, lambda: self._charts(overview.read_charts(client))
                )
                return self._counts(overview.read(client, self.member)) + charts
            case Role.OPERATIONS:
                return self._whole(overview.read(client, self.member, charts=True))

    def change(self, messages: Iterable[Message]) -> str:
        raise ReadAgain

    def _whole(self, found: Overview) -> str:
        return self._counts(found) + (self._charts(found.charts) if found.charts else "")

    def _counts(self, found: Overview) -> str:
        html = self.drawing.draw("staff/overview/_counts.html", overview=found, member=self.member)
        return replace("overview", html)

    def _charts(self, charts: Charts) -> str:
        html = self.drawing.draw("staff/overview/_charts.html", charts=charts, member=self.member)
        return replace("charts", html)
