"""Group commit: few transactions, each change on the disk before its caller goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from bot.outbox.journal import Journal
from bot.store import cursors
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    import sqlalchemy as sa

    from bot.store import Store

T = TypeVar("T")


class Counting:
    """A store that counts its transactions."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.transactions = 0

    async def write(self, change: Callable[..., T], *args: object) -> T:
        self.transactions += 1
        return await self.store.write(change, *args)


async def test_changes_share_transactions(store: Store) -> None:
    """Those that come while one is written make up the next; each caller gets its own result."""
    counting = Counting(store)
    journal = Journal(counting)  # type: ignore[arg-type]
    await asyncio.gather(*(journal.write(cursors.advance, str(n), n) for n in range(40)))
    assert counting.transactions <= 3
    found = await asyncio.gather(*(journal.write(cursors.get, str(n)) for n in range(40)))
    assert found == list(range(40))


async def test_what_fails_fails_whole(store: Store) -> None:
    """Nobody goes on believing that theirs was written."""
    journal = Journal(store)

    def refuse(connection: sa.Connection) -> None:
        raise StoreError("the disk is full")

    results = await asyncio.gather(
        journal.write(cursors.advance, "a", 1), journal.write(refuse), return_exceptions=True
    )
    assert all(isinstance(result, StoreError) for result in results)
    assert await journal.write(cursors.get, "a") == 0


async def test_a_caller_that_leaves_takes_nothing_back(store: Store) -> None:
    """The change stands, as that of `Store.write` does."""
    journal = Journal(store)
    leaving = asyncio.create_task(journal.write(cursors.advance, "a", 1))
    staying = asyncio.create_task(journal.write(cursors.advance, "b", 2))
    await asyncio.sleep(0)
    leaving.cancel()
    await staying
    assert await store.read(cursors.get, "a") == 1
