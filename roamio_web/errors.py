"""Error pages that help, and the short fragment an HTMX request gets instead, beside what was typed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError

from roamio_web import logs
from roamio_web.languages import lazy as _
from roamio_web.languages import without_language
from roamio_web.services.failures import NotFound, Refused, ServiceError, Unavailable


@dataclass(frozen=True)
class Advice:
    """What went wrong and what to do, in the reader's words."""

    title: str
    sentence: str


ADVICE = {
    400: Advice(_("We could not read that"), _("Go back, reload the page and try again.")),
    401: Advice(_("Please sign in"), _("This page is for Roamio's staff. Sign in to see it.")),
    403: Advice(
        _("That is not yours to open"),
        _("Your role does not include this. Ask an administrator if it should."),
    ),
    404: Advice(_("There is nothing here"), _("The address may be mistyped, or the page has moved.")),
    405: Advice(_("That can’t be done here"), _("Go back and use the page’s own buttons.")),
    413: Advice(_("That is too much at once"), _("Shorten what you wrote and send it again.")),
    422: Advice(_("Something needs another look"), _("Go back, check your answers and send them again.")),
    429: Advice(_("Too many tries in a short time"), _("Wait a minute, then try again.")),
    500: Advice(_("Something broke on our side"), _("It was recorded. Try again in a minute, or call us.")),
    503: Advice(
        _("We can’t reach our records right now"), _("Nothing was lost. Try again in a minute, or call us.")
    ),
}
TEN_MINUTES = 600
SERVICE_CODES = ((NotFound, 404), (Refused, 403), (Unavailable, 503))


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours, and log the ones that nobody expected."""
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(ServiceError, _named)
    app.register_error_handler(Exception, _unexpected)


def closed(sentence: str) -> Response:
    """Answer that the site is closed for maintenance, and until when."""
    response = _answer(503, advice=Advice(_("We are closed for a moment"), sentence))
    response.headers["Retry-After"] = str(TEN_MINUTES)
    return response


def _expected(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # No address can be built for a host that is not ours, so no page of ours can be drawn.
        return Response("This site does not go by that name.\n", 400, mimetype="text/plain")
    if error.response is not None:
        return make_response(error.response)  # a redirect, or an answer that a view made itself
    return _answer(error.code or 500, error)


def _named(error: ServiceError) -> Response:
    """What a service could not do, in its own sentence."""
    code = next((code for kind, code in SERVICE_CODES if isinstance(error, kind)), 500)
    return _answer(code, sentence=str(error))


def _unexpected(error: Exception) -> Response:
    logs.exception(error)
    return _answer(500)


def _answer(
    code: int,
    error: HTTPException | None = None,
    sentence: str | None = None,
    advice: Advice | None = None,
) -> Response:
    advice = advice or ADVICE.get(code) or ADVICE[400 if code < 500 else 500]
    if sentence:
        advice = replace(advice, sentence=sentence)
    if request.headers.get("HX-Request") == "true":
        response = make_response(render_template("errors/_notice.html", advice=advice), code)
        # Beside the form, not in its place: what was typed stays on the screen.
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        # What the log has this request under, for those who call us about it.
        trace = g.get("request_id", "") if code >= 500 else ""
        response = make_response(render_template(_page(), advice=advice, code=code, trace=trace), code)
    response.headers["Vary"] = "HX-Request"
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if error and (value := dict(error.get_headers()).get(name)):
            response.headers[name] = value
    return response


def _page() -> str:
    """The error page that goes with the pages around it."""
    if request.path.startswith("/staff"):
        return "errors/staff.html"
    return "errors/embed.html" if without_language(request.path).startswith("/embed/") else "errors/page.html"
