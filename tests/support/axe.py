"""axe-core: what on a page would keep somebody from using it, as far as a program can tell."""

from __future__ import annotations

from typing import Any, Literal

from playwright.sync_api import Page

from tests.support.repository import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = {"resultTypes": ["violations"], "iframes": False}  # a form in a frame is looked at by itself
COLOURS: dict[str, Any] = {**VIOLATIONS, "runOnly": ["color-contrast"]}
ALL_ELSE: dict[str, Any] = {**VIOLATIONS, "rules": {"color-contrast": {"enabled": False}}}
RUN = """async options => (await axe.run(document, options)).violations.map(found =>
  `${found.id}: ${found.help}: ${found.nodes.slice(0, 3).map(node => node.html).join(" | ")}`)"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STILL = "document.getAnimations().forEach(animation => animation.finish())"


def bring_axe(page: Page) -> None:
    """Have axe on every page that is opened from now on: handing it over once costs less than each time."""
    page.add_init_script(path=SOURCE)


def complaints(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds here; ``colours`` too, in light and dark, where they are not as on another page."""
    found = _run(page, ALL_ELSE)
    for scheme in SCHEMES if colours else ():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"in {scheme}, {each}" for each in _run(page, COLOURS)]
    return found


def _run(page: Page, options: dict[str, Any]) -> list[str]:
    page.evaluate(STILL)
    found: list[str] = page.evaluate(RUN, options)
    return found
