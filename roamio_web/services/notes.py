"""Internal notes on bookings. Row Level Security decides who reads and writes which."""

from __future__ import annotations

from uuid import UUID, uuid5

from supabase import Client

from roamio_web.models.booking import Booking
from roamio_web.services.failures import NotFound, Refused, write
from roamio_web.services.staff_bookings import booking_in

NOTES = UUID("8f2d3f0e-5a0c-4c53-9d3b-6f1f3c8a7d21")
"""The namespace of the notes' ids."""


def add_note(client: Client, booking_id: str, body: str, *, author: str, seen: str) -> Booking:
    """Write a note on a booking; returns the booking with it. Sent twice from the same page, it is one note.

    :param seen: the last note that the page showed; empty for none.
    :raise NotFound: there is no such booking, or it is not this person's to see.
    :raise Refused: the booking is not this person's.
    """
    note_id = uuid5(NOTES, "\n".join((booking_id, author, seen, body)))
    note = {"booking": booking_id, "note": str(note_id), "body": body}
    answer = write(client.rpc("write_note", note))
    booking = booking_in(answer.now["page"])
    if answer.refusal:
        raise Refused(answer.refusal, booking)
    return booking


def delete_note(client: Client, booking_id: str, note_id: str) -> Booking:
    """Take a note back; returns the booking without it.

    :raise NotFound: there is none, or somebody else wrote it.
    """
    answer = write(client.rpc("take_note_back", {"booking": booking_id, "note": note_id}))
    if not answer.written:
        raise NotFound("This note does not exist, or it is not yours to delete.")
    return booking_in(answer.now["page"])
