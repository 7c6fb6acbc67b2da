"""``/factors``: setting up a second factor (TOTP), being asked for it, and taking it away."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import urlsplit

import pyotp
import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from roamio_web.embedded.auth import factors, sessions
from roamio_web.embedded.auth.context import body, context, text
from roamio_web.embedded.auth.errors import AuthError, invalid, not_spoken
from roamio_web.embedded.auth.owner import whose

TOLERANCE = 1  # periods of 30 seconds by which a clock may be wrong
CODE = re.compile(r"\d{6}", re.ASCII)


async def enroll(request: Request) -> Response:
    """Begin to set up an authenticator app: its secret, as text and as a QR code."""
    ctx, fields = context(request), await body(request)
    kind, name = text(fields, "factor_type"), text(fields, "friendly_name")
    if kind in ("phone", "webauthn"):
        raise not_spoken(f"a second factor of type {kind!r}")
    if kind != "totp":
        raise invalid("factor_type needs to be totp, phone, or webauthn")
    if not ctx.settings.totp:
        raise AuthError(422, "mfa_totp_enroll_not_enabled", "MFA enroll is disabled for TOTP")
    issuer = text(fields, "issuer") or urlsplit(ctx.settings.site_url).netloc
    secret = pyotp.random_base32()
    async with ctx.transaction() as connection:
        user, session = await whose(request, connection)
        factor = await factors.add(connection, user, name, secret, session["aal"])
    uri = pyotp.TOTP(secret).provisioning_uri(name=user["email"] or "", issuer_name=issuer)
    return JSONResponse(
        {
            "id": str(factor["id"]),
            "type": "totp",
            "friendly_name": name,
            "totp": {"qr_code": _picture(uri), "secret": secret, "uri": uri},
        },
        headers={"Cache-Control": "no-store"},
    )


async def challenge(request: Request) -> Response:
    """Ask for the factor's code."""
    ctx = context(request)
    async with ctx.transaction() as connection:
        user, _session = await whose(request, connection)
        factor = await factors.find(connection, user, request.path_params["factor_id"])
        asked = await factors.challenge(connection, factor, _address(request))
    return JSONResponse({"id": str(asked["id"]), "type": "totp", "expires_at": asked["expires_at"]})


async def verify(request: Request) -> Response:
    """Exchange the factor's code for a session of level ``aal2``; the person's lesser sessions end."""
    ctx, fields = context(request), await body(request)
    code = text(fields, "code")
    if not code:
        raise invalid("Code needs to be non-empty")
    async with ctx.transaction() as connection:
        user, session = await whose(request, connection)
        factor = await factors.find(connection, user, request.path_params["factor_id"])
        asked = await factors.open_challenge(
            connection, factor, text(fields, "challenge_id"), _address(request)
        )
        if not CODE.fullmatch(code) or not pyotp.TOTP(factor["secret"]).verify(code, valid_window=TOLERANCE):
            raise AuthError(422, "mfa_verification_failed", "Invalid TOTP code entered")
        await factors.verified(connection, factor, asked)
        answer = await sessions.raise_to_aal2(ctx, connection, user, session, factor["id"])
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


async def unenroll(request: Request) -> Response:
    """Take a factor away; a verified one only from a session in which a factor was shown."""
    async with context(request).transaction() as connection:
        user, session = await whose(request, connection)
        factor = await factors.find(connection, user, request.path_params["factor_id"])
        if factor["status"] == "verified" and session["aal"] != "aal2":
            raise AuthError(422, "insufficient_aal", "AAL2 required to unenroll verified factor")
        await factors.remove(connection, factor)
    return JSONResponse({"id": str(factor["id"])})


def _address(request: Request) -> str:
    return request.client.host if request.client else "0.0.0.0"  # noqa: S104 - no address to listen on


def _picture(uri: str) -> str:
    """The address as a QR code in SVG."""
    drawn = BytesIO()
    segno.make(uri, micro=False).save(drawn, kind="svg", scale=3, xmldecl=False)
    return drawn.getvalue().decode()
