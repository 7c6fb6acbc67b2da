"""What an admin fills in about the routing of one purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import AnyOf, Length

from roamio_web.forms.fields import OneOfField, SomeOfField
from roamio_web.forms.options import options
from roamio_web.forms.questions import one_of, some_of
from roamio_web.forms.rules import Settled
from roamio_web.models.booking import Purpose
from roamio_web.models.routing import Routing
from roamio_web.models.staff import StaffMember

ON, OFF = "on", "off"
LONGEST_SEEN = 8000
STATES = ((ON, "On: each goes to one of the agents below"), (OFF, "Off: they wait until somebody takes them"))


class RoutingForm(FlaskForm):  # type: ignore[misc]
    """An admin says who is given the new bookings; ``seen_…`` is what the page showed of the rule."""

    state: OneOfField = one_of("New bookings from the website", STATES, "Choose on or off")
    agents: SomeOfField = some_of(
        "Agents",
        (),
        Settled(),
        sentence="Choose agents from the list",
        hint="Whoever has the fewest open bookings gets the next one.",
    )
    seen_state = HiddenField(validators=[AnyOf([ON, OFF], "Open the page again, then choose")])
    seen_agents = HiddenField(validators=[Length(max=LONGEST_SEEN)])

    @classmethod
    def showing(cls, rule: Routing, team: Sequence[StaffMember]) -> RoutingForm:
        """The form as it stands for this rule, or as it was sent."""
        form = cls(data={"state": _state(rule), "agents": sorted(rule.agents)})
        return form.offering(team).seeing(rule)

    @classmethod
    def sent(cls, team: Sequence[StaffMember]) -> RoutingForm:
        """The form as it was sent."""
        return cls().offering(team)

    def offering(self, team: Sequence[StaffMember]) -> RoutingForm:
        """Offer the colleagues to whom bookings can be given."""
        self.agents.choices = options((person.id, person.name) for person in team)
        return self

    def seeing(self, rule: Routing) -> RoutingForm:
        """The same answers; sent again, they are for the rule as it is now."""
        self.seen_state.data = _state(rule)
        self.seen_agents.data = ",".join(sorted(rule.agents))
        return self

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """A rule that is on needs somebody."""
        if not super().validate(extra_validators):
            return False
        if self.state.data == ON and not self.agents.data:
            self.agents.errors = ("Choose at least one agent, or switch it off",)
            return False
        return True

    def seen(self, purpose: Purpose) -> Routing:
        """The rule as the page showed it."""
        return _rule(purpose, self.seen_state.data, (self.seen_agents.data or "").split(","))

    def wanted(self, purpose: Purpose) -> Routing:
        """The rule as it is to be."""
        return _rule(purpose, self.state.data, self.agents.data or ())

    def changes_until(self, now: Routing, names: Mapping[str, str]) -> list[str]:
        """What became different since, in sentences."""
        seen, changes = self.seen(now.purpose), []
        if now.enabled != seen.enabled:
            changes.append(f"The rule is {_state(now)} now.")
        if now.agents != seen.agents:
            given = sorted(names.get(agent, "somebody who has left") for agent in now.agents)
            changes.append(f"The agents are {', '.join(given)} now." if given else "It names nobody now.")
        return changes


def _state(rule: Routing) -> str:
    return ON if rule.enabled else OFF


def _rule(purpose: Purpose, state: str | None, agents: Iterable[str]) -> Routing:
    return Routing(purpose, state == ON, frozenset(agent for agent in agents if agent))
