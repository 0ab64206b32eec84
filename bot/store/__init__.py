"""The bot's memory: every SQL statement about readers is in this package.

The functions of its modules take an open connection, as those of `index.store` do; `Store` runs
them off the event loop:

chat = await store.read(chats.get, chat_id)
await store.write(topics.add, chat_id, text="…", now=now)
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from index.db import Database, Schema
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    import sqlalchemy as sa

    from index.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

READERS = Schema(Path(__file__).parents[1] / "migrations", "alembic_version_bot")


_TOGETHER = 64  # a few milliseconds of work


def open_store(settings: Settings) -> Store:
    """Open the readers' database: the archive's server where one is set, else a file of its own.

    Raises `StoreError`, `SchemaError`.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Store(Database(settings.database_url or settings.home / "bot.db", READERS))


@dataclass(frozen=True, slots=True, eq=False)
class _Job(Generic[T]):
    """A query or a change that waits for its turn, and whoever waits for it."""

    work: Callable[[sa.Connection], T]
    changes: bool
    done: Future[T]

    def within(self, connection: sa.Connection) -> T:
        """Do it in a transaction that others share: undone alone where it fails."""
        if not self.changes:
            return self.work(connection)
        with connection.begin_nested():
            return self.work(connection)


class Store:
    """The readers' database from the event loop: one thread, one statement after the other.

    A statement takes about a millisecond; more threads would only wait for SQLite's one writer.
    Those that wait while one runs share the next transaction, and with it what it costs to have
    it on the disk.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="isnad-store")
        self._first: deque[_Job[Any]] = deque()
        self._usual: deque[_Job[Any]] = deque()

    async def read(
        self, query: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query that changes nothing. Raises `StoreError`."""
        return await self._run(
            _Job(lambda on: query(on, *args, **kwargs), False, Future()), self._usual
        )

    async def write(
        self, change: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a change in a transaction: all of it or nothing. Raises `StoreError`.

        It returns when the change is on the disk. Cancelling the caller does not undo it.
        """
        return await self._run(
            _Job(lambda on: change(on, *args, **kwargs), True, Future()), self._usual
        )

    async def write_first(
        self, change: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, ahead of all that waits: what is to be on the disk before a kill can come."""
        return await self._run(
            _Job(lambda on: change(on, *args, **kwargs), True, Future()), self._first
        )

    def close(self) -> None:
        """Finish what runs and close the database."""
        self._thread.shutdown()
        self.db.close()

    async def _run(self, job: _Job[T], queue: deque[_Job[Any]]) -> T:
        queue.append(job)
        self._thread.submit(self._work)
        return await asyncio.wrap_future(job.done)

    def _work(self) -> None:
        """In the thread: do what waits, as far as it is of one kind. Others may have done it."""
        queue = self._first or self._usual
        batch: list[_Job[Any]] = []
        changes = bool(queue) and queue[0].changes
        while queue and queue[0].changes == changes and len(batch) < _TOGETHER:
            job = queue.popleft()
            if job.done.set_running_or_notify_cancel():
                batch.append(job)
        if len(batch) > 1:
            self._share(batch)
        elif batch:
            self._alone(batch[0])

    def _share(self, batch: Sequence[_Job[Any]]) -> None:
        """Do several in one transaction; one that fails does so alone, and its error is its own."""
        results: dict[_Job[Any], Any] = {}
        try:
            with self._transaction(batch[0]) as connection:
                for job in batch:
                    with suppress(Exception):
                        results[job] = job.within(connection)
        except StoreError:
            results.clear()
        for job in batch:
            if job in results:
                job.done.set_result(results[job])
            else:
                self._alone(job)

    def _alone(self, job: _Job[Any]) -> None:
        try:
            with self._transaction(job) as connection:
                result = job.work(connection)
        except BaseException as error:  # noqa: BLE001  it is raised where it is awaited
            job.done.set_exception(error)
        else:
            job.done.set_result(result)

    def _transaction(self, job: _Job[Any]) -> AbstractContextManager[sa.Connection]:
        return self.db.write() if job.changes else self.db.read()
