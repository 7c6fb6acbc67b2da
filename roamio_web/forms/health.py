"""What a booking says about somebody's health. The database keeps it apart from everything else."""

from __future__ import annotations

from roamio_web.forms.booking import Answers, When
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.questions import line, menu, note, number, one_of, tick
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
PATIENTS = (("self", _("Me")), ("another", _("Somebody else")))
PATIENT = ("patient", "patient_name", "patient_age", "patient_relation")
SOMEBODY_ELSE = When("patient", ("another",))
ABOUT_THE_PATIENT = dict.fromkeys(PATIENT[1:], SOMEBODY_ELSE)
"""The conditions of the questions about a patient."""


class HealthForm(ContactForm):
    """A booking form that asks about health, and for consent to keep the answers.

    Notes beside a treatment are about it, whatever they say.
    """

    agreements = frozenset({"consent"})
    private = frozenset({*PATIENT, "speciality", "need", "notes", "consent"})

    patient = one_of(_("Who is the treatment for?"), PATIENTS, _("Choose who is treated"), default="self")
    patient_name = line(
        _("The patient’s full name"), Required(_("Enter the patient’s full name")), autocomplete="off"
    )
    patient_age = number(_("The patient’s age"), 0, 120, _("the patient’s age"))
    patient_relation = line(
        _("Who is the patient to you?"), hint=_("Like mother, son or friend."), autocomplete="off"
    )
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

    @property
    def kept_apart(self) -> frozenset[str]:
        return self.private if self.applies("need") else frozenset()

    def common(self) -> Answers:
        """The same as in every form, and under ``health`` alone whatever is said about it: the database moves
        that out of ``details`` into a table of its own.
        """
        common = super().common()
        if not self.kept_apart:
            return common
        consent = {"wording": str(CONSENT), "given_at": self.now.isoformat(timespec="seconds")}
        said = [field.name for field in self if field.name in self.kept_apart - self.agreements]
        common = {name: answer for name, answer in common.items() if name not in self.kept_apart}
        return {**common, "health": {**self.answers(*said), "consent": consent}}
