"""The outbox's worker: claims what is due, sends it at the pace that is allowed, writes it down.

Before a message leaves, its row says `sending`, on the disk; after it, what became of it. Killed
at any moment, it resumes: what was not begun is pending, and what was is resolved by its promise.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telegram.error import BadRequest, TelegramError

from bot.background import unless
from bot.outbox.journal import Journal
from bot.outbox.letter import under
from bot.outbox.line import Line
from bot.outbox.outcome import Outcome, Sent, Unsent, Void, Wait
from bot.outbox.promises import PROMISES
from bot.outbox.refusals import outcome_of
from bot.posting import SAME, Target, post, rewrite
from bot.store import deliveries, ledger
from bot.store.deliveries import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from telegram import Bot

    from bot.limits import Limits
    from bot.message import Message
    from bot.store import Store
    from bot.store.deliveries import Claim

log = logging.getLogger(__name__)

HANDS = 50
"""Letters in hand at once: two seconds' worth, and room for some that wait for a time-out."""

_BUSY, _IDLE = 0.25, 1.0  # seconds between two looks at what is due
_LEASE = timedelta(minutes=3)  # beyond the longest request: connect, write and read time-outs
_SWEEP_EVERY = timedelta(minutes=1)
_DRAIN = 3.0


@dataclass(slots=True)
class _Hand:
    """A letter in hand, and whether sending it has begun."""

    letter: int
    begun: bool = False


class Outbox:
    """Sends what is owed, for as long as `run` runs. Telegram and the disk are its edges."""

    def __init__(self, bot: Bot, store: Store, limits: Limits, now: Callable[[], datetime]) -> None:
        self._bot = bot
        self._store = store
        self._limits = limits
        self._now = now
        self._journal = Journal(store)
        self._line = Line(bot)
        self._hands: dict[asyncio.Task[None], _Hand] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then end within seconds. Raises `StoreError`."""
        await self._resume()
        sleep = self._limits.clock.sleep
        swept = self._now()
        try:
            while not stop.is_set():
                if self._line.open.is_set():
                    await self._claim()
                    await unless(stop, sleep(_BUSY if self._hands else _IDLE))
                elif await unless(stop, sleep(self._line.delay)):
                    await unless(stop, self._line.probe())
                for task in [task for task in self._hands if task.done()]:
                    del self._hands[task]
                    task.result()
                if self._now() - swept >= _SWEEP_EVERY:
                    swept = self._now()
                    await self._sweep()
        finally:
            await self._drain()

    async def _resume(self) -> None:
        """Resolve what a worker before us left, and remember to whom it has just written."""
        now = self._now()
        since = text(now - timedelta(minutes=1))
        for chat, at, count in await self._store.read(deliveries.recent, since=since):
            ago = (now - datetime.fromisoformat(at)).total_seconds() if at else 0.0
            for _ in range(count):
                self._limits.recall(chat, max(ago - 1, 0.0))  # instants are kept to the second
        if resolved := await self._recover(starting=True):
            log.info("outbox: %d letters were in hand when it last stopped", resolved)

    async def _recover(self, *, starting: bool = False) -> int:
        now = self._now()
        before = text(now - _LEASE)
        # A clock that was put forward would else make ours look abandoned, and go out again.
        own = [hand.letter for hand in self._hands.values()]
        return await self._store.write(
            deliveries.recover, before=before, now=text(now), starting=starting, own=own
        )

    async def _claim(self) -> None:
        now = self._now()
        resting = self._limits.resting(_IDLE)
        room = HANDS - len(self._hands)
        if room:
            claims = await self._store.write(
                deliveries.claim, limit=room, now=text(now), resting=resting
            )
            for claim in claims:
                self._hands[asyncio.create_task(self._deliver(claim))] = _Hand(claim.id)

    async def _sweep(self) -> None:
        """Resolve what other workers left; drop what was finished long ago, little by little."""
        await self._recover()
        before = text(self._now() - timedelta(days=ledger.KEPT_DAYS))
        while await self._store.write(ledger.prune, before=before):
            pass

    async def _deliver(self, claim: Claim) -> None:
        if claim.letter.amends is not None and claim.reply_to is None:
            await self._settle(claim, Void("what it corrects was never sent"))
            return
        await self._turn(claim)
        task = asyncio.current_task()
        assert task is not None
        self._hands[task].begun = True
        if not await self._journal.write(deliveries.begin, claim, now=text(self._now())):
            return  # cancelled, or its reader was forgotten
        if not self._line.open.is_set():  # closed while that was written
            await self._settle(claim, Unsent("Telegram does not answer"))
            return
        await self._limits.leave()
        outcome = await self._send(claim)
        self._limits.sent(claim.chat_id)
        if isinstance(outcome, Wait):
            self._limits.hold(claim.chat_id, outcome.seconds)
        self._line.heard(outcome)
        await self._settle(claim, outcome)

    async def _settle(self, claim: Claim, outcome: Outcome) -> None:
        await self._journal.write(deliveries.settle, claim, outcome, now=self._now())

    async def _turn(self, claim: Claim) -> None:
        while True:
            await self._line.open.wait()
            await self._limits.turn(claim.chat_id, PROMISES[claim.kind].rank)
            if self._line.open.is_set():
                return

    async def _send(self, claim: Claim) -> Outcome:
        message = claim.letter.messages[claim.part]
        reply_to = claim.reply_to if claim.part == 0 else None
        try:
            if claim.amended is not None and reply_to is not None:
                whole = under(claim.amended, message)
                if whole is not None and await self._rewritten(claim.chat_id, reply_to, whole):
                    return Sent(reply_to, whole)
                await self._limits.turn(claim.chat_id, PROMISES[claim.kind].rank)
            target = Target(claim.chat_id, reply_to=reply_to)
            return Sent(await post(self._bot, target, message, silent=claim.letter.silent))
        except TelegramError as err:
            return outcome_of(err)

    async def _rewritten(self, chat: int, number: int, whole: Message) -> bool:
        """Whether `whole` now stands where message `number` stood."""
        try:
            await rewrite(self._bot, chat, number, whole)
        except BadRequest as err:  # deleted, too old, not ours: anything but there already
            return SAME in err.message
        return True

    async def _drain(self) -> None:
        """End what has not begun; let what is on its way arrive and be written down."""
        for task, hand in self._hands.items():
            if not hand.begun:
                task.cancel()
        if self._hands:
            await asyncio.wait(self._hands, timeout=_DRAIN)
        for task in self._hands:
            task.cancel()
        results = await asyncio.gather(*self._hands, return_exceptions=True)
        self._hands.clear()
        if late := sum(isinstance(result, Exception) for result in results):
            log.warning("outbox: %d letters could not be written down at the end", late)
