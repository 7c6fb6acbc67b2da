"""Addresses in each language: ``/book/cab`` is ``/hi/book/cab`` in Hindi, with the same endpoint and view.

A page's links stay in its language by themselves: ``url_for`` adds the prefix where an endpoint has one.
``url_for(…, language=None)`` names the English page, ``language="hi"`` the Hindi one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, current_app, has_request_context, request, url_for

from roamio_web.kept_pages import Hole, hole_or
from roamio_web.languages import ENGLISH, LANGUAGES, TRANSLATED, Language, language_of

PREFIX = f"/<any({', '.join(language.code for language in TRANSLATED)}):language>"
NOT_CARRIED = frozenset({"sent"})
"""Arguments that say how a page was reached and not what it shows."""


class TranslatedBlueprint(Blueprint):
    """A blueprint whose pages exist in every language, but for routes with ``in_every_language=False``."""

    def add_url_rule(self, rule: str, *args: Any, in_every_language: bool = True, **options: Any) -> None:
        super().add_url_rule(rule, *args, **options)
        if in_every_language:
            super().add_url_rule(f"{PREFIX}{rule}", *args, **options)


@dataclass(frozen=True)
class SamePage:
    """The page that is shown, in a language; ``is_shown`` if that is the one."""

    language: Language
    address: str
    is_shown: bool


def init_app(app: Flask) -> None:
    """Keep each page's links in its language, and give templates the same page in the others."""
    app.url_value_preprocessor(_take_out)
    app.url_defaults(_put_in)
    app.jinja_env.globals.update(same_page=same_page, languages=LANGUAGES)


def same_page() -> list[SamePage]:
    """This page in each language; the home page where there is no such page."""
    shown = language_of(request.path)
    return [SamePage(language, _address(language), language is shown) for language in LANGUAGES]


def arguments() -> str:
    """What this page was asked for beside its path, as the same page in another language is asked for it."""
    given = [(name, value) for name, value in request.args.items(multi=True) if name not in NOT_CARRIED]
    return f"?{urlencode(given)}" if given else ""


def address_in(language: Language, endpoint: str, **values: Any) -> str:
    """Where a page is in that language, whatever the language of this one."""
    return url_for(endpoint, **values, language=language.code if language is not ENGLISH else None)


def _address(language: Language) -> str:
    endpoint = request.endpoint
    if endpoint is None or not _has_languages(endpoint):
        return address_in(language, "site.home")
    return address_in(language, endpoint, **(request.view_args or {})) + hole_or(Hole.ARGUMENTS, arguments())


def _has_languages(endpoint: str) -> bool:
    return current_app.url_map.is_endpoint_expecting(endpoint, "language")


def _take_out(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Views know nothing of the prefix."""
    if values:
        values.pop("language", None)


def _put_in(endpoint: str, values: dict[str, Any]) -> None:
    """Stay in the language of the page that is being made."""
    if "language" in values or not has_request_context():
        return
    language = language_of(request.path)
    if language is not ENGLISH and _has_languages(endpoint):
        values["language"] = language.code
