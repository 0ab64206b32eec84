"""Feeds read beside the answers: one process is enough for a small server.

The fetcher is synchronous and may be waiting for a slow site, so it has a thread of its own, which
a stop does not wait for longer than for other work: what it stored, it stored whole.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from typing import TYPE_CHECKING, Protocol

from bot.logs import private_traceback
from bot.outbox.letter import Letter
from bot.store import outbox
from bot.views import notice_view
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.services import Services
    from index.feeds.report import FetchReport

log = logging.getLogger(__name__)


class Fetches(Protocol):
    """Whatever reads what is followed: `index.feeds.Fetcher`, or a test's fake."""

    def run_forever(
        self, stop: threading.Event, *, on_report: Callable[[FetchReport], None]
    ) -> None:
        """Read what is due whenever it is, until `stop` is set; tell what each round did."""
        ...


class Fetching:
    """A `bot.background.Work` that keeps a fetcher at work and tells administrators what fails."""

    def __init__(self, fetcher: Fetches, services: Services) -> None:
        self._fetcher = fetcher
        self._services = services

    async def __call__(self, stop: asyncio.Event) -> None:
        """Run the fetcher until `stop` is set."""
        loop = asyncio.get_running_loop()
        halt, over = threading.Event(), asyncio.Event()
        reports: asyncio.Queue[FetchReport] = asyncio.Queue()

        def run() -> None:
            try:
                self._fetcher.run_forever(
                    halt,
                    on_report=lambda r: _tell_loop(loop, lambda: reports.put_nowait(r)),
                )
            except Exception as error:  # noqa: BLE001  a thread's error reaches nobody otherwise
                log.error("fetching ended:\n%s", private_traceback(error))
            _tell_loop(loop, over.set)

        threading.Thread(target=run, name="isnad-fetch", daemon=True).start()
        telling = asyncio.create_task(self._tell(reports))
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(over.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            halt.set()
            await over.wait()
        finally:
            halt.set()
            for task in (telling, *waits):
                task.cancel()

    async def _tell(self, reports: asyncio.Queue[FetchReport]) -> None:
        while True:
            report = await reports.get()
            self._services.metrics.ingested(report)
            log.log(
                logging.INFO
                if report.added or report.updated or report.withdrawn
                else logging.DEBUG,
                "fetched: %d feeds, %d pages; %d added, %d updated, %d withdrawn, %d failed",
                *(report.feeds, report.pages, report.added, report.updated, report.withdrawn),
                len(report.failed),
            )
            try:
                for text in report.notices:
                    await self._owe(text)
            except StoreError as error:
                log.error("the administrators could not be told of a feed: %s", error)

    async def _owe(self, text: str) -> None:
        """Owe a notice to each administrator who has ever written to us."""
        now = self._services.now().isoformat(timespec="seconds")
        # a dead feed is told of once, and again only if it has died again
        key = hashlib.sha256(f"{text}\0{now}".encode()).hexdigest()[:32]
        letter = Letter((notice_view(text, "en"),))
        for admin in self._services.admins:
            await self._services.store.write(
                outbox.put, admin, kind="notice", key=key, letter=letter, due_at=now, now=now
            )


def _tell_loop(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    """Run `call` on the loop, unless the bot has ended meanwhile."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
