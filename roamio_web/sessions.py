"""Who is signed in: Supabase Auth's tokens in Flask's signed session cookie.

The cookie is HttpOnly and SameSite=Lax; in production it is Secure and carries the ``__Host-`` prefix. The
tokens say who somebody is; what they may do is read from the database in every request, so a role that was
taken away a second ago is gone now.
"""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass
from typing import cast

from flask import Flask, Response, current_app, flash, g, redirect, request, session, url_for
from supabase import Client
from werkzeug.exceptions import ServiceUnavailable

from roamio_web import errands, waiting_room
from roamio_web.backend import Backend
from roamio_web.config import Settings
from roamio_web.models.staff import StaffMember
from roamio_web.services import sign_in as auth
from roamio_web.services.failures import TokenRefused, Unavailable
from roamio_web.services.sign_in import SessionOver, Tokens
from roamio_web.waiting_room import Step
from roamio_web.ways_back import here

REFRESH_MARGIN = 60  # seconds before the end at which an access token is exchanged
SESSION_ENDED = "Your session has ended. Sign in again to carry on where you were."
NO_PROFILE = "This account has no access to Roamio. Ask an administrator to invite you."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """Who is signed in: their tokens, themselves, and everybody whose profile they may read."""

    tokens: Tokens
    member: StaffMember
    known: tuple[StaffMember, ...]


def init_app(app: Flask, settings: Settings) -> None:
    """Set the attributes of the session cookie and its CSRF token, and end sessions that go stale."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-roamio" if settings.production else "roamio",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",  # what the __Host- prefix demands; public pages never open the session
        # A slow answer must not write back the tokens that it came with over newer ones.
        SESSION_REFRESH_EACH_REQUEST=False,
        # A dashboard is open for eight hours: its CSRF token lives as long as its session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.register_error_handler(TokenRefused, _token_refused)
    app.register_error_handler(SessionOver, _token_refused)


def backend() -> Backend:
    """The Supabase project that this app talks to."""
    return cast(Backend, current_app.extensions["roamio.backend"])


def start(tokens: Tokens) -> None:
    """Begin a session for the person of these tokens. Whatever the cookie held before is dropped.

    :raise ValueError: they still owe their second factor.
    """
    if tokens.factor:
        raise ValueError("Only who has shown their second factor is let in.")
    session.clear()
    session["tokens"] = asdict(tokens)
    _forget()


def end(message: str | None = None) -> None:
    """Drop the session of this browser, and say why on the next page if there is a reason to."""
    session.clear()
    _forget()
    if message:
        flash(message, "notice")


def leave() -> None:
    """End the session here and at Supabase Auth, where its refresh token dies with it.

    Works while Supabase can't be reached, too: the browser forgets, and the access token runs out by itself.
    """
    waiting = waiting_room.waiting()
    tokens = waiting.tokens if waiting else _tokens()
    end("You are signed out.")
    if tokens is None:
        return
    try:
        if tokens.expires_at <= time.time():
            tokens = auth.refresh(backend(), tokens.refresh)
        auth.sign_out(backend(), tokens.access)
    except SessionOver:
        return
    except Unavailable:
        log.warning("A session could not be ended at Supabase Auth.")


def current_member() -> StaffMember | None:
    """The person whose request this is, with the role that they have now; None when nobody is signed in.

    Costs one round trip, once a request, and a second one when the access token is about to expire.

    :raise 503: Supabase can't be asked. Nobody is signed out for that.
    """
    who = _identity()
    return who.member if who else None


def member_let_in() -> StaffMember:
    """The person whom ``@requires`` has just let into this view.

    :raise LookupError: nobody is signed in; the view has no ``@requires``.
    """
    return _signed_in().member


def current_team() -> tuple[StaffMember, ...]:
    """The colleagues to whom this person may give work; for an admin these are all agents."""
    return tuple(person for person in everybody() if person.takes_work)


def team_and(person_id: str | None) -> tuple[StaffMember, ...]:
    """The same, and somebody else who is asked for: whose work is to be handed over may have left."""
    return tuple(person for person in everybody() if person.takes_work or person.id == person_id)


def everybody() -> tuple[StaffMember, ...]:
    """All whom this person may name: for an admin the whole staff, with those who have left."""
    who = _identity()
    return who.known if who else ()


def current_client() -> Client:
    """A Supabase client that acts as the signed-in person, for this request only."""
    if "staff_client" not in g:
        g.staff_client = backend().staff_member(access_token())
    return cast(Client, g.staff_client)


def current_tokens() -> Tokens:
    """The signed-in person's Supabase session.

    :raise LookupError: nobody is signed in.
    """
    return _signed_in().tokens


def access_token() -> str:
    """The signed-in person's access token.

    :raise LookupError: nobody is signed in.
    """
    return _signed_in().tokens.access


def token_expires_at() -> int:
    """When that token ends, in seconds since 1970.

    :raise LookupError: nobody is signed in.
    """
    return _signed_in().tokens.expires_at


def ask_to_sign_in() -> Response:
    """Send the person to the sign-in page and, after it, back here.

    A fragment or a stream gets a bare 401 instead, with the header that makes htmx reload the page: a sign-in
    page inside a table helps nobody.
    """
    if request.headers.get("HX-Request") == "true" or request.accept_mimetypes.best == "text/event-stream":
        return Response(status=401, headers={"HX-Refresh": "true"})
    return cast(Response, redirect(url_for("sign_in.form", next=here()), 303))


def _token_refused(_error: TokenRefused | SessionOver) -> Response:
    """The token ended while the request was being answered."""
    end(SESSION_ENDED)
    return ask_to_sign_in()


def _identity() -> Identity | None:
    """Who is signed in, found out once a request."""
    if "staff_identity" not in g:
        tokens = _tokens()
        g.staff_identity = _identify(tokens) if tokens else None
    return cast("Identity | None", g.staff_identity)


def _signed_in() -> Identity:
    who = _identity()
    if who is None:
        raise LookupError("Nobody is signed in.")
    return who


def _tokens() -> Tokens | None:
    """The session's tokens; a cookie of another version of this code counts as none."""
    stored = session.get("tokens")
    try:
        return Tokens(**stored) if stored else None
    except TypeError:
        return None


