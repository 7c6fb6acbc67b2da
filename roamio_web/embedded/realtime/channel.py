"""One joined topic of one connection: what it may do, what it hears, and when its token ends it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from roamio_web.embedded.realtime.authorization import BROADCAST, PRESENCE
from roamio_web.embedded.realtime.changes.subscription import ChangesRefused, Subscription
from roamio_web.embedded.realtime.config import JoinConfig
from roamio_web.embedded.realtime.credentials import Credentials, Refused
from roamio_web.embedded.realtime.protocol import PREFIX, Frame
from roamio_web.embedded.realtime.topics import Address

if TYPE_CHECKING:
    from roamio_web.embedded.realtime.connection import Connection

REPLAY_LIMIT = 25
EXPIRED = "Token has expired 0 seconds ago"


class Channel:
    """A client's membership of a topic."""

    def __init__(self, connection: Connection, frame: Frame, credentials: Credentials) -> None:
        self.version = connection.version
        self.join_ref = frame.join_ref or frame.ref
        self.address = Address(frame.topic.removeprefix(PREFIX), False)
        self.hears_broadcast = False
        self.hears_presence = False
        self._connection = connection
        self._services = connection.services
        self._credentials = credentials
        self._config = JoinConfig.from_payload(frame.payload)
        self._may_write: dict[str, bool] = {}
        self._subscriptions: list[Subscription] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._expiry: asyncio.TimerHandle | None = None

    async def join(self) -> dict[str, Any]:
        """Start listening; returns what the client's join is answered with.

        :raise Refused: the person may not read the topic, or asked for what can't be had.
        """
        config = self._config
        self.address = Address(self.address.topic, config.private)
        if not self.address.topic:
            raise Refused("TopicNameRequired: You must provide a topic name")
        if config.replay is not None and not config.private:
            raise Refused("UnableToReplayMessages: Replay is not allowed for public channels")
        await self._authorize()
        try:
            self._subscriptions = [
                Subscription.from_params(params, self._credentials.person, self) for params in config.changes
            ]
        except ChangesRefused as error:
            raise Refused(str(error)) from None
        self._watch_expiry()
        return {"postgres_changes": [subscription.binding for subscription in self._subscriptions]}

    def joined(self) -> None:
        """Begin to push; called when the join's reply is on its way, so that nothing overtakes it."""
        self._services.topics.join(self.address, self)
        if self._config.replay is not None:
            self._start(self._replay(self._config.replay))
        if self._config.presence and self.hears_presence:
            self._send("presence_state", self._services.presence.state(self.address))
        if self._config.replication_ready:
            self._start(self._say_when_ready())
        if self._subscriptions:
            self._start(self._subscribe())

    async def receive(self, frame: Frame) -> None:
        """Act on a message that the client sent to this topic."""
        payload = frame.payload if isinstance(frame.payload, dict) else {}
        if frame.event == "broadcast":
            if await self.may_write(BROADCAST):
                sender = None if self._config.to_self else self
                self._services.topics.broadcast(self.address, payload, sender)
                if self._config.ack:
                    self._connection.send(frame.reply("ok"))
        elif frame.event == "presence":
            self._connection.send(frame.reply(*await self._presence(payload)))
        elif frame.event == "access_token":
            await self._refresh(payload.get("access_token"))

    async def may_write(self, extension: str) -> bool:
        """Whether the person may send such messages here; asked of the database once a token."""
        if not self.address.private:
            return True
        if extension not in self._may_write:
            self._may_write[extension] = await self._services.authorizer.may_write(
                self._credentials.person, self.address.topic, extension
            )
        return self._may_write[extension]

    def push(self, text: str) -> None:
        self._connection.push(text)

    def deliver(self, subscription: Subscription, data: dict[str, Any]) -> None:
        """Tell the client of a change that it subscribed to."""
        self._send("postgres_changes", {"ids": [subscription.id], "data": data})

    def lost(self, reason: str) -> None:
        """Tell the client that changes may have been missed; it joins again."""
        self._system("postgres_changes", "error", reason)

    def close(self) -> None:
        """Stop listening and forget the client's presence."""
        if self._expiry is not None:
            self._expiry.cancel()
        for task in self._tasks:
            task.cancel()
        self._services.topics.leave(self.address, self)
        self._services.presence.untrack(self.address, self._config.presence_key, self)
        self._services.changes.remove(self._subscriptions)

    async def _authorize(self) -> None:
        """:raise Refused: the topic is private and the person may read nothing on it."""
        self._may_write.clear()
        if not self.address.private:
            self.hears_broadcast = self.hears_presence = True
            return
        extensions = [BROADCAST, PRESENCE] if self._config.presence else [BROADCAST]
        allowed = await self._services.authorizer.may_read(
            self._credentials.person, self.address.topic, extensions
        )
        if not allowed:
            raise Refused(
                "Unauthorized: You do not have permissions to read from this Channel topic: "
                + self.address.topic
            )
        self.hears_broadcast, self.hears_presence = BROADCAST in allowed, PRESENCE in allowed

    async def _refresh(self, token: object) -> None:
        if not isinstance(token, str) or token == self._credentials.token or token.startswith("sb_"):
            return
        heard = self.hears_broadcast, self.hears_presence
        try:
            self._credentials = self._connection.identify(token)
            await self._authorize()
        except Refused as error:
            self._end(str(error))
            return
        if any(before and not now for before, now in zip(heard, self._hears(), strict=True)):
            self._end("You no longer have permission to read from this Channel topic: " + self.address.topic)
            return
        for subscription in self._subscriptions:
            subscription.person = self._credentials.person
        self._watch_expiry()

    def _hears(self) -> tuple[bool, bool]:
        return self.hears_broadcast, self.hears_presence

    async def _presence(self, payload: dict[str, Any]) -> tuple[str, Any]:
        key, presence = self._config.presence_key, self._services.presence
        match str(payload.get("event", "")).lower(), payload.get("payload", {}):
            case "untrack", _:
                presence.untrack(self.address, key, self)
            case "track", dict(meta):
                if not await self.may_write(PRESENCE):
                    return "error", {}
                if self.address.private and not self._config.presence:
                    allowed = await self._services.authorizer.may_read(
                        self._credentials.person, self.address.topic, [PRESENCE]
                    )
                    self.hears_presence = bool(allowed)
                presence.track(self.address, key, self, meta)
            case "track", _:
                return "error", {"reason": "Presence track payload must be a map"}
            case _:
                return "error", {}
        return "ok", {}

    def _watch_expiry(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        left = max(self._credentials.seconds_left, 0)
        self._expiry = asyncio.get_running_loop().call_later(left, self._end, EXPIRED)

    def _end(self, message: str) -> None:
        """Tell the client why, and close the topic; the connection stays open for its other topics."""
        self._system("system", "error", message)
        self._connection.drop(self)

    async def _replay(self, wanted: dict[str, Any]) -> None:
        since, limit = wanted.get("since"), wanted.get("limit", REPLAY_LIMIT)
        if not isinstance(since, int) or not isinstance(limit, int):
            return
        async with self._services.pool.connection() as connection:
            cursor = await connection.execute(
                "select id::text, event, payload from (select * from realtime.messages"
                " where topic = %s and private and extension = 'broadcast' and event is not null"
                " and inserted_at >= to_timestamp(%s / 1000.0) order by inserted_at desc limit %s) as latest"
                " order by inserted_at",
                (self.address.topic, since, max(1, min(limit, REPLAY_LIMIT))),
            )
            for message_id, event, payload in await cursor.fetchall():
                meta = {"replayed": True, "id": message_id}
                body = {"event": event, "payload": payload, "type": "broadcast", "meta": meta}
                self._send("broadcast", body)

    async def _say_when_ready(self) -> None:
        await self._services.broadcasts.ready.wait()
        self._system("system", "ok", "Replication connection established")

    async def _subscribe(self) -> None:
        try:
            await self._services.changes.add(self._subscriptions)
        except ChangesRefused as error:
            self._system("postgres_changes", "error", str(error))
        else:
            self._system("postgres_changes", "ok", "Subscribed to PostgreSQL")

    def _system(self, extension: str, status: str, message: str) -> None:
        body = {"extension": extension, "status": status, "message": message, "channel": self.address.topic}
        self._send("system", body)

    def _send(self, event: str, payload: dict[str, Any]) -> None:
        self._connection.send(Frame(PREFIX + self.address.topic, event, payload))

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
