"""The icons: Lucide's line drawings on a 24-pixel grid, under the names by which the templates call them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from flask import Flask
from markupsafe import Markup

LUCIDE = {
    "alert": "triangle-alert",
    "arrow-left": "arrow-left",
    "arrow-right": "arrow-right",
    "bell": "bell",
    "box": "package",
    "calendar": "calendar",
    "car": "car",
    "chart": "chart-column",
    "check": "check",
    "check-circle": "circle-check",
    "chevron-down": "chevron-down",
    "chevron-right": "chevron-right",
    "clock": "clock",
    "copy": "copy",
    "external": "external-link",
    "filter": "list-filter",
    "heart": "heart-pulse",
    "home": "house",
    "hotel": "bed-double",
    "info": "info",
    "layers": "layers",
    "lock": "lock",
    "mail": "mail",
    "message": "message-circle",
    "more": "ellipsis",
    "mountain": "mountain",
    "phone": "phone",
    "plus": "plus",
    "printer": "printer",
    "search": "search",
    "shield": "shield-check",
    "sign-out": "log-out",
    "sort": "arrow-down-up",
    "tasks": "list-checks",
    "team": "network",
    "user": "user",
    "users": "users",
    "x": "x",
}
"""By our name, Lucide's."""


def init_app(app: Flask) -> None:
    """Give templates ``drawing(name)``: what stands inside the icon; KeyError where there is none."""
    file = Path(app.static_folder or "") / app.extensions["roamio.assets"]["vendor/icons.json"]
    drawings = {name: Markup(inside) for name, inside in json.loads(file.read_text()).items()}  # noqa: S704
    app.jinja_env.globals["drawing"] = drawings.__getitem__


def drawing(nodes: Iterable[tuple[str, Mapping[str, str]]]) -> str:
    """The elements of one icon, each a tag and its attributes, as SVG."""
    return "".join(f"<{tag}{''.join(map(_attribute, shape.items()))}/>" for tag, shape in nodes)


def _attribute(pair: tuple[str, str]) -> str:
    name, value = pair
    return f' {name}="{value}"'
