"""What tests of the outbox share: letters, a Telegram that fails as scripted, a quick clock."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import sqlalchemy as sa
from telegram.error import NetworkError

from bot.limits import Limits
from bot.message import Message
from bot.outbox.letter import Letter, QuoteRef
from bot.outbox.worker import Outbox
from bot.schema import outbox
from bot.store import chats
from bot.store.outbox import put

if TYPE_CHECKING:
    from telegram.error import TelegramError

    from bot.outbox.promises import Kind
    from bot.store import Store

START = datetime(2026, 3, 1, 7, tzinfo=UTC)
NOW = START.isoformat(timespec="seconds")
SPEED = 100.0
"""Seconds of the world in one of ours."""


class QuickClock:
    """A hundred times as fast as ours."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> float:
        return (time.monotonic() - self._began) * SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)

    def utc(self) -> datetime:
        return START + timedelta(seconds=self.now())


@dataclass
class FakeTelegram:
    """Fails as scripted for a chat, then accepts; notes what arrived, where and when."""

    clock: QuickClock
    failures: dict[int, list[TelegramError]] = field(default_factory=dict)
    arrived: list[tuple[int, str]] = field(default_factory=list)
    replies: dict[int, int] = field(default_factory=dict)
    edited: list[tuple[int, int, str]] = field(default_factory=list)
    times: list[tuple[int, float]] = field(default_factory=list)
    outage: int = 0  # how many probes fail before it ends
    probes: int = 0
    stop_at: tuple[int, asyncio.Event] | None = None  # set when so many have arrived

    async def send_message(self, chat: int, text: str, **options: object) -> SimpleNamespace:
        if self.outage:
            raise NetworkError("Bad Gateway")
        if self.failures.get(chat):
            raise self.failures[chat].pop(0)
        self.arrived.append((chat, text))
        self.times.append((chat, self.clock.now()))
        number = len(self.arrived)
        if self.stop_at is not None and number == self.stop_at[0]:
            self.stop_at[1].set()
        if options["reply_parameters"] is not None:
            self.replies[number] = options["reply_parameters"].message_id  # type: ignore[attr-defined]
        return SimpleNamespace(message_id=number)

    async def edit_message_text(self, text: str, chat: int, number: int, **_: object) -> None:
        if self.failures.get(chat):
            raise self.failures[chat].pop(0)
        self.edited.append((chat, number, text))

    async def get_me(self) -> None:
        self.probes += 1
        if self.outage:
            self.outage -= 1
            raise NetworkError("Bad Gateway")


def a_letter(*texts: str, quotes: tuple[QuoteRef, ...] = (), **options: object) -> Letter:
    """A letter of these messages, «خبر» where none are given."""
    messages = tuple(Message(text) for text in texts or ("خبر",))
    return Letter(messages, quotes, **options)  # type: ignore[arg-type]


async def owe(
    store: Store,
    chat: int,
    letter: Letter | None = None,
    *,
    kind: Kind = "alert",
    key: str = "1",
    due_at: str = NOW,
    follows: int | None = None,
) -> int | None:
    """Owe a letter to a chat, which is met where it is new."""
    group = "private" if chat > 0 else "group"
    if await store.read(chats.get, chat) is None:
        await store.write(chats.meet, chat, kind=group, now=NOW)
    letter = letter or a_letter()
    return await store.write(
        put, chat, kind=kind, key=key, letter=letter, due_at=due_at, now=NOW, follows=follows
    )


async def states(store: Store) -> list[tuple[int, str, str | None]]:
    """Chat, state and error of all that is in the outbox, in the order it was owed."""

    def read(connection: sa.Connection) -> list[tuple[int, str, str | None]]:
        query = sa.select(outbox.c.chat_id, outbox.c.state, outbox.c.error).order_by(outbox.c.id)
        return [tuple(row) for row in connection.execute(query)]

    return await store.read(read)


async def work(telegram: FakeTelegram, store: Store, *, stop: asyncio.Event | None = None) -> None:
    """Let a worker run until nothing is owed or `stop` is set; ten seconds at most."""
    stop = stop or asyncio.Event()
    worker = Outbox(telegram, store, Limits(telegram.clock), telegram.clock.utc)  # type: ignore[arg-type]
    task = asyncio.create_task(worker.run(stop))
    try:
        async with asyncio.timeout(10):
            while not task.done():
                left = {state for _, state, _ in await states(store)}
                if not left & {"pending", "sending"}:
                    break
                await asyncio.sleep(0.01)
    finally:
        stop.set()
        await task
