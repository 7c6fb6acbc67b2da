"""The least that Flask can serve, to compare with."""

from __future__ import annotations

import os

from flask import Flask


def create_app() -> Flask:
    """One page of BENCH_LENGTH bytes, and nothing else."""
    app = Flask(__name__)
    body = "x" * int(os.environ["BENCH_LENGTH"])

    @app.get("/")
    @app.get("/healthz")
    def page() -> str:
        return body

    return app
