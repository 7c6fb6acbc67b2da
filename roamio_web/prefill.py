"""What the address of a booking form answers already, such as ``/book/cab?trip=airport``."""

from __future__ import annotations

from functools import cache

from flask import request

from roamio_web.forms.contact import CONTACT, NOTES, ContactForm

NEVER_PREFILLED = frozenset({"consent"})
"""Questions that only the traveller answers, whatever an address says."""
ABOUT_SOMEBODY = frozenset((*CONTACT.names, *NOTES.names))
"""Questions whose answers make a page one person's own."""


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
