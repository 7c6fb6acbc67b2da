"""A script that sends booking forms by the thousand, and the people whose bookings arrive among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.travellers import BROWSER, answers

PROGRAM = {"User-Agent": "python-requests/2.32.5"}
COPIED = {"User-Agent": BROWSER["User-Agent"]}
"""A program that says what a browser says of itself, and forgets the rest."""
ADVERTISEMENT = "https://followers.example www.followers.example https://likes.example"


@dataclass(frozen=True)
class Sender:
    """Somebody who sends one form: from an address, with these headers and answers, at their own pace."""

    name: str
    address: str
    headers: Mapping[str, str]
    fields: Mapping[str, Any] = field(default_factory=dict)
    hurries: bool = True

    @property
    def sent_headers(self) -> dict[str, str]:
        """Everything the request says of them; the proxy adds the address."""
        return {**self.headers, "X-Forwarded-For": self.address}


def script(number: int, mark: str) -> Sender:
    """One form of the script, whose names end in this mark: seven disguises, from ever new addresses."""
    elsewhere = f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"
    name = f"Bot {number} {mark}"
    kinds = (
        Sender(name, elsewhere, PROGRAM),
        Sender(name, elsewhere, COPIED, hurries=False),
        Sender(name, elsewhere, BROWSER),
        Sender(name, elsewhere, BROWSER, {"homepage": "https://followers.example"}, hurries=False),
        Sender(name, elsewhere, BROWSER, {"notes": ADVERTISEMENT}, hurries=False),
        Sender(name, "198.51.100.7", PROGRAM, hurries=False),
        Sender(f"www.followers.example {name}", elsewhere, BROWSER, hurries=False),
    )
    return kinds[number % len(kinds)]


def traveller(number: int, mark: str) -> Sender:
    """Somebody who takes their time; three of them share the address of one hotel."""
    address = "203.0.113.200" if number < 3 else f"203.0.113.{number}"
    return Sender(
        f"Real Traveller {number} {mark}", address, BROWSER, {"notes": f"We are {number}."}, hurries=False
    )


def form(sender: Sender) -> dict[str, Any]:
    """What this sender answers."""
    return answers("cab", name=sender.name, **sender.fields)
