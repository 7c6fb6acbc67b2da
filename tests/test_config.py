"""The settings: a wrong one stops the start with a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from roamio_web.config import Settings, SettingsError
from tests.support.repository import ROOT

PROJECT = {"SUPABASE_URL": "https://abc.supabase.co", "SUPABASE_ANON_KEY": "anon"}
LIVE = PROJECT | {
    "ROAMIO_ENV": "production",
    "ROAMIO_SECRET_KEY": "s" * 32,
    "ROAMIO_HOSTS": "roamio.example",
}


def test_the_site_starts_with_the_address_of_a_project_and_its_key() -> None:
    settings = Settings.from_environment(PROJECT)
    assert (settings.supabase_url, settings.supabase_anon_key) == ("https://abc.supabase.co", "anon")
    assert settings.environment == "development"
    assert not settings.production


def test_operator_loads_the_example_into_a_shell_as_it_says() -> None:
    printed = 'set -eua; . "$0"; exec "$1" -c "import json, os; print(json.dumps(dict(os.environ)))"'
    command = ["/bin/sh", "-c", printed, str(ROOT / ".env.example"), sys.executable]
    loaded = json.loads(subprocess.run(command, env={}, check=True, capture_output=True).stdout)
    shown = Settings.from_environment(loaded | LIVE)
    usual = Settings.from_environment(LIVE)
    assert shown == replace(usual, trusted_proxies=1, embed_origins=("https://www.partner.example",))


def test_every_setting_is_read() -> None:
    settings = Settings.from_environment(
        LIVE
        | {
            "ROAMIO_TRUSTED_PROXIES": "1",
            "ROAMIO_MAX_BODY": "65536",
            "ROAMIO_TICKET_AGE": "3600",
            "ROAMIO_TICKET_MINIMUM_AGE": "0",
            "ROAMIO_THREADS": "64",
            "ROAMIO_STREAMS_EACH": "5",
            "ROAMIO_BOOKING_RATE": "5 per minute",
            "ROAMIO_HOSTS": "roamio.example, www.roamio.example",
            "ROAMIO_EMBED_ORIGINS": "https://a.example https://b.example:8443",
            "ROAMIO_CONTACT_PHONE": "+911140000001",
            "ROAMIO_METRICS_TOKEN": "secret",
        }
    )
    assert settings.production
    assert (settings.trusted_proxies, settings.max_body) == (1, 65536)
    assert (settings.ticket_age, settings.ticket_minimum_age) == (3600, 0)
    assert (settings.threads, settings.streams_each) == (64, 5)
    assert settings.booking_rate == "5 per minute"
    assert settings.hosts == ("roamio.example", "www.roamio.example")
    assert settings.embed_origins == ("https://a.example", "https://b.example:8443")
    assert settings.contact.phone == "+911140000001"
    assert settings.metrics_token == "secret"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"SUPABASE_URL": ""}, "Set SUPABASE_URL: the address of the Supabase project."),
        ({"SUPABASE_ANON_KEY": " "}, "Set SUPABASE_ANON_KEY: its anon or publishable key."),
        ({"SUPABASE_URL": "abc.supabase.co"}, "give the project's http(s) address"),
        ({"ROAMIO_ENV": "prod"}, "use one of development, testing, production"),
        ({"ROAMIO_MAX_BODY": "big"}, "ROAMIO_MAX_BODY is 'big': give a whole number."),
        ({"ROAMIO_MAX_BODY": "1"}, "give a number from 16384 to"),
        ({"ROAMIO_TRUSTED_PROXIES": "-1"}, "give a number from 0 to 10"),
        ({"ROAMIO_EMBED_ORIGINS": "example.com"}, "give origins such as https://www.example.com"),
        ({"ROAMIO_EMBED_ORIGINS": "https://a.example/page"}, "give origins such as"),
        ({"ROAMIO_ENV": "production"}, "Set ROAMIO_SECRET_KEY to 32 or more random characters"),
        (LIVE | {"ROAMIO_SECRET_KEY": "short"}, "Set ROAMIO_SECRET_KEY"),
        (LIVE | {"SUPABASE_URL": "http://127.0.0.1:54321"}, "https address of a real project in production"),
        (LIVE | {"ROAMIO_HOSTS": ""}, "Set ROAMIO_HOSTS to the names the site goes by"),
        (LIVE | {"SUPABASE_URL": "http://abc.supabase.co"}, "https address of a real project in production"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(PROJECT | given)
    assert sentence in str(refused.value)


def test_no_secret_is_in_what_the_settings_print() -> None:
    settings = Settings.from_environment(
        LIVE | {"SUPABASE_ANON_KEY": "the-key", "ROAMIO_METRICS_TOKEN": "the-token"}
    )
    assert not {"the-key", "the-token", "s" * 32} & set(repr(settings).replace("'", " ").split())
    assert "the-token" not in repr(settings)
