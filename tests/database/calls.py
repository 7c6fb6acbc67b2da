"""How the permission tests call each function of the API, and how they see that it answered or did it.

``arguments`` are right in every respect but, perhaps, who calls; ``done`` is false where the answer says
nothing of the row in question and nothing was written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.database.cast import Character, Row, one
from tests.database.matrix import WORKERS
from tests.database.worlds import Belongings, World
from tests.support.factories import Database, make_client

SOON = (datetime.now(UTC) + timedelta(days=7)).isoformat()
# They note that their caller was here, if that is a member of staff: whatever else they may.
SAYS_WHO_IS_HERE = frozenset(
    {"my_team", "team_of_caller", "invite", "renew_invitation", "record_health_reading"}
)


@dataclass(frozen=True)
class Scene:
    """Who calls, and about whose rows."""

    database: Database
    character: Character
    world: World
    rows: Belongings

    def now(self, table: str) -> Row:
        """The row in question as JSON has it."""
        query = f"select to_jsonb(t) as row from {table} t where id = %s"
        row = self.database.execute(query.encode(), [self.rows.of(table)]).fetchone()
        assert row is not None
        return dict(row["row"])


Arguments = Callable[[Scene], Row]
Done = Callable[[Any, Scene, Row], bool]


@dataclass(frozen=True)
class Call:
    """One function: its arguments, and whether it did what it was asked for."""

    arguments: Arguments
    done: Done


def nothing(_: Scene) -> Row:
    """No arguments."""
    return {}


def its_booking(scene: Scene) -> Row:
    return {"booking": scene.rows.booking}


def its_booking_for_reading(scene: Scene) -> Row:
    """The caller's reading of it was recorded a moment ago."""
    scene.database.execute(
        "insert into health_readings (booking_id, read_by, created_at)"
        " select %s, id, now() - interval '1 second' from profiles where id = %s",
        [scene.rows.booking, scene.character.id],
    )
    return its_booking(scene)


def its_client(scene: Scene) -> Row:
    return {"client": scene.rows.client}


def when_it_came_in(scene: Scene) -> Row:
    """The moment in which this booking, and no other, came in."""
    came_in = datetime.fromisoformat(scene.now("bookings")["created_at"])
    return {"since": came_in.isoformat(), "until": (came_in + timedelta(microseconds=1)).isoformat()}


def change_of_status(scene: Scene) -> Row:
    seen = scene.now("bookings")["updated_at"]
    return {"booking": scene.rows.booking, "seen": seen, "change": {"status": "confirmed"}}


def change_of_several(scene: Scene) -> Row:
    chosen = [{"id": scene.rows.booking, "seen": scene.now("bookings")["updated_at"]}]
    return {"chosen": chosen, "change": {"status": "confirmed"}}


def change_of_task(scene: Scene) -> Row:
    seen = {"status": scene.now("tasks")["status"]}
    return {"task": scene.rows.task, "seen": seen, "change": {"status": "blocked"}}


def new_task(scene: Scene) -> Row:
    return {
        "booking_reference": scene.now("bookings")["reference"],
        "its_title": "Call",
        "due": SOON,
        "person": scene.character.id if scene.character.name in WORKERS else scene.world.colleague,
        "for_the_agent": False,
    }


def the_oldest_of_all(scene: Scene) -> Row:
    """No task has waited for longer."""
    scene.database.execute(
        "update tasks set due_date = (select least(min(due_date), now()) - interval '1 minute' from tasks)"
        " where id = %s",
        [scene.rows.task],
    )
    return {}


def the_only_one_for_nris(scene: Scene) -> Row:
    """No other booking has its purpose."""
    scene.database.execute(
        "update bookings set purpose = case when id = %(id)s then 'nri' else 'service' end::booking_purpose"
        " where id = %(id)s or purpose = 'nri'",
        {"id": scene.rows.booking},
    )
    return {}


def change_of_name(scene: Scene) -> Row:
    is_now = scene.now("profiles")
    seen = {
        "full_name": is_now["full_name"],
        "role": is_now["role"],
        "active": is_now["deactivated_at"] is None,
    }
    return {"person": scene.rows.profile, "seen": seen, "change": {"full_name": f"Another {uuid4().hex[:6]}"}}


def routing_of_nobody(scene: Scene) -> Row:
    """As anybody sees the routing of a purpose that has none."""
    scene.database.execute("delete from assignment_rules where purpose = 'medical'")
    seen = {"enabled": False, "agents": []}
    return {"routed": "medical", "seen": seen, "turned_on": False, "agents": [scene.world.colleague]}


def two_clients(scene: Scene) -> Row:
    return {"kept": scene.rows.client, "gone": make_client(scene.database)}


def change_of_country(scene: Scene) -> Row:
    seen = {key: scene.now("clients")[key] for key in ("name", "email", "phone", "country")}
    return {"client": scene.rows.client, "seen": seen, "wanted": seen | {"country": "NP"}}


