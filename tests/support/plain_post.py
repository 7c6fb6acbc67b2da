"""Sends a form as a browser without JavaScript does, from a page whose scripts run."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

SUBMIT = """fields => {
  const shown = document.querySelector("#booking-form"), form = document.createElement("form");
  form.method = "post";
  form.action = shown.action;
  const add = (name, value) => form.append(Object.assign(document.createElement("input"), { name, value }));
  if (!fields.some(([name]) => name === "ticket")) add("ticket", shown.elements.ticket.value);
  for (const [name, value] of fields) add(name, value);
  document.body.append(form);
  form.submit();
}"""


def send(page: Page, **fields: Any) -> None:
    """Send the form with these answers, and its own ticket if none is among them, and see what comes back."""
    pairs = [
        (name, one)
        for name, given in fields.items()
        for one in (given if isinstance(given, list) else [given])
    ]
    with page.expect_navigation():
        page.evaluate(SUBMIT, pairs)
