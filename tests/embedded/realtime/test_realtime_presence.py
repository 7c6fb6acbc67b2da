"""Presence: who is here."""

from __future__ import annotations

import asyncio
from typing import Any

from realtime import AsyncRealtimeClient

from tests.support.realtime import Project, until


async def enter(client: AsyncRealtimeClient, key: str) -> Any:
    config = {"broadcast": {}, "presence": {"key": key, "enabled": True}, "private": False}
    channel = client.channel("desk", {"config": config})
    await channel.subscribe()
    return channel


def test_colleagues_see_each_other_come_and_go(project: Project) -> None:
    async def scene() -> None:
        async with project.client() as first:
            asha = await enter(first, "asha")
            await asha.track({"at": "the desk"})
            async with project.client() as second:
                bela = await enter(second, "bela")
                await until(lambda: "asha" in bela.presence_state())
                assert bela.presence_state()["asha"][0]["at"] == "the desk"
                await bela.track({"at": "home"})
                await until(lambda: "bela" in asha.presence_state())
                await bela.track({"at": "the airport"})
                await until(lambda: [p["at"] for p in asha.presence_state()["bela"]] == ["the airport"])
            await until(lambda: "bela" not in asha.presence_state())
            await asha.untrack()
            await until(lambda: asha.presence_state() == {})

    asyncio.run(scene())
