"""What an admin fills in to invite somebody to the staff."""

from __future__ import annotations

from flask_wtf import FlaskForm

from roamio_web.forms.contact import LONGEST_EMAIL
from roamio_web.forms.fields import EmailField, LineField, OneOfField
from roamio_web.forms.questions import WIDE, line
from roamio_web.forms.rules import Longest, Required
from roamio_web.forms.team import role_choice


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """Somebody is to work here: under which address, as what, and what they are called."""

    email = EmailField(
        "E-mail address",
        [Required("Enter an e-mail address like name@example.com"), Longest(LONGEST_EMAIL)],
        sentence="Enter an e-mail address like name@example.com",
        description="The invitation is good for whoever reads this mailbox.",
        render_kw={
            "class": WIDE,
            "type": "email",
            "inputmode": "email",
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    full_name: LineField = line("Full name", hint="As colleagues will see it.", autocomplete="off")
    role: OneOfField = role_choice()
