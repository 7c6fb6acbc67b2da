"""One's own account: password, second factor, sessions; and, for admins, who needs a second factor."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from roamio_web import sessions, tries
from roamio_web.forms.account import ChangePasswordForm, SignInRulesForm
from roamio_web.forms.sign_in import CodeForm
from roamio_web.models.account import Account
from roamio_web.permissions import Permission, requires
from roamio_web.qr import drawn
from roamio_web.services import account, second_factor, sign_in
from roamio_web.services.account import PasswordRefused
from roamio_web.services.failures import Refused
from roamio_web.services.second_factor import FactorGone, SetUp, WrongCode
from roamio_web.services.sign_in import WrongCredentials
from roamio_web.sessions import backend, current_client, current_tokens, member_let_in

bp = Blueprint("account", __name__, url_prefix="/staff/account")


@bp.get("")
@requires(Permission.SEE_ACCOUNT)
def page() -> ResponseReturnValue:
    """Show the person how they sign in."""
    return _page()


@bp.post("/password")
@requires(Permission.SEE_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Change the person's password; their other sessions end."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        current, new = form.current.data or "", form.password.data or ""
        try:
            with _counted():
                account.change_password(backend(), member_let_in(), current_tokens(), current, new)
        except WrongCredentials:
            form.current.errors = ("Enter the password that you have now",)
        except PasswordRefused as refusal:
            form.password.errors = (str(refusal),)
        else:
            flash("Your password is changed. Everywhere else you are signed out.", "success")
            return redirect(url_for("account.page"), 303)
    return _page(password=form)


@bp.post("/second-factor")
@requires(Permission.SEE_ACCOUNT)
def begin() -> ResponseReturnValue:
    """Begin to set up an authenticator app."""
    begun = second_factor.begin(backend(), current_tokens(), session.get("set_up", {}).get("factor", ""))
    session["set_up"] = asdict(begun)
    return redirect(url_for("account.second_factor_page"), 303)


@bp.get("/second-factor")
@requires(Permission.SEE_ACCOUNT)
def second_factor_page() -> ResponseReturnValue:
    """Show what the app needs, and ask for its first code."""
    return _set_up(CodeForm())


@bp.post("/second-factor/confirm")
@requires(Permission.SEE_ACCOUNT)
def confirm() -> ResponseReturnValue:
    """Finish setting up the app with its first code; sessions without one end."""
    form = CodeForm()
    if "set_up" in session and form.validate_on_submit():
        try:
            factor = session["set_up"]["factor"]
            with _counted():
                tokens = second_factor.show(backend(), current_tokens(), factor, form.code.data or "")
        except WrongCode as refusal:
            form.code.errors = (str(refusal),)
        except FactorGone as refusal:
            session.pop("set_up")
            flash(str(refusal), "notice")
            return redirect(url_for("account.page"), 303)
        else:
            sessions.start(tokens)
            flash("Your second factor is set up. Everywhere else you are signed out.", "success")
            return redirect(url_for("account.page"), 303)
    return _set_up(form)


@bp.post("/second-factor/remove")
@requires(Permission.SEE_ACCOUNT)
def remove() -> ResponseReturnValue:
    """Take the person's second factor away, for a last code of it."""
    form = CodeForm()
    found = account.read(current_client())
    if found.factor is None:
        return redirect(url_for("account.page"), 303)
    if form.validate_on_submit():
        try:
            with _counted():
                tokens = second_factor.remove(backend(), current_tokens(), found.factor, form.code.data or "")
        except WrongCode as refusal:
            form.code.errors = (str(refusal),)
        except FactorGone:
            return redirect(url_for("account.page"), 303)
        else:
            sessions.start(tokens)
            flash("Your second factor is gone. Your password alone lets you in.", "success")
            return redirect(url_for("account.page"), 303)
    return _page(found, code=form)


@bp.post("/sign-out-everywhere")
@requires(Permission.SEE_ACCOUNT)
def leave_everywhere() -> ResponseReturnValue:
    """End all of the person's sessions, this one too."""
    sign_in.sign_out(backend(), sessions.access_token(), "global")
    sessions.end("You are signed out everywhere.")
    return redirect(url_for("sign_in.form"), 303)


@bp.post("/rules")
@requires(Permission.DECIDE_SIGN_IN)
def decide() -> ResponseReturnValue:
    """Decide whether every admin needs a second factor."""
    form = SignInRulesForm()
    required = bool(form.factor_for_admins.data)
    try:
        account.require_second_factor(current_client(), required)
    except Refused as refusal:
        form.factor_for_admins.errors = (str(refusal),)
        return _page(refusal.now, rules=form)
    flash(
        "Every admin needs a second factor now." if required else "A second factor is optional now.",
        "success",
    )
    return redirect(url_for("account.page"), 303)


def _counted() -> AbstractContextManager[None]:
    """Count a try at the person's password or code: whoever finds their browser open must not guess."""
    return tries.counted("account", tries.by_person(member_let_in().id))


def _page(read: Account | None = None, **forms: Any) -> ResponseReturnValue:
    """The page, with the form that was sent, if one was, and what is wrong with it."""
    found = read or account.read(current_client())
    given = {
        "password": ChangePasswordForm(formdata=None),
        "code": CodeForm(formdata=None),
        "rules": SignInRulesForm(formdata=None, factor_for_admins=found.factor_for_admins),
    } | forms
    wrong = next(iter(forms.values()), None)
    drawn_page = render_template(
        "staff/account/page.html", member=member_let_in(), account=found, wrong=wrong, **given
    )
    return drawn_page, 422 if wrong else 200


def _set_up(form: CodeForm) -> ResponseReturnValue:
    """The page that sets an app up; without one begun, the account's."""
    if "set_up" not in session:
        return redirect(url_for("account.page"), 303)
    begun = SetUp(**session["set_up"])
    drawn_page = render_template(
        "staff/account/set_up.html",
        member=member_let_in(),
        form=form,
        begun=begun,
        picture=drawn(begun.uri),
    )
    return drawn_page, 422 if form.errors else 200
