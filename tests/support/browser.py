"""Finds the Chromium that the browser tests drive, or installs one: ``python -m tests.support.browser``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=120", "--quiet", "--yes", "--no-install-recommends")
NOT_FOUND = (
    "The browser tests need Chromium: install chromium or google-chrome (Debian: apt-get install chromium), "
    "or name one in ROAMIO_CHROMIUM."
)


class NoBrowser(Exception):
    """There is no Chromium here, and none could be installed; the message says what to do."""


def find() -> Path:
    """The Chromium to drive: the one named in ROAMIO_CHROMIUM, else the system's, else Playwright's own.

    :raise NoBrowser: there is none.
    """
    for candidate in _candidates():
        if os.access(candidate, os.X_OK):
            return Path(candidate)
    raise NoBrowser(NOT_FOUND)


def find_or_install() -> Path:
    """Like ``find``, but first try Playwright's download, then, as root, Debian's package.

    :raise NoBrowser: neither worked.
    """
    for install in (None, _install_from_playwright, _install_from_debian):
        if install is not None:
            install()
        try:
            return find()
        except NoBrowser:
            continue
    raise NoBrowser(NOT_FOUND)


def _candidates() -> Iterator[str]:
    if named := os.environ.get("ROAMIO_CHROMIUM"):
        yield named
        return
    yield from filter(None, map(shutil.which, NAMES))
    yield from APPLICATIONS
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def _install_from_playwright() -> None:
    print("There is no Chromium here: trying Playwright's download", flush=True)
    _run([sys.executable, "-m", "playwright", "install", "chromium"])


def _install_from_debian() -> None:
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Debian's chromium package", flush=True)
        _run([*APT, "update"]) and _run([*APT, "install", "chromium"])


def _run(command: Sequence[str]) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    return done.returncode == 0


if __name__ == "__main__":
    try:
        find_or_install()
    except NoBrowser as reason:
        sys.exit(str(reason))
