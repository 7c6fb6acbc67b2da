"""Settings, read once from the environment; a missing or bad one stops the start with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

DEVELOPMENT_SECRET = "roamio-development-only"  # noqa: S105 - refused in production
ENVIRONMENTS = ("development", "testing", "production")
MINIMUM_SECRET_LENGTH = 32
MAX_FORM_PARTS = 200
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingsError(Exception):
    """A setting is missing or can't be used; the message says which, and what to do."""


@dataclass(frozen=True)
class Contact:
    """How a traveller reaches Roamio; the phone is an E.164 number."""

    email: str
    phone: str


@dataclass(frozen=True)
class Settings:
    """What changes between a laptop, a test run and production.

    Sizes are bytes, times are seconds. ``supabase_anon_key`` is the public key: nothing stronger belongs in
    the web process.
    """

    supabase_url: str
    supabase_anon_key: str = field(repr=False)
    environment: str = "development"
    secret_key: str = field(default=DEVELOPMENT_SECRET, repr=False)
    trusted_proxies: int = 0
    hosts: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    max_body: int = 256 * 1024
    ticket_age: int = 12 * 60 * 60
    ticket_minimum_age: int = 2
    booking_rate: str = "30 per hour; 10 per minute"
    sign_in_rate: str = "30 per hour; 10 per minute"
    rate_storage: str = "process://"
    contact_email: str = "hello@roamio.example"
    contact_phone: str = "+911140000000"
    metrics_token: str = field(default="", repr=False)
    site_key: str = field(default="", repr=False)
    maintenance: str = ""
    threads: int = 256
    streams_each: int = 20
    log_level: str = "INFO"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def address(self) -> str:
        """Where the site is, for what is drawn without a request: the first of its names."""
        name = self.hosts[0].removeprefix(".") if self.hosts else "localhost"
        return f"{'https' if self.production else 'http'}://{name}"

    @property
    def contact(self) -> Contact:
        return Contact(self.contact_email, self.contact_phone)

    def flask_config(self) -> dict[str, object]:
        """What Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "MAX_CONTENT_LENGTH": self.max_body,
            "MAX_FORM_MEMORY_SIZE": self.max_body,
            "MAX_FORM_PARTS": MAX_FORM_PARTS,
            "TRUSTED_HOSTS": list(self.hosts) or None,
        }

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read every ``ROAMIO_*`` and ``SUPABASE_*`` setting.

        :raise SettingsError: one is missing, malformed, or not allowed in this environment.
        """
        given: dict[str, object] = {
            "supabase_url": _required(environ, "SUPABASE_URL", "the address of the Supabase project"),
            "supabase_anon_key": _required(environ, "SUPABASE_ANON_KEY", "its anon or publishable key"),
        }
        texts = {
            "environment": "ROAMIO_ENV",
            "secret_key": "ROAMIO_SECRET_KEY",
            "booking_rate": "ROAMIO_BOOKING_RATE",
            "sign_in_rate": "ROAMIO_SIGN_IN_RATE",
            "rate_storage": "ROAMIO_RATE_STORAGE",
            "contact_email": "ROAMIO_CONTACT_EMAIL",
            "contact_phone": "ROAMIO_CONTACT_PHONE",
            "log_level": "ROAMIO_LOG_LEVEL",
            "metrics_token": "ROAMIO_METRICS_TOKEN",
            "site_key": "ROAMIO_SITE_KEY",
            "maintenance": "ROAMIO_MAINTENANCE",
        }
        given |= {name: environ[key] for name, key in texts.items() if environ.get(key)}
        numbers = {
            "trusted_proxies": ("ROAMIO_TRUSTED_PROXIES", 0, 10),
            "max_body": ("ROAMIO_MAX_BODY", 16 * 1024, 16 * 1024 * 1024),
            "ticket_age": ("ROAMIO_TICKET_AGE", 60, 7 * 24 * 60 * 60),
            "ticket_minimum_age": ("ROAMIO_TICKET_MINIMUM_AGE", 0, 60),
            "threads": ("ROAMIO_THREADS", 8, 10_000),  # as server.py has it
            "streams_each": ("ROAMIO_STREAMS_EACH", 1, 10_000),
        }
        given |= {
            name: _number(environ, key, low, high)
            for name, (key, low, high) in numbers.items()
            if environ.get(key)
        }
        if environ.get("ROAMIO_HOSTS"):
            given["hosts"] = tuple(environ["ROAMIO_HOSTS"].replace(",", " ").split())
        if environ.get("ROAMIO_EMBED_ORIGINS"):
            given["embed_origins"] = _origins(environ["ROAMIO_EMBED_ORIGINS"])
        settings = cls(**given)  # type: ignore[arg-type]
        settings.check()
        return settings

    def check(self) -> None:
        """:raise SettingsError: the settings contradict each other or are unsafe in this environment."""
        if self.environment not in ENVIRONMENTS:
            raise SettingsError(f"ROAMIO_ENV is {self.environment!r}: use one of {', '.join(ENVIRONMENTS)}.")
        address = urlsplit(self.supabase_url)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise SettingsError(f"SUPABASE_URL is {self.supabase_url!r}: give the project's http(s) address.")
        if self.site_key and len(self.site_key) < MINIMUM_SECRET_LENGTH:
            raise SettingsError("ROAMIO_SITE_KEY is short: give 32 or more random characters.")
        if not self.production:
            return
        if address.hostname in LOOPBACK_HOSTS or address.scheme != "https":
            raise SettingsError("SUPABASE_URL must be an https address of a real project in production.")
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < MINIMUM_SECRET_LENGTH:
            raise SettingsError(
                "Set ROAMIO_SECRET_KEY to 32 or more random characters, for example from "
                "`python -c 'import secrets; print(secrets.token_hex(32))'`."
            )
        if not self.hosts:
            # Addresses in mails and in the pages' heads are built from the name that a request asks for.
            raise SettingsError("Set ROAMIO_HOSTS to the names the site goes by, such as www.example.com.")


def _required(environ: Mapping[str, str], key: str, meaning: str) -> str:
    value = environ.get(key, "").strip()
    if not value:
        raise SettingsError(f"Set {key}: {meaning}. `roamio dev` sets it for you.")
    return value


def _number(environ: Mapping[str, str], key: str, low: int, high: int) -> int:
    try:
        value = int(environ[key])
    except ValueError:
        raise SettingsError(f"{key} is {environ[key]!r}: give a whole number.") from None
    if not low <= value <= high:
        raise SettingsError(f"{key} is {value}: give a number from {low} to {high}.")
    return value


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(text.replace(",", " ").split())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
            raise SettingsError(
                f"ROAMIO_EMBED_ORIGINS has {origin!r}: give origins such as https://www.example.com."
            )
    return origins
