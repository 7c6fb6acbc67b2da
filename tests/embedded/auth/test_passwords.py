"""Passwords: how they are kept, and that a guess costs the same whoever it is about."""

from __future__ import annotations

import asyncio

import bcrypt
import pytest

from roamio_web.embedded.auth import passwords
from roamio_web.embedded.auth.errors import AuthError


def matches(typed: str, kept: str | None) -> bool:
    return asyncio.run(passwords.matches(typed, kept))


def make_hash(password: str) -> str:
    return asyncio.run(passwords.make_hash(password))


def test_person_is_known_by_their_password_and_by_no_other() -> None:
    kept = make_hash("pässword of one's own")
    assert matches("pässword of one's own", kept)
    assert not matches("password of one's own", kept)


@pytest.mark.parametrize("kept", [None, "", "no hash", "$argon2id$v=19$m=65536", "$1$md5$hash"])
def test_nobody_gets_in_where_no_password_is_kept(kept: str | None) -> None:
    assert not matches("", kept)
    assert not matches("guess", kept)


def test_guess_that_is_longer_than_the_password_does_not_pass_for_it() -> None:
    kept = make_hash("x" * 72)
    assert matches("x" * 72, kept)
    assert not matches("x" * 73, kept)


@pytest.mark.parametrize("kept", [None, "", "a hash"])
def test_guess_costs_the_same_work_whether_or_not_there_is_an_account(
    kept: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[bytes] = []
    check = bcrypt.checkpw

    def counted(typed: bytes, against: bytes) -> bool:
        work.append(against)
        return check(typed, against)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    matches("guess", make_hash("password") if kept == "a hash" else kept)
    assert [against.split(b"$")[2] for against in work] == [str(passwords.ROUNDS).encode()]


@pytest.mark.parametrize("password", ["", "short", "é" * 37, "x" * 73])
def test_person_cannot_choose_a_password_that_is_too_short_or_too_long(password: str) -> None:
    with pytest.raises(AuthError):
        passwords.check_strength(password, 10)
