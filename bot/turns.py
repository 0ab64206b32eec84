"""Turns by chat: within a chat one thing after the other, chats beside one another."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class FullError(Exception):
    """The chat already has as many turns, taken and awaited, as it may."""


class Turns:
    """Gives turns in the order in which they are asked for."""

    def __init__(self) -> None:
        self._open: Counter[int] = Counter()
        self._order: dict[int, asyncio.Lock] = {}

    @asynccontextmanager
    async def take(self, chat: int, most: int) -> AsyncIterator[None]:
        """Wait for the earlier turns of `chat` to end; hold the later ones back.

        Raises `FullError` where there are `most` of them already.
        """
        if self._open[chat] >= most:
            raise FullError
        self._open[chat] += 1
        try:
            async with self._order.setdefault(chat, asyncio.Lock()):
                yield
        finally:
            self._open[chat] -= 1
            if not self._open[chat]:
                del self._open[chat], self._order[chat]
