"""How to put a booking form into one's own page: a builder, its snippet, and the form as it will be."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.snippet import SnippetForm
from roamio_web.fragments import answer
from roamio_web.language_routes import TranslatedBlueprint
from roamio_web.prefill import NEVER_PREFILLED

bp = TranslatedBlueprint("embedding", __name__)


@bp.get("/embed")
def page() -> ResponseReturnValue:
    """Show the snippet that was chosen, live, and what can be set and heard."""
    form = SnippetForm(data=request.args.to_dict())
    snippet = form.snippet(request.host_url.rstrip("/"))
    prefilled = [
        (f"prefill-{field.name.replace('_', '-')}", field.label.text)
        for field in FORMS[snippet.offer.purpose]()
        if field.name not in NEVER_PREFILLED
    ]
    context = {"form": form, "snippet": snippet, "prefilled": prefilled}
    return answer("embedding/page.html", "embedding/_snippet.html", context)
