"""Getting in and out: sign-in, sign-out, a new password by mail, and accepting an invitation."""

from __future__ import annotations

import logging

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from roamio_web import opened_links, sessions, tries, waiting_room
from roamio_web.forms.sign_in import ForgotPasswordForm, InvitationForm, NewPasswordForm, SignInForm
from roamio_web.opened_links import Purpose
from roamio_web.services import mailed_links
from roamio_web.services import sign_in as auth
from roamio_web.services.account import PasswordRefused, set_password
from roamio_web.services.mailed_links import INVITATION_SPENT, LINK_SPENT, LinkSpent
from roamio_web.services.sign_in import DemoAccount, SessionOver, Tokens, WrongCredentials
from roamio_web.waiting_room import Step
from roamio_web.ways_back import safe_next

OTHER_BROWSER = (
    "That link was asked for in another browser. Open it there, or type the code of the mail where you are"
    " asked for one."
)
log = logging.getLogger(__name__)

STEPS = {Step.CODE: "doorstep.code", Step.SET_UP: "doorstep.set_up"}
BY_MAIL = ("code", "error", "token_hash")
"""What a link from a mail may bring to the sign-in page, which is where Supabase Auth leads by default."""

bp = Blueprint("sign_in", __name__, url_prefix="/staff")


@bp.route("/sign-in", methods=["GET", "POST"])
def form() -> ResponseReturnValue:
    """Sign a member of staff in and take them to where they wanted to go, or to what they still owe."""
    sign_in = SignInForm(next=request.args.get("next"))
    where = safe_next(sign_in.next.data) or url_for("overview.page")
    if request.method == "GET":
        if any(name in request.args for name in BY_MAIL):
            return _arrived_by_mail()
        if sessions.current_member():
            return redirect(where, 303)
        if waiting := waiting_room.waiting():
            return redirect(url_for(STEPS[waiting.step]), 303)
    if sign_in.validate_on_submit():
        try:
            tokens = _open_session(sign_in)
        except WrongCredentials as refusal:
            if isinstance(refusal, DemoAccount):
                log.warning("A demo account was refused. Remove the demo accounts from this project.")
            # One answer for both, beside both: which of them was wrong is nobody's business.
            sign_in.email.errors = (str(refusal),)
        else:
            return let_in(tokens, where)
    status = 422 if sign_in.errors else 200
    return render_template("staff/sign_in/page.html", form=sign_in), status


def let_in(tokens: Tokens, where: str) -> ResponseReturnValue:
    """Take somebody to where they wanted to go; whoever owes a second factor gets to the door alone."""
    if tokens.factor:
        waiting_room.hold(tokens, Step.CODE, where)
        return redirect(url_for(STEPS[Step.CODE]), 303)
    sessions.start(tokens)
    if sessions.current_member():
        return redirect(where, 303)
    waiting_room.lead_to(where)
    return redirect(url_for("sign_in.form"), 303)


@bp.post("/sign-out")
def leave() -> ResponseReturnValue:
    """End the session, here and at Supabase Auth."""
    sessions.leave()
    return redirect(url_for("sign_in.form"), 303)


@bp.route("/forgot-password", methods=["GET", "POST"])
def forgot_password() -> ResponseReturnValue:
    """Mail a link for a new password. Everybody gets the same answer, whether the address is known or not.

    :raise 429: too many mails were asked for.
    """
    forgot = ForgotPasswordForm()
    _count_mail(forgot)
    if forgot.validate_on_submit():
        email, back = forgot.email.data or "", url_for("sign_in.new_password", _external=True)
        session["verifier"] = mailed_links.mail_password_link(sessions.backend(), email, back)
        return redirect(url_for("sign_in.link_sent"), 303)
    status = 422 if forgot.errors else 200
    return render_template("staff/sign_in/forgot_password.html", form=forgot), status


@bp.get("/forgot-password/sent")
def link_sent() -> ResponseReturnValue:
    """Say what to look for in the mailbox."""
    return render_template("staff/sign_in/link_sent.html")


@bp.route("/new-password", methods=["GET", "POST"])
def new_password() -> ResponseReturnValue:
    """Set a new password, for whoever comes by a mailed link, and sign them in.

    A link with a ``token_hash`` is good in any browser, and opening it spends nothing, since mail scanners
    open links too. A link that passed through Supabase Auth brings a ``code`` for the browser that asked.
    """
    token_hash = request.args.get("token_hash", "")
    chosen = NewPasswordForm()
    try:
        if "code" in request.args or "error" in request.args:
            return _follow(request.args.get("code", ""))
        if chosen.validate_on_submit():
            tokens = _recovery_tokens(token_hash)
            if tokens.factor:
                waiting_room.hold(tokens, Step.CODE, url_for("sign_in.new_password"))
                flash("Enter the code of your app first, then choose the password.", "notice")
                return redirect(url_for(STEPS[Step.CODE]), 303)
            set_password(sessions.backend(), tokens, chosen.password.data or "")
            landed = let_in(tokens, url_for("overview.page"))
            flash("Your new password is set.", "success")
            return landed
    except PasswordRefused as refusal:
        chosen.password.errors = (str(refusal),)
    except (LinkSpent, SessionOver) as refusal:
        opened_links.drop(Purpose.RECOVERY)
        flash(str(refusal), "notice")
        return redirect(url_for("sign_in.forgot_password"), 303)
    if not token_hash and not opened_links.is_kept(Purpose.RECOVERY):
        flash("Open the link in the mail once more, or ask for a new one.", "notice")
        return redirect(url_for("sign_in.forgot_password"), 303)
    status = 422 if chosen.errors else 200
    return render_template("staff/sign_in/new_password.html", form=chosen), status


