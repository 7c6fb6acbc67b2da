"""Outgoing mail: each message becomes a file in a folder, for a developer or a test to open."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

from roamio_web.embedded.settings import MailTemplate

SENDER = "Roamio <no-reply@roamio.example>"
SUBJECTS = {
    "recovery": "Choose a new password",
    "invite": "You have been invited",
    "signup": "Confirm your e-mail address",
    "magiclink": "Your sign-in link",
}
# What config.toml calls the template of each kind.
TEMPLATES = {
    "recovery": "recovery",
    "invite": "invite",
    "signup": "confirmation",
    "magiclink": "magic_link",
}
PLACE = re.compile(r"{{ *\.(\w+) *}}")


@dataclass(frozen=True)
class Letter:
    """What a message of this kind tells: a link, the code that does the same, and what both are made of."""

    kind: str
    address: str
    link: str
    code: str
    hashed: str
    redirect_to: str


@dataclass(frozen=True)
class Mailbox:
    """The folder; only its owner may look in."""

    folder: Path
    templates: Mapping[str, MailTemplate] = field(default_factory=dict)

    def send(self, letter: Letter) -> Path:
        """Write a message, from the project's template if it has one for this kind; returns its file."""
        message = EmailMessage(policy=SMTP)
        message["From"] = SENDER
        message["To"] = letter.address
        template = self.templates.get(TEMPLATES[letter.kind])
        if template:
            message["Subject"] = template.subject or SUBJECTS[letter.kind]
            message.set_content(_filled_in(template.content, letter), subtype="html", cte="8bit")
        else:
            message["Subject"] = SUBJECTS[letter.kind]
            words = f"Follow this link:\n\n{letter.link}\n\nor enter this code: {letter.code}\n"
            message.set_content(words, cte="8bit")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.folder / f"{time.time_ns()}-{letter.kind}.eml"
        file.write_bytes(message.as_bytes())
        return file


def _filled_in(content: str, letter: Letter) -> str:
    """The template with its places filled; one that Supabase Auth knows and this does not stays empty."""
    values = {
        "ConfirmationURL": letter.link,
        "Token": letter.code,
        "TokenHash": letter.hashed,
        "RedirectTo": letter.redirect_to,
        "Email": letter.address,
    }
    return PLACE.sub(lambda found: escape(values.get(found[1], "")), content)
