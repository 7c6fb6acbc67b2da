"""What a page says of itself to those who share or list it: its one address, and its content as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, request, url_for

from roamio_web.config import Settings
from roamio_web.formatters import country
from roamio_web.language_routes import address_in
from roamio_web.languages import LANGUAGES
from roamio_web.models.offer import Offer

SCHEMA = "https://schema.org"
LISTED = ("site.home", "book.form", "embedding.page", "site.privacy")
"""Endpoints whose pages are for everybody to find, the first ones first."""


def init_app(app: Flask, settings: Settings) -> None:
    """Give templates the page's own address and its data."""

    def about(offer: Offer | None = None, questions: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
        return {"@context": SCHEMA, "@graph": _graph(settings, offer, tuple(questions))}

    app.jinja_env.globals.update(page_address=page_address, alternates=alternates, about=about)


def page_address() -> str:
    """The one address of this page, without what a campaign added; nothing if it is not to be listed."""
    if request.endpoint not in LISTED:
        return ""
    return url_for(request.endpoint, _external=True, **(request.view_args or {}))


def alternates(endpoint: str, values: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """The address of a page in each language, and of the one for readers of any other."""
    values = values or {}
    found = [(each.code, address_in(each, endpoint, **values, _external=True)) for each in LANGUAGES]
    return [*found, ("x-default", found[0][1])]


def _graph(
    settings: Settings, offer: Offer | None, questions: tuple[tuple[str, str], ...]
) -> list[dict[str, Any]]:
    home = url_for("site.home", _external=True)
    agency = {
        "@type": "TravelAgency",
        "@id": f"{home}#roamio",
        "name": "Roamio",
        "url": home,
        "image": url_for("discovery.picture", _external=True),
        "telephone": settings.contact_phone,
        "email": settings.contact_email,
        "areaServed": {"@type": "Country", "name": country("IN")},
    }
    graph: list[dict[str, Any]] = [agency]
    if offer:
        graph += [_service(offer, agency["@id"]), _way_here(offer, home)]
    if questions:
        graph.append({"@type": "FAQPage", "mainEntity": [_question(*each) for each in questions]})
    return graph


def _service(offer: Offer, provider: Any) -> dict[str, Any]:
    return {
        "@type": "Service",
        "name": str(offer.heading),
        "description": str(offer.summary),
        "url": url_for("book.form", purpose=offer.slug, _external=True),
        "provider": {"@id": provider},
        "areaServed": {"@type": "Country", "name": country("IN")},
    }


def _way_here(offer: Offer, home: str) -> dict[str, Any]:
    steps = (("Roamio", home), (str(offer.title), url_for("book.form", purpose=offer.slug, _external=True)))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(steps, 1)
        ],
    }


def _question(question: str, answer: str) -> dict[str, Any]:
    return {
        "@type": "Question",
        "name": str(question),
        "acceptedAnswer": {"@type": "Answer", "text": str(answer)},
    }
