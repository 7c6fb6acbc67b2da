"""Options of a select or a group of radio buttons, as WTForms wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from wtforms.fields import choices

from roamio_web.languages import Language, current_language

Pairs = tuple[tuple[str, str], ...]


def options(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Value and words of each option, in the order in which they are offered."""
    # The type stubs are of a release before SelectChoice.
    return [choices.SelectChoice(str(value), words) for value, words in pairs]  # type: ignore[attr-defined]


def options_by_language(pairs: Callable[[Language], Pairs]) -> Callable[[], list[Any]]:
    """Options whose words and order are another matter in each language; made once for each."""
    made = cache(lambda language: options(pairs(language)))
    return lambda: made(current_language())
