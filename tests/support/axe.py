"""axe-core: what on a page would keep somebody from using it, as far as a program can tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from playwright.sync_api import Page

from tests.support.repository import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = {"resultTypes": ["violations"], "iframes": False}  # a form in a frame is looked at by itself
COLOURS: dict[str, Any] = {**VIOLATIONS, "runOnly": ["color-contrast"]}
RUN = """async options => (await axe.run(document, options)).violations.map(found =>
  `${found.id}: ${found.help}: ${found.nodes.slice(0, 3).map(node => node.html).join(" | ")}`)"""
STILL = "document.getAnimations().forEach(animation => animation.finish())"


def bring_axe(page: Page) -> None:
    """Have axe on every page that is opened from now on: handing it over once costs less than each time."""
    page.add_init_script(path=SOURCE)


def complaints(page: Page) -> list[str]:
    """What axe finds here, in light and in dark; only the colours differ."""
    return [*_run(page, "light", VIOLATIONS), *_run(page, "dark", COLOURS)]


def look_at(page: Page, addresses: Iterable[str]) -> dict[str, list[str]]:
    """Open each of these, and return those with what axe finds there."""
    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = complaints(page)
    return {address: each for address, each in found.items() if each}


def _run(page: Page, scheme: Literal["light", "dark"], options: dict[str, Any]) -> list[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(STILL)
    return [f"in {scheme}, {found}" for found in page.evaluate(RUN, options)]
