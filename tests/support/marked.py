"""A language made for the tests: it says every sentence between marks, so that what has none is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from babel.support import NullTranslations
from flask import Flask

BEGIN, END = "⟦", "⟧"
SHOWN = ("alt", "aria-label", "label", "placeholder", "title")
SAID_BY_SCRIPT = ("data-done", "data-left", "data-over", "data-unreachable")
"""Attributes that people read or hear."""
SHARED = ("description", "og:title", "og:description", "og:image:alt")
NOT_READ = ("script", "style", "code", "pre")
WORD = re.compile(r"[A-Za-z]{2,}")


class Marked(NullTranslations):
    """Says each sentence as it is written, between marks."""

    def ugettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return f"{BEGIN}{singular if num == 1 else plural}{END}"


def speak_in_marks(app: Flask, code: str) -> None:
    """Let the app say everything in marks to readers of this language."""
    app.extensions["roamio.catalogues"].words[code] = Marked()


class _Reader(HTMLParser):
    """Everything on a page that people read, mark by mark."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.hidden: list[str] = []
        self.unmarked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in NOT_READ:
            self.hidden.append(tag)
        name = given.get("name") or given.get("property")
        if tag == "meta" and name in SHARED:
            self._alone(given.get("content"))
        for attribute in (*SHOWN, *SAID_BY_SCRIPT):
            self._alone(given.get(attribute))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in NOT_READ:
            self.hidden.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.depth = self._read(data, self.depth)

    def _alone(self, text: str | None) -> None:
        if text:
            self._read(text, 0)

    def _read(self, text: str, depth: int) -> int:
        """Note what stands outside of the marks; returns how many are open after it."""
        outside = ""
        for character in text:
            if character == BEGIN:
                depth += 1
                outside += " "
            elif character == END:
                depth -= 1
            elif depth == 0:
                outside += character
        if outside.strip():
            self.unmarked.append(outside.strip())
        return depth


def unmarked(html: str, data: tuple[str, ...]) -> Iterator[str]:
    """What a page says in English that is neither a sentence of the catalogue nor one of these data."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.depth == 0, "A mark is open at the end of the page"
    for text in reader.unmarked:
        rest = text
        for each in data:
            rest = rest.replace(each, "")
        if WORD.search(rest):
            yield text


def begins_marked(text: Any) -> bool:
    """Whether a sentence comes from the catalogue."""
    return str(text).startswith(BEGIN)