def answers(answer: Any, _: Scene, __: Row) -> bool:
    """Something came back."""
    return bool(answer)


def written(answer: Any, _: Scene, __: Row) -> bool:
    """It says that it wrote."""
    return bool(answer and answer["written"])


def says(*path: str) -> Done:
    """Something stands in this place of the answer."""

    def done(answer: Any, _: Scene, __: Row) -> bool:
        for key in path:
            answer = answer and answer[key]
        return bool(answer)

    return done


def shows(table: str) -> Done:
    """The answer has the row in question somewhere."""
    return lambda answer, scene, _: scene.rows.of(table) in json.dumps(answer)


def any_of_several(answer: Any, _: Scene, __: Row) -> bool:
    """One of the bookings was changed."""
    listed = answer["answers"] if isinstance(answer, dict) else answer
    return any(one_of_them["written"] for one_of_them in listed or [])


def oldest_is_due(answer: Any, scene: Scene, _: Row) -> bool:
    """The oldest of the tasks that were counted is the one in question."""
    due = scene.now("tasks")["due_date"]
    return any(datetime.fromisoformat(row["oldest_due"]) == datetime.fromisoformat(due) for row in answer)


def one_is_gone(_: Any, scene: Scene, arguments: Row) -> bool:
    """Of two clients there is one."""
    return one(scene.database, "select count(*) from clients where id = %s", arguments["gone"]) == "0"


def not_refused(_: Any, __: Scene, ___: Row) -> bool:
    """It came back at all."""
    return True


CALLS: dict[str, Call] = {
    **dict.fromkeys(
        ("booking_summary", "bookings_by_day", "my_account", "project_report"),
        Call(nothing, answers),
    ),
    "waiting_times": Call(
        the_only_one_for_nris, lambda answer, *_: "nri" in [row["purpose"] for row in answer]
    ),
    "overview_charts": Call(nothing, says("days")),
    "overview_page": Call(nothing, says("summary")),
    "find_bookings": Call(lambda scene: {"agent": scene.rows.profile}, shows("bookings")),
    "count_found_bookings": Call(lambda scene: {"agent": scene.rows.profile}, answers),
    **dict.fromkeys(("booking_sources", "booking_totals"), Call(when_it_came_in, answers)),
    "booking_page": Call(its_booking, shows("bookings")),
    "booking_health": Call(its_booking_for_reading, answers),
    "open_booking_health": Call(its_booking_for_reading, says("health")),
    "record_health_reading": Call(its_booking, says("written")),
    "booking_timeline": Call(its_booking, shows("bookings")),
    "change_booking": Call(change_of_status, written),
    "change_bookings": Call(change_of_several, any_of_several),
    "change_listed_bookings": Call(lambda scene: change_of_several(scene) | {"list": {}}, any_of_several),
    "task_board": Call(
        lambda scene: the_oldest_of_all(scene) | {"tonight": SOON, "person": scene.rows.profile},
        shows("tasks"),
    ),
    "overdue_tasks": Call(the_oldest_of_all, oldest_is_due),
    "change_task": Call(change_of_task, written),
    "add_task": Call(new_task, answers),
    "find_clients": Call(lambda scene: {"search": scene.now("clients")["email"]}, shows("clients")),
    **dict.fromkeys(("client_page", "client_twins"), Call(its_client, shows("clients"))),
    "write_note": Call(lambda scene: its_booking(scene) | {"note": str(uuid4()), "body": "Late"}, written),
    "take_note_back": Call(lambda scene: its_booking(scene) | {"note": scene.rows.booking_note}, written),
    **dict.fromkeys(("my_team", "team_of_caller", "team_page"), Call(nothing, shows("profiles"))),
    "staff_page": Call(lambda scene: {"person": scene.rows.profile}, shows("profiles")),
    "staff_agents": Call(nothing, shows("profiles")),
    "my_notices": Call(nothing, shows("assignment_notices")),
    "change_staff": Call(change_of_name, answers),
    "change_member": Call(change_of_name, written),
    "set_routing": Call(routing_of_nobody, answers),
    "change_routing": Call(routing_of_nobody, written),
    "change_client": Call(change_of_country, written),
    "merge_clients": Call(two_clients, one_is_gone),
    "merge_pair": Call(two_clients, written),
    "invite": Call(
        lambda _: {"address": f"{uuid4().hex}@invited.example", "its_role": "viewer", "its_name": ""},
        says("invitation"),
    ),
    "renew_invitation": Call(
        lambda scene: {"invitation": scene.rows.invitation, "until": SOON}, says("invitation")
    ),
    "decide_sign_in": Call(lambda _: {"required": False}, written),
    "require_second_factor": Call(lambda _: {"required": False}, not_refused),
}
