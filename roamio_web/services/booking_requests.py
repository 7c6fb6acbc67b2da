"""Handing a traveller's booking to the database: once, however often it is sent."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import httpx
from postgrest import ReturnMethod
from postgrest.exceptions import APIError
from supabase import Client

from roamio_web.models.booking import Purpose
from roamio_web.models.reference import reference_of
from roamio_web.services.failures import Refused, ServiceError, Unavailable

TRIES = 2
UNIQUE_VIOLATION = "23505"
SHAPE_REFUSED = "22023"
CEILING_REACHED = "PT429"
REFERENCE_TAKEN = '"bookings_reference_key"'
BOOKING_TAKEN = '"bookings_pkey"'


class CeilingReached(ServiceError):
    """The database takes no more website bookings for now; the message is its sentence."""


@dataclass(frozen=True)
class Received:
    """A booking that the database has; ``again`` if it had it before this request."""

    reference: str
    again: bool


def voucher(key: str, booking_id: UUID | str) -> str:
    """What the website says to the database for this booking and no other, with the key that both know."""
    return hmac.new(key.encode(), str(booking_id).encode(), hashlib.sha256).hexdigest()


def submit(client: Client, booking_id: UUID, purpose: Purpose, details: dict[str, Any]) -> Received:
    """Insert the booking as the visitor. The same id never makes two, so a lost answer is simply asked again.

    :raise Refused: the details are not what the database takes; the message says why.
    :raise CeilingReached: too many bookings for this contact, or from the website, in a short time.
    :raise Unavailable: the database can't be reached, or failed on its side.
    """
    row = {"id": str(booking_id), "purpose": purpose.value, "details": details}
    try:
        _insert(client, row)
    except APIError as error:
        if error.code != UNIQUE_VIOLATION:
            raise _named(error) from error
        taken = error.message or ""
        if REFERENCE_TAKEN in taken:
            # One in 2⁴⁰. The next id follows from this one, so that a resend arrives at the same booking.
            return submit(client, uuid5(booking_id, "next"), purpose, details)
        if BOOKING_TAKEN not in taken:
            raise _named(error) from error  # something beside the booking; nothing of it was kept
        return Received(reference_of(booking_id), again=True)
    except httpx.TransportError as error:
        raise Unavailable("The booking could not be handed over.") from error
    return Received(reference_of(booking_id), again=False)


def _insert(client: Client, row: dict[str, Any]) -> None:
    """Insert, and ask once more if the answer was lost on the way."""
    for attempt in range(1, TRIES + 1):
        try:
            client.table("bookings").insert(row, returning=ReturnMethod.minimal).execute()
        except httpx.TransportError:
            if attempt == TRIES:
                raise
        else:
            return


def _named(error: APIError) -> ServiceError:
    code, message = error.code or "", error.message or ""
    if code == CEILING_REACHED:
        return CeilingReached(message)
    if code == SHAPE_REFUSED:
        return Refused(message)
    # Whatever else it is, the traveller did nothing wrong and may try again; the log says what broke.
    return Unavailable("The booking could not be handed over.")
