"""An operator's access to a Supabase project, with the service key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from postgrest import APIError
from supabase import AuthError, Client, ClientOptions, SupabaseException, create_client

from roamio_web.embedded.errors import BackendError


@contextmanager
def operator_client() -> Iterator[Client]:
    """A client with the service key.

    :raise BackendError: the environment doesn't name the project and its key.
    """
    url, key = os.environ.get("SUPABASE_URL", ""), os.environ.get("SUPABASE_SERVICE_ROLE_KEY", "")
    if not url or not key:
        raise BackendError(
            "Set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY: the project's address and its service key."
        )
    with httpx.Client(timeout=30) as http:
        yield create_client(
            url, key, ClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=http)
        )


@contextmanager
def reaching(what_failed: str) -> Iterator[None]:
    """Turn what the project answers, or that it doesn't, into one sentence.

    :raise BackendError: the project refused, or could not be reached.
    """
    try:
        yield
    except (APIError, AuthError, SupabaseException, httpx.HTTPError) as error:
        raise BackendError(f"{what_failed}: {getattr(error, 'message', None) or error}") from error
