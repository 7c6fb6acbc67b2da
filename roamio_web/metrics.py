"""Counters for a monitoring system: how many, how fast, how it ended. Nothing about anybody."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import cache, partial

from flask import Flask, Response, current_app, g
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from roamio_web.logs import method, once_sent, route

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


def init_app(app: Flask) -> None:
    """Count each request and how long it took."""
    metrics = app.extensions["roamio.metrics"] = Metrics()

    # There are only so many of each; to look one up by its labels takes longer than to count.
    requests, seconds = cache(metrics.requests.labels), cache(metrics.seconds.labels)

    def count(asked: str, how: str, status: int, took: float | None) -> None:
        requests(asked, how, status).inc()
        if took is not None:
            seconds(asked).observe(took)

    @app.after_request
    def count_afterwards(response: Response) -> Response:
        started = g.get("request_started")
        took = time.perf_counter() - started if started else None
        return once_sent(response, partial(count, route(), method(), response.status_code, took))


def count_booking(purpose: str, outcome: str) -> None:
    """Count one booking form: received, again, wrong, expired, limited, refused or unavailable."""
    current_app.extensions["roamio.metrics"].bookings.labels(purpose, outcome).inc()


def counted_stream(metrics: Metrics, events: Iterator[str]) -> Iterator[str]:
    """The same events; while they last, there is one open stream more."""
    with metrics.streams.track_inprogress():
        yield from events
