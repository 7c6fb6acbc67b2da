"""Options of a select or a group of radio buttons, as WTForms wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from markupsafe import Markup, escape
from wtforms.fields import choices
from wtforms.widgets import Select, html_params

from roamio_web.languages import Language, catalogue_in_use, current_language

Pairs = tuple[tuple[str, str], ...]


def options(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Value and words of each option, in the order in which they are offered."""
    # The type stubs are of a release before SelectChoice.
    return [choices.SelectChoice(str(value), words) for value, words in pairs]  # type: ignore[attr-defined]


class OptionsByLanguage:
    """Options whose words and order are another matter in each language; made and drawn once for each.

    ``pairs`` is called while its language is being read.
    """

    def __init__(self, pairs: Callable[[Language], Pairs]) -> None:
        self._pairs = pairs
        self._made = cache(self._make)

    def __call__(self) -> list[Any]:
        """The options, as WTForms wants them."""
        return self._made(current_language(), catalogue_in_use())[0]

    def drawn(self) -> str:
        """The options as they stand in a page, none of them selected."""
        return self._made(current_language(), catalogue_in_use())[1]

    def _make(self, language: Language, _: object) -> tuple[list[Any], str]:
        pairs = self._pairs(language)
        drawn = (f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in pairs)
        return options(pairs), "".join(drawn)


class Menu(Select):
    """A list that opens. What is drawn already is only told which option is selected."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        if field.drawn is None:
            return super().__call__(field, **attributes)
        chosen = f'value="{escape(field.data)}">'
        listed = field.drawn().replace(f"<option {chosen}", f"<option selected {chosen}", 1)
        drawn = html_params(name=field.name, **{"id": field.id, **attributes})
        return Markup(f"<select {drawn}>{listed}</select>")  # noqa: S704 - each part is escaped
