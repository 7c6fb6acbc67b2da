"""The routing rules for admins: who is given the new website bookings of each purpose."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from roamio_web.formatters import label
from roamio_web.forms.routing import RoutingForm
from roamio_web.models.booking import Purpose
from roamio_web.models.routing import Routing
from roamio_web.permissions import Permission, requires
from roamio_web.sentences import by_whom
from roamio_web.services import routing
from roamio_web.services.failures import Refused
from roamio_web.services.routing import RoutingMovedOn
from roamio_web.sessions import current_client, current_team, everybody, member_let_in

bp = Blueprint("routing", __name__, url_prefix="/staff/team/routing")


@bp.get("")
@requires(Permission.ROUTE_BOOKINGS)
def index() -> str:
    """Show what becomes of new website bookings, purpose by purpose."""
    rules = [(rule, *_agents(rule)) for rule in routing.read_routing(current_client())]
    return render_template("staff/team/routing.html", member=member_let_in(), rules=rules)


@bp.get("/<purpose>")
@requires(Permission.ROUTE_BOOKINGS)
def rule(purpose: str) -> str:
    """Show the form that sets one purpose's rule.

    :raise 404: there is no such purpose.
    """
    found = routing.read_rule(current_client(), _purpose(purpose))
    return _form(found.purpose, RoutingForm.showing(found, current_team()))


@bp.post("/<purpose>")
@requires(Permission.ROUTE_BOOKINGS)
def change(purpose: str) -> ResponseReturnValue:
    """Write one purpose's rule, unless another admin was faster and set it.

    :raise 404: there is no such purpose.
    """
    chosen, form = _purpose(purpose), RoutingForm.sent(current_team())
    if not form.validate():
        return _form(chosen, form), 422
    try:
        routing.set_rule(current_client(), form.seen(chosen), form.wanted(chosen))
    except RoutingMovedOn as moved:
        changes = [*form.changes_until(moved.now, _names()), *by_whom(moved.latest)]
        return _form(chosen, form.seeing(moved.now), changes=changes), 409
    except Refused as refusal:
        return _form(chosen, form, refusal=str(refusal)), 422
    flash(f"The rule for {label(chosen)} is {form.state.data} now.", "success")
    return redirect(url_for("routing.index"), 303)


def _purpose(text: str) -> Purpose:
    """:raise 404: it is none."""
    if text not in list(Purpose):
        abort(404)
    return Purpose(text)


def _form(purpose: Purpose, form: RoutingForm, **outcome: object) -> str:
    return render_template(
        "staff/team/rule.html", member=member_let_in(), purpose=purpose, form=form, **outcome
    )


def _agents(rule: Routing) -> tuple[list[str], list[str]]:
    """The names of a rule's agents: of those who take bookings now, and of those who don't."""
    named = [person for person in everybody() if person.id in rule.agents]
    return (
        [person.name for person in named if person.takes_work],
        [person.name for person in named if not person.takes_work],
    )


def _names() -> dict[str, str]:
    return {person.id: person.name for person in everybody()}
