"""A line to PostgreSQL that can freeze: it stays open, and nothing comes through."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Self

_SOCKET = ".s.PGSQL.5432"
_CHUNK = 65536


class FrozenLine:
    """A folder with a socket, for a DSN's ``host``; what comes in goes on to another's socket."""

    def __init__(self, to: Path, folder: Path) -> None:
        self._to = to / _SOCKET
        self.folder = folder
        self._flows = asyncio.Event()
        self._flows.set()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.flow()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def freeze(self) -> None:
        """Let nothing through from now on."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def flow(self) -> None:
        """Let all through that has waited, and all that comes."""
        self._loop.call_soon_threadsafe(self._flows.set)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        serving = asyncio.start_unix_server(self._joined, path=self.folder / _SOCKET)
        server = self._loop.run_until_complete(serving)
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_ended(asyncio.all_tasks(self._loop)))
        self._loop.close()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_unix_connection(self._to)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(_CHUNK):
                await self._flows.wait()
                writer.write(some)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


async def _ended(tasks: set[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # what they closed is closed in the loop's next turn
