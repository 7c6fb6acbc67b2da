"""What a form says about somebody's health stands apart from the rest of the booking."""

from __future__ import annotations

from datetime import UTC, datetime

from roamio_web.forms.health import CONSENT
from tests.support.travellers import filled, told


def test_what_a_patient_says_about_health_is_kept_apart_with_the_consent_to_keep_it() -> None:
    form = filled("medical", notes="Diabetic")
    assert told(form) == {}
    details = form.details()
    apart = details.pop("health")
    consent = apart.pop("consent")
    assert apart == {
        "hospital": "Apollo, Dr. Rao",
        "notes": "Diabetic",
        "speciality": "cardiology",
        "need": "A bypass was advised",
        "patient": "another",
        "patient_name": "Kamala Iyer",
        "patient_age": 71,
        "patient_relation": "mother",
    }
    assert consent["wording"] == CONSENT
    assert datetime.fromisoformat(consent["given_at"]) <= datetime.now(UTC)
    assert details["city"] == "Chennai"
    assert not [word for word in ("Kamala", "cardiology", "Apollo", "Diabetic") if word in str(details)]


def test_a_newborn_patient_has_an_age() -> None:
    form = filled("medical", patient_age="0")
    assert told(form) == {}
    assert form.details()["health"]["patient_age"] == 0


def test_a_journey_without_treatment_asks_nothing_about_health() -> None:
    form = filled("hybrid", parts=["cab", "hotel"], speciality="", need="", consent=None, notes="Two dogs")
    assert told(form) == {}
    details = form.details()
    assert "health" not in details
    assert details["notes"] == "Two dogs"
    assert form.kept_apart == frozenset()


def test_notes_beside_a_treatment_stand_with_it() -> None:
    form = filled("hybrid", notes="Diabetic")
    assert told(form) == {}
    details = form.details()
    apart = details.pop("health")
    assert (apart["notes"], apart["patient_name"], apart["patient_age"]) == ("Diabetic", "Kamala Iyer", 71)
    assert not [word for word in ("Kamala", "cataract", "Diabetic") if word in str(details)]
    assert details["child_ages"] == [9]
    assert (details["pickup_time"], details["dropoff_place"]) == ("14:30", "Mylapore")
