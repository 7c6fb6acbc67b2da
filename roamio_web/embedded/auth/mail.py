"""Outgoing mail: each message becomes a file in a folder, for a developer or a test to open."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

SENDER = "Roamio <no-reply@roamio.example>"
SUBJECTS = {
    "recovery": "Choose a new password",
    "invite": "You have been invited",
    "signup": "Confirm your e-mail address",
    "magiclink": "Your sign-in link",
}


@dataclass(frozen=True)
class Mailbox:
    """The folder; only its owner may look in."""

    folder: Path

    def send(self, kind: str, address: str, link: str, code: str) -> Path:
        """Write a message with a link and the code that does the same; returns its file."""
        message = EmailMessage(policy=SMTP)
        message["From"] = SENDER
        message["To"] = address
        message["Subject"] = SUBJECTS[kind]
        message.set_content(f"Follow this link:\n\n{link}\n\nor enter this code: {code}\n", cte="8bit")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.folder / f"{time.time_ns()}-{kind}.eml"
        file.write_bytes(message.as_bytes())
        return file
