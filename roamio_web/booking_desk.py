"""Where a booking form is handed out, taken in and confirmed: the same on the site and in an embed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from roamio_web import logs
from roamio_web.backend import Backend
from roamio_web.calendar_file import calendar_file
from roamio_web.config import Settings
from roamio_web.extensions import seconds_to_wait
from roamio_web.formatters import phone
from roamio_web.forms.catalogue import FORMS
from roamio_web.forms.contact import ContactForm
from roamio_web.forms.review import review, sayable, typed
from roamio_web.fragments import wants_fragment
from roamio_web.kept_pages import Hole, hole_or, kept
from roamio_web.languages import ENGLISH, current_language, gettext, ngettext
from roamio_web.languages import lazy as _
from roamio_web.metrics import count_booking
from roamio_web.models import reference as references
from roamio_web.models.look import Look
from roamio_web.models.offer import BY_SLUG, Offer
from roamio_web.prefill import is_about_somebody, prefilled, said_by_address
from roamio_web.services.booking_requests import CeilingReached, Received, submit, voucher
from roamio_web.services.failures import Refused, Unavailable
from roamio_web.sources import carried, handed_on, source
from roamio_web.suspects import suspicion
from roamio_web.tickets import Receipt, Ticket, TicketError, TicketExpired, TicketOffice

SEND = "send"
"""The button of those who have checked their answers."""
CHANGE = "change"
"""The buttons of those who go back to a question; each brings its name."""
HONEYPOT = "homepage"
"""A question that people don't see. Nothing is held against them but a mark that staff see."""
Step = Literal["questions", "check"]

EXPIRED = _(
    "This form had been open for a long time. Nothing was lost: check your answers and send them again."
)
FORGED = _("This form could not be recognised. Nothing was lost: check your answers and send them again.")
UNREACHABLE = _(
    "We can’t reach our booking desk right now, so this has not been sent yet. Nothing you typed was lost: "
    "press the button again in a minute. However often you press it, we will have it once."
)
REFUSED = _("We can’t take this request as it is. Check your answers, or call us.")
CEILING = _(
    "We are receiving unusually many requests. Nothing was lost: wait a few minutes, then send it again."
)


