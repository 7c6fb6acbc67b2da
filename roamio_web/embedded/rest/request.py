"""What one HTTP request asks of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Literal

from starlette.datastructures import Headers

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.catalog import Catalog, Name
from roamio_web.embedded.rest.identity import Identity
from roamio_web.embedded.rest.media import Media, choose_media
from roamio_web.embedded.rest.preferences import Preferences, parse_preferences
from roamio_web.embedded.rest.query_string import parse_query, refuse_zero_byte
from roamio_web.embedded.rest.ranges import WHOLE, narrow
from roamio_web.embedded.rest.sql import qualified, quote
from roamio_web.embedded.rest.syntax import Query, Window

READS = frozenset({"GET", "HEAD", "OPTIONS"})
TABLE_METHODS = READS | {"POST", "PATCH", "PUT", "DELETE"}
FUNCTION_METHODS = READS | {"POST"}
EXTRA_SEARCH_PATH = ("public", "extensions")  # as a Supabase project has it
Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What the path and the profile header name: the API's root, a table or view, or a function."""

    kind: Literal["root", "table", "function"]
    at: Name
    profile: str | None


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request, read."""

    method: str
    target: Target
    query: Query
    preferences: Preferences
    media: Media
    headers: Headers
    body: bytes
    identity: Identity
    path: str

    @property
    def at(self) -> Name:
        return self.target.at

    @property
    def is_head(self) -> bool:
        return self.method == "HEAD"

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def window(self) -> Window:
        """The rows of the root that are asked for, before the project's own limit."""
        window = self.query.windows.get((), WHOLE)
        return narrow(window, self.headers.get("range")) if self.method == "GET" else window

    def settings(self, catalog: Catalog) -> Settings:
        """What is set for the transaction; a role's own settings while the role may still set them."""
        path = dict.fromkeys((self.at.schema, *EXTRA_SEARCH_PATH))
        known = [
            ("search_path", ", ".join(quote(schema) for schema in path)),
            *catalog.role_settings.get(self.identity.role, ()),
            ("role", self.identity.role),
            ("request.jwt.claims", self.identity.claims),
            ("request.method", self.method),
            ("request.path", self.path),
            ("request.headers", json.dumps({k: v for k, v in self.headers.items() if k != "cookie"})),
            ("request.cookies", json.dumps(_cookies(self.headers.get("cookie")))),
        ]
        if self.preferences.timezone:
            known.append(("timezone", self.preferences.timezone))
        return tuple(known)


def pre_request(catalog: Catalog) -> str | None:
    """SQL that calls the project's own check of every request, if it has one."""
    return f"select {qualified(catalog.pre_request)}()" if catalog.pre_request else None


def read_target(method: str, path: str, headers: Headers, schemas: tuple[str, ...]) -> Target:
    """What the request is about.

    :raise RestError: PGRST106, the schema is not exposed; PGRST117 or 101, nothing takes that method;
        PGRST125, the path leads nowhere.
    """
    refuse_zero_byte(path)
    parts = path.strip("/").split("/")
    profile = headers.get("accept-profile" if method in READS else "content-profile")
    if profile is not None and profile not in schemas:
        raise errors.unknown_schema(profile, schemas)
    schema = profile or schemas[0]
    said = schema if profile or len(schemas) > 1 else None
    if parts == [""]:
        if method not in READS:
            raise errors.unsupported_method(method)
        return Target("root", Name(schema, ""), said)
    if len(parts) == 2 and parts[0] == "rpc":
        if method not in FUNCTION_METHODS:
            raise errors.wrong_method_for_function(method)
        return Target("function", Name(schema, parts[1]), said)
    if len(parts) != 1:
        raise errors.invalid_path()
    if method not in TABLE_METHODS:
        raise errors.unsupported_method(method)
    return Target("table", Name(schema, parts[0]), said)


def read_request(
    method: str,
    target: Target,
    raw_query: bytes,
    headers: Headers,
    body: bytes,
    identity: Identity,
    path: str,
) -> ApiRequest:
    """:raise RestError: part of the request can't be understood, or is not to be had."""
    preferences = parse_preferences(headers.getlist("prefer"))
    request = ApiRequest(
        method,
        target,
        parse_query(raw_query, call=target.kind == "function" and method in ("GET", "HEAD")),
        preferences,
        choose_media(headers.get("accept")),
        headers,
        body,
        identity,
        path,
    )
    if preferences.strict and preferences.invalid:
        raise errors.invalid_preferences(preferences.invalid)
    return request


def _cookies(header: str | None) -> dict[str, str]:
    if not header:
        return {}
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
