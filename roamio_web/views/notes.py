"""Internal notes on a booking: writing one, and taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from roamio_web.forms.notes import NoteForm
from roamio_web.fragments import answer, wants_fragment
from roamio_web.models.booking import Booking
from roamio_web.permissions import Permission, requires
from roamio_web.services import notes, staff_bookings
from roamio_web.services.failures import Refused
from roamio_web.sessions import current_client, member_let_in

bp = Blueprint("notes", __name__, url_prefix="/staff/bookings/<uuid:booking_id>/notes")


@bp.post("")
@requires(Permission.WRITE_NOTES)
def add(booking_id: UUID) -> ResponseReturnValue:
    """Write a note on a booking; a refused one is still in its box.

    :raise 404: there is no such booking, or it is not this person's to see.
    """
    form = NoteForm()
    typed = form.body.data or ""
    if not form.validate():
        booking = staff_bookings.read_booking(current_client(), str(booking_id))
        return _notes(booking, 422, refusal=form.first_error, typed=typed)
    author, seen = member_let_in().id, form.seen.data or ""
    try:
        booking = notes.add_note(current_client(), str(booking_id), typed, author=author, seen=seen)
    except Refused as refusal:
        return _notes(refusal.now, 422, refusal=str(refusal), typed=typed)
    return _done(booking, "The note is there.", written=True)


@bp.post("/<uuid:note_id>/deletion")
@requires(Permission.WRITE_NOTES)
def delete(booking_id: UUID, note_id: UUID) -> ResponseReturnValue:
    """Take back a note of one's own.

    :raise 404: there is none, or somebody else wrote it.
    """
    booking = notes.delete_note(current_client(), str(booking_id), str(note_id))
    return _done(booking, "The note was deleted.")


def _done(booking: Booking, sentence: str, *, written: bool = False) -> ResponseReturnValue:
    """Show the notes as they are now, and say what was done."""
    if wants_fragment():
        return _notes(booking, done=sentence, written=written)
    flash(sentence, "success")
    return redirect(url_for("bookings.show", booking_id=booking.id, _anchor="booking-notes"), 303)


def _notes(booking: Booking, status: int = 200, **context: object) -> Response:
    return answer(
        "staff/bookings/show.html",
        "staff/notes/_changed.html",
        {"member": member_let_in(), "booking": booking, **context},
        status,
    )
