"""What the audit log recorded, as sentences: the timeline of a booking."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from roamio_web.formatters import label
from roamio_web.forms.answers import answers, humanise
from roamio_web.models.change import Change

UNREMARKABLE = frozenset({"updated_at", "created_at"})


def init_app(app: Flask) -> None:
    """Give templates the timeline's sentences and a booking's answers."""
    app.jinja_env.filters["change"] = change
    app.jinja_env.globals["answers"] = answers


def change(recorded: Change, names: Mapping[str, str]) -> str:
    """``The booking moved from pending to confirmed``; ``names`` tells what an id stands for."""
    task = names.get(recorded.record_id) or recorded.new("title")
    subject = "The booking" if recorded.table == "bookings" else f"The task “{task or 'without a title'}”"
    if recorded.action == "INSERT":
        return f"{subject} came in" if recorded.table == "bookings" else f"{subject} was added"
    if recorded.action == "DELETE":
        return f"{subject} was deleted"
    told = [_told(column, old, new, names) for column, (old, new) in recorded.columns.items()]
    sentence = ", ".join(part for part in told if part) or "was changed"
    return f"{subject} {sentence}"


def _told(column: str, old: object, new: object, names: Mapping[str, str]) -> str:
    if column in UNREMARKABLE:
        return ""
    if column == "status":
        return f"moved from {label(str(old)).lower()} to {label(str(new)).lower()}"
    if column in ("assigned_agent", "assigned_to"):
        who = names.get(str(new), "somebody")
        return f"was handed to {who}" if new else "was left without an agent"
    return f"got a new {humanise(column).lower()}"
