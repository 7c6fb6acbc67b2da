"""Passwords: bcrypt, as Supabase keeps them and as ``crypt(…, gen_salt('bf'))`` makes them."""

from __future__ import annotations

import asyncio

import bcrypt

from roamio_web.embedded.auth.errors import AuthError, invalid

ROUNDS = 10
LONGEST = 72  # bytes; bcrypt takes no more
# What an unknown address is compared with, so that it takes as long as a wrong password.
NOBODY = b"$2b$10$himUbU3cVAB.rR/xR8c2R.jExueCePbfR4iScGEM9l0S8mBe0v/VS"


def check_strength(password: str, shortest: int) -> None:
    """:raise AuthError: the password is too short, or longer than bcrypt takes."""
    if len(password.encode()) > LONGEST:
        raise invalid(f"Password cannot be longer than {LONGEST} characters")
    if len(password) < shortest:
        message = f"Password should be at least {shortest} characters."
        raise AuthError(422, "weak_password", message, weak_password={"reasons": ["length"]})


async def make_hash(password: str) -> str:
    """The hash to keep."""
    salt = bcrypt.gensalt(ROUNDS, prefix=b"2a")  # the one prefix that pgcrypto knows too
    return (await asyncio.to_thread(bcrypt.hashpw, password.encode(), salt)).decode()


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password; takes as long when there is none to compare with."""
    typed = password.encode()
    usable = len(typed) <= LONGEST and (kept or "").startswith(("$2a$", "$2b$", "$2y$"))
    against = (kept or "").encode() if usable else NOBODY
    return await asyncio.to_thread(bcrypt.checkpw, typed[:LONGEST], against) and usable
