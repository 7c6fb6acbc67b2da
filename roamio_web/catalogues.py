"""The site in other languages: ``translations/<language>/LC_MESSAGES/messages.po``, read when first needed.

The catalogues are compiled into memory, so that nothing has to be compiled before a start and nothing that
is compiled can be older than its source. ``make messages`` brings them up to date with the code.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain

from roamio_web.languages import ENGLISH, current_language, language_of, listed

FOLDER = Path(__file__).parent / "translations"
AS_WRITTEN = NullTranslations()
"""English: what the code says is what is read."""


class Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Each language's words, by its code; Flask-Babel asks here."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        language = current_language()
        if language is ENGLISH:
            return AS_WRITTEN
        if language.code not in self.words:
            self.words[language.code] = catalogue(language.code)
        return self.words[language.code]


def init_app(app: Flask) -> None:
    """Let each page be read in the language that its address names."""
    babel = Babel()
    babel.domain_instance = Catalogues()
    babel.init_app(app, locale_selector=_asked_for)
    app.extensions["roamio.catalogues"] = babel.domain_instance
    app.jinja_env.globals["language"] = current_language
    app.jinja_env.filters["listed"] = listed


def source(code: str) -> Path:
    """Where a language's words are written down."""
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


@cache
def catalogue(code: str) -> Translations:
    """A language's words, ready to be looked up."""
    compiled = BytesIO()
    with source(code).open("rb") as written:
        write_mo(compiled, read_po(written, locale=code))
    compiled.seek(0)
    return Translations(compiled)


def _asked_for() -> str:
    return language_of(request.path).code if has_request_context() else ENGLISH.code
