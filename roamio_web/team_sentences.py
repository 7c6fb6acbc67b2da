"""What the audit log recorded about the team, as sentences: people, invitations, routing rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from roamio_web.formatters import label
from roamio_web.models.change import Change

Names = Mapping[str, str]


def staff_change(recorded: Change, names: Names) -> str:
    """``The staff account of Priya Nair went from operations to finance``."""
    account = f"The staff account of {_name(recorded, names)}"
    if recorded.action == "INSERT":
        return f"{_name(recorded, names)} joined as {_word(recorded.held('role'), 'somebody')}"
    if recorded.action == "DELETE":
        return f"{account} was deleted"
    told = []
    for column, (old, new) in recorded.columns.items():
        match column:
            case "role":
                told.append(f"went from {_word(old)} to {_word(new)}")
            case "deactivated_at":
                told.append("lost its access" if new else "got its access back")
            case "full_name":
                told.append("got another name")
            case _:
                told.append(f"got another {column.replace('_', ' ')}")
    return f"{account} {', '.join(told) or 'was changed'}"


def invitation_change(recorded: Change, _names: Names) -> str:
    """``new@example.com was invited as finance``."""
    whom = recorded.held("email") or "somebody"
    if recorded.action == "INSERT":
        return f"{whom} was invited as {_word(recorded.held('role'), 'somebody')}"
    became = "was changed"
    if recorded.action == "DELETE":
        became = "was withdrawn"
    elif recorded.new("accepted_at"):
        became = "was accepted"
    elif recorded.new("expires_at"):
        became = "was sent again"
    return f"The invitation for {whom} {became}"


def routing_change(recorded: Change, names: Names) -> str:
    """``Priya Nair was put into the routing rule for cab, which is on``."""
    rule = f"the routing rule for {_word(recorded.held('purpose'), 'a purpose')}"
    agent = names.get(recorded.held("agent") or "", "Somebody")
    state = "on" if recorded.held("enabled") else "off"
    if recorded.action == "INSERT":
        return f"{agent} was put into {rule}, which is {state}"
    if recorded.action == "DELETE":
        return f"{agent} was taken out of {rule}"
    return f"{rule[0].upper()}{rule[1:]} was switched {state} for {agent}"


def sign_in_change(recorded: Change, _names: Names) -> str:
    """``Every admin needs a second factor from then on``."""
    if recorded.new("second_factor_for_admins"):
        return "Every admin needs a second factor from then on"
    return "A second factor is optional from then on"


SENTENCES: dict[str, Callable[[Change, Names], str]] = {
    "profiles": staff_change,
    "invitations": invitation_change,
    "assignment_rules": routing_change,
    "sign_in_rules": sign_in_change,
}
"""By table."""


def _name(recorded: Change, names: Names) -> str:
    return names.get(recorded.record_id) or recorded.held("full_name") or recorded.held("email") or "somebody"


def _word(value: object, otherwise: str = "") -> str:
    return label(str(value)).lower() if value else otherwise
