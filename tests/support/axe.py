"""axe-core: what on a page would keep somebody from using it, as far as a program can tell."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.support.repository import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS: dict[str, Any] = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
RUN = """async options => (await axe.run(document, options)).violations.map(found =>
  `${found.id}: ${found.help}: ${found.nodes.slice(0, 3).map(node => node.html).join(" | ")}`)"""
STILL = "document.getAnimations().forEach(animation => animation.finish())"


def complaints(page: Page, *, in_the_dark: bool = True) -> list[str]:
    """What axe finds here: everything in light, and in the dark what can differ there, the colours."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = _run(page, EVERYTHING)
    if in_the_dark:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found += [f"in the dark, {each}" for each in _run(page, COLOURS)]
    return found


def _run(page: Page, options: dict[str, Any]) -> list[str]:
    page.evaluate(STILL)
    found: list[str] = page.evaluate(RUN, options)
    return found


@cache
def _source() -> str:
    return SOURCE.read_text()
