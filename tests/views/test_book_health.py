"""What a traveller tells about health is read by nobody but the agent and an admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.support.factories import Database
from tests.support.people import AGENT, FINANCE, People
from tests.support.staff import StaffBrowser
from tests.support.travellers import Traveller


@pytest.mark.parametrize(
    ("purpose", "told"),
    [
        ("medical", {"Hospital or doctor": "Apollo, Dr. Rao", "Field of medicine": "Heart"}),
        ("hybrid", {"Field of medicine": "Heart"}),
    ],
)
def test_accountant_reads_nothing_about_health_and_the_agent_reads_all_of_it(
    client: FlaskClient,
    browser: Callable[..., StaffBrowser],
    people: People,
    database: Database,
    purpose: str,
    told: dict[str, str],
) -> None:
    about = {"speciality": "cardiology", "need": "A bypass was advised", "notes": "Diabetic since 2019"}
    reference = Traveller(client).books(purpose, **about)
    booking = database.execute(
        "update bookings set assigned_agent = (select id from profiles where email = %s)"
        " where reference = %s returning id",
        [AGENT, reference],
    ).fetchone()
    assert booking is not None
    health = ("cardiology", "bypass", "Diabetic", "Kamala", "mother", "Apollo")

    for table in ("bookings", "booking_rows"):
        rows = people.staff(FINANCE).table(table).select("*").eq("reference", reference).execute().data
        assert len(rows) == 1
        assert not [word for word in health if word in str(rows)]
    address = f"/staff/bookings/{booking['id']}"
    assert not [word for word in health if word in browser(FINANCE).opens(address).text]

    agent = browser(AGENT)
    assert not [word for word in health if word in agent.opens(address).text]
    opened = agent.sends(f"{address}/health").text
    patient = {"The patient’s full name": "Kamala Iyer", "The patient’s age": "71"}
    shown = told | patient | {"Notes": "Diabetic since 2019"}
    for question, answer in shown.items():
        assert f"<dt>{question}</dt><dd>{answer}</dd>" in opened
