"""A local Bot API server for tests: start it, talk to the bot as a person, wait for its answer.

async with playground() as server, running(server, add_handlers):
    reader = server.user("سلمى")
    answer = await ask(server, reader, "متى افتتح المتحف؟")
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
from telegram.ext import Application, ApplicationBuilder

from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.playground.model import Chat, Message
    from bot.playground.people import User


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@asynccontextmanager
async def playground(**options: Any) -> AsyncIterator[PlaygroundServer]:
    """A started server on a free port; flood limits are off unless `rules` are given."""
    server = PlaygroundServer(**{"rules": FloodRules.relaxed(), **options})
    async with server:
        yield server


@asynccontextmanager
async def running(
    server: PlaygroundServer, add_handlers: Callable[[Application], None]
) -> AsyncIterator[Application]:
    """A real python-telegram-bot application that polls `server`."""
    application = builder(server).build()
    add_handlers(application)
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=5)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()


def builder(server: PlaygroundServer) -> ApplicationBuilder:
    """An application builder that points at `server`."""
    return (
        ApplicationBuilder()
        .token(server.token)
        .base_url(server.base_url)
        .base_file_url(server.base_file_url)
    )


async def ask(
    server: PlaygroundServer,
    user: User,
    text: str,
    *,
    chat: Chat | None = None,
    within: float = 5.0,
) -> Message:
    """Writes as `user` and gives the bot's first message after it."""
    sent = user.send(text, chat=chat)
    return await server.wait_message(sent.chat, after=sent, within=within)


class RawBot:
    """The Bot API without a library: exact requests, exact answers. Needs no started server."""

    def __init__(self, server: PlaygroundServer) -> None:
        self.url = f"{server.base_url}{server.token}/"
        transport = httpx.ASGITransport(app=server.app)
        self.client = httpx.AsyncClient(transport=transport, timeout=10)

    async def __aenter__(self) -> RawBot:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The whole answer to a JSON request, `ok` or not."""
        response = await self.client.post(self.url + method, json=params)
        body: dict[str, Any] = response.json()
        assert body["ok"] == (response.status_code == 200)
        return body

    async def result(self, method: str, **params: Any) -> Any:
        """The result of a request that succeeds."""
        body = await self.call(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """The description of a request that is refused."""
        body = await self.call(method, **params)
        assert not body["ok"], body
        description: str = body["description"]
        return description
