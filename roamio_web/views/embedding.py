"""How to put a booking form into one's own page: a builder, its snippet, and the form as it will be."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.snippet import SnippetForm
from roamio_web.fragments import answer, wants_fragment
from roamio_web.kept_pages import kept
from roamio_web.language_routes import TranslatedBlueprint
from roamio_web.prefill import NEVER_PREFILLED

bp = TranslatedBlueprint("embedding", __name__)
PAGE = "embedding/page.html"


@bp.get("/embed")
def page() -> ResponseReturnValue:
    """Show the snippet that was chosen, live, and what can be set and heard."""
    if wants_fragment() or request.args:
        return answer(PAGE, "embedding/_snippet.html", _chosen())
    # Before anything is chosen the page is the same for everybody.
    unchosen = kept(PAGE, lambda: render_template(PAGE, **_chosen()))
    return unchosen.response(vary="Accept-Encoding, HX-Request, HX-Request-Type")


def _chosen() -> dict[str, Any]:
    """What the page shows: the choices of its address, and the snippet that follows from them."""
    form = SnippetForm(data=request.args.to_dict())
    snippet = form.snippet(request.host_url.rstrip("/"))
    prefilled = [
        (f"prefill-{field.name.replace('_', '-')}", field.label.text)
        for field in FORMS[snippet.offer.purpose]()
        if field.name not in NEVER_PREFILLED
    ]
    return {"form": form, "snippet": snippet, "prefilled": prefilled}
