"""What the parts of the gateway are given."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from roamio_web.embedded.durations import parse_duration
from roamio_web.embedded.errors import BackendError

SUPABASE = Path(__file__).resolve().parents[2] / "supabase"


@dataclass(frozen=True)
class MailTemplate:
    """How a mail of one kind reads: HTML with places like ``{{ .TokenHash }}``."""

    subject: str
    content: str


@dataclass(frozen=True)
class AuthSettings:
    """Section ``[auth]`` of ``supabase/config.toml``; times are seconds."""

    site_url: str = "http://127.0.0.1:8000"
    additional_redirect_urls: tuple[str, ...] = ()
    jwt_expiry: int = 3600
    enable_signup: bool = True
    enable_email_signup: bool = True
    confirm_email: bool = True
    minimum_password_length: int = 8
    refresh_token_reuse_interval: int = 10
    otp_length: int = 6
    otp_expiry: int = 3600
    email_frequency: float = 60.0
    secure_password_change: bool = False
    totp: bool = False
    before_user_created: tuple[str, str] | None = None  # schema and function of the hook
    templates: Mapping[str, MailTemplate] = field(default_factory=dict)


@dataclass(frozen=True)
class GatewaySettings:
    """What REST, Auth and Realtime need to know; ``dsn`` tells how to connect as a role."""

    api_url: str
    jwt_secret: str = field(repr=False)
    anon_key: str = field(repr=False)
    service_role_key: str = field(repr=False)
    dsn: Callable[[str], str] = field(repr=False)
    mail_dir: Path
    schemas: tuple[str, ...] = ("public", "graphql_public")
    max_rows: int | None = 1000
    auth: AuthSettings = AuthSettings()


@dataclass(frozen=True)
class ProjectConfig:
    """What ``supabase/config.toml`` says that this backend understands."""

    auth: AuthSettings
    schemas: tuple[str, ...]
    max_rows: int | None


def read_config(folder: Path = SUPABASE) -> ProjectConfig:
    """Read ``config.toml``; what it leaves out is as the Supabase CLI has it.

    :raise BackendError: it is not TOML, or a value is of the wrong kind.
    """
    path = folder / "config.toml"
    try:
        config = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        api, auth = config.get("api", {}), config.get("auth", {})
        email = auth.get("email", {})
        given: dict[str, Any] = {
            "site_url": auth.get("site_url"),
            "additional_redirect_urls": tuple(auth.get("additional_redirect_urls", ())),
            "jwt_expiry": auth.get("jwt_expiry"),
            "enable_signup": auth.get("enable_signup"),
            "minimum_password_length": auth.get("minimum_password_length"),
            "refresh_token_reuse_interval": auth.get("refresh_token_reuse_interval"),
            "enable_email_signup": email.get("enable_signup"),
            "confirm_email": email.get("enable_confirmations"),
            "otp_length": email.get("otp_length"),
            "otp_expiry": email.get("otp_expiry"),
            "email_frequency": _seconds(email.get("max_frequency")),
            "secure_password_change": email.get("secure_password_change"),
            "totp": auth.get("mfa", {}).get("totp", {}).get("enroll_enabled"),
            "templates": _templates(email.get("template", {}), folder),
            "before_user_created": _function(auth.get("hook", {}).get("before_user_created", {})),
        }
        return ProjectConfig(
            auth=AuthSettings(**{name: value for name, value in given.items() if value is not None}),
            schemas=tuple(api.get("schemas", ("public", "graphql_public"))),
            max_rows=api.get("max_rows", 1000),
        )
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise BackendError(f"{path} can't be read: {error}") from error


def _seconds(duration: str | None) -> float | None:
    """A duration as Go writes them, such as ``1m30s``; None stays None."""
    return None if duration is None else parse_duration(duration)


def _templates(given: dict[str, dict[str, str]], folder: Path) -> dict[str, MailTemplate]:
    """The mail templates; like the CLI, this looks for their files from the project's folder on."""
    return {
        name: MailTemplate(
            each.get("subject", ""), (folder.parent / each["content_path"]).read_text(encoding="utf-8")
        )
        for name, each in given.items()
        if each.get("content_path")
    }


def _function(hook: dict[str, Any]) -> tuple[str, str] | None:
    """The schema and the function that a hook names as ``pg-functions://postgres/schema/function``."""
    if not hook.get("enabled"):
        return None
    parts = urlsplit(hook["uri"])
    schema, _, function = parts.path.strip("/").partition("/")
    if parts.scheme != "pg-functions" or not schema or not function:
        raise ValueError(f"this backend knows no hook like {hook['uri']!r}")
    return schema, function
