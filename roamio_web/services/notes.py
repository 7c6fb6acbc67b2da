"""Internal notes on bookings. Row Level Security decides who reads and writes which."""

from __future__ import annotations

from uuid import UUID, uuid5

from postgrest.exceptions import APIError
from supabase import Client

from roamio_web.services.failures import NotFound, ask

IS_THERE_ALREADY = "23505"
NOTES = UUID("8f2d3f0e-5a0c-4c53-9d3b-6f1f3c8a7d21")
"""The namespace of the notes' ids."""


def add_note(client: Client, booking_id: str, body: str, *, author: str, seen: str) -> None:
    """Write a note on a booking. The same words sent twice from the same page are one note.

    :param seen: the last note that the page showed; empty for none.
    :raise Refused: the booking is not this person's.
    """
    note_id = uuid5(NOTES, "\n".join((booking_id, author, seen, body)))
    note = {"id": str(note_id), "booking_id": booking_id, "body": body}
    try:
        ask(client.table("booking_notes").insert(note))
    except APIError as error:
        if error.code != IS_THERE_ALREADY:
            raise


def delete_note(client: Client, note_id: str) -> None:
    """Take a note back.

    :raise NotFound: there is none, or somebody else wrote it.
    """
    if not ask(client.table("booking_notes").delete().eq("id", note_id)):
        raise NotFound("This note does not exist, or it is not yours to delete.")
