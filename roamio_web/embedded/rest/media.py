"""Which form the answer takes: the ``Accept`` header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roamio_web.embedded.rest.errors import no_media_type

Shape = Literal["array", "object", "csv"]


@dataclass(frozen=True, slots=True)
class Media:
    """A form an answer can have; ``strip`` leaves out what is null."""

    shape: Shape
    strip: bool
    content_type: str


JSON = Media("array", False, "application/json; charset=utf-8")
STRIPPED = Media("array", True, "application/vnd.pgrst.array+json;nulls=stripped; charset=utf-8")
SINGLE = Media("object", False, "application/vnd.pgrst.object+json; charset=utf-8")
SINGLE_STRIPPED = Media("object", True, "application/vnd.pgrst.object+json;nulls=stripped; charset=utf-8")
CSV = Media("csv", False, "text/csv; charset=utf-8")


def choose_media(accept: str | None) -> Media:
    """The first form in the header that can be had, those with a greater ``q`` before the others.

    :raise RestError: PGRST107, none can; a query plan can't either, as in PostgREST's defaults.
    """
    if accept is None or accept == "*/*":
        return JSON
    wanted = sorted(
        (_split(item) for item in accept.split(",") if item.strip()),
        key=lambda item: -item[2],
    )
    for kind, parameters, quality in wanted:
        media = _known(kind, parameters.get("nulls") == "stripped")
        if media and quality > 0:
            return media
    raise no_media_type(item.strip() for item in accept.split(","))


def _known(kind: str, strip: bool) -> Media | None:
    if kind in ("application/json", "*/*", "application/*"):
        return JSON
    if kind in ("application/vnd.pgrst.object+json", "application/vnd.pgrst.object"):
        return SINGLE_STRIPPED if strip else SINGLE
    if kind in ("application/vnd.pgrst.array+json", "application/vnd.pgrst.array"):
        return STRIPPED if strip else JSON
    return CSV if kind == "text/csv" else None


def _split(item: str) -> tuple[str, dict[str, str], float]:
    kind, *rest = (part.strip() for part in item.split(";"))
    parameters = {
        name.strip().lower(): value.strip().strip('"') for name, _, value in (p.partition("=") for p in rest)
    }
    try:
        quality = float(parameters.get("q", "1"))
    except ValueError:
        quality = 1.0
    return kind.lower(), parameters, quality
