"""Four people with their pages open for the day, and all between them and the database that can break."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Page

from roamio_web import create_app
from roamio_web.backend import Backend
from roamio_web.config import Settings
from roamio_web.embedded import tokens
from roamio_web.services.sign_in import Tokens
from tests.support.backend import PASSWORD, TestBackend
from tests.support.eventually import eventually
from tests.support.factories import Database
from tests.support.parts import Reader
from tests.support.people import ADMIN, AGENT, FINANCE, VIEWER
from tests.support.site import Site, serve
from tests.support.truth import in_database, on_screen
from tests.support.turmoil import Turmoil
from tests.support.wire import Wire

SECRET = "the office's own secret key, long enough"
LIVE = "() => document.getElementById('live-state')?.dataset.state === 'live'"
LATER = "milliseconds => { const now = Date.now; Date.now = () => now.call(Date) + milliseconds; }"
# A browser opens six connections to one host: five live pages leave it one to work with.
PAGES = (
    (ADMIN, ("bookings", "overview", "tasks", "clients", "booking")),
    (ADMIN, ("client",)),
    (AGENT, ("bookings", "overview", "tasks", "client", "booking")),
    (AGENT, ("clients",)),
    (FINANCE, ("bookings", "overview", "booking")),
    (VIEWER, ("overview",)),
)


@dataclass(frozen=True)
class OpenPage:
    """One page of one person. ``record`` is the booking or the client that it is about."""

    page: Page
    kind: str
    reader: Reader
    record: str | None

    @property
    def name(self) -> str:
        return f"{self.reader.role}'s {self.kind}"

    def differs(self, database: Database) -> str:
        """How the page differs from the database; nothing when it is equal, row by row."""
        expected, shown = (
            in_database(database, self.kind, self.reader, self.record),
            on_screen(self.page, self.kind),
        )
        for part, rows in expected.items():
            if rows != shown[part]:
                missing = [row for row in rows if row not in shown[part]]
                ghosts = [row for row in shown[part] if row not in rows]
                what = (
                    f"missing {missing[:3]}, wrong {ghosts[:3]}" if missing or ghosts else "order, or doubles"
                )
                return f"{self.name}, {part}: {what}"
        return ""


class Office:
    """The people, the site, and the two wires: from the browsers to the site, from the site to Supabase."""

    def __init__(self, backend: TestBackend, database: Database, browser: Browser, log: Path) -> None:
        self.database = database
        self.turmoil = Turmoil(database)
        self.contexts: list[tuple[str, BrowserContext]] = []
        self.pages: list[OpenPage] = []
        self._wrong: OpenPage | None = None
        self._backend = backend
        self._browser = browser
        self._log = log
        self._stack = contextlib.ExitStack()
        self._site: Site | None = None
        self.to_site = Wire("127.0.0.1", 0)
        address = urlsplit(backend.url)
        self.to_supabase = Wire(address.hostname or "", address.port or 80)
        self._supabase = Backend(backend.url, backend.anon_key)
        self._app = create_app(
            Settings(backend.url, backend.anon_key, environment="testing", secret_key=SECRET)
        )

    @contextlib.contextmanager
    def open(self) -> Iterator[Office]:
        """Start the site and open everybody's pages."""
        with self._stack:
            self._stack.callback(self._supabase.close)
            self._stack.enter_context(self.to_site.up())
            self._stack.enter_context(self.to_supabase.up())
            self.start_site()
            self._stack.callback(self.stop_site)
            self.turmoil.begin(60)
            self._stack.callback(self.turmoil.end)
            for email, kinds in PAGES:
                self._arrive(email, kinds)
            self.wait_until_true()
            yield self

    def start_site(self) -> None:
        """Serve the site, as a new process on a port of its own."""
        settings = {
            "SUPABASE_URL": self.to_supabase.url,
            "SUPABASE_ANON_KEY": self._backend.anon_key,
            "ROAMIO_ENV": "testing",
            "ROAMIO_HOSTS": "127.0.0.1",
            "ROAMIO_SECRET_KEY": SECRET,
        }
        self._serving = serve(settings, self._log)
        self._site = self._serving.__enter__()
        self.to_site.lead_to(urlsplit(self._site.url).port or 80)

    def stop_site(self) -> None:
        """Kill the site's processes without a word of warning."""
        if self._site is not None:
            for process in (*self._site.workers(), self._site.process.pid):
                os.kill(process, signal.SIGKILL)
            self._site = None
            self._serving.__exit__(None, None, None)

    def sleep(self) -> None:
        """Close everybody's laptop: the network swallows what is sent, and nobody is told."""
        self.to_site.mute()

    def wake_up(self, seconds: int) -> None:
        """Open the laptops so long later, by their clocks; the connections of before are dead, unnoticed."""
        self.to_site.strand()
        for each in self.pages:
            each.page.evaluate(LATER, seconds * 1000)

    def go_offline(self) -> None:
        for _, context in self.contexts:
            context.set_offline(True)

    def go_online(self) -> None:
        for _, context in self.contexts:
            context.set_offline(False)

    def expire_tokens(self) -> None:
        """Let everybody's access token have ended a minute ago."""
        for email, context in self.contexts:
            self._give_cookie(context, email, seconds=-60)

    def wait_until_true(self, within: float = 60.0) -> None:
        """Wait until each page says that it is live and equals the database, row by row, without a reload."""
        eventually(self._is_true, within, "every page's showing what is in the database")
        for each in self.pages:
            assert each.page.evaluate("window.neverReloaded"), f"{each.name} was reloaded"

    def _is_true(self) -> bool:
        """Look at all, and first at the one that was wrong when this was asked before: looking takes time."""
        for each in (self._wrong, *self.pages) if self._wrong else tuple(self.pages):
            self._wrong = each
            difference = each.differs(self.database)
            assert not difference, difference
            assert each.page.evaluate(LIVE), f"{each.name} is not live"
        self._wrong = None
        return True

    @contextlib.contextmanager
    def visited_by(self, email: str, paths: tuple[str, ...]) -> Iterator[list[Page]]:
        """Have somebody else open these pages for a while."""
        with contextlib.closing(self._sign_in(email)) as context:
            pages = [context.new_page() for _ in paths]
            for page, path in zip(pages, paths, strict=True):
                page.goto(path)
            yield pages

    def _sign_in(self, email: str) -> BrowserContext:
        context = self._browser.new_context(base_url=self.to_site.url)
        context.set_default_timeout(60_000)
        self._give_cookie(context, email)
        return context

    def _arrive(self, email: str, kinds: tuple[str, ...]) -> None:
        context = self._sign_in(email)
        self._stack.callback(context.close)
        self.contexts.append((email, context))
        for kind in kinds:
            record = {"booking": self.turmoil.kept, "client": self.turmoil.client}.get(kind)
            page = context.new_page()
            page.goto(self._path(kind, record))
            page.evaluate("window.neverReloaded = true")
            self.pages.append(OpenPage(page, kind, self._reader(email), record))

    def _path(self, kind: str, record: str | None) -> str:
        if record:
            return f"/staff/{kind}s/{record}"
        return "/staff/" if kind == "overview" else f"/staff/{kind}"

    def _reader(self, email: str) -> Reader:
        role = email.partition("@")[0]
        row = self.database.execute("select id::text from profiles where email = %s", [email]).fetchone()
        assert row is not None
        return Reader(role, row["id"])

    def _give_cookie(self, context: BrowserContext, email: str, seconds: float | None = None) -> None:
        """Sign somebody in; with ``seconds``, on a token that ends so long from now."""
        answer = self._supabase.visitor().auth.sign_in_with_password({"email": email, "password": PASSWORD})
        session = answer.session
        assert session is not None
        access, ends = session.access_token, int(session.expires_at or 0)
        if seconds is not None:
            ends = int(time.time() + seconds)
            claims = jwt.decode(access, options={"verify_signature": False}) | {"exp": ends}
            access = tokens.encode(claims, self._backend.jwt_secret)
        kept = Tokens(access, session.refresh_token, ends, session.user.id)
        signer = SecureCookieSessionInterface().get_signing_serializer(self._app)
        assert signer is not None
        cookie = signer.dumps({"tokens": asdict(kept)})
        context.add_cookies([{"name": "roamio", "value": cookie, "url": self.to_site.url}])
