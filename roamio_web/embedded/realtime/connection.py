"""One client's websocket: reads its frames one after the other, writes from a bounded queue."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from starlette.websockets import WebSocket, WebSocketDisconnect

from roamio_web.embedded.realtime.channel import Channel
from roamio_web.embedded.realtime.credentials import Credentials, Refused, identify
from roamio_web.embedded.realtime.protocol import PREFIX, BadFrame, Frame, decode
from roamio_web.embedded.realtime.services import Services

log = logging.getLogger(__name__)

SILENCE = 60.0  # seconds without a word, heartbeats included, after which Phoenix hangs up
BACKLOG = 1000  # frames that a client may be behind before it is cut off
TRY_AGAIN_LATER, UNSUPPORTED = 1013, 1003


class Connection:
    """A websocket and the topics it has joined."""

    def __init__(self, websocket: WebSocket, services: Services, own: Credentials, version: str) -> None:
        self.version = version
        self.services = services
        self._websocket = websocket
        self._own = own
        self._headers: Mapping[str, str] = own.person.headers
        self._channels: dict[str, Channel] = {}
        self._outgoing: asyncio.Queue[str | int] = asyncio.Queue()

    async def run(self) -> None:
        """Serve the client until it leaves, falls silent, or falls behind."""
        await self._websocket.accept()
        writer = asyncio.create_task(self._write())
        try:
            while True:
                message = await asyncio.wait_for(self._websocket.receive(), SILENCE)
                if message["type"] == "websocket.disconnect":
                    break
                text = message.get("text")
                if text is None:
                    raise BadFrame("binary frames are not spoken here")
                await self._handle(decode(text, self.version))
        except (WebSocketDisconnect, TimeoutError, RuntimeError):
            log.debug("A realtime client went away")
        except BadFrame as error:
            log.info("A realtime client was cut off: %s", error)
            self.cut_off(UNSUPPORTED)
        finally:
            for channel in tuple(self._channels.values()):
                channel.close()
            self._channels.clear()
            self._outgoing.put_nowait(TRY_AGAIN_LATER)
            await writer

    def identify(self, token: object) -> Credentials:
        """Whom a token speaks for on this connection; a publishable key stands for the connection's own.

        :raise Refused: the token is no good.
        """
        if token is None or (isinstance(token, str) and token.startswith("sb_")):
            return self._own
        return identify(token, self.services.jwt_secret, self._headers)

    def send(self, frame: Frame) -> None:
        self.push(frame.encode(self.version))

    def push(self, text: str) -> None:
        """Queue text for the client; one that is too far behind is cut off and may come back."""
        if self._outgoing.qsize() >= BACKLOG:
            self.cut_off(TRY_AGAIN_LATER)
        else:
            self._outgoing.put_nowait(text)

    def cut_off(self, code: int = TRY_AGAIN_LATER) -> None:
        """Forget what is queued and hang up."""
        while not self._outgoing.empty():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(code)

    def drop(self, channel: Channel) -> None:
        """Close one topic from the server's side."""
        topic = PREFIX + channel.address.topic
        if self._channels.get(topic) is channel:
            del self._channels[topic]
        channel.close()
        self.send(Frame(topic, "phx_close", {}, channel.join_ref, channel.join_ref))

    async def _write(self) -> None:
        try:
            while isinstance(item := await self._outgoing.get(), str):
                await self._websocket.send_text(item)
            await self._websocket.close(item)
        except (WebSocketDisconnect, RuntimeError, OSError):
            log.debug("A realtime client was gone before its messages")

    async def _handle(self, frame: Frame) -> None:
        channel = self._channels.get(frame.topic)
        if frame.topic == "phoenix":
            self.send(frame.reply("ok"))
        elif frame.event == "phx_join":
            await self._join(frame)
        elif frame.event == "phx_leave":
            self.send(frame.reply("ok"))
            if channel is not None:
                self.drop(channel)
        elif channel is not None:
            await channel.receive(frame)
        else:
            self.send(frame.reply("error", {"reason": "unmatched topic"}))

    async def _join(self, frame: Frame) -> None:
        before = self._channels.pop(frame.topic, None)
        if before is not None:
            before.close()
        try:
            if not frame.topic.startswith(PREFIX):
                raise Refused("unmatched topic")
            payload = frame.payload if isinstance(frame.payload, dict) else {}
            token = payload.get("access_token") or payload.get("user_token")
            channel = Channel(self, frame, self.identify(token))
            response = await channel.join()
        except Refused as error:
            self.send(frame.reply("error", {"reason": str(error)}))
            return
        self._channels[frame.topic] = channel
        self.send(frame.reply("ok", response))
        channel.joined()
