"""The REST API as an ASGI application."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator

import psycopg
from psycopg_pool import PoolTimeout
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from roamio_web.embedded.rest import errors
from roamio_web.embedded.rest.answers import error_answer
from roamio_web.embedded.rest.calling import call_answer, call_work
from roamio_web.embedded.rest.database_errors import from_database
from roamio_web.embedded.rest.errors import RestError
from roamio_web.embedded.rest.identity import Identities, Identity
from roamio_web.embedded.rest.payload import LARGEST_BODY
from roamio_web.embedded.rest.reading import read_answer, read_work, table_at
from roamio_web.embedded.rest.request import ApiRequest, Target, read_request, read_target
from roamio_web.embedded.rest.schema_cache import SchemaCache
from roamio_web.embedded.rest.transaction import make_pool, run
from roamio_web.embedded.rest.writing import write_answer, write_work
from roamio_web.embedded.settings import GatewaySettings

logger = logging.getLogger(__name__)

LOGIN_ROLE = "authenticator"
MISSING = frozenset({"PGRST200", "PGRST202", "PGRST204", "PGRST205"})


def create_rest(settings: GatewaySettings) -> Starlette:
    """The API for a project; it lives, with its connections, while the application's lifespan does."""
    rest = Rest(settings)
    return Starlette(routes=[Route("/{path:path}", endpoint=rest)], lifespan=rest.lifespan)


class Rest:
    """Answers requests."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        self._identities = Identities(settings)
        self._pool = make_pool(settings.dsn(LOGIN_ROLE))
        # Connections remember statements by the types that columns had: new types, new connections.
        self._cache = SchemaCache(settings.dsn(LOGIN_ROLE), settings.schemas, self._pool.drain)

    @contextlib.asynccontextmanager
    async def lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        """Hold the connections and the catalog."""
        async with self._pool, self._cache.kept():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except RestError as error:
            response = error_answer(error, head=request.method == "HEAD")
        except ClientDisconnect:
            return
        except Exception:
            logger.exception("A REST request failed in a way that nobody foresaw")
            unforeseen = RestError(500, "PGRSTX00", "Internal server error")
            response = error_answer(unforeseen, head=request.method == "HEAD")
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        identity = self._identities.of(request.headers.get("authorization"))
        path = request.path_params["path"]
        target = read_target(request.method, path, request.headers, self._settings.schemas)
        if target.kind == "root":
            return JSONResponse(_description(target), media_type="application/openapi+json")
        body = await _body(request) if request.method in ("POST", "PATCH", "PUT") else b""
        return await self._carry_out(request, target, body, identity)

    async def _carry_out(self, request: Request, target: Target, body: bytes, identity: Identity) -> Response:
        query = request.scope["query_string"]
        api = read_request(
            request.method, target, query, request.headers, body, identity, f"/{request.path_params['path']}"
        )
        try:
            try:
                return await self._run(api)
            except RestError as error:
                if error.code not in MISSING:
                    raise
                await self._cache.look_again()
            return await self._run(api)
        except (psycopg.Error, PoolTimeout) as error:
            raise from_database(error, authenticated=identity.authenticated) from error

    async def _run(self, request: ApiRequest) -> Response:
        catalog, most = self._cache.catalog, self._settings.max_rows
        if request.method == "OPTIONS":
            return _allowed(request, self._cache)
        if request.target.kind == "function":
            work, node, routine = call_work(request, catalog, most)
            return call_answer(request, node, routine, await run(self._pool, work))
        if request.method in ("GET", "HEAD"):
            work, node = read_work(request, catalog, most)
            return read_answer(request, node, await run(self._pool, work), most)
        return write_answer(request, await run(self._pool, write_work(request, catalog)))


async def _body(request: Request) -> bytes:
    """The whole body.

    :raise RestError: 413, it is longer than any that is taken.
    """
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise RestError(413, "PGRST102", f"Body longer than {LARGEST_BODY} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _allowed(request: ApiRequest, cache: SchemaCache) -> Response:
    methods = "OPTIONS,GET,HEAD,POST"
    if request.target.kind == "table":
        table_at(cache.catalog, request.at)
        methods += ",PUT,PATCH,DELETE"
    elif request.at not in cache.catalog.routines:
        raise errors.RestError(404, "PGRST202", f"Could not find the function {request.at.name}")
    return Response(headers={"Allow": methods, "Access-Control-Allow-Origin": "*"})


def _description(target: Target) -> dict[str, object]:
    return {
        "swagger": "2.0",
        "info": {"title": f"{target.at.schema} schema", "description": "", "version": "embedded"},
        "paths": {},
    }
