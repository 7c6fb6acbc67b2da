"""An open staff page without a browser: the stream's events change its screen as they would a browser's."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Iterator

from tests.support.eventually import eventually

PARTIAL = re.compile(
    r'<hx-partial hx-target="#(?P<target>[\w-]+)" hx-swap="(?P<swap>\w+)">(?P<html>.*?)</hx-partial>'
    r"|<hx-upsert [^>]*>(?P<row>.*?)</hx-upsert>",
    re.DOTALL,
)
ROW = re.compile(r'<tr id="booking-([0-9a-f-]{36})".*?</tr>', re.DOTALL)


def words(html: str) -> str:
    """What a person reads: the text without the tags, and single spaces."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class Dashboard:
    """Reads a stream in a thread and keeps what it shows."""

    def __init__(self, events: Iterator[str]) -> None:
        self.state = ""
        self.rows: dict[str, str] = {}  # the list's rows by booking, in no particular order
        self.html = ""  # everything that was ever swapped in
        self.latest = ""  # what was swapped in last
        self.next_page = ""  # where the next page begins, once this one's end has moved
        self.readings = 0  # how often the whole page came
        self.reloaded = False
        self.resting = False
        self.ended = False
        self._closing = False
        self._thread = threading.Thread(target=self._read, args=(events,), daemon=True)
        self._thread.start()

    def shows(self, booking_id: str, text: str = "") -> bool:
        """Whether the booking is on the list, and its row says this."""
        return booking_id in self.rows and text in words(self.rows[booking_id])

    def says(self, text: str) -> bool:
        """Whether what was swapped in last says this."""
        return text in words(self.latest)

    def wait_until_live(self) -> Dashboard:
        eventually(lambda: self.state == "live", what="a live page")
        return self

    def close(self) -> None:
        """Close the page; the site notices when it writes to it next."""
        self._closing = True

    def _read(self, events: Iterator[str]) -> None:
        for text in events:
            if self._closing:
                break
            for event in text.split("\n\n"):
                self._take(event)
        if isinstance(events, Generator):
            events.close()
        self.ended = True

    def _take(self, event: str) -> None:
        fields = [line.partition(": ")[::2] for line in event.splitlines()]
        name = next((value for field, value in fields if field == "event"), "")
        data = "\n".join(value for field, value in fields if field == "data")
        if name == "live:state":
            self.state = data
        elif name == "live:reload":
            self.reloaded = True
        elif name == "live:rest":
            self.resting = True
        elif not name and data:
            self._swap(data)

    def _swap(self, html: str) -> None:
        self.html += html
        self.latest = html
        for part in PARTIAL.finditer(html):
            if part["row"]:
                self.rows |= {row[1]: row[0] for row in ROW.finditer(part["row"])}
            elif part["swap"] == "delete":
                self.rows.pop(part["target"].removeprefix("booking-"), None)
            elif part["target"] == "booking-pages":
                self._trim(part["html"])
            elif part["target"] == "charts":
                continue  # they come with the overview
            else:
                self.readings += 1
                self.rows = {row[1]: row[0] for row in ROW.finditer(part["html"])}

    def _trim(self, pages: str) -> None:
        """Take out what is beyond the page's end, as static/js/trim.js does."""
        self.next_page = match[1] if (match := re.search(r'rel="next" href="([^"]+)"', pages)) else ""
        end, sort = re.findall(r'data-(?:end|sort)="([^"]*)"', pages)
        keys = {booking: re.findall(r'data-key="([^"]*)"', row)[0] for booking, row in self.rows.items()}
        for booking, key in keys.items():
            if key < end if sort == "desc" else key > end:
                del self.rows[booking]
