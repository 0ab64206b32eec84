"""Work that goes on beside the answers: alerts, digests, the outbox, the feeds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from bot.logs import private_traceback
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

log = logging.getLogger(__name__)

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event it is given is set, then ends of itself within a few seconds."""

AGAIN_AFTER = 30.0
"""Seconds after which work that failed is begun anew."""

_PATIENCE = 4.0


@asynccontextmanager
async def at_work(works: Sequence[Work]) -> AsyncIterator[None]:
    """Run `works` while the block runs; then tell them to end, and end those that do not."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(_kept_up(work, stop)) for work in works]
    try:
        yield
    finally:
        stop.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def unless(stop: asyncio.Event, work: Awaitable[object]) -> bool:
    """Await `work` (its exceptions come through); false where `stop` was set before it ended."""
    task = asyncio.ensure_future(work)
    stopper = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopper}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            return False
        task.result()
        return True
    finally:
        for each in (task, stopper):
            each.cancel()
        await asyncio.gather(task, stopper, return_exceptions=True)


async def _kept_up(work: Work, stop: asyncio.Event) -> None:
    """Begin `work` again whenever it fails: one that ended unseen would be owed messages unsent."""
    while not stop.is_set():
        try:
            await work(stop)
        except IsnadError as error:
            log.error("background work failed, again in %.0f s: %s", AGAIN_AFTER, error)
        except Exception as error:  # noqa: BLE001  whatever it is, the other works go on
            # Its message may hold what somebody wrote; its place is enough to find it.
            log.error("background work failed:\n%s", private_traceback(error))
        else:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), AGAIN_AFTER)
