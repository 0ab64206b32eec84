"""Many small changes in few transactions: each is on the disk before its caller goes on."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class Journal:
    """Group commit: what is asked for while one transaction is written makes up the next.

    A message costs two changes, and a transaction a wait for the disk (`synchronous=FULL`); ten
    messages on their way at once then wait for it together and not one after the other.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Callable[[Any], Any], asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(
        self, change: Callable[Concatenate[Any, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `change` as `Store.write` does, in a transaction shared with others.

        Where one of them fails, all of them are undone and raise. Cancelling the caller does not
        undo it. Raises `StoreError`.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((partial(_call, change, args, kwargs), done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await done

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                results = await self._store.write(_run, [change for change, _ in batch])
            except Exception as error:  # noqa: BLE001  every caller raises it
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for (_, done), result in zip(batch, results, strict=True):
                    if not done.done():  # its caller was cancelled
                        done.set_result(result)


def _call(
    change: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], connection: Any
) -> T:
    return change(connection, *args, **kwargs)


def _run(connection: Any, changes: Sequence[Callable[[Any], Any]]) -> list[Any]:
    return [change(connection) for change in changes]
