"""The one way from the event loop to the archive: a few threads, a short queue, an order per chat.

Nothing here waits on a thread, so a greeting is answered while the slowest question runs.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from index.model import Answer, Article

P = ParamSpec("P")
T = TypeVar("T")


class Archive(Protocol):
    """What the bot needs of the archive: `index.engine.Engine`, or a test's fake.

    Called from threads.
    """

    def ask(self, question: str, *, limit: int = 3) -> Answer:
        """The archive's answer; blocks for as long as it takes."""
        ...

    def article(self, article: int) -> Article:
        """An article whole. Raises `NotFoundError`."""
        ...


class BusyError(Exception):
    """There is no room for one more question; nothing was started.

    `own` tells whether it is the chat's own earlier questions that fill its share.
    """

    def __init__(self, *, own: bool) -> None:
        super().__init__("too many questions in this chat" if own else "too many questions")
        self.own = own


class Bridge:
    """Runs questions on `workers` threads, with at most `waiting` more in the queue.

    Two workers by default: one slow question does not hold up everybody, and more would only
    share the same cores. A queue of 16 is a few seconds of work; whoever would wait longer is
    better told so. `per_chat` keeps one chat from filling the queue.
    """

    def __init__(
        self, archive: Archive, *, workers: int = 2, waiting: int = 16, per_chat: int = 3
    ) -> None:
        self.archive = archive
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="isnad-ask")
        self._room = threading.BoundedSemaphore(workers + waiting)
        self._running: set[Future[Answer]] = set()
        self._per_chat = per_chat
        self._open: Counter[int] = Counter()
        self._order: dict[int, asyncio.Lock] = {}

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Wait until the earlier questions of `chat` are answered; hold the later ones back.

        Turns are given in the order in which they are asked for. Raises `BusyError` where the
        chat already has `per_chat` of them.
        """
        if self._open[chat] >= self._per_chat:
            raise BusyError(own=True)
        self._open[chat] += 1
        try:
            async with self._order.setdefault(chat, asyncio.Lock()):
                yield
        finally:
            self._open[chat] -= 1
            if not self._open[chat]:
                del self._open[chat], self._order[chat]

    async def ask(self, question: str, *, limit: int = 3) -> Answer:
        """The archive's answer. Raises `BusyError`, or whatever the archive raised.

        Cancelled, it takes the question out of the queue; one that already runs cannot be
        stopped, and keeps its place until it ends, so that abandoned questions cannot pile up.
        """
        if not self._room.acquire(blocking=False):
            raise BusyError(own=False)
        try:
            future = self._threads.submit(self.archive.ask, question, limit=limit)
        except BaseException:
            self._room.release()
            raise
        self._running.add(future)
        future.add_done_callback(self._finished)
        return await asyncio.wrap_future(future)

    async def call(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Something else that the archive does, on the same threads. Raises what it raises.

        It takes no place from the questions, and waits behind those that are queued.
        """
        return await asyncio.wrap_future(self._threads.submit(read, *args, **kwargs))

    def _finished(self, future: Future[Answer]) -> None:
        # Called in the thread that ran it. The set's own lock (the interpreter's) is enough.
        self._running.discard(future)
        self._room.release()

    async def close(self, patience: float) -> bool:
        """Take no more questions, drop the queued ones, wait `patience` seconds for the others.

        Returns whether all have ended; where not, the archive is still in use by a thread.
        """
        self._threads.shutdown(wait=False, cancel_futures=True)
        running = tuple(self._running)
        if not running:
            return True
        return not (await asyncio.to_thread(wait, running, patience)).not_done
