"""What stands before every part of the API: the key check and the size limit."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from roamio_web.embedded import tokens
from roamio_web.embedded.settings import GatewaySettings

TOO_LARGE = "Request size limit exceeded"
# What a browser opens from an e-mail, or a server reads before it holds any key.
OPEN_PATHS = frozenset(
    {
        "/health",
        "/auth/v1/verify",
        "/auth/v1/callback",
        "/auth/v1/authorize",
        "/auth/v1/.well-known/jwks.json",
    }
)


class KeyCheck:
    """Lets in who brings one of the project's keys in ``apikey`` (a header, or the query for a websocket).

    A request without ``Authorization`` then acts with its key, as it does behind Supabase's own gateway.
    """

    def __init__(self, app: ASGIApp, settings: GatewaySettings) -> None:
        self.app = app
        self.secret = settings.jwt_secret
        self.keys = {settings.anon_key, settings.service_role_key}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in OPEN_PATHS:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        key = headers.get("apikey") or QueryParams(scope["query_string"]).get("apikey")
        if not key:
            await _refuse(
                scope,
                receive,
                send,
                "No API key found in request",
                "No `apikey` request header or url param was found.",
            )
        elif not self._is_good(key):
            await _refuse(
                scope,
                receive,
                send,
                "Invalid API key",
                "Double check your Supabase `anon` or `service_role` API key.",
            )
        else:
            if "authorization" not in headers:
                MutableHeaders(scope=scope)["authorization"] = f"Bearer {key}"
            await self.app(scope, receive, send)

    def _is_good(self, key: str) -> bool:
        if key in self.keys:
            return True
        try:
            tokens.verify(key, self.secret)
        except tokens.TokenError:
            return False
        return True


class BodyLimit:
    """Answers 413 to a body of more bytes than ``largest``, announced or not; hands on smaller ones whole."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app = app
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        body = await self._read(receive) if announced.isdecimal() and int(announced) <= self.largest else None
        if body is None:
            await JSONResponse({"message": TOO_LARGE}, 413, {"Connection": "close"})(scope, receive, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_again() -> Message:
            return waiting.pop() if waiting else await receive()

        await self.app(scope, receive_again, send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body, or None when it is too large."""
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self.largest or message["type"] == "http.disconnect":
                return None  # half a body is not acted on
            if not message.get("more_body", False):
                return bytes(body)


async def _refuse(scope: Scope, receive: Receive, send: Send, message: str, hint: str) -> None:
    if scope["type"] == "websocket":
        await WebSocketClose(reason=message)(scope, receive, send)  # before the handshake: a 403
    else:
        await JSONResponse({"message": message, "hint": hint}, 401)(scope, receive, send)
