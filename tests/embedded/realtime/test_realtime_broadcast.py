"""Broadcast: from one client to others, and from the database to whoever may listen."""

from __future__ import annotations

import asyncio

import httpx

from tests.support.realtime import ASHA, BELA, Project, ear


def send(project: Project, topic: str, event: str, payload: str = "{}", private: bool = True) -> None:
    with project.database() as database:
        database.execute("select realtime.send(%s::jsonb, %s, %s, %s)", (payload, event, topic, private))


def test_two_visitors_talk_in_a_public_room(project: Project) -> None:
    async def scene() -> None:
        async with project.client() as one, project.client() as other:
            here, there = await ear(one, "lobby").join(), await ear(other, "lobby").join()
            await here.channel.send_broadcast("hello", {"text": "Namaste"})
            message = await there.hears()
            assert (message["event"], message["payload"]) == ("hello", {"text": "Namaste"})
            await there.channel.send_broadcast("hello", {"text": "Hi"})
            assert (await here.hears())["payload"] == {"text": "Hi"}, "the first heard itself"

    asyncio.run(scene())


def test_a_visitor_who_asks_for_it_hears_itself_and_gets_a_receipt(project: Project) -> None:
    async def scene() -> None:
        async with project.client() as client:
            alone = await ear(client, "echo", ack=True, self=True).join()
            receipt: asyncio.Queue[object] = asyncio.Queue()
            push = await alone.channel.push("broadcast", {"type": "broadcast", "event": "x", "payload": {}})
            push.receive("ok", receipt.put_nowait)
            assert (await alone.hears())["event"] == "x"
            await asyncio.wait_for(receipt.get(), 5)

    asyncio.run(scene())


def test_a_message_from_the_database_reaches_only_the_person_it_is_for(project: Project) -> None:
    async def scene() -> None:
        async with project.client(project.token(ASHA)) as asha, project.client(project.token(BELA)) as bela:
            mine = await ear(asha, f"person:{ASHA}", private=True).join()
            hers = await ear(bela, f"person:{BELA}", private=True).join()
            await asyncio.to_thread(send, project, f"person:{ASHA}", "note", '{"text": "for Asha"}')
            message = await mine.hears()
            await asyncio.to_thread(send, project, f"person:{BELA}", "hers")
            assert (await hers.hears())["event"] == "hers"
            assert message["event"] == "note"
            assert message["payload"] == {"text": "for Asha", "id": message["meta"]["id"]}

    asyncio.run(scene())


def test_messages_arrive_after_the_commit_and_in_its_order(project: Project) -> None:
    topic = f"person:{ASHA}"

    async def scene() -> None:
        async with project.client(project.token()) as client:
            listener = await ear(client, topic, private=True).join()
            with project.database() as early, project.database() as late:
                early.execute("begin")
                early.execute("select realtime.send('{}', 'began first', %s)", (topic,))
                late.execute("select realtime.send('{}', 'committed first', %s)", (topic,))
                assert (await listener.hears())["event"] == "committed first"
                early.execute("select realtime.send('{}', 'second of two', %s)", (topic,))
                early.execute("commit")
            assert (await listener.hears())["event"] == "began first"
            assert (await listener.hears())["event"] == "second of two"

    asyncio.run(scene())


def test_a_message_that_is_rolled_back_is_never_heard(project: Project) -> None:
    topic = f"person:{ASHA}"

    async def scene() -> None:
        async with project.client(project.token()) as client:
            listener = await ear(client, topic, private=True).join()
            with project.database() as database:
                database.execute("begin")
                database.execute("select realtime.send('{}', 'regretted', %s)", (topic,))
                database.execute("rollback")
                database.execute("select realtime.send('{}', 'meant', %s)", (topic,))
            assert (await listener.hears())["event"] == "meant"

    asyncio.run(scene())


def test_a_public_room_does_not_hear_what_is_said_in_the_private_one(project: Project) -> None:
    topic = f"person:{ASHA}"

    async def scene() -> None:
        async with project.client(project.token()) as client, project.client() as visitor:
            private = await ear(client, topic, private=True).join()
            public = await ear(visitor, topic).join()
            await asyncio.to_thread(send, project, topic, "secret")
            await asyncio.to_thread(send, project, topic, "open", private=False)
            assert (await private.hears())["event"] == "secret"
            assert (await public.hears())["event"] == "open"

    asyncio.run(scene())


def test_a_server_broadcasts_over_http_to_a_room(project: Project) -> None:
    url = project.address.replace("ws:", "http:") + "/realtime/v1/api/broadcast"
    message = {"topic": "lobby", "event": "bell", "payload": {"times": 3}}

    async def scene() -> None:
        async with project.client() as client, httpx.AsyncClient() as http:
            listener = await ear(client, "lobby").join()
            answer = await http.post(
                url, json={"messages": [message]}, headers={"apikey": project.settings.anon_key}
            )
            assert answer.status_code == 202
            assert (await listener.hears())["payload"] == {"times": 3}
            await listener.channel.http_send("bell", {"times": 4})
            assert (await listener.hears())["payload"] == {"times": 4}
            assert (await http.post(url, json={"messages": [message]})).status_code == 401

    asyncio.run(scene())


def test_messages_of_the_last_minute_are_replayed_to_whoever_asks(project: Project) -> None:
    topic = f"person:{BELA}"
    send(project, topic, "missed")

    async def scene() -> None:
        async with project.client(project.token(BELA)) as client:
            listener = ear(client, topic, private=True)
            listener.channel.params["config"]["broadcast"]["replay"] = {"since": 0, "limit": 1}
            await listener.join()
            message = await listener.hears()
            assert (message["event"], message["meta"]["replayed"]) == ("missed", True)

    asyncio.run(scene())
