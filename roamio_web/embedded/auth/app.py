"""Auth as a Starlette app, to be mounted at ``/auth/v1``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.routing import Route

from roamio_web.embedded.auth import account, admin, links, public, second_factor, token
from roamio_web.embedded.auth.context import Connection, Context
from roamio_web.embedded.auth.errors import AuthError, database_refused, refused
from roamio_web.embedded.auth.mail import Mailbox
from roamio_web.embedded.settings import GatewaySettings

ROLE = "supabase_auth_admin"  # so that triggers on auth.users fire as they do on a hosted project
ROUTES = [
    Route("/health", public.health),
    Route("/settings", public.settings),
    Route("/.well-known/jwks.json", public.jwks),
    Route("/signup", public.sign_up, methods=["POST"]),
    Route("/token", token.token, methods=["POST"]),
    Route("/user", account.show, methods=["GET"]),
    Route("/user", account.change, methods=["PUT"]),
    Route("/logout", account.sign_out, methods=["POST"]),
    Route("/factors", second_factor.enroll, methods=["POST"]),
    Route("/factors/{factor_id}", second_factor.unenroll, methods=["DELETE"]),
    Route("/factors/{factor_id}/challenge", second_factor.challenge, methods=["POST"]),
    Route("/factors/{factor_id}/verify", second_factor.verify, methods=["POST"]),
    Route("/recover", links.recover, methods=["POST"]),
    Route("/otp", links.otp, methods=["POST"]),
    Route("/resend", links.resend, methods=["POST"]),
    Route("/verify", links.follow, methods=["GET"]),
    Route("/verify", links.verify, methods=["POST"]),
    Route("/invite", admin.invite, methods=["POST"]),
    Route("/admin/generate_link", admin.generate_link, methods=["POST"]),
    Route("/admin/users", admin.list_users, methods=["GET"]),
    Route("/admin/users", admin.create_user, methods=["POST"]),
    Route("/admin/users/{user_id:uuid}", admin.show_user, methods=["GET"]),
    Route("/admin/users/{user_id:uuid}", admin.change_user, methods=["PUT"]),
    Route("/admin/users/{user_id:uuid}", admin.delete_user, methods=["DELETE"]),
    Route("/admin/users/{user_id:uuid}/factors", admin.list_factors, methods=["GET"]),
    Route("/admin/users/{user_id:uuid}/factors/{factor_id}", admin.delete_factor, methods=["DELETE"]),
    Route("/{path:path}", public.unknown, methods=["GET", "POST", "PUT", "DELETE"]),
]


def create_auth(project: GatewaySettings) -> Starlette:
    """Auth for one project; its lifespan must be run by whoever mounts it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            project.dsn(ROLE),
            min_size=1,
            max_size=8,
            open=False,
            kwargs={"row_factory": dict_row},
        )
        async with pool:
            app.state.context = Context(project, pool, Mailbox(project.mail_dir, project.auth.templates))
            yield

    handlers = {AuthError: refused, psycopg.Error: database_refused}
    return Starlette(routes=ROUTES, lifespan=lifespan, exception_handlers=handlers)