@bp.route("/accept-invitation", methods=["GET", "POST"])
def accept_invitation() -> ResponseReturnValue:
    """Let an invited person choose a password, by the mail's link or its code, and sign them in.

    Opening the link spends nothing: mail scanners open links too. Sending the form does.
    """
    token_hash = request.args.get("token_hash", "")
    chosen = NewPasswordForm() if token_hash else InvitationForm()
    if request.method == "GET" and "error" in request.args:
        flash(INVITATION_SPENT, "notice")
        return redirect(url_for("sign_in.accept_invitation"), 303)
    if chosen.validate_on_submit():
        try:
            return _accepted(chosen, token_hash)
        except PasswordRefused as refusal:
            chosen.password.errors = (str(refusal),)
        except (LinkSpent, SessionOver):
            opened_links.drop(Purpose.INVITATION)
            if token_hash:
                flash(INVITATION_SPENT, "notice")
                return redirect(url_for("sign_in.another_code"), 303)
            chosen["code"].errors = ("Enter the six digits from the newest mail, or ask for another one",)
    status = 422 if chosen.errors else 200
    return render_template("staff/sign_in/accept_invitation.html", form=chosen), status


@bp.route("/accept-invitation/another-code", methods=["GET", "POST"])
def another_code() -> ResponseReturnValue:
    """Mail an invited person another link and code. Everybody gets the same answer, invited or not.

    :raise 429: too many mails were asked for.
    """
    asked = ForgotPasswordForm()
    _count_mail(asked)
    if asked.validate_on_submit():
        back = url_for("sign_in.accept_invitation", _external=True)
        mailed_links.mail_another_code(sessions.backend(), asked.email.data or "", back)
        flash("If this address was invited, a mail with a link and a code is on its way to it.", "notice")
        return redirect(url_for("sign_in.accept_invitation"), 303)
    status = 422 if asked.errors else 200
    return render_template("staff/sign_in/another_code.html", form=asked), status


def _count_mail(asked: ForgotPasswordForm) -> None:
    """Count a form that asks for a mail, for each page by itself.

    :raise 429: there have been too many.
    """
    if request.method == "POST":
        tries.spend(str(request.endpoint), tries.by_network(), tries.by_mailbox(asked.email.data or ""))


def _accepted(chosen: InvitationForm | NewPasswordForm, token_hash: str) -> ResponseReturnValue:
    """Give the invited person their password, and let them in.

    :raise LinkSpent, PasswordRefused, SessionOver: as the services.
    """
    brought, given, guards = token_hash, {"token_hash": token_hash}, [tries.by_network()]
    if isinstance(chosen, InvitationForm):
        email, code = chosen.email.data or "", chosen.code.data or ""
        brought, given = f"{email} {code}", {"email": email, "code": code}
        guards.append(tries.by_code(email))

    def open_it() -> Tokens:
        with tries.counted("invitation", *guards):
            return mailed_links.open_invitation(sessions.backend(), **given)

    tokens = opened_links.opened(Purpose.INVITATION, brought, open_it)
    where = url_for("overview.page")
    if tokens.factor:
        landed = let_in(tokens, where)
        flash("You have an account already, and its password stays as it is.", "notice")
        return landed
    set_password(sessions.backend(), tokens, chosen.password.data or "")
    landed = let_in(tokens, where)
    if sessions.current_member():
        flash("Welcome to Roamio. Your password is set.", "success")
    return landed


def _arrived_by_mail() -> ResponseReturnValue:
    """Send on whoever followed a mailed link that Supabase Auth led here, or say what became of the link."""
    brought = request.args
    if "token_hash" in brought:
        recovery = brought.get("type") == "recovery"
        there = "sign_in.new_password" if recovery else "sign_in.accept_invitation"
        return redirect(url_for(there, token_hash=brought["token_hash"]), 303)
    if "code" in brought and "verifier" in session:
        return redirect(url_for("sign_in.new_password", code=brought["code"]), 303)
    flash(OTHER_BROWSER if "code" in brought else LINK_SPENT, "notice")
    return redirect(url_for("sign_in.form"), 303)


def _open_session(given: SignInForm) -> Tokens:
    """Open a session with what was given. Production lets no demo account in.

    :raise WrongCredentials, Unavailable: as ``services.sign_in.sign_in``.
    """
    demo = not current_app.extensions["roamio.settings"].production
    email, password = given.email.data or "", given.password.data or ""
    with tries.counted("sign-in", tries.by_network(), tries.by_account(email)):
        return auth.sign_in(sessions.backend(), email, password, demo=demo)


def _follow(code: str) -> ResponseReturnValue:
    """Keep the session that a followed link opens, and go on without its code in the address."""
    verifier = session.pop("verifier", "")
    opened_links.keep(Purpose.RECOVERY, mailed_links.follow_password_link(sessions.backend(), code, verifier))
    return redirect(url_for("sign_in.new_password"), 303)


def _recovery_tokens(token_hash: str) -> Tokens:
    """The session that the mailed link opens.

    :raise LinkSpent: it has been spent already.
    """

    def open_it() -> Tokens:
        with tries.counted("recovery", tries.by_network()):
            return mailed_links.open_password_link(sessions.backend(), token_hash)

    return opened_links.opened(Purpose.RECOVERY, token_hash, open_it)
