"""Two admins at the same person, twice the same click, and somebody who is no admin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from supabase import Client

from roamio_web.models.staff import Role
from roamio_web.models.team import Standing
from roamio_web.services import team
from roamio_web.services.failures import NotFound, Refused
from roamio_web.services.team import Handed, MemberMovedOn
from tests.support.at_once import only_winner
from tests.support.colleagues import make_colleague, profile_of
from tests.support.factories import Database
from tests.support.people import ADMIN, AGENT

As = Callable[[str], Client]


def test_of_two_admins_at_once_exactly_one_wins(as_staff: As, database: Database) -> None:
    person = make_colleague(database, "viewer")
    seen = team.read_person(as_staff(ADMIN), person.id).row.standing
    move = {
        role: partial(team.change, as_staff(ADMIN), person.id, seen, replace(seen, role=role))
        for role in (Role.FINANCE, Role.OPERATIONS)
    }
    winner = only_winner(move, MemberMovedOn)
    assert profile_of(database, person)["role"] == winner


def test_agent_finds_themselves_and_changes_nobody(as_staff: As, database: Database) -> None:
    person = make_colleague(database, "viewer")
    before = profile_of(database, person)
    agent = as_staff(AGENT)
    with pytest.raises(NotFound):
        team.read_person(agent, person.id)
    myself = next(row for row in team.read_team(agent).people)
    seen = myself.standing
    with pytest.raises(Refused, match="does not allow"):
        team.change(agent, myself.member.id, seen, replace(seen, role=Role.ADMIN))
    with pytest.raises(NotFound):
        team.change(
            agent, person.id, Standing(person.name, Role.VIEWER, True), Standing("X", Role.ADMIN, True)
        )
    assert profile_of(database, person) == before


def test_second_click_hands_nothing_over_twice(as_staff: As, database: Database) -> None:
    person, admin = make_colleague(database), as_staff(ADMIN)
    seen = team.read_person(admin, person.id).row.standing
    gone = replace(seen, active=False)
    assert [team.change(admin, person.id, seen, gone) for _ in range(2)] == [Handed(0, 0)] * 2
