"""A wire that can be cut: a TCP proxy between the site and Supabase."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

CHUNK = 65536


class Wire:
    """Passes bytes on, until it is told not to."""

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.connections = 0  # ever made
        self._target = (host, port)
        self._loop = asyncio.new_event_loop()
        self._open: dict[asyncio.StreamWriter, bytes] = {}  # with what each began
        self._far: set[asyncio.StreamWriter] = set()
        self._dead: bytes | None = None  # how connections begin that are not let through
        self._mute = False
        self._stranded = 0  # connections up to this one pass nothing on for ever

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def in_use(self) -> int:
        """Connections that are open now."""
        return len(self._open)

    def lead_to(self, port: int) -> None:
        """Take new connections to another port of the same host."""
        self._target = (self._target[0], port)

    def cut(self) -> None:
        """Break every connection; new ones can be made."""
        self._call(self._break)

    def kill(self, only: bytes = b"") -> None:
        """Break the connections that begin like this, and take no new one until ``mend``."""
        self._dead = only
        self.cut()

    def mute(self) -> None:
        """Keep the connections, and pass nothing on any more: a network that went silent."""
        self._mute = True

    def mend(self) -> None:
        """Work again; what was muted stays lost."""
        self._dead, self._mute = None, False

    def strand(self) -> None:
        """Work again for new connections; those that were muted stay so, and nobody is told."""
        self._stranded = self.connections
        self.mend()

    @contextlib.contextmanager
    def up(self) -> Iterator[Wire]:
        """Run in a thread of its own."""
        ready = threading.Event()
        thread = threading.Thread(target=self._run, args=(ready,))
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            self._call(self._break)
            self._loop.call_soon_threadsafe(self._stop.set)
            thread.join()

    def _call(self, work: object) -> None:
        done = threading.Event()

        def run() -> None:
            work()  # type: ignore[operator]
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(5)

    def _break(self) -> None:
        for writer, beginning in tuple(self._open.items()):
            if beginning.startswith(self._dead or b""):
                writer.transport.abort()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(ready))
        self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for writer in tuple(self._far):
            writer.transport.abort()
        while self._far:
            await asyncio.sleep(0.01)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._dead == b"":
            writer.transport.abort()
            return
        self.connections += 1
        number = self.connections
        self._open[writer] = b""
        try:
            beginning = self._open[writer] = await reader.read(CHUNK)
            if self._dead is not None and beginning.startswith(self._dead):
                return
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._far.add(far_writer)
            self._write(number, far_writer, beginning)
            await asyncio.gather(
                self._pump(number, reader, far_writer, writer),
                self._pump(number, far_reader, writer, far_writer),
            )
            self._far.discard(far_writer)
        except OSError:
            return
        finally:
            del self._open[writer]
            writer.transport.abort()

    async def _pump(
        self,
        number: int,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        back: asyncio.StreamWriter,
    ) -> None:
        """Pass on until either end is gone, and then let go of both."""
        with contextlib.suppress(OSError):
            while data := await source.read(CHUNK):
                self._write(number, target, data)
                await target.drain()
        target.transport.abort()
        back.transport.abort()

    def _write(self, number: int, target: asyncio.StreamWriter, data: bytes) -> None:
        if not self._mute and number > self._stranded:
            target.write(data)
