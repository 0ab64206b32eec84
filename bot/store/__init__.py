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
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from index.db import Database, Schema

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from index.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

READERS = Schema(Path(__file__).parents[1] / "migrations", "alembic_version_bot")


def open_store(settings: Settings) -> Store:
    """Open the readers' database: the archive's server where one is set, else a file of its own.

    Raises `StoreError`, `SchemaError`.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    return Store(Database(settings.database_url or settings.home / "bot.db", READERS))


class Store:
    """The readers' database from the event loop: one thread, one statement after the other.

    A statement takes about a millisecond; more threads would only wait for SQLite's one writer.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="isnad-store")
        self._first: deque[Callable[[], None]] = deque()
        self._usual: deque[Callable[[], None]] = deque()

    async def read(
        self, query: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query that changes nothing. Raises `StoreError`."""

        def run() -> T:
            with self.db.read() as connection:
                return query(connection, *args, **kwargs)

        return await self._run(run, self._usual)

    async def write(
        self, change: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a change in a transaction of its own: all of it or nothing. Raises `StoreError`.

        Cancelling the caller does not undo it.
        """

        def run() -> T:
            with self.db.write() as connection:
                return change(connection, *args, **kwargs)

        return await self._run(run, self._usual)

    async def write_first(
        self, change: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, ahead of all that waits: what is to be on the disk before a kill can come."""

        def run() -> T:
            with self.db.write() as connection:
                return change(connection, *args, **kwargs)

        return await self._run(run, self._first)

    def close(self) -> None:
        """Finish what runs and close the database."""
        self._thread.shutdown()
        self.db.close()

    async def _run(self, work: Callable[[], T], queue: deque[Callable[[], None]]) -> T:
        done: Future[T] = Future()

        def run() -> None:
            if not done.set_running_or_notify_cancel():
                return
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001  it is raised where it is awaited
                done.set_exception(error)

        queue.append(run)
        self._thread.submit(self._next)
        return await asyncio.wrap_future(done)

    def _next(self) -> None:
        (self._first or self._usual).popleft()()
