"""How fast we talk: who may be written to now, and who must wait how long.

Telegram's figures are one message a second in a chat, though short bursts pass, 20 a minute in a
group, and about 30 a second overall (core.telegram.org/bots/faq). Whoever sends asks for a `turn`
first. What nobody just asked for is sent evenly; an answer may go ahead of its turn by a burst.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

REPLY, ANSWER = -1, 0
"""Ranks of what somebody just asked for; `bot.outbox.promises` has the others.

What took no search goes before answers from the archive: when many ask at once, a command or a
button is still a matter of a moment.
"""

PER_SECOND = 25
"""Messages a second to all chats together, evenly. Answers may add `_ALL_AHEAD` to a second."""

_CATCH_UP = 28
"""Messages a second of those that were held up: below what Telegram allows, above what comes."""

PER_MINUTE = 20
"""Messages in any minute to a group."""

_MINUTE = 60.0
_CHAT_EVERY = 1.0
_CHAT_AHEAD = 2  # two more at once, then one a second: an answer can be of three messages
_ALL_AHEAD = 5


class Clock(Protocol):
    """What waiting needs; a test's is quicker."""

    def now(self) -> float:
        """Seconds that only ever grow."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


class SystemClock:
    """The real one."""

    def now(self) -> float:
        """See `Clock`."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock`."""
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class Pace:
    """One thing each `every` seconds, evenly (the generic cell rate algorithm, ITU-T I.371)."""

    every: float
    _next: float = 0.0

    def wait(self, now: float, *, ahead: int = 0) -> float:
        """Seconds until the next one, or until it may go `ahead` places before its turn."""
        return max(0.0, self._next - ahead * self.every - now)

    def take(self, at: float) -> None:
        """Count one that goes at `at`."""
        self._next = max(self._next, at) + self.every

    def late(self, at: float) -> None:
        """The last one went no earlier than at `at`."""
        self._next = max(self._next, at + self.every)


@dataclass(slots=True)
class _Chat:
    pace: Pace = field(default_factory=lambda: Pace(_CHAT_EVERY))
    minute: deque[float] = field(default_factory=lambda: deque([-_MINUTE], maxlen=PER_MINUTE))
    held_until: float = 0.0


class Limits:
    """One for the whole process: the answers and the outbox share what Telegram allows."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        self._chats: dict[int, _Chat] = {}
        self._all = Pace(1 / PER_SECOND)
        self._leaving = Pace(1 / _CATCH_UP)
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._granting: asyncio.Task[None] | None = None

    def hold(self, chat: int, seconds: float) -> None:
        """Write nothing to `chat` for `seconds`: Telegram said so (429)."""
        self._of(chat).held_until = self.clock.now() + seconds

    def held(self, chat: int) -> float:
        """Seconds that are left of what Telegram asked for, 0 where nothing is."""
        known = self._chats.get(chat)
        return max(0.0, known.held_until - self.clock.now()) if known else 0.0

    def wait(self, chat: int, *, answer: bool = False) -> float:
        """Seconds until `chat` may be written to."""
        known = self._chats.get(chat)
        if known is None:
            return 0.0
        now = self.clock.now()
        waits = [
            known.held_until - now,
            known.pace.wait(now, ahead=_CHAT_AHEAD if answer else 0),
        ]
        if chat < 0 and len(known.minute) == PER_MINUTE:  # a group's numbers are negative
            waits.append(known.minute[0] + _MINUTE - now)
        return max(0.0, *waits)

    def resting(self, longer_than: float) -> set[int]:
        """The chats not to be written to for so many seconds; those long at rest are forgotten."""
        now = self.clock.now()
        for chat, known in list(self._chats.items()):
            if max(known.held_until, known.minute[-1] + _MINUTE) < now:
                del self._chats[chat]
        return {chat for chat in self._chats if self.wait(chat) > longer_than}

    def sent(self, chat: int) -> None:
        """The last turn of `chat` has been used by now: the next one is counted from here."""
        known, at = self._of(chat), self.clock.now()
        known.pace.late(at)
        known.minute[-1] = max(known.minute[-1], at)

    def recall(self, chat: int, ago: float) -> None:
        """A message reached `chat` so many seconds ago, before we began to count."""
        self._reserve(chat, self.clock.now() - ago)

    async def turn(self, chat: int, rank: int = ANSWER) -> None:
        """Return when a message of this rank may go to `chat`.

        In a chat it is first come, first served; of several chats the lowest rank goes first.
        """
        wait = self.wait(chat, answer=rank <= ANSWER)
        self._reserve(chat, self.clock.now() + wait)
        while wait:
            await self.clock.sleep(wait)
            wait = self.held(chat)
        if not self._queue and not self._wait_of_all(rank):
            self._all.take(self.clock.now())
            return
        mine = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (rank, next(self._order), mine))
        if self._granting is None or self._granting.done():
            self._granting = asyncio.create_task(self._grant())
        await mine

    async def leave(self) -> None:
        """Return when a message that had its turn may leave.

        At once, save where many were held up since then, as by a slow disk: they go evenly too.
        """
        now = self.clock.now()
        wait = self._leaving.wait(now)
        self._leaving.take(now)
        if wait:
            await self.clock.sleep(wait)

    def _reserve(self, chat: int, at: float) -> None:
        known = self._of(chat)
        known.pace.take(at)
        known.minute.append(at)

    async def _grant(self) -> None:
        """Give turns to those who wait, one after the other."""
        while self._queue:
            rank, _, first = self._queue[0]
            if first.done():  # whoever waited was cancelled
                heapq.heappop(self._queue)
            elif wait := self._wait_of_all(rank):
                await self.clock.sleep(wait)
            else:
                heapq.heappop(self._queue)
                self._all.take(self.clock.now())
                first.set_result(None)

    def _wait_of_all(self, rank: int) -> float:
        return self._all.wait(self.clock.now(), ahead=_ALL_AHEAD if rank <= ANSWER else 0)

    def _of(self, chat: int) -> _Chat:
        return self._chats.setdefault(chat, _Chat())
