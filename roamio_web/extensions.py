"""The Flask extensions, made here and bound to an app in ``create_app``."""

from __future__ import annotations

import time
from functools import cache
from ipaddress import ip_address, ip_network
from math import ceil

from flask import Flask, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from htmx_flask import Htmx
from limits import RateLimitItem, parse, parse_many
from limits.errors import StorageError

from roamio_web import counters as counters  # process:// is known once this is imported
from roamio_web import logs


def visitor_address() -> str:
    """Whose requests are counted together: an IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


class NamedLimits(Limiter):
    """Limits the views that name a limit. These check it themselves, so no other request is looked at."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


csrf = CSRFProtect()
htmx = Htmx()
limiter = NamedLimits(visitor_address, headers_enabled=True)
AN_HOUR = parse("1 per hour")


def init_app(app: Flask) -> None:
    """Bind every extension to this app."""
    csrf.init_app(app)
    htmx.init_app(app)
    limiter.init_app(app)


def seconds_to_wait(rate: str, scope: str) -> int:
    """Count one more try of this visitor; how long to wait if that is too many, else nought.

    For views that answer a hasty visitor themselves, with everything that was typed. While the store
    of the counts is down, nobody waits: the database has a limit of its own.
    """
    try:
        for limit in _limits(rate):
            if not limiter.limiter.hit(limit, scope, visitor_address()):
                free_at = limiter.limiter.get_window_stats(limit, scope, visitor_address()).reset_time
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
        return limiter.storage.incr(AN_HOUR.key_for(scope, what), AN_HOUR.get_expiry())
    except StorageError as error:
        logs.exception(error)
        return 0
