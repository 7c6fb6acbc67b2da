"""Which days somebody wants to see the sources of."""

from __future__ import annotations

from wtforms import DateField, Form


class DaysForm(Form):
    """A GET form: its answers are the page's address, so it has no token."""

    since = DateField("From")
    until = DateField("To")
