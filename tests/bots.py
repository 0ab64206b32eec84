"""The bot at work against the local Bot API server, for tests."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from fakes import FakeAsker, a_store

from bot.app import build_bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.bridge import Archive
    from bot.playground.server import PlaygroundServer
    from bot.store import Store

EXAMPLES = ("متى وقع الزلزال؟", "من افتتح المتحف؟")


@asynccontextmanager
async def running(
    server: PlaygroundServer, asker: FakeAsker, **options: Any
) -> AsyncIterator[asyncio.Event]:
    """The bot at work; stopped on leaving, and whatever stopped it earlier is raised."""
    with TemporaryDirectory() as folder, closing(a_store(Path(folder))) as store:
        async with running_with(store, server, asker, **options) as stop:
            yield stop


@asynccontextmanager
async def running_with(
    store: Store, server: PlaygroundServer, asker: Archive, **options: Any
) -> AsyncIterator[asyncio.Event]:
    """The bot at work with this memory of its readers."""
    stop, ready = asyncio.Event(), asyncio.Event()
    bot = build_bot(
        server.token,
        archive=asker,
        store=store,
        base_url=server.base_url,
        examples=EXAMPLES,
        **options,
    )
    task = asyncio.create_task(
        bot.run(stop, handle_signals=False, on_ready=lambda name: ready.set())
    )
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        yield stop
    finally:
        stop.set()
        if isinstance(asker, FakeAsker):
            asker.release()
        await asyncio.wait_for(task, 9)
