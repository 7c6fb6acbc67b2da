"""Reads the small languages of the query string, one character at a time.

The grammar is PostgREST's: names may hold letters, digits, ``_``, ``$``, spaces and inner dashes, or anything
at all in double quotes with backslash escapes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NoReturn

from roamio_web.embedded.rest.errors import unparsable
from roamio_web.embedded.rest.syntax import Field, JsonStep

DEEPEST = 50
NAME = "field name (* or [a..z0..9_$])"
JSON_KEY_STOPS = "(-:.,>)"
IDENTIFIER = re.compile(r"[\w $]+")


@cache
def _before(stops: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(stops)}]*")


class Scanner:
    """A place in a text, and the ways to move on from it. What does not fit raises PGRST100."""

    def __init__(self, text: str, what: str) -> None:
        self.text = text
        self.what = what
        self.position = 0
        self._depth = 0

    @property
    def at_end(self) -> bool:
        return self.position >= len(self.text)

    @property
    def next(self) -> str:
        """The next character, or the empty string at the end."""
        return self.text[self.position : self.position + 1]

    def fail(self, expected: str) -> NoReturn:
        """:raise RestError: always, saying what was expected here."""
        raise unparsable(self.what, self.text, self.position, expected)

    def sees(self, token: str) -> bool:
        return self.text.startswith(token, self.position)

    def take(self, token: str) -> bool:
        """Move past the token if it is next."""
        if not self.sees(token):
            return False
        self.position += len(token)
        return True

    def expect(self, token: str) -> None:
        if not self.take(token):
            self.fail(f'"{token}"')

    def space(self) -> None:
        while self.next in (" ", "\t"):
            self.position += 1

    def deeper(self) -> None:
        """Count one level of nesting; a text nested past all reason is refused before it costs anything."""
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail(f"at most {DEEPEST} levels of nesting")

    def shallower(self) -> None:
        self._depth -= 1

    def end(self) -> None:
        if not self.at_end:
            self.fail("end of input")

    def until(self, stops: str) -> str:
        """Everything up to one of the stops, or to the end."""
        match = _before(stops).match(self.text, self.position)
        found = match.group() if match else ""
        self.position += len(found)
        return found

    def rest(self) -> str:
        start, self.position = self.position, len(self.text)
        return self.text[start:]

    def quoted(self) -> str:
        """The text in double quotes that starts here."""
        self.expect('"')
        found: list[str] = []
        while not self.take('"'):
            self.take("\\")
            if self.at_end:
                self.fail('"\\""')
            found.append(self.next)
            self.position += 1
        return "".join(found)

    def quoted_before(self, stops: str) -> str | None:
        """The quoted text that starts here and ends right before a stop or the end, else nothing is taken."""
        if self.next != '"':
            return None
        start = self.position
        end = start + 1
        while end < len(self.text) and self.text[end] != '"':
            end += 2 if self.text[end] == "\\" else 1
        after = self.text[end + 1 : end + 2]
        if end >= len(self.text) or (after and after not in stops):
            return None
        return self.quoted()

    def identifier(self, expected: str = NAME) -> str:
        """Letters, digits, ``_``, ``$`` and spaces; the spaces around them don't count."""
        match = IDENTIFIER.match(self.text, self.position)
        found = match.group().strip() if match else ""
        if match is None or not found:
            self.fail(expected)
        self.position = match.end()
        return found

    def name(self) -> str:
        if self.next == '"':
            return self.quoted()
        parts = [self.identifier()]
        while self.sees("-") and not self.sees("->"):
            self.position += 1
            parts.append(self.identifier())
        return "-".join(parts)

    def field(self) -> Field:
        """A name and its JSON path, with space around it."""
        self.space()
        found = Field(self.name(), self.json_path())
        self.space()
        return found

    def json_path(self) -> tuple[JsonStep, ...]:
        steps = []
        while self.sees("->"):
            as_text = self.take("->>") or not self.take("->")
            steps.append(JsonStep(self._json_key(), as_text))
        return tuple(steps)

    def _json_key(self) -> str | int:
        if self.next == '"':
            return self.quoted()
        index = self._json_index()
        if index is not None:
            return index
        parts = [self._json_word()]
        while self.sees("-") and not self.sees("->"):
            self.position += 1
            parts.append(self._json_word())
        return "-".join(parts)

    def _json_index(self) -> int | None:
        end = self.position + (1 if self.next == "-" else 0)
        start_of_digits = end
        while end < len(self.text) and self.text[end] in "0123456789":
            end += 1
        follows = self.text[end : end + 2]
        if end == start_of_digits or not (follows in ("", "->", "::") or follows[0] in ".,"):
            return None
        found = int(self.text[self.position : end]) if end - start_of_digits < 11 else None
        if found is None or not -(2**31) <= found < 2**31:
            self.fail("an index that fits an integer")
        self.position = end
        return found

    def _json_word(self) -> str:
        found = self.until(JSON_KEY_STOPS).strip()
        if not found:
            self.fail("any non reserved character different from: .,>()")
        return found
