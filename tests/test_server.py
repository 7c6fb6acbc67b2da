"""The server's settings: what stops the start, and with which sentence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.repository import ROOT

COMPLETE = {"SUPABASE_URL": "http://127.0.0.1:9", "SUPABASE_ANON_KEY": "public"}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Set SUPABASE_URL: "),
        (COMPLETE | {"PORT": "http"}, "PORT is 'http': give a whole number from 0 to 65535."),
        (COMPLETE | {"ROAMIO_THREADS": "0"}, "ROAMIO_THREADS is '0': give a whole number from 8 to 10000."),
        (COMPLETE | {"ROAMIO_ENV": "production"}, "SUPABASE_URL must be an https address"),
    ],
)
def test_operator_with_a_wrong_setting_reads_one_sentence(settings: dict[str, str], sentence: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PORT": "0"} | settings
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:roamio_web.server"]
    done = subprocess.run(
        [*gunicorn, "roamio_web:create_app()"],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if "[INFO]" not in line]
    assert len(said) == 1
    assert said[0].startswith(sentence)
