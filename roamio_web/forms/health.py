"""What a booking says about somebody's health. The database keeps it apart from everything else."""

from __future__ import annotations

from roamio_web.forms.booking import Answers
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.questions import menu, note, tick
from roamio_web.forms.rules import Required
from roamio_web.languages import lazy as _

SPECIALITIES = (
    ("", _("Choose one")),
    ("cardiology", _("Heart")),
    ("orthopaedics", _("Bones and joints")),
    ("oncology", _("Cancer")),
    ("fertility", _("Fertility")),
    ("dental", _("Teeth")),
    ("eye", _("Eyes")),
    ("cosmetic", _("Cosmetic surgery")),
    ("ayurveda", _("Ayurveda")),
    ("other", _("Something else")),
)
CONSENT = _(
    "I agree that Roamio keeps what I wrote about health, to arrange this trip. "
    "Only the person who looks after it and an administrator can read it, and each reading is recorded."
)
"""Kept with the booking word for word, as it was read; a change here needs no change there."""


class HealthForm(ContactForm):
    """A booking form that asks about health, and for consent to keep the answers."""

    agreements = frozenset({"consent"})
    private = frozenset({"speciality", "need", "consent"})

    speciality = menu(
        _("Field of medicine"),
        SPECIALITIES,
        _("Choose from the list"),
        Required(_("Choose a field of medicine")),
    )
    need = note(
        _("What is needed?"),
        Required(_("Tell us in a few words what is needed")),
        hint=_("A diagnosis, an operation that was advised, or what hurts. Reports can follow later."),
    )
    consent = tick(CONSENT, Required(_("Tick the box so that we may keep what you wrote about health")))

    def health(self) -> Answers:
        """What the database moves out of ``details`` into a table of its own."""
        consent = {"wording": str(CONSENT), "given_at": self.now.isoformat(timespec="seconds")}
        return {**self.answers("speciality", "need"), "consent": consent}
