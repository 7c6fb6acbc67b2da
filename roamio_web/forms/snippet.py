"""Choosing how a booking form looks on one's own page."""

from __future__ import annotations

from wtforms import Form

from roamio_web.forms.fields import LineField, clean_line
from roamio_web.forms.questions import LONGEST_LINE, line, menu, one_of
from roamio_web.forms.rules import Settled
from roamio_web.languages import BY_CODE, ENGLISH, LANGUAGES, Language, current_language
from roamio_web.languages import lazy as _
from roamio_web.models.look import Look, colour
from roamio_web.models.offer import BY_SLUG, OFFERS, Offer
from roamio_web.models.snippet import Snippet

OUR_COLOUR = "0b5f5c"
"""What the colour picker begins with: ``--colour-brand`` of tokens.css, which needs no attribute."""
THEMES = (("auto", _("As the visitor has it")), ("light", _("Light")), ("dark", _("Dark")))


class SnippetForm(Form):
    """Nothing in it is ever wrong: what can't be used is left out."""

    purpose = menu(
        _("What can be booked"),
        [(offer.slug, offer.title) for offer in OFFERS],
        _("Choose from the list"),
        Settled(),
        default=OFFERS[0].slug,
    )
    language = menu(
        _("Language of the form"),
        [(each.code, each.name) for each in LANGUAGES],
        _("Choose from the list"),
        Settled(),
        default=lambda: current_language().code,
    )
    theme = one_of(
        _("Light or dark"), THEMES, _("Choose light, dark or as the visitor has it"), default="auto"
    )
    accent = LineField(
        _("Colour"),
        [Settled()],
        description=_("Of buttons and links. We darken or lighten it where words could not be read."),
        default=f"#{OUR_COLOUR}",
        render_kw={"class": "input", "type": "color"},
    )
    ref = line(
        _("Campaign"),
        hint=_("Kept with each booking, so that you can tell where it came from. Not for personal details."),
        autocomplete="off",
    )

    def snippet(self, site: str) -> Snippet:
        """What was chosen, for the site at this address."""
        accent = colour(self.accent.data or "")
        look = Look.from_args({"theme": self.theme.data or "", "accent": accent})
        if accent == OUR_COLOUR:
            look = Look(look.theme)
        return Snippet(site, self._offer, look, clean_line(self.ref.data)[:LONGEST_LINE], self._language)

    @property
    def _language(self) -> Language:
        return BY_CODE.get(self.language.data or "") or ENGLISH

    @property
    def _offer(self) -> Offer:
        return BY_SLUG.get(self.purpose.data or "") or OFFERS[0]
