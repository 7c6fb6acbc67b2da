"""Getting in: signing in, asking for a new password, setting it."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import Email, EqualTo, InputRequired, Length

MINIMUM_PASSWORD = 10
LONGEST_PASSWORD = 72  # bytes; what bcrypt, and so Supabase Auth, takes into account
EMAIL_ATTRIBUTES = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


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
        validators=[EqualTo("password", "Enter the same password twice")],
        render_kw={"autocomplete": "new-password"},
    )
