"""Somebody at a browser, and whatever their pages complain about."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.support.backend import PASSWORD
from tests.support.site import Site

# Chromium puts every refused form into the console; the tests look at the answer itself.
REFUSED_FORM = re.compile(r"Failed to load resource: .* status of 4(?:09|22|29)\b")
# Chromium's own console says nothing of a violation that a script catches; this says all of them.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", violation =>
  console.error(`CSP: ${violation.violatedDirective} ${violation.blockedURI}`));
"""


class Person:
    """A browser of their own: its cookies, one page, and the problems seen on it."""

    def __init__(self, browser: Browser, site: Site, *, javascript: bool = True) -> None:
        self.site = site
        self.problems: list[str] = []
        self._context = browser.new_context(base_url=site.url, java_script_enabled=javascript, locale="en-GB")
        self._context.set_default_timeout(20_000)
        if javascript:
            self._context.add_init_script(REPORT_VIOLATIONS)
        self.page = self.open_tab()

    def open_tab(self) -> Page:
        """Another page of the same person."""
        page = self._context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("request", self._watch)
        return page

    def goes_to(self, path: str) -> None:
        """Open a page of the site, which has to be there."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path} answered {answer.status}:\n{self.site.last_words()}"

    def watches(self, path: str) -> Page:
        """Open a staff page, leave it open, and wait until it says that it is live."""
        self.goes_to(path)
        expect(self.page.locator("#live-state")).to_have_text("Live")
        return self.page

    def is_told(self, sentence: str) -> None:
        """Read this among the page's notices."""
        expect(self.page.locator("#notices")).to_contain_text(sentence)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Get in as a member of staff."""
        self.goes_to("/staff/sign-in")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(re.compile(r"/staff/(?!sign-in)"))

    def leave(self) -> None:
        """Close the browser."""
        self._context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED_FORM.match(message.text):
            self.problems.append(f"{message.location.get('url')}: {message.text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:", "about:")):
            self.problems.append(f"A request left the site: {request.url}")
