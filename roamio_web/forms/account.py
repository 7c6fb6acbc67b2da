"""A member of staff changes how they sign in."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField
from wtforms.validators import InputRequired

from roamio_web.forms.sign_in import NewPasswordForm


class CurrentPassword(FlaskForm):  # type: ignore[misc]
    """Somebody shows that it is still them."""

    current = PasswordField(
        "The password that you have",
        validators=[InputRequired("Enter the password that you have now")],
        render_kw={"autocomplete": "current-password"},
    )


class ChangePasswordForm(CurrentPassword, NewPasswordForm):
    """Somebody who is signed in chooses another password."""


class SignInRulesForm(FlaskForm):  # type: ignore[misc]
    """An admin decides how admins sign in."""

    factor_for_admins = BooleanField("Every admin needs a second factor")
