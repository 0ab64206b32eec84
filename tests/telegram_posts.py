"""Telegram's side of a webhook: posts each update to the bot until it answers 200.

async with playground() as server, posting(server, "http://127.0.0.1:8080/telegram") as posts:
    ...
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.server import PlaygroundServer

PUBLIC = "https://news.example/telegram"
"""The address that the bot has Telegram know: behind it is a proxy that we are, too."""

HEADER = "X-Telegram-Bot-Api-Secret-Token"
_SOON, _LATER = 0.05, 1.0  # seconds between two tries; Telegram's are longer


def secret_set(server: PlaygroundServer) -> str:
    """What the bot's last setWebhook asked Telegram to send along."""
    sets = [call.values for call in server.calls if call.method == "setWebhook"]
    return str(sets[-1]["secret_token"])


class Posts:
    """What became of the posts: how many got which status (0: no answer), how long each took."""

    def __init__(self, server: PlaygroundServer, url: str, client: httpx.AsyncClient) -> None:
        self._server = server
        self._url = url
        self._client = client
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []
        self.updates = 0
        self._secret = ""
        self._room = asyncio.Semaphore(40)
        self._changed = asyncio.Event()

    def heard(self) -> None:
        """Something happened in Telegram."""
        self._changed.set()

    async def run(self) -> None:
        """Post whatever comes, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._changed.wait()
                self._changed.clear()
                webhook, queue = self._server.world.webhook, self._server.world.updates
                if webhook is None:
                    continue
                self._secret = secret_set(self._server)
                while taken := queue.peek():
                    queue.confirm(taken[-1]["update_id"] + 1)
                    for update in taken:
                        self.updates += 1
                        tasks.create_task(self._until_taken(update))

    async def _until_taken(self, update: dict[str, Any]) -> None:
        pause = _SOON
        async with self._room:  # its place is kept until it is taken, as Telegram keeps it
            while await self._post(update) != 200:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LATER)

    async def _post(self, update: dict[str, Any]) -> int:
        began = time.perf_counter()
        try:
            status = (
                await self._client.post(self._url, json=update, headers={HEADER: self._secret})
            ).status_code
        except httpx.HTTPError:
            status = 0
        self.statuses[status] += 1
        self._server.world.wake()
        if status == 200:
            self.seconds.append(time.perf_counter() - began)
        return status


@asynccontextmanager
async def posting(server: PlaygroundServer, url: str) -> AsyncIterator[Posts]:
    """Telegram at work while the block runs: it posts to `url` what it was to post to `PUBLIC`."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        posts = Posts(server, url, client)
        server.world.observers.append(posts.heard)
        posts.heard()
        task = asyncio.create_task(posts.run())
        try:
            yield posts
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            server.world.observers.remove(posts.heard)
