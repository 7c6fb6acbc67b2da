"""What becomes of an answer that nobody can read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from supabase import Client

from roamio_web.services.failures import Unavailable, ask
from tests.support.people import ADMIN


def test_answer_that_cannot_be_read_is_none(as_staff: Callable[[str], Client]) -> None:
    profiles = as_staff(ADMIN).table("profiles").select("email")
    assert {"email": ADMIN} in ask(profiles)
    # CSV reaches us as the client hands on whatever is no JSON that it can read.
    with pytest.raises(Unavailable, match="can't be reached right now"):
        ask(profiles.csv())
    assert ADMIN in ask(profiles.csv(), text=True)
