"""Somebody else's website, with a booking form in its pages.

It is at ``localhost``, and the site at 127.0.0.1: to a browser they have nothing to do with each other, so
the form gets no cookie there, and none of the storage that it has on its own.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PAGE = """<!doctype html><html lang="en"><title>A travel magazine</title>
<meta name="viewport" content="width=device-width"><style>iframe {{ height: 1px; border: 9px solid }}</style>
<h1>Goa</h1>
<script>
  window.heard = [];
  for (const name of ["roamio:ready", "roamio:step", "roamio:booked"])
    document.addEventListener(name, (event) => heard.push([event.target.id, name, event.detail]));
</script>
<script async src="{site}/embed.js"></script>
{body}
<p>The end</p></html>"""

# How far what is in view moved without anybody having done anything, as Chromium measures it.
NOTE_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => shifts.push(...list.getEntries().filter(shift => !shift.hadRecentInput)
  .map(shift => shift.value))).observe({ type: "layout-shift", buffered: true });
"""
# To whom a frame says something, as it says it: nobody else could hear whether others may listen.
NOTE_TARGETS = """
if (window.parent !== window) {
  window.targets = [];
  const host = window.parent;
  const postMessage = (news, target) => { targets.push(target); host.postMessage(news, target); };
  Object.defineProperty(window, "parent", { value: { postMessage } });
}"""
NOTE_HEIGHTS = """() => {
  window.heights = [];
  const frame = document.querySelector("roamio-booking").shadowRoot.querySelector("iframe");
  new ResizeObserver(() => heights.push(frame.offsetHeight)).observe(frame);
}"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: Any) -> None:
        pass


@dataclass(frozen=True)
class Magazine:
    """The website: its origin, and the folder that it serves."""

    origin: str
    folder: Path

    def prints(self, name: str, site: str, body: str) -> str:
        """Put this into a page; returns the page's address."""
        (self.folder / f"{name}.html").write_text(PAGE.format(site=site, body=body))
        return f"{self.origin}/{name}.html"


@contextmanager
def magazine(folder: Path) -> Iterator[Magazine]:
    """Serve the website until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Magazine(f"http://localhost:{server.server_address[1]}", folder)
        server.shutdown()
