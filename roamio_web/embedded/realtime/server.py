"""The websocket and the HTTP door of Realtime, as a Starlette app to be mounted at ``/realtime/v1``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from roamio_web.embedded.realtime.authorization import BROADCAST, Authorizer
from roamio_web.embedded.realtime.broadcasts import DatabaseBroadcasts
from roamio_web.embedded.realtime.changes.feed import ChangeFeed
from roamio_web.embedded.realtime.connection import Connection
from roamio_web.embedded.realtime.credentials import Credentials, Refused, identify
from roamio_web.embedded.realtime.presence import Presence
from roamio_web.embedded.realtime.protocol import VERSIONS
from roamio_web.embedded.realtime.services import Services
from roamio_web.embedded.realtime.topics import Address, Topics
from roamio_web.embedded.settings import GatewaySettings

POOL_SIZE = 4
SUPERUSER = "supabase_admin"


def create_realtime(settings: GatewaySettings) -> Starlette:
    """The Realtime server of one project; its lifespan must be run by whoever mounts it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        dsn = settings.dsn(SUPERUSER)
        pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            dsn, min_size=1, max_size=POOL_SIZE, open=False, kwargs={"autocommit": True}
        )
        connections: set[Connection] = set()

        def cut_off_everyone() -> None:
            for connection in connections:
                connection.cut_off()

        async with pool:
            topics = Topics()
            broadcasts = DatabaseBroadcasts(dsn, pool, topics, cut_off_everyone)
            changes = ChangeFeed(dsn)
            app.state.connections = connections
            app.state.services = Services(
                settings.jwt_secret, pool, Authorizer(pool), topics, Presence(topics), broadcasts, changes
            )
            tasks = [asyncio.create_task(broadcasts.run()), asyncio.create_task(broadcasts.sweep())]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await changes.close()

    routes = [
        WebSocketRoute("/websocket", _websocket),
        Route("/api/broadcast", _broadcast_many, methods=["POST"]),
        Route("/api/broadcast/{topic}/events/{event}", _broadcast_one, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _websocket(websocket: WebSocket) -> None:
    services: Services = websocket.app.state.services
    version = websocket.query_params.get("vsn", VERSIONS[0])
    try:
        own = _caller(websocket, services)
        if version not in VERSIONS:
            raise Refused(f"Protocol {version} is not spoken here: use one of {', '.join(VERSIONS)}")
    except Refused as error:
        await websocket.send_denial_response(JSONResponse({"error": str(error)}, 401))
        return
    connection = Connection(websocket, services, own, version)
    websocket.app.state.connections.add(connection)
    try:
        await connection.run()
    finally:
        websocket.app.state.connections.discard(connection)


async def _broadcast_many(request: Request) -> Response:
    """Send ``{"messages": [{topic, event, payload, private}]}``; what the caller may not send is left out."""
    try:
        caller = _caller(request, request.app.state.services)
        messages = (await request.json())["messages"]
        for message in messages:
            if not (isinstance(message["topic"], str) and isinstance(message["event"], str)):
                raise TypeError
            message["payload"] = dict(message["payload"])
    except Refused as error:
        return JSONResponse({"error": str(error)}, 401)
    except (ValueError, TypeError, KeyError):
        return JSONResponse({"errors": {"messages": ["need topic, event and payload"]}}, 422)
    for message in messages:
        private = message.get("private") is True
        await _send(request, caller, message["topic"], message["event"], message["payload"], private)
    return Response(status_code=202)


async def _broadcast_one(request: Request) -> Response:
    """Send the body, any JSON, as one message."""
    try:
        caller = _caller(request, request.app.state.services)
        payload = await request.json()
    except Refused as error:
        return JSONResponse({"error": str(error)}, 401)
    except ValueError:
        return JSONResponse({"error": "The body is no JSON; binary payloads are not spoken here"}, 415)
    topic, event = request.path_params["topic"], request.path_params["event"]
    await _send(request, caller, topic, event, payload, request.query_params.get("private") == "true")
    return Response(status_code=202)


async def _send(
    request: Request, caller: Credentials, topic: str, event: str, payload: Any, private: bool
) -> None:
    services: Services = request.app.state.services
    if private and not await services.authorizer.may_write(caller.person, topic, BROADCAST):
        return
    body = {"event": event, "payload": payload, "type": "broadcast"}
    services.topics.broadcast(Address(topic, private), body)


def _caller(request: HTTPConnection, services: Services) -> Credentials:
    """:raise Refused: no key, or one that is no good."""
    authorization = request.headers.get("authorization", "")
    key = request.headers.get("x-api-key") or request.query_params.get("apikey")
    if request.scope["type"] == "http":
        key = authorization.removeprefix("Bearer ") or request.headers.get("apikey") or key
    if not key:
        raise Refused("API key is missing")
    return identify(key, services.jwt_secret, dict(request.headers))
