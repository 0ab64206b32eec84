"""The bot at work against the strict local server, and readers who talk to it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from fakes import a_store

from bot.app import build_bot

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.model import Message
    from bot.playground.people import User
    from bot.playground.server import PlaygroundServer
    from bot.store import Store


@asynccontextmanager
async def at_work(
    server: PlaygroundServer, archive: Any, *, store: Store | None = None, **options: Any
) -> AsyncIterator[Store]:
    """The bot, with a memory of its readers that is given or its own."""
    with TemporaryDirectory() as folder:
        if store is None:
            with closing(a_store(Path(folder))) as own:
                async with _running(server, archive, own, options):
                    yield own
        else:
            async with _running(server, archive, store, options):
                yield store


@asynccontextmanager
async def _running(
    server: PlaygroundServer, archive: Any, store: Store, options: dict[str, Any]
) -> AsyncIterator[None]:
    stop, ready = asyncio.Event(), asyncio.Event()
    bot = build_bot(server.token, archive=archive, store=store, base_url=server.base_url, **options)
    task = asyncio.create_task(
        bot.run(stop, handle_signals=False, on_ready=lambda _name: ready.set())
    )
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        with patch("bot.limits._CHAT_EVERY", 0.0):  # a test's reader is quicker than any person
            yield
    finally:
        stop.set()
        await asyncio.wait_for(task, 9)


async def said(server: PlaygroundServer, reader: User, text: str, **options: Any) -> Message:
    """What the bot answers to a message."""
    sent = reader.send(text, **options)
    return await server.wait_message(sent.chat, after=sent)


async def edited_by(
    server: PlaygroundServer, reader: User, message: Message, button: str, **options: Any
) -> Message:
    """A message after a button under it was pressed and it was edited."""
    since = server.world.seq
    reader.press(message, button, **options)
    return await server.wait_edit(message, since=since)


async def toast(server: PlaygroundServer, reader: User, message: Message, button: str) -> str:
    """What a pressed button says."""
    answer = await server.wait_answer(reader.press(message, button))
    return str(answer["text"])
