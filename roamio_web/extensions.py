"""The Flask extensions, and the counts of rate limits; bound to an app in ``create_app``."""

from __future__ import annotations

import time
from functools import cache
from ipaddress import ip_address, ip_network
from math import ceil
from typing import cast

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from limits import RateLimitItem, parse, parse_many
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from roamio_web import counters as counters  # process:// is known once this is imported
from roamio_web import logs
from roamio_web.config import Settings

csrf = CSRFProtect()
htmx = Htmx()
AN_HOUR = parse("1 per hour")


def visitor_address() -> str:
    """Whose requests are counted together: an IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind every extension to this app, and open the store of its counts."""
    csrf.init_app(app)
    htmx.init_app(app)
    # A store that is down is one kind of error, whatever it is.
    store = storage_from_string(settings.rate_storage, wrap_exceptions=True)
    app.extensions["roamio.rates"] = FixedWindowRateLimiter(store)


def rates() -> RateLimiter:
    """What this app counts for its rate limits. Views count what they limit, so no other request pays for it.

    Each call may raise a ``StorageError``: then the store is down, which stops nobody.
    """
    return cast(RateLimiter, current_app.extensions["roamio.rates"])


def seconds_to_wait(rate: str, scope: str) -> int:
    """Count one more try of this visitor; how long to wait if that is too many, else nought.

    For views that answer a hasty visitor themselves, with everything that was typed. While the store
    of the counts is down, nobody waits: the database has a limit of its own.
    """
    try:
        for limit in _limits(rate):
            if not rates().hit(limit, scope, visitor_address()):
                free_at = rates().get_window_stats(limit, scope, visitor_address()).reset_time
                return max(1, ceil(free_at - time.time()))
    except StorageError as error:
        logs.exception(error)
    return 0


@cache
def _limits(rate: str) -> tuple[RateLimitItem, ...]:
    return tuple(parse_many(rate))


def times_seen(scope: str, what: str) -> int:
    """Count this once more; how often it was seen within the hour, or nought while the counts are down."""
    try:
        return rates().storage.incr(AN_HOUR.key_for(scope, what), AN_HOUR.get_expiry())
    except StorageError as error:
        logs.exception(error)
        return 0
