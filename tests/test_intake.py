"""Updates are stored before they are handled, and handled once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from fakes import a_store
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake import AT_HAND, KEPT, Intake
from bot.schema import updates
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.store import Store

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)


class Desk:
    """An intake, and what it handed on."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.handed: list[int] = []
        self.interrupted: list[int] = []
        self.intake = Intake(store, self._take, lambda: self.now)

    def _take(self, payload: Mapping[str, Any], interrupted: bool) -> None:
        self.handed.append(payload["update_id"])
        if interrupted:
            self.interrupted.append(payload["update_id"])


def message(number: int, text: str = "سؤال") -> dict[str, Any]:
    return {"update_id": number, "message": {"text": text}}


def rows(connection: sa.Connection) -> dict[int, Any]:
    found = connection.execute(sa.select(updates.c.update_id, updates.c.payload))
    return {row.update_id: row.payload for row in found}


def rename(connection: sa.Connection, old: str, new: str) -> None:
    connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))


async def test_an_update_is_handed_on_once_however_often_it_comes(store: Store) -> None:
    """Before it is done and after; in the order in which they came."""
    desk = Desk(store)
    await desk.intake.accept(message(1), message(2))
    await desk.intake.accept(message(2), message(3))
    await desk.intake.done(1)
    await desk.intake.accept(message(1))
    assert desk.handed == [1, 2, 3]


async def test_what_was_not_done_is_handed_on_again_by_the_next_process(store: Store) -> None:
    """Oldest first, whole; what was done is a number and no more."""
    desk = Desk(store)
    await desk.intake.accept(message(3, "ثالث"), message(1, "أول"), message(2, "ثان"))
    await desk.intake.done(2)
    after = Desk(store)
    assert await after.intake.resume() == 2
    assert after.handed == [1, 3]
    kept = await store.read(rows)
    assert kept[2] is None
    assert kept[3]["message"]["text"] == "ثالث"


async def test_whose_answer_was_leaving_is_told_apart(store: Store) -> None:
    """By the number of the update at hand; once it is done it is as any other."""
    desk = Desk(store)
    await desk.intake.accept(*(message(number) for number in (1, 2, 3)))
    for number in (2, 3):
        AT_HAND.set(number)
        await desk.intake.sending()
    AT_HAND.set(None)
    await desk.intake.sending()  # what nobody asked for
    await desk.intake.done(3)
    after = Desk(store)
    await after.intake.resume()
    assert (after.handed, after.interrupted) == ([1, 2], [2])


async def test_many_that_end_at_once_are_all_noted(store: Store) -> None:
    """In a few commits."""
    desk = Desk(store)
    await desk.intake.accept(*(message(number) for number in range(100)))
    commits = 0

    def count(*_: object) -> None:
        nonlocal commits
        commits += 1

    sa.event.listen(store.db.engine, "commit", count)
    await asyncio.gather(*(desk.intake.done(number) for number in range(100)))
    assert set((await store.read(rows)).values()) == {None}
    assert commits < 10


async def test_a_store_that_fails_hands_on_nothing(store: Store) -> None:
    """Telegram is not told that we have it; and a note that failed is made with the next."""
    desk = Desk(store)
    await desk.intake.accept(message(1), message(2))
    await store.write(rename, "updates", "x")
    with pytest.raises(StoreError):
        await desk.intake.accept(message(3))
    with pytest.raises(StoreError):
        await desk.intake.done(1)
    await store.write(rename, "x", "updates")
    await desk.intake.done(2)
    assert desk.handed == [1, 2]
    assert await store.read(rows) == {1: None, 2: None}


async def test_inline_queries_are_not_stored(store: Store) -> None:
    """They are what somebody types elsewhere, and worth nothing a minute later."""
    desk = Desk(store)
    await desk.intake.accept({"update_id": 1, "inline_query": {"query": "سر"}}, message(2))
    assert desk.handed == [1, 2]
    assert list(await store.read(rows)) == [2]


async def test_old_numbers_are_forgotten_and_old_questions_are_not(store: Store) -> None:
    """Telegram repeats nothing after a day; what is still to be answered stays."""
    desk = Desk(store)
    await desk.intake.accept(message(1), message(2))
    await desk.intake.done(1)
    desk.now += KEPT + timedelta(seconds=1)
    await desk.intake.accept(message(3))
    await desk.intake.done(3)
    stop = asyncio.Event()
    stop.set()
    await desk.intake.tidy(stop)
    assert list(await store.read(rows)) == [1, 2, 3]
    stop.clear()
    tidying = asyncio.create_task(desk.intake.tidy(stop))
    await store.read(rows)
    stop.set()
    await tidying
    assert list(await store.read(rows)) == [2, 3]


@settings(max_examples=15, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(("accept", "done", "kill")), st.integers(1, 6)), max_size=25
    )
)
def test_whatever_happens_each_is_handled_and_none_after_it_was_done(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Given again, ended, killed and begun anew in any order."""
    asyncio.run(_live(steps, tmp_path_factory.mktemp("live")))


async def _live(steps: list[tuple[str, int]], folder: Path) -> None:
    store = a_store(folder)
    desk, accepted, done = Desk(store), set(), set()
    for step, number in steps:
        if step == "accept":
            await desk.intake.accept(message(number))
            accepted.add(number)
        elif step == "done" and number in desk.handed:
            await desk.intake.done(number)
            done.add(number)
        elif step == "kill":
            desk = Desk(store)
            await desk.intake.resume()
            assert desk.handed == sorted(accepted - done)
    assert len(desk.handed) == len(set(desk.handed))
    assert not accepted - done - set(desk.handed)
    store.close()
