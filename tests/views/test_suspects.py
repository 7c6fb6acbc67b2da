"""Forty people among four thousand posts of scripts: nobody real is marked, hardly a script is not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from typing import Any

import pytest
from flask import Flask, request

from roamio_web import create_app
from roamio_web.booking_desk import HONEYPOT
from roamio_web.config import Settings
from roamio_web.forms.cab import CabForm
from roamio_web.services.suspicion import MARKED
from roamio_web.suspects import suspicion
from tests.support.factories import Database
from tests.support.travellers import BROWSER, Traveller, answers

POSTS, PEOPLE = 4000, 40
SHORTEST = 2.0
ADVERT = "Best prices for your site! https://a.example https://b.example https://c.example"
OFFER = "Dear manager, we would like to offer you our excellent marketing services this week."
NOTES = (
    "",
    "Two dogs, both small",
    "We stay at https://hotel.example/goa/{number}, the driver knows it",
    "Please call my mother {number} when you are near, she is hard of hearing",
)


@dataclass(frozen=True)
class Post:
    """One booking that is sent: by whom, how long after the form was opened, and with which headers."""

    age: float
    headers: dict[str, str]
    address: str
    fields: dict[str, Any] = field(default_factory=dict)


def person(chance: random.Random, number: int) -> Post:
    """Somebody with a browser of their own; every fourth sits in the same office."""
    hidden = "Accept-Language" if number % 7 == 0 else ""
    return Post(
        age=chance.uniform(25, 1500),
        headers={name: text for name, text in BROWSER.items() if name != hidden},
        address="198.51.100.1" if number % 4 == 0 else f"203.0.113.{number}",
        fields={"notes": chance.choice(NOTES).format(number=number)},
    )


def bare(chance: random.Random) -> Post:
    """A script that says what it is."""
    agent = chance.choice(("python-requests/2.32.3", "curl/8.5.0", "Go-http-client/2.0", "okhttp/4.12"))
    return Post(chance.uniform(0, 60), {"User-Agent": agent}, _somewhere(chance))


def disguised(chance: random.Random) -> Post:
    """A script that has learnt a browser's name and nothing else."""
    return Post(chance.uniform(20, 600), {"User-Agent": BROWSER["User-Agent"]}, _somewhere(chance))


def hurried(chance: random.Random) -> Post:
    """A script with all headers and no patience."""
    return Post(chance.uniform(0.01, SHORTEST * 0.99), BROWSER, _somewhere(chance))


def thorough(chance: random.Random) -> Post:
    """A patient script that leaves no question out."""
    return Post(chance.uniform(20, 600), BROWSER, _somewhere(chance), {HONEYPOT: "https://spam.example"})


def advertising(chance: random.Random) -> Post:
    """A patient script with something to sell."""
    return Post(chance.uniform(20, 600), BROWSER, _somewhere(chance), {"notes": ADVERT})


def repeating(chance: random.Random) -> Post:
    """A patient script that writes as people do, the same each time."""
    return Post(chance.uniform(20, 600), BROWSER, _somewhere(chance), {"notes": OFFER})


SCRIPTS: tuple[Callable[[random.Random], Post], ...] = (
    bare,
    disguised,
    hurried,
    thorough,
    advertising,
    repeating,
)


def _somewhere(chance: random.Random) -> str:
    return f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


@pytest.fixture(scope="module")
def quiet() -> Iterator[Flask]:
    """The site without a database: what it makes of a post is all that is asked."""
    app = create_app(Settings("http://127.0.0.1:9", "key", environment="testing"))
    yield app
    app.extensions["roamio.backend"].close()


def is_marked(app: Flask, post: Post) -> bool:
    """Whether staff would see a mark on this booking."""
    context = app.test_request_context(
        "/book/cab",
        method="POST",
        data=answers("cab", **post.fields),
        headers={"User-Agent": "", **post.headers},
        environ_base={"REMOTE_ADDR": post.address},
    )
    with context:
        form = CabForm(request.form)
        assert form.validate(), form.errors
        return suspicion(form, HONEYPOT, post.age, SHORTEST).score >= MARKED


def test_forty_people_among_four_thousand_posts_are_not_marked_and_the_scripts_are(quiet: Flask) -> None:
    chance = random.Random(20261122)
    people = [("a person", person(chance, number)) for number in range(PEOPLE)]
    makers = islice(cycle(SCRIPTS), POSTS - PEOPLE)
    scripts = [(make.__name__, make(chance)) for make in makers]
    posts = people + scripts
    chance.shuffle(posts)
    marks = [(who, is_marked(quiet, post)) for who, post in posts]
    wrongly = [who for who, marked in marks if marked and who == "a person"]
    missed = [who for who, marked in marks if not marked and who != "a person"]
    assert wrongly == []
    assert len(missed) <= (POSTS - PEOPLE) // 100, f"Scripts that nobody noticed: {missed}"


def test_what_a_script_sends_is_kept_like_any_other_booking(settings: Settings, database: Database) -> None:
    app = create_app(replace(settings, ticket_minimum_age=2))
    script = Traveller(app.test_client())
    script.headers = {"User-Agent": "python-requests/2.32.3"}
    reference = script.books("cab")
    row = database.execute(
        "select details, status::text from bookings where reference = %s", [reference]
    ).fetchone()
    assert row is not None
    assert row["status"] == "pending"
    assert row["details"]["source"] == {
        "channel": "site",
        "suspected": ["hasty", "machine", "no_language", "no_page"],
        "score": 100,
    }
    app.extensions["roamio.backend"].close()
