"""A task, and where it can go."""

from __future__ import annotations

import pytest

from roamio_web.models.task import BOARD, TaskStatus


@pytest.mark.parametrize("status", list(TaskStatus))
def test_buttons_lead_wherever_a_card_can_be_dragged(status: TaskStatus) -> None:
    steps = [step.status for step in status.next_steps]
    assert sorted(steps) == sorted(set(BOARD) - {status})
    actions = [step.action for step in status.next_steps]
    assert len(set(actions)) == len(actions)
