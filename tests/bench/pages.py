"""What a public page costs: to make, and to load."""

from __future__ import annotations

import gzip
import http.client
import re
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ViewportSize

from tests.bench.results import Result
from tests.support.site import Site, serve

REQUESTS = 400
ROUNDS = 3
WARM_UP = 40
HIGH: ViewportSize = {"width": 1280, "height": 5000}
"""A window that shows all of a page: what loads once it is seen loads too."""
CONTENT_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
HEADERS = {"Accept-Encoding": "gzip"}


def time_to_serve(site: Site, path: str, settings: dict[str, str], folder: Path) -> Result:
    """The page against a bare Flask page of the same length, under the same server, request by request.

    The median of several rounds, each with a bare server of its own: where a process happens to lie in memory
    makes it a tenth faster or slower for as long as it lives.
    """
    rounds = [_round(site, path, settings, folder) for _ in range(ROUNDS)]
    ours, theirs = sorted(rounds, key=lambda times: times[0] / times[1])[ROUNDS // 2]
    ratios = ", ".join(f"{ours / theirs:.2f}" for ours, theirs in rounds)
    detail = f"{ours * 1e3:.2f} ms against {theirs * 1e3:.2f} ms; rounds {ratios}"
    return Result(f"{path}, served", ours / theirs, 1.5, "×", detail)


def _round(site: Site, path: str, settings: dict[str, str], folder: Path) -> tuple[float, float]:
    """The median seconds of the page, and of the bare one."""
    with connected(site) as page:
        length = len(_fetch(page, path)[0])
    with (
        serve(
            settings | {"BENCH_LENGTH": str(length)}, folder / "bare.log", "tests.bench.bare:create_app()"
        ) as bare,
        _wire(site) as page_wire,
        _wire(bare) as bare_wire,
    ):
        times = [(_time(page_wire, path), _time(bare_wire, "/")) for _ in range(WARM_UP + REQUESTS)][WARM_UP:]
    ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return ours, theirs


def weight(site: Site, path: str, browser: Browser) -> Result:
    """Everything that a first visit loads, as it travels when the proxy compresses the page itself."""
    page = browser.new_page(viewport=HIGH)
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"{site.url}{path}", wait_until="networkidle")
    page.close()
    with connected(site) as connection:
        sizes = {url: _size(connection, url.removeprefix(site.url)) for url in loaded}
    return Result(
        f"{path}, everything it loads", sum(sizes.values()) / 1024, 40, "KB", f"{len(sizes)} requests"
    )


@contextmanager
def connected(site: Site) -> Iterator[http.client.HTTPConnection]:
    """One kept-alive connection to a site."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc)
    try:
        yield connection
    finally:
        connection.close()


def _wire(site: Site) -> socket.socket:
    return socket.create_connection((urlsplit(site.url).hostname, urlsplit(site.url).port))


def _time(wire: socket.socket, path: str) -> float:
    """Seconds until the last byte of the answer is here; what a client makes of it is its own work."""
    asked = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    started = time.perf_counter()
    wire.sendall(asked)
    answer = wire.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += wire.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = CONTENT_LENGTH.search(head)
    assert length, f"{path} answered {head!r}"
    assert b" 200 " in head[:16], f"{path} answered {head!r}"
    left = int(length[1]) - len(body)
    while left:
        left -= len(wire.recv(65536))
    return time.perf_counter() - started


def _size(connection: http.client.HTTPConnection, path: str) -> int:
    body, encoding = _fetch(connection, path)
    return len(body if encoding else gzip.compress(body))


def _fetch(connection: http.client.HTTPConnection, path: str) -> tuple[bytes, str | None]:
    connection.request("GET", path, headers=HEADERS)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, f"{path} answered {answer.status}"
    return body, answer.headers.get("Content-Encoding")
