"""Tokens: who can make one, and which are refused."""

from __future__ import annotations

import base64
import json
import time

import jwt
import pytest

from roamio_web.embedded import tokens

SECRET = "the project's own secret, long enough for HS256"
PERSON = {"sub": "5f0c3c4e-0d0e-4c5e-9b1e-1f1f1f1f1f1f", "role": "authenticated", "aud": "authenticated"}


def soon() -> int:
    return int(time.time()) + 60


def by_hand(header: dict[str, str], payload: dict[str, object], signature: str = "") -> str:
    parts = (json.dumps(part).encode() for part in (header, payload))
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), signature])


def test_person_is_who_the_project_said() -> None:
    claims = tokens.verify(tokens.encode(PERSON | {"exp": soon()}, SECRET), SECRET)
    assert (claims.role, claims.sub) == ("authenticated", PERSON["sub"])
    assert claims.raw["aud"] == "authenticated"


def test_visitor_holds_the_public_key() -> None:
    claims = tokens.verify(tokens.api_key("anon", SECRET), SECRET)
    assert (claims.role, claims.sub) == ("anon", None)


@pytest.mark.parametrize(
    ("token", "complaint"),
    [
        (by_hand({"alg": "none", "typ": "JWT"}, {"role": "service_role"}), "alg value is not allowed"),
        (by_hand({"alg": "None", "typ": "JWT"}, {"role": "service_role"}), "alg value is not allowed"),
        (
            jwt.encode({"role": "service_role"}, "somebody else's secret, also long enough", "HS256"),
            "signature",
        ),
        (jwt.encode({"role": "service_role"}, SECRET * 2, "HS512"), "alg value is not allowed"),
        (jwt.encode(PERSON | {"exp": int(time.time()) - 1}, SECRET), "expired"),
        (jwt.encode(PERSON | {"nbf": int(time.time()) + 3600}, SECRET), "not yet valid"),
        (jwt.encode(PERSON | {"aud": "another project"}, SECRET), "audience"),
        (jwt.encode({"role": ["service_role"]}, SECRET), "malformed"),
        ("", "invalid"),
        ("not.a.token", "invalid"),
    ],
)
def test_forger_gets_nowhere(token: str, complaint: str) -> None:
    with pytest.raises(tokens.TokenError, match=complaint):
        tokens.verify(token, SECRET)
