"""The front-end packages on their way from node_modules to static/vendor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from roamio_web import vendor
from roamio_web.icons import LUCIDE

VERSIONS = {"htmx.org": "9.9.9", "lucide-static": "1.2.3", "sortablejs": "2.7.1"}
TICK = [["path", {"d": "M20 6 9 17l-5-5"}], ["circle", {"cx": "12", "cy": "12", "r": "9"}]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose package.json asks for these versions, with them installed."""
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": VERSIONS}))
    for name, source in vendor.SERVED.values():
        package = tmp_path / "node_modules" / name
        (package / source).parent.mkdir(parents=True, exist_ok=True)
        (package / source).write_text(source)
        (package / "package.json").write_text(json.dumps({"version": VERSIONS[name]}))
    lucide = tmp_path / "node_modules" / "lucide-static"
    lucide.mkdir()
    (lucide / "package.json").write_text(json.dumps({"version": VERSIONS["lucide-static"]}))
    (lucide / "icon-nodes.json").write_text(json.dumps(dict.fromkeys(LUCIDE.values(), TICK)))
    return tmp_path


def test_install_leaves_exactly_the_served_files_with_their_version(root: Path) -> None:
    (root / "static" / "vendor").mkdir(parents=True)
    (root / "static" / "vendor" / "htmx-9.9.8.min.js").touch()
    vendor.copy(root)
    found = {path.name: path.read_text() for path in (root / "static" / "vendor").iterdir()}
    drawings = json.loads(found.pop("icons-1.2.3.json"))
    assert drawings == dict.fromkeys(LUCIDE, '<path d="M20 6 9 17l-5-5"/><circle cx="12" cy="12" r="9"/>')
    assert found == {
        "htmx-9.9.9.min.js": "dist/htmx.min.js",
        "hx-sse-9.9.9.min.js": "dist/ext/hx-sse.min.js",
        "hx-upsert-9.9.9.min.js": "dist/ext/hx-upsert.min.js",
        "sortable-2.7.1.min.js": "Sortable.min.js",
    }


@pytest.mark.parametrize("package", VERSIONS)
def test_install_refuses_another_version_than_the_one_that_is_asked_for(root: Path, package: str) -> None:
    (root / "package.json").write_text(json.dumps({"dependencies": {**VERSIONS, package: "9.9.10"}}))
    with pytest.raises(
        vendor.NotInstalled, match=rf"{package} 9\.9\.10 is not in node_modules: run `make assets`"
    ):
        vendor.copy(root)
    assert not (root / "static").exists()
