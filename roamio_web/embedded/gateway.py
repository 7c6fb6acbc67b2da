"""The door before the database: Supabase's API under one address, each part where the client expects it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from roamio_web.embedded.auth import create_auth
from roamio_web.embedded.guards import BodyLimit, KeyCheck
from roamio_web.embedded.realtime import create_realtime
from roamio_web.embedded.rest import create_rest
from roamio_web.embedded.settings import GatewaySettings

PARTS = {"/rest/v1": create_rest, "/auth/v1": create_auth, "/realtime/v1": create_realtime}
LARGEST_BODY = 10 * 1024 * 1024
EXPOSED_HEADERS = ("Content-Range", "Content-Location", "Location", "Content-Profile", "Range-Unit")


def create_gateway(settings: GatewaySettings) -> Starlette:
    """The whole API of one project, as an ASGI app."""
    parts = {path: create(settings) for path, create in PARTS.items()}

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for part in parts.values():
                await stack.enter_async_context(part.router.lifespan_context(part))
            yield

    routes: list[BaseRoute] = [Route("/health", _health)]
    routes += [Mount(path, part) for path, part in parts.items()]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={404: _no_route},
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["*"],
                allow_headers=["*"],
                expose_headers=EXPOSED_HEADERS,
                max_age=3600,
            ),
            Middleware(BodyLimit, largest=LARGEST_BODY),
            Middleware(KeyCheck, settings=settings),
        ],
    )


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _no_route(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"message": "no Route matched with those values"}, 404)
