"""What makes a booking look as if no person had sent it, and what does not."""

from __future__ import annotations

from time import thread_time
from timeit import timeit
from typing import Any

import pytest

from roamio_web.services.suspicion import MARKED, Clues, judge

PEOPLE: dict[str, dict[str, Any]] = {
    "takes her time": {},
    "has every answer at hand": {"age": 9},
    "has a browser that hides his language": {"names_a_language": False},
    "has a proxy that strips headers": {"sent_from": ""},
    "pastes the hotel’s address": {"texts": ("We stay at https://hotel.example/goa",)},
    "pastes two links": {"texts": ("https://a.example and www.b.example",)},
    "books for a whole office": {"same_address": 60},
    "books six cabs for one wedding": {"same_contact": 8},
    "has a name that looks odd to programs": {"name": "Null O'Brien-Ng 3rd"},
    "writes a smaller-than sign": {"texts": ("weight < 40 kg and > 20 kg",)},
    "asks as somebody else did": {"same_words": 2},
    "has a Cubot phone": {"agent": "Mozilla/5.0 (Linux; Android 11; CUBOT NOTE 20) Mobile Safari/537.36"},
}
ROBOTS: dict[str, tuple[dict[str, Any], str]] = {
    "fills in everything": ({"honeypot": True}, "honeypot"),
    "answers at once": ({"age": 0.4}, "hasty"),
    "says what it is": ({"agent": "python-requests/2.32"}, "machine"),
    "says nothing": ({"agent": ""}, "machine"),
    "sends bare posts": ({"names_a_language": False, "sent_from": ""}, "no_page"),
    "advertises": ({"texts": ("http://a.example http://b.example http://c.example",)}, "links"),
    "is called by a link": ({"name": "www.pills.example"}, "link_as_name"),
    "writes markup": ({"texts": ("<a href=//x>pills</a>",)}, "markup"),
    "says the same again and again": ({"same_words": 4}, "same_words"),
    "is in a hurry and links": ({"age": 5, "texts": ("see https://x.example",)}, "quick"),
    "posts from elsewhere in a hurry": ({"sent_from": "elsewhere", "age": 3}, "another_page"),
    "floods": ({"same_address": 500, "same_contact": 400}, "same_address"),
}


@pytest.mark.parametrize("person", PEOPLE)
def test_a_person_is_not_marked_who(person: str) -> None:
    assert judge(Clues(**PEOPLE[person])).kept == {}


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_is_marked_that(robot: str) -> None:
    clues, reason = ROBOTS[robot]
    found = judge(Clues(**clues))
    assert found.score >= MARKED
    assert reason in found.reasons
    assert found.kept == {"suspected": list(found.reasons), "score": found.score}


@pytest.mark.parametrize("said", ["a-", "www", "<a", "[url", ".ru", "x.info"])
def test_long_words_cost_no_more_than_their_length(said: str) -> None:
    """Ten times the text takes about ten times as long, not a hundred times."""

    def cost(length: int) -> float:
        words = Clues(name=(said * length)[:length], texts=((said * length)[:length],))
        # Of the processor's time: other programs don't lengthen that.
        return min(timeit(lambda: judge(words), timer=thread_time, number=3) for _ in range(5))

    assert cost(20_000) < 40 * cost(2_000)


@pytest.mark.parametrize(
    ("name", "is_link"),
    [
        ("pills.ru", True),
        ("best-pills.shop", True),
        ("cheap.pills.xyz!", True),
        ("Dr. Shopova", False),
        ("St.Russell", False),
        ("end .info", False),
    ],
)
def test_a_name_that_is_an_address_holds_a_link(name: str, is_link: bool) -> None:
    assert ("link_as_name" in judge(Clues(name=name)).reasons) is is_link


def test_the_heaviest_reason_comes_first_and_the_score_has_an_end() -> None:
    found = judge(Clues(honeypot=True, age=1, agent="curl/8", texts=("www.x.example",)))
    assert found.reasons == ("honeypot", "hasty", "machine", "links")
    assert found.score == 100
