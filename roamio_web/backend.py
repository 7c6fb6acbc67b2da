"""The Supabase clients: the visitor's and the staff member's.

A client is cheap and lives for one request; the pooled HTTP connections under it are shared. Nothing that
is shared ever holds a person's token: a shared client that signs in would turn the next request into
somebody else.
"""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
from supabase import Client, ClientOptions, create_client
from supabase_auth import SyncGoTrueClient, SyncMemoryStorage
from supabase_auth.constants import STORAGE_KEY
from supabase_auth.helpers import decode_jwt
from supabase_auth.types import AuthFlowType, Session, User

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
POOL = httpx.Limits(max_connections=100, max_keepalive_connections=50, keepalive_expiry=60)


class Backend:
    """Makes Supabase clients for one project; one instance a process."""

    def __init__(self, url: str, anon_key: str) -> None:
        self.url = url
        self.anon_key = anon_key
        self._http = httpx.Client(timeout=TIMEOUT, limits=POOL, follow_redirects=False)

    def visitor(self, flow_type: AuthFlowType = "pkce") -> Client:
        """A client that acts as ``anon``: it may insert bookings and nothing else.

        :param flow_type: "implicit" for mail whose link is followed in another browser than this one's.
        """
        return self._client(self.anon_key, flow_type)

    def staff_member(self, access_token: str) -> Client:
        """A client that acts as the person whose token this is; Row Level Security decides what it sees."""
        return self._client(access_token)

    def account(self, access_token: str, refresh_token: str) -> SyncGoTrueClient:
        """Supabase Auth as the person whose session this is.

        Like ``set_session``, without the round trip in which that asks whose it is.

        :raise AuthError: the access token is none.
        """
        claims = decode_jwt(access_token)["payload"]
        user = User(
            id=claims.get("sub", ""), aud="", app_metadata={}, user_metadata={}, created_at=datetime.now(UTC)
        )
        session = Session(
            access_token=access_token,
            refresh_token=refresh_token,
            expires_in=0,
            expires_at=claims.get("exp", 0),
            token_type="bearer",  # noqa: S106 - a kind, not a secret
            user=user,
        )
        kept = SyncMemoryStorage()
        kept.set_item(STORAGE_KEY, session.model_dump_json())
        return self._client(self.anon_key, storage=kept).auth

    def close(self) -> None:
        """Close the pooled connections; clients made before stop working."""
        self._http.close()

    def _client(
        self, token: str, flow_type: AuthFlowType = "pkce", storage: SyncMemoryStorage | None = None
    ) -> Client:
        options = ClientOptions(
            headers={"Authorization": f"Bearer {token}"},
            auto_refresh_token=False,
            persist_session=storage is not None,
            storage=storage or SyncMemoryStorage(),
            postgrest_client_retry=False,
            httpx_client=self._http,
            flow_type=flow_type,
        )
        return create_client(self.url, self.anon_key, options)
