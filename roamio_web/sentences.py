"""What the audit log recorded, as sentences: for a booking's timeline and for the log itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask

from roamio_web.formatters import label, moment
from roamio_web.forms.answers import answers, humanise
from roamio_web.models.booking import Purpose, Status
from roamio_web.models.change import Change
from roamio_web.models.staff import Role
from roamio_web.models.task import TaskStatus
from roamio_web.models.values import moment_or_none
from roamio_web.services.suspicion import WORDS
from roamio_web.team_sentences import SENTENCES

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")
CLOSED_LISTS = frozenset({*Purpose, *Status, *TaskStatus, *Role})
UNREMARKABLE = frozenset({"updated_at", "created_at"})


def init_app(app: Flask) -> None:
    """Give templates the timeline's sentences and a booking's answers."""
    app.jinja_env.filters["change"] = change
    app.jinja_env.filters["columns"] = columns
    app.jinja_env.globals["answers"] = answers
    app.jinja_env.filters["reasons"] = reasons


def reasons(suspected: Iterable[str]) -> str:
    """Why a booking is marked, as the rest of a sentence; a reason without words is told as it is named."""
    return "; ".join(WORDS.get(reason, humanise(reason).lower()) for reason in suspected)


def change(recorded: Change, names: Mapping[str, str]) -> str:
    """``The booking moved from pending to confirmed``; ``names`` tells what an id stands for."""
    if about_the_team := SENTENCES.get(recorded.table):
        return about_the_team(recorded, names)
    subject = _subject(recorded, names)
    if recorded.about.get("merged_into"):
        return f"{subject} was made one with {names.get(recorded.about['merged_into'], 'another client')}"
    if recorded.table == "booking_notes" and recorded.action == "INSERT":
        return f"{subject} was written"
    if recorded.action == "INSERT":
        return f"{subject} came in" if recorded.table == "bookings" else f"{subject} was added"
    if recorded.action == "DELETE":
        return f"{subject} was deleted"
    told = [_told(recorded, column, names) for column in recorded.columns]
    if recorded.about.get("merged_from"):
        told.insert(0, "was made one with another")
    sentence = ", ".join(part for part in told if part) or "was changed"
    return f"{subject} {sentence}"


def by_whom(latest: Change | None) -> list[str]:
    """``Priya Nair did that on Sat 14 Mar 2026, 09:30.``, or nothing where nobody is to be named."""
    return [f"{latest.by} did that on {moment(latest.at)}."] if latest else []


@dataclass(frozen=True)
class Column:
    """One value before and after, in words; empty where there was none."""

    name: str
    old: str
    new: str


def columns(recorded: Change, names: Mapping[str, str]) -> list[Column]:
    """Old → new of each changed column, and of each changed answer inside ``details``."""
    found = []
    for column, (old, new) in recorded.columns.items():
        if isinstance(old, dict) or isinstance(new, dict):
            was, becomes = (value if isinstance(value, dict) else {} for value in (old, new))
            inside = [key for key in {**was, **becomes} if was.get(key) != becomes.get(key)]
            found += [
                Column(humanise(key), _words(was.get(key), names), _words(becomes.get(key), names))
                for key in inside
            ]
        else:
            found.append(Column(humanise(column), _words(old, names), _words(new, names)))
    return [column for column in found if column.old or column.new]


def _subject(recorded: Change, names: Mapping[str, str]) -> str:
    """What it happened to. A record that is named nowhere else is called by what it held."""
    known = names.get(recorded.record_id)
    match recorded.table:
        case "bookings":
            return "The booking"
        case "tasks":
            return f"The task “{known or recorded.held('title') or 'without a title'}”"
        case "booking_notes":
            return f"The note of {recorded.held('author_name') or 'Roamio'}"
        case "clients":
            name = known or recorded.held("name")
            return f"The client {name}" if name else "A client"
    return f"A record of {humanise(recorded.table).lower()}"


def _words(value: object, names: Mapping[str, str]) -> str:
    """A stored value as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, indent=1)
    text = str(value)
    if MOMENT.fullmatch(text) and (at := moment_or_none(text)):
        return moment(at)
    return names.get(text) or (label(text) if text in CLOSED_LISTS else text)


def _told(recorded: Change, column: str, names: Mapping[str, str]) -> str:
    """What became of one column, as a part of the sentence; empty where nobody needs to be told."""
    old, new = recorded.columns[column]
    match column:
        case _ if column in UNREMARKABLE:
            return ""
        case "status":
            return f"moved from {label(str(old)).lower()} to {label(str(new)).lower()}"
        case "assigned_agent" if not new:
            return "was left without an agent"
        case "assigned_to" if not new:
            return "was left to nobody"
        case "assigned_agent" | "assigned_to":
            return f"was handed to {names.get(str(new), 'somebody')}"
        case "client_id":
            return "went to the client that its own was made one with"
        case "details":
            changed = [each.name.lower() for each in columns(recorded, names)]
            return f"got other answers: {', '.join(changed)}" if changed else "got other answers"
        case "due_date":
            due = moment_or_none(str(new)) if new else None
            return f"is due on {moment(due)}" if due else "has no day any more on which it is due"
        case "title":
            return f"was called “{old}” before"
    return f"got a new {humanise(column).lower()}"
