"""Private topics: the policies on realtime.messages decide, for as long as the token lasts."""

from __future__ import annotations

import asyncio

import pytest
from realtime import AsyncRealtimeClient
from websockets.exceptions import InvalidStatus

from roamio_web.embedded import tokens
from tests.support.realtime import ASHA, BELA, Project, ear, until


def test_nobody_joins_the_private_topic_of_another(project: Project) -> None:
    async def scene() -> None:
        async with project.client(project.token(BELA)) as bela, project.client() as visitor:
            for client in (bela, visitor):
                curious = await ear(client, f"person:{ASHA}", private=True).join()
                assert curious.states == ["CHANNEL_ERROR"]
                assert "You do not have permissions to read" in curious.errors[0]

    asyncio.run(scene())


def test_the_owner_of_a_topic_may_listen_but_not_speak(project: Project) -> None:
    topic = f"person:{ASHA}"

    async def scene() -> None:
        async with project.client(project.token()) as one, project.client(project.token()) as other:
            speaker, listener = (
                await ear(one, topic, private=True).join(),
                await ear(other, topic, private=True).join(),
            )
            assert listener.states == ["SUBSCRIBED"]
            await speaker.channel.send_broadcast("forged", {})
            # One connection speaks in turn: with the next topic joined, what was said before is decided.
            await ear(one, "lobby").join()
            with project.database() as database:
                database.execute("select realtime.send('{}', 'meant', %s)", (topic,))
            assert (await listener.hears())["event"] == "meant"

    asyncio.run(scene())


def test_members_speak_to_each_other_in_their_private_room(project: Project) -> None:
    async def scene() -> None:
        asha, bela = project.token(ASHA, club="yes"), project.token(BELA, club="yes")
        async with project.client(asha) as one, project.client(bela) as other:
            speaker = await ear(one, "room:club", private=True).join()
            listener = await ear(other, "room:club", private=True).join()
            await speaker.channel.send_broadcast("welcome", {"to": "Bela"})
            assert (await listener.hears())["payload"] == {"to": "Bela"}

    asyncio.run(scene())


def test_the_probe_that_asks_for_permission_leaves_nothing_behind(project: Project) -> None:
    async def scene() -> None:
        async with project.client(project.token(club="yes")) as client:
            room = await ear(client, "room:club", private=True).join()
            await room.channel.send_broadcast("welcome", {})

    asyncio.run(scene())
    with project.database() as database:
        assert database.execute("select 1 from realtime.messages where event is null").fetchall() == []


def test_a_topic_closes_when_its_token_expires(project: Project) -> None:
    async def scene() -> None:
        async with project.client(project.token(seconds=2)) as client:
            brief = await ear(client, f"person:{ASHA}", private=True).join()
            assert brief.states == ["SUBSCRIBED"]
            await until(lambda: brief.states[-1] == "CLOSED")
            assert "Token has expired" in brief.errors[-1]

    asyncio.run(scene())


def test_a_newer_token_keeps_the_topic_open(project: Project) -> None:
    async def scene() -> None:
        topic = f"person:{ASHA}"
        token = project.token(seconds=2)
        async with project.client(token) as client, project.client(token) as forgetful:
            listener = await ear(client, topic, private=True).join()
            await client.set_auth(project.token(seconds=3600))
            brief = await ear(forgetful, topic, private=True).join()
            await until(lambda: brief.states[-1] == "CLOSED")
            with project.database() as database:
                database.execute("select realtime.send('{}', 'still there', %s)", (topic,))
            assert (await listener.hears())["event"] == "still there"
            assert listener.states == ["SUBSCRIBED"]

    asyncio.run(scene())


def test_a_newer_token_that_no_longer_allows_it_closes_the_topic(project: Project) -> None:
    async def scene() -> None:
        async with project.client(project.token(club="yes")) as client:
            member = await ear(client, "room:club", private=True).join()
            await client.set_auth(project.token(club="no"))
            await until(lambda: member.states[-1] == "CLOSED")

    asyncio.run(scene())


UNSIGNED = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJyb2xlIjoic2VydmljZV9yb2xlIiwiZXhwIjo5OTk5OTk5OTk5fQ."
SIGNED_BY_ANOTHER = tokens.encode(
    {"role": "service_role", "exp": 9999999999}, "another project's secret, 32 bytes"
)


@pytest.mark.parametrize("forged", ["nonsense", UNSIGNED, SIGNED_BY_ANOTHER])
def test_a_forged_token_joins_nothing(project: Project, forged: str) -> None:
    async def scene() -> None:
        async with project.client(forged) as client:
            intruder = await ear(client, f"person:{ASHA}", private=True).join()
            assert intruder.states == ["CHANNEL_ERROR"]

    asyncio.run(scene())


def test_a_token_for_the_superuser_is_refused_even_when_well_signed(project: Project) -> None:
    async def scene() -> None:
        async with project.client(project.token(role="supabase_admin")) as client:
            intruder = await ear(client, f"person:{ASHA}", private=True).join()
            assert intruder.states == ["CHANNEL_ERROR"]

    asyncio.run(scene())


def test_nobody_connects_without_the_projects_key(project: Project) -> None:
    async def scene() -> None:
        stranger = AsyncRealtimeClient(f"{project.address}/realtime/v1", auto_reconnect=False)
        with pytest.raises(InvalidStatus, match="401"):
            await stranger.connect()

    asyncio.run(scene())
