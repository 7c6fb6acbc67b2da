"""What a booking says about somebody's health. The database keeps it apart from everything else."""

from __future__ import annotations

from roamio_web.forms.booking import Answers
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.questions import menu, note, tick
from roamio_web.forms.rules import Required

SPECIALITIES = (
    ("", "Choose one"),
    ("cardiology", "Heart"),
    ("orthopaedics", "Bones and joints"),
    ("oncology", "Cancer"),
    ("fertility", "Fertility"),
    ("dental", "Teeth"),
    ("eye", "Eyes"),
    ("cosmetic", "Cosmetic surgery"),
    ("ayurveda", "Ayurveda"),
    ("other", "Something else"),
)
CONSENT = (
    "I agree that Roamio keeps what I wrote about health, to arrange this trip. "
    "Only the person who looks after it and an administrator can read it, and each reading is recorded."
)
"""Kept with the booking word for word; a change here needs no change there."""


class HealthForm(ContactForm):
    """A booking form that asks about health, and for consent to keep the answers."""

    agreements = frozenset({"consent"})
    private = frozenset({"speciality", "need", "consent"})

    speciality = menu(
        "Field of medicine", SPECIALITIES, "Choose from the list", Required("Choose a field of medicine")
    )
    need = note(
        "What is needed?",
        Required("Tell us in a few words what is needed"),
        hint="A diagnosis, an operation that was advised, or what hurts. Reports can follow later.",
    )
    consent = tick(CONSENT, Required("Tick the box so that we may keep what you wrote about health"))

    def health(self) -> Answers:
        """What the database moves out of ``details`` into a table of its own."""
        consent = {"wording": CONSENT, "given_at": self.now.isoformat(timespec="seconds")}
        return {**self.answers("speciality", "need"), "consent": consent}
