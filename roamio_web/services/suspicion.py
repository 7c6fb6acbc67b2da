"""How much a booking looks as if no person had sent it.

Each clue has a weight; together they make a score. From ``MARKED`` on, staff see a mark and the reasons.
Nothing is ever dropped because of it, and nobody is asked to prove that they are a person. One weak clue
marks nobody: people do block headers, paste links and share an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

MARKED = 50
"""The score from which on a booking is marked."""
LINK = re.compile(
    r"https?://|www\.|\[url|<a\s|(?<=[\w-])\.(?:ru|xyz|top|click|shop|info|biz)\b", re.IGNORECASE
)
"""Looks at each character once: a name before a dot is told by its last letter."""
MARKUP = re.compile(r"\[url|</?(?:a|b|br|div|iframe|img|p|script)\b", re.IGNORECASE)
MACHINE = re.compile(
    r"^$|python|curl|wget|httpx|aiohttp|okhttp|axios|node|go-http|java/|libwww|scrapy|(?<!cu)bot\b|spider|crawl|werkzeug",
    re.IGNORECASE,
)
"""What programs call themselves, when they say so."""
WORDS = {
    "honeypot": "a question that people don’t see was answered",
    "hasty": "it came back sooner than anybody can fill it in",
    "quick": "it was filled in very quickly",
    "machine": "it was sent by a program, not a browser",
    "no_language": "the browser named no language",
    "no_page": "the browser did not say which page sent it",
    "another_page": "it was sent from a page that is not ours",
    "link_as_name": "the name holds a link",
    "markup": "the answers hold markup",
    "links": "the answers hold links",
    "same_words": "the same words came several times within an hour",
    "same_contact": "the same email address came several times within an hour",
    "same_address": "many requests came from the same network within an hour",
}
"""Each reason as staff read it."""
A_FEW_LINKS = 3
SAME_WORDS, SAME_CONTACT, SAME_ADDRESS = 4, 6, 20
"""Bookings within an hour from which on the same thing again is remarkable."""


@dataclass(frozen=True)
class Clues:
    """What is known of how a booking was sent. ``age`` and ``shortest`` are seconds."""

    honeypot: bool = False
    age: float = 600
    shortest: float = 2
    agent: str = "Mozilla/5.0"
    names_a_language: bool = True
    sent_from: str = "here"
    """``here``, ``elsewhere``, or nothing if the browser did not say which page sent it."""
    name: str = ""
    texts: tuple[str, ...] = ()
    same_words: int = 0
    same_contact: int = 0
    same_address: int = 0


@dataclass(frozen=True)
class Suspicion:
    """A score and its reasons, the heaviest first."""

    score: int
    reasons: tuple[str, ...]

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept with the booking, if it is to be marked."""
        return {"suspected": list(self.reasons), "score": self.score} if self.score >= MARKED else {}


def judge(clues: Clues) -> Suspicion:
    """Weigh every clue; the score is at most 100."""
    links = sum(len(LINK.findall(text)) for text in clues.texts)
    weights = {
        "honeypot": 100 * clues.honeypot,
        "hasty": 60 * (clues.age < clues.shortest),
        "quick": 30 * (clues.shortest <= clues.age < clues.shortest * 5),
        "machine": 50 * bool(MACHINE.search(clues.agent)),
        "no_language": 25 * (not clues.names_a_language),
        "no_page": 25 * (not clues.sent_from),
        "another_page": 40 * (clues.sent_from == "elsewhere"),
        "link_as_name": 60 * bool(LINK.search(clues.name)),
        "markup": 50 * any(MARKUP.search(text) for text in clues.texts),
        "links": 50 if links >= A_FEW_LINKS else 20 * bool(links),
        "same_words": 50 * (clues.same_words >= SAME_WORDS),
        "same_contact": 40 * (clues.same_contact >= SAME_CONTACT),
        "same_address": 40 * (clues.same_address > SAME_ADDRESS),
    }
    found = sorted((name for name in weights if weights[name]), key=lambda name: -weights[name])
    return Suspicion(min(100, sum(weights.values())), tuple(found))
