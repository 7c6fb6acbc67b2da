"""The front-end packages: which of their files the site serves, and how they get into ``static/vendor``.

``make assets`` runs npm, and then ``main`` here copies them out of ``node_modules``.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from roamio_web.icons import LUCIDE, drawing

ROOT = Path(__file__).resolve().parent.parent
SERVED = {
    "vendor/htmx.js": ("htmx.org", "dist/htmx.min.js"),
    "vendor/hx-sse.js": ("htmx.org", "dist/ext/hx-sse.min.js"),
    "vendor/hx-upsert.js": ("htmx.org", "dist/ext/hx-upsert.min.js"),
    "vendor/sortable.js": ("sortablejs", "Sortable.min.js"),
}
"""By logical name, the package and its file."""
ICONS = "vendor/icons.json"
LUCIDE_PACKAGE = "lucide-static"


class NotInstalled(Exception):
    """A front-end file is not there; the message says what to do."""


def versioned_names(root: Path = ROOT) -> dict[str, str]:
    """The file that stands for each logical name: ``vendor/htmx.js`` is ``vendor/htmx-4.0.1.min.js``."""
    versions = _versions(root)
    names = {
        name: f"{name.removesuffix('.js')}-{versions[package]}.min.js"
        for name, (package, _) in SERVED.items()
    }
    return names | {ICONS: f"{ICONS.removesuffix('.json')}-{versions[LUCIDE_PACKAGE]}.json"}


def copy(root: Path = ROOT) -> list[Path]:
    """Fill ``static/vendor`` with exactly the served files and our icons' drawings; return where they are.

    :raise NotInstalled: npm has not installed the versions that package.json names.
    """
    modules, versions = root / "node_modules", _versions(root)
    for package in sorted({LUCIDE_PACKAGE, *(package for package, _ in SERVED.values())}):
        manifest = modules / package / "package.json"
        if not manifest.is_file() or json.loads(manifest.read_text())["version"] != versions[package]:
            raise NotInstalled(f"{package} {versions[package]} is not in node_modules: run `make assets`.")
    shutil.rmtree(root / "static" / "vendor", ignore_errors=True)
    (root / "static" / "vendor").mkdir(parents=True)
    names = versioned_names(root)
    copied = [
        shutil.copyfile(modules / package / source, root / "static" / names[name])
        for name, (package, source) in SERVED.items()
    ]
    nodes = json.loads((modules / LUCIDE_PACKAGE / "icon-nodes.json").read_text())
    icons = root / "static" / names[ICONS]
    icons.write_text(json.dumps({name: drawing(nodes[theirs]) for name, theirs in LUCIDE.items()}, indent=1))
    return [*copied, icons]


def _versions(root: Path) -> dict[str, str]:
    versions: dict[str, str] = json.loads((root / "package.json").read_text())["dependencies"]
    return versions


def main() -> int:
    """Copy the files, or say in one sentence why not."""
    try:
        copy()
    except NotInstalled as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0
