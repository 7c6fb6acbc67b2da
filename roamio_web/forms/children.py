"""Travelling with children: how many, and how old each of them is."""

from __future__ import annotations

import re

from roamio_web.forms.booking import Answers, When
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.questions import line, number
from roamio_web.forms.rules import Required
from roamio_web.languages import lazy as _

MOST_CHILDREN = 20
OLDEST_CHILD = 17
AGES = _("Enter one age for each child, from 0 to 17, like 4, 11")
WITH_CHILDREN = When(
    "children", tuple(str(count) for count in range(1, MOST_CHILDREN + 1)), _("a journey with children")
)
BESIDE_AGES = re.compile(
    r"(?<![^\W\d_])(?:and|years?|yrs?|y|old|और|साल|वर्ष|و|سنة|سنوات|عاما|أعوام)(?![^\W\d_])|[\s,،;/&+]+",
    re.IGNORECASE,
)
"""What people write between ages and after them. Whatever else there is makes the answer another one."""


class FamilyForm(ContactForm):
    """A booking form that asks for children and, where there are some, for their ages."""

    children = number(
        _("Children"), 0, MOST_CHILDREN, _("the number of children"), default=0, hint=_("Younger than 18.")
    )
    child_ages = line(
        _("The children’s ages"), Required(AGES), hint=_("At the time of the journey, like 4, 11.")
    )

    def check_ages(self) -> None:
        """Every child has an age, and nothing else is said."""
        if self.sound(["children", "child_ages"]):
            ages = ages_in(self.child_ages.data or "")
            if ages is None or len(ages) != self.children.data:
                self.fail("child_ages", AGES)

    def ages(self) -> Answers:
        """The children's ages as numbers, if there are children."""
        found = ages_in(self.answer("child_ages") or "")
        return {"child_ages": found} if found else {}


def ages_in(text: str) -> list[int] | None:
    """The ages of children that a text lists; None if any of it is no such age."""
    parts = [part for part in BESIDE_AGES.split(text) if part]
    if not all(part.isdecimal() and len(part) <= 2 and int(part) <= OLDEST_CHILD for part in parts):
        return None
    return [int(part) for part in parts]
