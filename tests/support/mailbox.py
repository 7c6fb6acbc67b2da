"""The mail that an embedded project sent."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path
from typing import cast

from tests.support.backend import TestBackend
from tests.support.eventually import eventually


@dataclass(frozen=True)
class Mail:
    """One message: whom it went to, its link, and its code if it brings one."""

    address: str
    subject: str
    link: str
    code: str


def mail_to(project: TestBackend, address: str) -> list[Mail]:
    """Every message to this address, oldest first."""
    folder = cast(Path, project.mail_dir)
    messages = [_read(file) for file in sorted(folder.glob("*.eml"))]
    return [mail for mail in messages if mail.address == address]


def last_mail_to(project: TestBackend, address: str) -> Mail:
    """The newest message to this address; waits for it."""
    return eventually(lambda: mail_to(project, address), what=f"Mail to {address}")[-1]


def _read(file: Path) -> Mail:
    message = cast(EmailMessage, email.message_from_bytes(file.read_bytes(), policy=default))
    text = unescape(message.get_content())
    link = re.search(r"https?://[^\s\"<]+", text)
    code = re.search(r"code: (\d+)", text)
    assert link
    return Mail(message["To"], message["Subject"], link[0], code[1] if code else "")
