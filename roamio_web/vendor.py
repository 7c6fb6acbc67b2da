"""The front-end packages: which of their files the site serves, and how they get into ``static/vendor``.

``make assets`` runs npm, and then ``main`` here copies them out of ``node_modules``.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "htmx.org"
SERVED = {
    "vendor/htmx.js": "dist/htmx.min.js",
    "vendor/hx-sse.js": "dist/ext/hx-sse.min.js",
    "vendor/hx-upsert.js": "dist/ext/hx-upsert.min.js",
}


class NotInstalled(Exception):
    """A front-end file is not there; the message says what to do."""


def versioned_names(root: Path = ROOT) -> dict[str, str]:
    """The file that stands for each logical name: ``vendor/htmx.js`` is ``vendor/htmx-4.0.1.min.js``."""
    return {name: f"{name.removesuffix('.js')}-{_version(root)}.min.js" for name in SERVED}


def copy(root: Path = ROOT) -> list[Path]:
    """Fill ``static/vendor`` with exactly the served files, and return where they are.

    :raise NotInstalled: npm has not installed the version that package.json names.
    """
    package = root / "node_modules" / PACKAGE
    manifest = package / "package.json"
    if not manifest.is_file() or json.loads(manifest.read_text())["version"] != _version(root):
        raise NotInstalled(f"{PACKAGE} {_version(root)} is not in node_modules: run `make assets`.")
    shutil.rmtree(root / "static" / "vendor", ignore_errors=True)
    (root / "static" / "vendor").mkdir(parents=True)
    names = versioned_names(root)
    return [
        shutil.copyfile(package / source, root / "static" / names[name]) for name, source in SERVED.items()
    ]


def _version(root: Path) -> str:
    version: str = json.loads((root / "package.json").read_text())["dependencies"][PACKAGE]
    return version


def main() -> int:
    """Copy the files, or say in one sentence why not."""
    try:
        copy()
    except NotInstalled as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0
