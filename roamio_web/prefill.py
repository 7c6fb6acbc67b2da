"""What the address of a booking form answers already, such as ``/book/cab?trip=airport``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from flask import request
from markupsafe import escape

from roamio_web.forms.contact import CONTACT, NOTES, ContactForm
from roamio_web.kept_pages import Shelf
from roamio_web.language_routes import arguments
from roamio_web.models.look import Look
from roamio_web.sources import handed_on, page_around

NEVER_PREFILLED = frozenset({"consent"})
"""Questions that only the traveller answers, whatever an address says."""
ABOUT_SOMEBODY = frozenset((*CONTACT.names, *NOTES.names))
"""Questions whose answers make a page one person's own."""


@dataclass(frozen=True)
class Said:
    """What the address of a form says; the last two as HTML has them."""

    answers: dict[str, tuple[str, ...]]
    look: Look
    handed_on: str
    arguments: str


NOTHING = Said({}, Look(), "", "")
known: Shelf[Said] = Shelf()
"""What follows from the form, the query and the page around it, and from nothing else."""


def said_by_address(form: type[ContactForm]) -> Said:
    """Read the address: once where many come from one page, and anew where it is about somebody."""
    query, around = request.environ.get("QUERY_STRING", ""), page_around()
    if not query and not around:
        return NOTHING
    key = (form, query, around)
    said = known.get(key)
    if said is None:
        answers = given_by_address(form)
        look = Look.from_args(request.args)
        said = Said(answers, look, escape(handed_on()), escape(arguments()))
        if not is_about_somebody(form, answers):
            known.put(key, said)
    return said


def is_about_somebody(form: type[ContactForm], names: Iterable[str]) -> bool:
    """Whether the answer to one of these questions makes a page one person's own."""
    return not (ABOUT_SOMEBODY | form.private).isdisjoint(names)


def given_by_address(form: type[ContactForm]) -> dict[str, tuple[str, ...]]:
    """The questions that the address answers already, such as ``?trip=airport``, by their names."""
    args = request.args
    names = _prefillable(form)
    if names.isdisjoint(args):
        return {}
    return {name: tuple(args.getlist(name)) for name in sorted(names.intersection(args))}


@cache
def _prefillable(form: type[ContactForm]) -> frozenset[str]:
    names = (name for group in form.groups for name in group.names)
    return frozenset(names) - NEVER_PREFILLED


def prefilled(form: ContactForm) -> ContactForm:
    """Fill in what the address answers."""
    for name in given_by_address(type(form)):
        form[name].process(request.args)
    return form
