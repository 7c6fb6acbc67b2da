"""The HTML that puts a booking form into somebody else's page, in the three ways that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from roamio_web.languages import ENGLISH, Language, gettext, said_in
from roamio_web.models.look import Look
from roamio_web.models.offer import Offer

FRAME_HEIGHT = 900
"""Pixels that a frame put there by hand begins with; it scrolls inside."""
ROOM = {"style": "display: block; min-height: 100vh"}
"""What the element keeps free until its form is there, so that nothing around it jumps."""
PLAIN = Look()


@dataclass(frozen=True)
class Snippet:
    """``site`` is our own address without a slash at its end; ``ref`` names a campaign."""

    site: str
    offer: Offer
    look: Look = PLAIN
    ref: str = ""
    language: Language = ENGLISH

    @property
    def title(self) -> str:
        """What is offered, in the language of the form."""
        return said_in(self.language, lambda: gettext("%(what)s with Roamio", what=self.offer.heading))

    @property
    def attributes(self) -> dict[str, str]:
        """What the element is given."""
        look = self.look.arguments
        accent = {"accent": f"#{look.pop('accent')}"} if "accent" in look else {}
        return {"purpose": self.offer.slug, **self._language, **look, **accent, **self._campaign}

    @property
    def script(self) -> str:
        """The address of the script that defines the element."""
        return f"{self.site}/embed.js"

    @property
    def frame_address(self) -> str:
        return _address(
            f"{self.site}{self.language.prefix}/embed/{self.offer.slug}", self.look.arguments | self._campaign
        )

    @property
    def page_address(self) -> str:
        return _address(f"{self.site}{self.language.prefix}/book/{self.offer.slug}", self._campaign)

    @property
    def element(self) -> str:
        """A script and an element: the form is as high as it needs to be, and tells the page what happens."""
        return (
            f"<script async {_written({'src': self.script})}></script>\n"
            f"<roamio-booking {_written(self.attributes | ROOM)}>\n"
            f"  {self.link}\n"
            f"</roamio-booking>"
        )

    @property
    def frame(self) -> str:
        """A frame, where no script is allowed."""
        written = _written({"src": self.frame_address, "title": self.title, "loading": "lazy"})
        size = _written({"width": "100%", "height": str(FRAME_HEIGHT), "style": "border: 0"})
        return f"<iframe {written}\n  {size}></iframe>"

    @property
    def link(self) -> str:
        """A link, for a newsletter or a button."""
        return f"<a {_written({'href': self.page_address})}>{escape(self.title)}</a>"

    @property
    def _language(self) -> dict[str, str]:
        return {} if self.language is ENGLISH else {"language": self.language.code}

    @property
    def _campaign(self) -> dict[str, str]:
        return {"ref": self.ref} if self.ref else {}


def _address(path: str, arguments: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(arguments)}" if arguments else path


def _written(attributes: Mapping[str, str]) -> str:
    return " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
