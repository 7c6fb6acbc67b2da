"""What was given to somebody of late."""

from __future__ import annotations

from supabase import Client

from roamio_web.models.notice import Notice
from roamio_web.services.failures import ask


def read_notices(client: Client) -> tuple[Notice, ...]:
    """Read what this person was given within a day and still has, newest first.

    :raise TokenRefused, Unavailable: as ``named_failures``.
    """
    return tuple(Notice.from_row(row) for row in ask(client.rpc("my_notices")))