@dataclass(frozen=True)
class Desk:
    """One place where forms are handed out: which pages it draws, and where it sends people."""

    channel: str
    page: str
    received_page: str
    form_endpoint: str
    received_endpoint: str
    calendar_endpoint: str

    def hand_out(self, purpose: str) -> Response:
        """Show an empty form with a new ticket.

        :raise 404: there is no such purpose.
        """
        offer = _offer(purpose)
        ticket = _office().sign(_office().issue(offer.purpose))
        form = FORMS[offer.purpose]
        said = said_by_address(form)
        if wants_fragment() or (said.answers and is_about_somebody(form, said.answers)):
            return self._draw(offer, prefilled(form()), ticket, 200)
        fillings = {Hole.TICKET: ticket}
        if said.handed_on:
            fillings[Hole.HANDED_ON] = said.handed_on
        # In a frame there is no menu that leads to the page in another language.
        if self.channel == "site" and said.arguments:
            fillings[Hole.ARGUMENTS] = said.arguments
        page = kept(
            (self.channel, purpose, said.look, *said.answers.items()),
            lambda: self._html(offer, prefilled(form()), Hole.TICKET),
            fillings.keys(),
        )
        return page.response(fillings, vary="Accept-Encoding, HX-Request")

    def take_in(self, purpose: str) -> Response:
        """Show the answers to be checked, then keep the booking and send its traveller to the confirmation;
        else show the form as it was typed.

        :raise 404: there is no such purpose.
        """
        offer = _offer(purpose)
        form = FORMS[offer.purpose](request.form)
        try:
            ticket = _office().read(request.form.get("ticket", ""), offer.purpose)
        except TicketError as error:
            sentence = EXPIRED if isinstance(error, TicketExpired) else FORGED
            return self._again(offer, form, error.ticket, 422, "expired", sentence)
        if CHANGE in request.form:
            return self._draw(offer, form, _office().sign(ticket), 200)
        if not form.validate():
            return self._again(offer, form, ticket, 422, "wrong")
        if SEND not in request.form:
            return self._draw(offer, form, _office().sign(ticket), 200, step="check")
        if wait := seconds_to_wait(_settings().booking_rate, "booking"):
            answer = self._again(offer, form, ticket, 429, "limited", _too_fast(wait), "check")
            answer.headers["Retry-After"] = str(wait)
            return answer
        return self._hand_over(offer, form, ticket)

    def confirm(self, purpose: str, reference: str) -> Response:
        """Show that the booking arrived, what its reference is and what happens next.

        :raise 404: there is no such purpose, or the address does not prove that the booking exists.
        """
        offer = _offer(purpose)
        receipt = _receipt(offer, reference)
        asked = MultiDict(receipt.asked)
        sections = review(FORMS[offer.purpose](asked)) if asked else []
        return make_response(
            render_template(
                self.received_page,
                offer=offer,
                reference=references.display(reference),
                again=receipt.again,
                asked=[row for section in sections for row in section.rows if row.name in asked],
                calendar_url=receipt.occasion
                and url_for(
                    self.calendar_endpoint,
                    purpose=purpose,
                    reference=reference,
                    receipt=request.args["receipt"],
                ),
                look=Look.from_args(request.args),
                form_url=url_for(self.form_endpoint, purpose=purpose, **carried()),
            )
        )

    def calendar(self, purpose: str, reference: str) -> Response:
        """Send the entry that puts a booking into a calendar.

        :raise 404: as for the confirmation, or the booking has no date.
        """
        offer = _offer(purpose)
        occasion = _receipt(offer, reference).occasion or abort(404)
        settings, shown = _settings(), references.display(reference)
        reach = gettext(
            "Call %(phone)s or write to %(email)s.",
            phone=phone(settings.contact_phone),
            email=settings.contact_email,
        )
        response = Response(calendar_file(str(offer.title), shown, occasion, reach), mimetype="text/calendar")
        response.headers.set("Content-Disposition", "attachment", filename=f"roamio-{shown}.ics")
        return response

    def _hand_over(self, offer: Offer, form: ContactForm, ticket: Ticket) -> Response:
        details = {**form.details(), "source": self._source(form, ticket)}
        try:
            received = submit(_backend().visitor(), ticket.booking_id, offer.purpose, details)
        except Unavailable as error:
            logs.exception(error)
            return self._again(offer, form, ticket, 503, "unavailable", UNREACHABLE, "check")
        except CeilingReached:
            return self._again(offer, form, ticket, 429, "limited", CEILING, "check")
        except Refused as refusal:
            return self._again(offer, form, ticket, 422, "refused", _refused(refusal))
        count_booking(offer.slug, "again" if received.again else "received")
        return self._on_to_confirmation(offer, received, form)

    def _on_to_confirmation(self, offer: Offer, received: Received, form: ContactForm) -> Response:
        address = url_for(
            self.received_endpoint,
            purpose=offer.slug,
            reference=received.reference,
            receipt=_office().receipt(
                received.reference,
                offer.purpose,
                again=received.again,
                occasion=form.occasion(),
                asked=tuple(sayable(form)),
            ),
            **carried(),
        )
        if wants_fragment():
            return make_response("", 200, {"HX-Redirect": address, "Vary": "HX-Request"})
        return make_response(redirect(address, 303))

    def _again(
        self,
        offer: Offer,
        form: ContactForm,
        ticket: Ticket,
        status: int,
        outcome: str,
        sentence: str = "",
        step: Step = "questions",
    ) -> Response:
        count_booking(offer.slug, outcome)
        return self._draw(offer, form, _office().sign(ticket), status, sentence, step)

    def _draw(
        self,
        offer: Offer,
        form: ContactForm,
        ticket: str,
        status: int,
        sentence: str = "",
        step: Step = "questions",
    ) -> Response:
        response = make_response(self._html(offer, form, ticket, sentence, step), status)
        response.vary.add("HX-Request")
        return response

    def _html(
        self, offer: Offer, form: ContactForm, ticket: str, sentence: str = "", step: Step = "questions"
    ) -> str:
        look = Look.from_args(request.args)
        drawn_for: dict[str, Any] = {"purpose": offer.slug, "sent": "", **look.arguments}
        # With an address of its own the POST leaves the browser's copy of the form alone, so that going back
        # and sending again brings the same ticket.
        action = url_for(self.form_endpoint, **drawn_for)
        return render_template(
            "book/_answer.html" if wants_fragment() else self.page,
            offer=offer,
            form=form,
            ticket=ticket,
            honeypot=HONEYPOT,
            sentence=sentence,
            review=review(form) if step == "check" else None,
            typed=(*typed(form), (HONEYPOT, request.form.get(HONEYPOT, ""))),
            focus=_to_change(form),
            look=look,
            action=action + hole_or(Hole.HANDED_ON, handed_on()),
        )

    def _source(self, form: ContactForm, ticket: Ticket) -> dict[str, Any]:
        """Where the booking comes from, and what about it looks automatic."""
        found = suspicion(form, HONEYPOT, _office().age(ticket), _settings().ticket_minimum_age)
        key = _settings().site_key
        vouched = {"voucher": voucher(key, ticket.booking_id)} if key else {}
        return {**source(self.channel), **found.kept, **vouched}


def _offer(purpose: str) -> Offer:
    return BY_SLUG.get(purpose) or abort(404)


def _receipt(offer: Offer, reference: str) -> Receipt:
    return _office().read_receipt(request.args.get("receipt", ""), reference, offer.purpose) or abort(404)


def _to_change(form: ContactForm) -> str:
    """The question that the traveller went back to."""
    name = request.form.get(CHANGE, "")
    return name if name in form else ""


def _refused(refusal: Refused) -> str:
    """What the database says of answers that no form should have let through; it speaks English."""
    return str(refusal) if current_language() is ENGLISH else REFUSED


def _too_fast(seconds: int) -> str:
    return ngettext(
        "You have sent several requests in a short time. "
        "Nothing was lost: wait a minute, then send it again.",
        "You have sent several requests in a short time. "
        "Nothing was lost: wait %(num)s minutes, then send it again.",
        -(-seconds // 60),
    )


def _office() -> TicketOffice:
    return cast(TicketOffice, current_app.extensions["roamio.tickets"])


def _backend() -> Backend:
    return cast(Backend, current_app.extensions["roamio.backend"])


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["roamio.settings"])
