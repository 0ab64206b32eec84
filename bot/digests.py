"""The digests at work: once a minute, who is due gets theirs.

What is due stands in the database, so nothing is lost or doubled by a restart: a digest is owed in
the same transaction that marks its date as done.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.clock import quiet
from bot.logs import private_traceback
from bot.outbox.letter import Letter, QuoteRef
from bot.press import Press, since_last
from bot.schedule import Schedule
from bot.store import digests
from index.model import StoreError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.services import Services
    from bot.store.chats import Chat

log = logging.getLogger(__name__)

_BATCH = 100
_HOUR = timedelta(hours=1)


class Digests:
    """The background work (see `bot.background.Work`).

    `minute` is how many seconds one of `services.now` takes; a simulation's are shorter.
    """

    def __init__(self, services: Services, minute: float = 60.0) -> None:
        self._store = services.store
        self._now = services.now
        self._zone = services.zone
        self._minute = minute
        self._press = Press(services.bridge)
        self._planned: datetime | None = None

    async def __call__(self, stop: asyncio.Event) -> None:
        """Look once a minute who is due, until `stop` is set."""
        while not stop.is_set():
            await self.tick(stop)
            with suppress(TimeoutError):
                left = 1 - self._now().timestamp() / 60 % 1
                await asyncio.wait_for(stop.wait(), left * self._minute)

    async def tick(self, stop: asyncio.Event | None = None) -> int:
        """Owe everybody the digest that is due by now; how many were owed."""
        now = self._now()
        self._press.forget()
        if self._planned is None or now - self._planned >= _HOUR:
            # Rules of daylight saving may be new, and a zone may have been set without planning.
            await self._store.write(digests.refresh, now, self._zone)
            self._planned = now
        owed, last = 0, None
        while chats := await self._store.read(digests.due, now, above=last, limit=_BATCH):
            for chat in chats:
                if stop is not None and stop.is_set():
                    return owed
                owed += await self._try(chat, now)
                last = chat.chat_id
        return owed

    async def _try(self, chat: Chat, now: datetime) -> bool:
        """Whether `chat` is owed a digest now; it stays due where that fails."""
        try:
            return await self._serve(chat, now)
        except StoreError:
            raise  # as all others would
        except Exception as error:  # noqa: BLE001  whatever it is, the other readers get theirs
            log.error("a digest could not be set:\n%s", private_traceback(error))
            return False

    async def _serve(self, chat: Chat, now: datetime) -> bool:
        schedule = Schedule.of(chat, self._zone)
        assert schedule is not None
        assert chat.digest_done is not None
        done, day = schedule.owed(date.fromisoformat(chat.digest_done), now)
        if day is None:
            await self._store.write(digests.skip, chat, done, now=now, default=self._zone)
            log.info("a digest was passed over: its hour is long gone")
            return False
        known = await self._store.read(digests.known, chat.chat_id, now)
        digest = await self._press.set(
            known,
            since=since_last(known, now),
            until=now,
            day=day,
            lang=chat.lang or "ar",
            digits=chat.digits or "latin",
        )
        letter = None
        if digest.items or chat.digest_quiet_day == "say":
            quotes = tuple(
                QuoteRef(item.quote.article.id, item.quote.article.title, item.quote.text)
                for item in digest.items
            )
            letter = Letter(digest.messages, quotes, silent=quiet(chat, now, self._zone))
        number = await self._store.write(
            digests.deliver, chat, day, letter, digest.items, now=now, default=self._zone
        )
        return number is not None
