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


class SignInForm(FlaskForm):  # type: ignore[misc]
    """A member of staff gives their address and password."""

    email = EmailField(
        "E-mail address",
        validators=[
            InputRequired("Enter your e-mail address"),
            Email("Enter an e-mail address like name@example.com"),
        ],
        render_kw=EMAIL_ATTRIBUTES,
    )
    password = PasswordField(
        "Password",
        validators=[InputRequired("Enter your password")],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class ForgotPasswordForm(FlaskForm):  # type: ignore[misc]
    """Somebody who can't get in asks for a link by mail."""

    email = EmailField(
        "E-mail address",
        validators=[
            InputRequired("Enter your e-mail address"),
            Email("Enter an e-mail address like name@example.com"),
        ],
        render_kw=EMAIL_ATTRIBUTES,
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """Somebody shows the code of their authenticator app."""

    code = StringField(
        "Six-digit code",
        filters=[_without_spaces],
        validators=[
            InputRequired("Enter the six digits that your app shows now"),
            Regexp(r"^[0-9]{6}$", message="Enter the six digits that your app shows now"),
        ],
        render_kw=CODE_ATTRIBUTES,
    )


class CodeByMail(FlaskForm):  # type: ignore[misc]
    """What a mail with a code is answered with."""

    email = EmailField(
        "E-mail address",
        validators=[
            InputRequired("Enter the e-mail address that was invited"),
            Email("Enter an e-mail address like name@example.com"),
        ],
        render_kw=EMAIL_ATTRIBUTES,
    )
    code = StringField(
        "Code from the mail",
        description="Six digits.",
        filters=[_without_spaces],
        validators=[
            InputRequired("Enter the six digits from the mail"),
            Regexp(r"^[0-9]{6,10}$", message="Enter the six digits from the mail"),
        ],
        render_kw=CODE_ATTRIBUTES,
    )


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