def _identify(tokens: Tokens) -> Identity | None:
    """Find out whose tokens these are; end the session if they are nobody's."""
    try:
        if tokens.expires_at - time.time() < REFRESH_MARGIN:
            tokens = _exchange(tokens)
        try:
            team = auth.read_team(backend(), tokens.access, errands.sent())
        except TokenRefused:
            # Refused before its time: the key was changed, or a clock is wrong. One exchange tells.
            tokens = _exchange(tokens)
            team = auth.read_team(backend(), tokens.access, errands.sent())
    except (SessionOver, TokenRefused):
        end(SESSION_ENDED)
        return None
    except Unavailable as error:
        raise ServiceUnavailable from error
    if tokens.factor:
        end(SESSION_ENDED)
        return None
    member = next((person for person in team if person.id == tokens.user_id), None)
    if member is None or not member.active:
        _turn_away(tokens)
        return None
    return Identity(tokens, member, team)


def _exchange(tokens: Tokens) -> Tokens:
    """Refresh the tokens and keep the new ones in the session.

    An access token that still has some seconds is used up while Supabase Auth can't be asked.
    """
    try:
        fresh = auth.refresh(backend(), tokens.refresh)
    except Unavailable:
        if tokens.expires_at > time.time():
            return tokens
        raise
    session["tokens"] = asdict(fresh)
    return fresh


def _turn_away(tokens: Tokens) -> None:
    """Deal with somebody whose account is real and who is shown nothing.

    They are no (longer a) member of staff, or the database asks for more than they have shown.
    """
    try:
        missing = auth.read_missing_step(backend(), tokens.access)
    except TokenRefused:
        missing = "session"
    except Unavailable as error:
        raise ServiceUnavailable from error
    if missing == Step.SET_UP:
        waiting_room.hold(tokens, Step.SET_UP, here())
        return
    try:
        auth.sign_out(backend(), tokens.access)
    except Unavailable:
        log.warning("A session without a profile could not be ended at Supabase Auth.")
    end(SESSION_ENDED if missing else NO_PROFILE)


def _forget() -> None:
    g.pop("staff_identity", None)
    g.pop("staff_client", None)
