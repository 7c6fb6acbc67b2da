"""Getting in: signing in, asking for a new password, setting it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, Regexp

MINIMUM_PASSWORD = 10
LONGEST_PASSWORD = 72  # bytes; what bcrypt, and so Supabase Auth, takes into account
CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "spellcheck": "false",
    "maxlength": "12",
    "class": "input input--code",
}
EMAIL_ATTRIBUTES = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


def _without_spaces(typed: str | None) -> str:
    """Apps show codes in groups."""
    return "".join((typed or "").split())


def _address(sentence: str) -> EmailField:
    """The address of an account; ``sentence`` is what is said to whoever leaves it out."""
    return EmailField(
        "E-mail address",
        validators=[InputRequired(sentence), Email("Enter an e-mail address like name@example.com")],
        render_kw=EMAIL_ATTRIBUTES,
    )


def _code(label: str, sentence: str, most: int, hint: str = "") -> StringField:
    """A code of six digits or, where Supabase Auth is set up so, of up to ``most``."""
    return StringField(
        label,
        description=hint,
        filters=[_without_spaces],
        validators=[InputRequired(sentence), Regexp(rf"^[0-9]{{6,{most}}}$", message=sentence)],
        render_kw=CODE_ATTRIBUTES,
    )


class SignInForm(FlaskForm):  # type: ignore[misc]
    """A member of staff gives their address and password."""

    email = _address("Enter your e-mail address")
    password = PasswordField(
        "Password",
        validators=[InputRequired("Enter your password")],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ForgotPasswordForm(FlaskForm):  # type: ignore[misc]
    """Somebody who can't get in asks for a link by mail."""

    email = _address("Enter your e-mail address")


class CodeForm(FlaskForm):  # type: ignore[misc]
    """Somebody shows the code of their authenticator app."""

    code = _code("Six-digit code", "Enter the six digits that your app shows now", 6)


class CodeByMail(FlaskForm):  # type: ignore[misc]
    """What a mail with a code is answered with."""

    email = _address("Enter the e-mail address that was invited")
    code = _code("Code from the mail", "Enter the six digits from the mail", 10, "Six digits.")


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """Somebody who followed the mailed link chooses a password."""

    password = PasswordField(
        "New password",
        description=f"At least {MINIMUM_PASSWORD} characters. Three random words work well.",
        validators=[
            InputRequired("Enter a new password"),
            Length(
                MINIMUM_PASSWORD,
                LONGEST_PASSWORD,
                f"Use {MINIMUM_PASSWORD} to {LONGEST_PASSWORD} characters",
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "The same password again",
        validators=[
            InputRequired("Enter the same password twice"),
            EqualTo("password", "Enter the same password twice"),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class InvitationForm(CodeByMail, NewPasswordForm):
    """Somebody who was invited types the code of the mail, and chooses a password."""
