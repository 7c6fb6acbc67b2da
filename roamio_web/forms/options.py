"""Options of a select or a group of radio buttons, as WTForms wants them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms.fields import choices


def options(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Value and words of each option, in the order in which they are offered."""
    # The type stubs are of a release before SelectChoice.
    return [choices.SelectChoice(str(value), words) for value, words in pairs]  # type: ignore[attr-defined]
