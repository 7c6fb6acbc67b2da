"""What a request has done in the same round trip that asks Supabase who is there.

For views that need another round trip after it, to Supabase Auth. The database decides whether it is done,
before anybody here knows who asked.
"""

from __future__ import annotations

from typing import Any, cast

from flask import g

from roamio_web.models.errand import Errand


def send_along(errand: Errand) -> None:
    """Have this done. To be said before the request asks who is there."""
    g.staff_errand = errand


def sent() -> Errand | None:
    """What is to be done, if anything."""
    return cast("Errand | None", g.get("staff_errand"))


def brought() -> dict[str, Any]:
    """What the errand's function answered.

    :raise LookupError: there was none, or it was not done.
    """
    errand = sent()
    if errand is None or errand.answer is None:
        raise LookupError("Nothing was sent along.")
    return errand.answer
