"""How updates come in and are run: all at once, with an eye on what must be ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from telegram.ext import BaseUpdateProcessor
from telegram.request import HTTPXRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable


class Updates(BaseUpdateProcessor):
    """Runs updates concurrently and knows which are running, so that stopping can end.

    A chat's questions are put in order by the bridge, not here: its /start must not wait.
    """

    def __init__(self) -> None:
        super().__init__(max_concurrent_updates=256)
        self._running: set[asyncio.Task[Any]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await coroutine
        finally:
            self._running.discard(task)

    def cancel(self) -> int:
        """Cancel what is running; how many that was."""
        for task in self._running:
            task.cancel()
        return len(self._running)

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""


class PollRequest(HTTPXRequest):
    """Notices a refused token while polling: the library's loop then ends without a word."""

    def __init__(self, refused: asyncio.Event, **options: Any) -> None:
        super().__init__(connection_pool_size=1, **options)
        self._refused = refused

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, payload = await super().do_request(*args, **kwargs)
        if status in (401, 404):
            self._refused.set()
        return status, payload
