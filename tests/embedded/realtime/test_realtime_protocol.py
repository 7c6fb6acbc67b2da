"""The protocol itself, spoken by hand: what other clients than Python's send, and what none should."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.support.realtime import ASHA, PATIENCE, Project, ear, until

JOIN = {"config": {"broadcast": {"self": True}, "private": False, "presence": {}, "postgres_changes": []}}


@asynccontextmanager
async def spoken(project: Project, version: str) -> AsyncIterator[ClientConnection]:
    url = f"{project.address}/realtime/v1/websocket?apikey={project.settings.anon_key}&vsn={version}"
    async with connect(url) as connection:
        yield connection


async def answer(connection: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(connection.recv(), PATIENCE))


def test_a_client_of_protocol_2_joins_and_talks(project: Project) -> None:
    async def scene() -> None:
        async with spoken(project, "2.0.0") as connection:
            await connection.send(json.dumps(["1", "1", "realtime:lobby", "phx_join", JOIN]))
            joined = ["1", "1", "realtime:lobby", "phx_reply"]
            assert await answer(connection) == [
                *joined,
                {"status": "ok", "response": {"postgres_changes": []}},
            ]
            message = {"type": "broadcast", "event": "hello", "payload": {"n": 1}}
            await connection.send(json.dumps(["1", "2", "realtime:lobby", "broadcast", message]))
            assert await answer(connection) == [None, None, "realtime:lobby", "broadcast", message]

    asyncio.run(scene())


def test_a_heartbeat_is_answered(project: Project) -> None:
    async def scene() -> None:
        async with spoken(project, "1.0.0") as connection:
            await connection.send('{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"7"}')
            reply = {"status": "ok", "response": {}}
            heartbeat = {"topic": "phoenix", "event": "phx_reply", "payload": reply, "ref": "7"}
            assert await answer(connection) == heartbeat

    asyncio.run(scene())


def test_a_client_that_leaves_hears_that_it_has(project: Project) -> None:
    async def scene() -> None:
        async with spoken(project, "1.0.0") as connection:
            for ref, event in enumerate(("phx_join", "phx_leave")):
                frame = {"topic": "realtime:lobby", "event": event, "payload": JOIN, "ref": str(ref)}
                await connection.send(json.dumps(frame))
            events = [(await answer(connection))["event"] for _ in range(3)]
            assert events == ["phx_reply", "phx_reply", "phx_close"]

    asyncio.run(scene())


def test_whoever_speaks_on_a_topic_without_having_joined_it_is_told_so(project: Project) -> None:
    async def scene() -> None:
        async with spoken(project, "1.0.0") as connection:
            await connection.send('{"topic":"realtime:x","event":"broadcast","payload":{},"ref":"1"}')
            assert (await answer(connection))["payload"]["response"] == {"reason": "unmatched topic"}

    asyncio.run(scene())


@pytest.mark.parametrize("nonsense", ["{", "[]", '{"topic": 1, "event": "phx_join"}', b"\x00\x01"])
def test_a_client_that_speaks_nonsense_is_hung_up_on(project: Project, nonsense: str | bytes) -> None:
    async def scene() -> None:
        async with spoken(project, "1.0.0") as connection:
            await connection.send(nonsense)
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(connection.recv(), PATIENCE)

    asyncio.run(scene())


def test_an_unknown_version_is_refused_at_the_door(project: Project) -> None:
    async def scene() -> None:
        with pytest.raises(InvalidStatus):
            async with spoken(project, "9.0.0"):
                pass

    asyncio.run(scene())


def test_clients_are_hung_up_on_when_messages_may_have_been_lost_and_can_come_back(project: Project) -> None:
    topic = f"person:{ASHA}"
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen realtime_messages'"

    async def scene() -> None:
        async with project.client(project.token()) as client:
            listener = await ear(client, topic, private=True).join()
            with psycopg.connect(project.settings.dsn("supabase_admin"), autocommit=True) as superuser:
                superuser.execute(cut)
            await until(lambda: listener.states[-1] == "CHANNEL_ERROR")
        async with project.client(project.token()) as client:
            listener = ear(client, topic, private=True, replication_ready=True)
            await listener.join()
            await until(lambda: "Replication connection established" in listener.system)
            with project.database() as database:
                database.execute("select realtime.send('{}', 'again', %s)", (topic,))
            assert (await listener.hears())["event"] == "again"

    asyncio.run(scene())
