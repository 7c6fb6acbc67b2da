"""axe-core: what on a page would keep somebody from using it, as far as a program can tell.

In light every rule is run. In dark the page has the same words in the same places, and its colours alone are
others: only the rule about their contrast is run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Page, expect

from tests.support.repository import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = {"resultTypes": ["violations"], "iframes": False}  # a form in a frame is looked at by itself
COLOURS: dict[str, Any] = {**VIOLATIONS, "runOnly": ["color-contrast"]}
RUN = """async options => (await axe.run(document, options)).violations.map(found =>
  `${found.id}: ${found.help}: ${found.nodes.slice(0, 3).map(node => node.html).join(" | ")}`)"""
STILL = "document.getAnimations().forEach(animation => animation.finish())"


class Inspection:
    """One walk through pages and their states; what axe found in each is in ``found``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}
        # Handing it over once costs less than to each page.
        page.add_init_script(path=SOURCE)
        self._cdp = page.context.new_cdp_session(page)

    def of(self, state: str) -> None:
        """Look at what is there now."""
        if found := [*self._run("light", VIOLATIONS), *self._run("dark", COLOURS)]:
            self.found[state] = found

    def of_pages(self, addresses: Iterable[str]) -> None:
        """Open each of these, and look at it."""
        for address in addresses:
            self.page.goto(address)
            self.of(address)

    def of_errors(self, state: str, button: str) -> None:
        """Press the button of a form that can't be sent as it is, and look at what it says."""
        self.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator("#error-summary")).to_be_visible()
        self.of(f"{state}, with errors")

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """The pages that are opened until the block ends are as they are where no script runs."""
        self._cdp.send("Emulation.setScriptExecutionDisabled", {"value": True})
        yield
        self._cdp.send("Emulation.setScriptExecutionDisabled", {"value": False})

    def _run(self, scheme: Literal["light", "dark"], options: dict[str, Any]) -> list[str]:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.evaluate(STILL)
        return [f"in {scheme}, {found}" for found in self.page.evaluate(RUN, options)]
