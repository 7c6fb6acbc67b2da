"""At the door: the code of a second factor, and setting one up where admins need it."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from roamio_web import opened_links, sessions, tries, waiting_room
from roamio_web.forms.sign_in import CodeForm
from roamio_web.opened_links import Purpose
from roamio_web.qr import drawn
from roamio_web.services import second_factor, sign_in
from roamio_web.services.failures import Unavailable
from roamio_web.services.second_factor import FactorGone, SetUp, WrongCode
from roamio_web.services.sign_in import SessionOver, Tokens
from roamio_web.waiting_room import Step, Waiting
from roamio_web.ways_back import safe_next

START_AGAIN = "That was the wrong code too often. Start again."

bp = Blueprint("doorstep", __name__, url_prefix="/staff/sign-in")


@bp.route("/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Ask for the code of the person's second factor, and let them in for it."""
    waiting = waiting_room.waiting()
    if waiting is None or waiting.step is not Step.CODE:
        return redirect(url_for("sign_in.form"), 303)
    asked = CodeForm()
    if asked.validate_on_submit():
        try:
            tokens = _show(waiting, waiting.tokens.factor, asked)
        except WrongCode as refusal:
            if not waiting_room.count_wrong_code():
                return _start_again(START_AGAIN, waiting)
            asked.code.errors = (str(refusal),)
        except (SessionOver, FactorGone) as refusal:
            return _start_again(str(refusal))
        else:
            return _inside(tokens, waiting.then)
    return render_template("staff/sign_in/code.html", form=asked), 422 if asked.errors else 200


@bp.route("/second-factor", methods=["GET", "POST"])
def set_up() -> ResponseReturnValue:
    """Lead an admin, who needs a second factor, to setting one up, and let them in for its first code."""
    waiting = waiting_room.waiting()
    if waiting is None or waiting.step is not Step.SET_UP:
        return redirect(url_for("sign_in.form"), 303)
    asked = CodeForm()
    try:
        if "set_up" not in session:
            session["set_up"] = asdict(second_factor.begin(sessions.backend(), waiting.tokens))
        begun = SetUp(**session["set_up"])
        if asked.validate_on_submit():
            tokens = _show(waiting, begun.factor, asked)
            landed = _inside(tokens, waiting.then)
            flash("Your second factor is set up.", "success")
            return landed
    except WrongCode as refusal:
        asked.code.errors = (str(refusal),)
    except FactorGone as refusal:
        session.pop("set_up")
        flash(str(refusal), "notice")
        return redirect(url_for("doorstep.set_up"), 303)
    except SessionOver as refusal:
        return _start_again(str(refusal))
    page = render_template("staff/sign_in/set_up.html", form=asked, begun=begun, picture=drawn(begun.uri))
    return page, 422 if asked.errors else 200


def _show(waiting: Waiting, factor: str, asked: CodeForm) -> Tokens:
    """Exchange the code that was typed for a session that is let in.

    :raise WrongCode, FactorGone, SessionOver, Unavailable: as ``second_factor.show``.
    """
    with tries.counted("code", tries.by_network(), tries.by_person(waiting.tokens.user_id)):
        return second_factor.show(sessions.backend(), waiting.tokens, factor, asked.code.data or "")


def _inside(tokens: Tokens, then: str | None) -> ResponseReturnValue:
    """Let somebody in who owes nothing any more; or back to the password that they were about to choose."""
    if then == url_for("sign_in.new_password"):
        waiting_room.drop()
        opened_links.keep(Purpose.RECOVERY, tokens)
        return redirect(then, 303)
    sessions.start(tokens)
    return redirect(safe_next(then) or url_for("overview.page"), 303)


def _start_again(sentence: str, waiting: Waiting | None = None) -> ResponseReturnValue:
    """Back to the sign-in page; the session that was begun is over."""
    if waiting:
        try:
            sign_in.sign_out(sessions.backend(), waiting.tokens.access)
        except Unavailable as failure:
            sentence = f"{sentence} {failure}"
    waiting_room.drop()
    flash(sentence, "notice")
    return redirect(url_for("sign_in.form"), 303)
