"""The languages of the public site, and words that are said in whichever of them is being read.

English stands without a prefix, ``/book/cab``; each other language has its own: ``/hi/book/cab``. The address
alone decides, so that a page can be kept, shared and listed, and no cookie is needed. Staff read English.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import flask_babel
from babel import Locale
from flask_babel import force_locale, get_locale
from markupsafe import escape


@dataclass(frozen=True)
class Language:
    """``name`` is what its own readers call it; ``comma`` is what stands between the parts of a list."""

    code: str
    name: str
    territory: str
    direction: str = "ltr"
    comma: str = ", "

    @property
    def prefix(self) -> str:
        """What its addresses begin with."""
        return "" if self is ENGLISH else f"/{self.code}"

    @property
    def locale(self) -> Locale:
        """What Babel knows of it."""
        return Locale.parse(self.code)

    @property
    def shared_as(self) -> str:
        """What link previews call it."""
        return f"{self.code}_{self.territory}"


ENGLISH = Language("en", "English", "IN")
HINDI = Language("hi", "हिन्दी", "IN")
ARABIC = Language("ar", "العربية", "AE", direction="rtl", comma="، ")
LANGUAGES = (ENGLISH, HINDI, ARABIC)
BY_CODE = {language.code: language for language in LANGUAGES}
TRANSLATED = tuple(language for language in LANGUAGES if language is not ENGLISH)
LENGTH_OF_A_CODE = 2


def language_of(path: str) -> Language:
    """The language of the page at this path, by its first part."""
    first, code, *_ = (*path.split("/", 2), "")
    language = BY_CODE.get(code) if not first and len(code) == LENGTH_OF_A_CODE else None
    return language or ENGLISH


def without_language(path: str) -> str:
    """The path of the same page in English."""
    return path[len(language_of(path).prefix) :] or "/"


def current_language() -> Language:
    """The language that is being read; English where nobody reads."""
    locale = get_locale()
    return BY_CODE.get(locale.language, ENGLISH) if locale else ENGLISH


def gettext(words: str, **values: object) -> str:
    """The words in the language that is being read, with each ``%(name)s`` filled in."""
    return str(flask_babel.gettext(words, **values))


def ngettext(one: str, several: str, num: int) -> str:
    """The same where a number decides the words; ``%(num)s`` is the number."""
    return str(flask_babel.ngettext(one, several, num))


class Words:
    """Text that is looked up each time that it is shown."""

    __slots__ = ("_arguments", "_say")

    def __init__(self, say: Callable[..., str], *arguments: Any) -> None:
        self._say, self._arguments = say, arguments

    def __str__(self) -> str:
        return self._say(*self._arguments)

    def __html__(self) -> str:
        """What a template shows: looked up once, and escaped like any other text."""
        return str(escape(str(self)))

    def __getattr__(self, name: str) -> Any:
        """Whatever else a text can do, such as ``lower``."""
        return getattr(str(self), name)

    def __repr__(self) -> str:
        return repr(str(self))

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, str | Words) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


def lazy(words: str) -> str:
    """Words of a form or a page that is declared once and read in many languages; imported as ``_``.

    Its type is a promise: wherever text is shown or put together it becomes the text.
    """
    return lazily(gettext, words)


def lazily(say: Callable[..., str], *arguments: Any) -> str:
    """What ``say`` answers, asked anew each time that it is shown."""
    return Words(say, *arguments)  # type: ignore[return-value]


def catalogue_in_use() -> object:
    """What the words are looked up in now: the same object as long as they are the same words."""
    return None if current_language() is ENGLISH else flask_babel.get_translations()


def said_in(language: Language, say: Callable[[], str]) -> str:
    """What ``say`` answers to a reader of that language."""
    with force_locale(language.code):
        return str(say())


def alphabetical(words: str) -> str:
    """What words are sorted by, as in a dictionary: neither an accent nor a hamza makes another letter."""
    apart = unicodedata.normalize("NFD", words)
    return "".join(part for part in apart if not unicodedata.combining(part)).casefold()


def listed(words: Iterable[str]) -> str:
    """One after the other, with the language's own comma."""
    return current_language().comma.join(str(each) for each in words)
