"""Counters for a monitoring system: how many, how fast, how it ended. Nothing about anybody."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

from flask import Flask, current_app
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from roamio_web.logs import Count

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """This process's counters; with ``PROMETHEUS_MULTIPROC_DIR`` set, those of all workers are read."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "roamio_requests", "Requests answered", ("route", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "roamio_request_seconds", "Time to answer a request", ("route",), registry=self.registry
        )
        self.bookings = Counter(
            "roamio_bookings", "Booking forms sent in", ("purpose", "outcome"), registry=self.registry
        )
        self.streams = Gauge(
            "roamio_open_streams",
            "Staff pages that listen for changes",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def text(self) -> bytes:
        """All counters in Prometheus' text format."""
        if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            return generate_latest(self.registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


def init_app(app: Flask) -> Count:
    """Start counting; what is returned counts a request, and how long it took."""
    metrics = app.extensions["roamio.metrics"] = Metrics()

    # There are only so many of each; to look one up by its labels takes longer than to count.
    requests, seconds = cache(metrics.requests.labels), cache(metrics.seconds.labels)

    def count(route: str, method: str, status: int, took: float | None) -> None:
        requests(route, method, status).inc()
        if took is not None:
            seconds(route).observe(took)

    return count


def count_booking(purpose: str, outcome: str) -> None:
    """Count one booking form: received, again, wrong, expired, limited, refused or unavailable."""
    current_app.extensions["roamio.metrics"].bookings.labels(purpose, outcome).inc()


def counted_stream(metrics: Metrics, events: Iterator[str]) -> Iterator[str]:
    """The same events; while they last, there is one open stream more."""
    with metrics.streams.track_inprogress():
        yield from events
