"""What an admin fills in to invite somebody to the staff."""

from __future__ import annotations

from flask_wtf import FlaskForm

from roamio_web.forms.fields import EmailField, LineField, OneOfField
from roamio_web.forms.questions import line, mail_address
from roamio_web.forms.rules import Required
from roamio_web.forms.team import role_choice

LIKE_AN_ADDRESS = "Enter an e-mail address like name@example.com"


class InvitationForm(FlaskForm):  # type: ignore[misc]
    """Somebody is to work here: under which address, as what, and what they are called."""

    email: EmailField = mail_address(
        "E-mail address",
        Required(LIKE_AN_ADDRESS),
        sentence=LIKE_AN_ADDRESS,
        hint="The invitation is good for whoever reads this mailbox.",
        autocomplete="off",
    )
    full_name: LineField = line("Full name", hint="As colleagues will see it.", autocomplete="off")
    role: OneOfField = role_choice()
