"""What the embedded backend says when it can't go on."""

from __future__ import annotations


class BackendError(Exception):
    """The embedded backend can't start or go on; the message is one sentence that says why and what to do."""
