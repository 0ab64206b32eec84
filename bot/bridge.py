"""The one way from the event loop to the archive: a few threads, a short queue, an order per chat.

Nothing here waits on a thread, so a greeting is answered while the slowest question runs.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from bot.turns import FullError, Turns
from index.model import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence

    from index.model import AddReport, Article, ArticleRef, Change, Post, Story
    from index.topics.service import Topics

P = ParamSpec("P")
T = TypeVar("T")


class Archive(Protocol):
    """What the bot needs of the archive: `index.engine.Engine`, or a test's fake.

    Called from threads.
    """

    def ask_many(self, asked: Sequence[str], *, limit: int = 3) -> Sequence[Answer]:
        """The answer to each question; blocks for as long as it takes."""
        ...

    def add(self, inputs: Iterable[str]) -> AddReport:
        """Add files and addresses; bad ones are named in the report."""
        ...

    def add_posts(self, posts: Iterable[Post]) -> AddReport:
        """Add posts of a channel."""
        ...

    def articles(self) -> Sequence[ArticleRef]:
        """Every article as it is cited, oldest first."""
        ...

    def article(self, article: int) -> Article:
        """An article whole. Raises `NotFoundError`."""
        ...

    @property
    def topics(self) -> Topics:
        """What readers follow, over the archive."""
        ...

    def refresh(self) -> None:
        """Embed what an interrupted `add` left, where it is little."""
        ...

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """Up to `limit` changes that readers see, those after number `after`, oldest first."""
        ...

    def stories(self, since: str | None = None, until: str | None = None) -> Sequence[Story]:
        """What was told in a period (dates or instants), by most sources first."""
        ...


class BusyError(Exception):
    """There is no room for one more question; nothing was started.

    `own` tells whether it is the chat's own earlier questions that fill its share.
    """

    def __init__(self, *, own: bool) -> None:
        super().__init__("too many questions in this chat" if own else "too many questions")
        self.own = own


@dataclass(slots=True, eq=False)
class _Question:
    """A question on its way; whoever asks the same meanwhile is given the same answer."""

    text: str
    limit: int
    askers: list[Future[Answer]]
    running: bool = False
    since: float = field(default_factory=time.perf_counter)


class Bridge:
    """Runs questions on `workers` threads, with at most `waiting` more in the queue.

    A free thread takes what waits, up to `together` questions, and asks them in one go: nobody
    waits for others to come. Two workers: while one has the models read, the other looks up and
    ranks; more would only share the same cores. The queue is some tens of seconds of work where
    the reader is on; whoever would wait longer is better told so. `per_chat` keeps one chat from
    filling it.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        workers: int = 2,
        waiting: int = 256,
        per_chat: int = 3,
        together: int = 8,
        waited: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        """`waited` is told for how many seconds each question was in the queue."""
        self.archive = archive
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="isnad-ask")
        self._others = ThreadPoolExecutor(workers, thread_name_prefix="isnad-call")
        self._room = workers + waiting
        self._together = together
        self._per_chat = per_chat
        self._waited = waited
        self._turns = Turns()
        self._lock = threading.Lock()
        self._open: dict[tuple[str, int], _Question] = {}
        self._queue: deque[_Question] = deque()
        self._running: set[Future[Any]] = set()

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Wait until the earlier questions of `chat` are answered; hold the later ones back.

        Turns are given in the order in which they are asked for. Raises `BusyError` where the
        chat already has `per_chat` of them.
        """
        try:
            async with self._turns.take(chat, self._per_chat):
                yield
        except FullError:
            raise BusyError(own=True) from None

    async def ask(self, question: str, *, limit: int = 3) -> Answer:
        """The archive's answer. Raises `BusyError`, or whatever the archive raised.

        Cancelled, it takes the question out of the queue; one that already runs cannot be
        stopped, and keeps its place until it ends, so that abandoned questions cannot pile up.
        """
        asker: Future[Answer] = Future()
        with self._lock:
            entry = self._open.get((question, limit))
            if entry is None:
                if len(self._open) >= self._room:
                    raise BusyError(own=False)
                self._start(self._threads, self._work)
                entry = self._open[question, limit] = _Question(question, limit, [])
                self._queue.append(entry)
            if entry.running:
                asker.set_running_or_notify_cancel()
            entry.askers.append(asker)
        asker.add_done_callback(partial(self._left, entry))
        return await asyncio.wrap_future(asker)

    async def call(self, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Something else that the archive does. Raises what it raises.

        On threads of its own: it is mostly a moment's work, and a digest has some tens of them,
        each of which would wait behind the questions that are queued.
        """
        return await asyncio.wrap_future(self._start(self._others, read, *args, **kwargs))

    async def close(self, patience: float) -> bool:
        """Take nothing more, drop the queued questions, wait `patience` seconds for what runs.

        Returns whether all have ended; where not, the archive is still in use by a thread.
        """
        self.drop()
        for threads in (self._threads, self._others):
            threads.shutdown(wait=False, cancel_futures=True)
        running = tuple(self._running)
        if not running:
            return True
        return not (await asyncio.to_thread(wait, running, patience)).not_done

    def drop(self) -> None:
        """Cancel the questions that no thread has begun with."""
        with self._lock:
            askers = [asker for entry in self._queue for asker in entry.askers]
        for asker in askers:
            asker.cancel()

    def _start(
        self, threads: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        job = threads.submit(work, *args, **kwargs)
        self._running.add(job)  # the set's own lock (the interpreter's) is enough
        job.add_done_callback(self._running.discard)
        return job

    def _left(self, entry: _Question, asker: Future[Answer]) -> None:
        """One who asked does not wait any more; a question nobody waits for is not asked."""
        if not asker.cancelled():
            return
        with self._lock:
            if asker in entry.askers:
                entry.askers.remove(asker)
            if not entry.askers and not entry.running and entry in self._queue:
                self._queue.remove(entry)
                del self._open[entry.text, entry.limit]

    def _work(self) -> None:
        """In a thread: answer what waits. There may be nothing, when another took it along."""
        batch = self._take()
        if not batch:
            return
        for entry, said in zip(batch, self._answers(batch), strict=True):
            with self._lock:
                del self._open[entry.text, entry.limit]
                askers = tuple(entry.askers)
            for asker in askers:
                if isinstance(said, Answer):
                    asker.set_result(said)
                else:
                    asker.set_exception(said)

    def _take(self) -> list[_Question]:
        """The first question of the queue and what can be asked with it."""
        with self._lock:
            batch: list[_Question] = []
            for entry in tuple(self._queue):
                if entry.limit != self._queue[0].limit or len(batch) == self._together:
                    break
                batch.append(entry)
            for entry in batch:
                self._queue.popleft()
                self._waited(time.perf_counter() - entry.since)
                entry.running = True
                entry.askers = [one for one in entry.askers if one.set_running_or_notify_cancel()]
            return batch

    def _answers(self, batch: Sequence[_Question]) -> list[Answer | Exception]:
        """The answer to each, or what the archive raised for it."""
        texts, limit = [entry.text for entry in batch], batch[0].limit
        try:
            return [*self.archive.ask_many(texts, limit=limit)]
        except Exception as error:  # noqa: BLE001  it is raised where the answer is awaited
            if len(batch) == 1:
                return [error]
        return [said for entry in batch for said in self._answers([entry])]
