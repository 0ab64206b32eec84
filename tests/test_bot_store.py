"""The readers' database: its schema, and the chats in it."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.schema import metadata, topics
from bot.store import READERS, chats, dialogs, open_store, totals, votes
from index.db import Database
from index.model import StoreError
from index.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store import Store

NOW = "2026-03-01T07:00:00+00:00"


def test_a_migrated_database_has_the_tables_of_the_code(store: Store) -> None:
    """The migrations and `schema.py` say the same."""
    with store.db.read() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "version_table": READERS.versions,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_one_database_can_hold_the_archive_and_the_readers(tmp_path: Path) -> None:
    """Each schema keeps its own version, as on a server."""
    url = f"sqlite:///{tmp_path / 'both.db'}"
    for schema in ((), (READERS,), (), (READERS,)):
        Database(url, *schema).close()


def test_the_readers_have_a_file_of_their_own(tmp_path: Path) -> None:
    """So that an archive can be handed on without them."""
    open_store(Settings(home=tmp_path / "home")).close()
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["bot.db"]


async def test_a_chat_is_met_once(store: Store) -> None:
    """Who writes again is not new, and who had blocked the bot is back."""
    first = await store.write(chats.meet, 7, kind="private", now=NOW)
    assert first.state == "active"
    await store.write(chats.change, 7, state="blocked", zone="Africa/Cairo")
    again = await store.write(chats.meet, 7, kind="private", now="2027-01-01T00:00:00+00:00")
    assert (again.state, again.zone, again.created_at) == ("active", "Africa/Cairo", NOW)


async def test_forgetting_a_chat_erases_what_hangs_on_it(store: Store) -> None:
    """No row of a table that belongs to it stays."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    await store.write(_follow, 7)
    await store.write(chats.forget, 7)
    assert await store.read(chats.get, 7) is None
    assert await store.read(_followed) == []


async def test_a_group_that_migrates_keeps_what_it_follows(store: Store) -> None:
    """Under its new number; the row that its new self may have already gives way."""
    await store.write(chats.meet, -5, kind="group", now=NOW)
    await store.write(_follow, -5)
    await store.write(chats.meet, -1005, kind="supergroup", now=NOW)
    await store.write(chats.migrate, -5, -1005)
    assert await store.read(chats.get, -5) is None
    assert await store.read(_followed) == [-1005]


async def test_a_dialog_is_waited_for_until_it_ends(store: Store) -> None:
    """One a chat, the newest; not beyond its time."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    for name in ("topic", "city"):
        await store.write(dialogs.begin, 7, state={"for": name}, expires_at="2026-03-01T07:10:00")
    assert await store.read(dialogs.waiting, 7, now=NOW) == {"for": "city"}
    assert await store.read(dialogs.waiting, 7, now="2026-03-01T07:10:00") is None
    assert await store.write(dialogs.end, 7)
    assert not await store.write(dialogs.end, 7)
    assert await store.read(dialogs.waiting, 7, now=NOW) is None


async def test_a_chat_that_is_forgotten_meanwhile_is_waited_for_no_more(store: Store) -> None:
    """A button may be pressed while it erases its data: that is no error."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    await store.write(chats.forget, 7)
    await store.write(dialogs.begin, 7, state={"for": "city"}, expires_at="2026-03-01T07:10:00")
    assert await store.read(dialogs.waiting, 7, now=NOW) is None


async def test_the_last_vote_on_a_message_counts(store: Store) -> None:
    """And is counted once."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    changed = [await store.write(votes.cast, 7, 5, vote=vote, now=NOW) for vote in (1, -1, -1)]
    assert changed == [False, True, False]
    counts = await store.read(totals.counts)
    assert (counts["up"], counts["down"]) == (0, 1)


async def test_all_that_is_kept_of_a_chat_is_shown_to_it(store: Store) -> None:
    """Every table, its own rows only; after it is forgotten, nothing."""
    for chat in (7, 8):
        await store.write(chats.meet, chat, kind="private", now=NOW)
        await store.write(_follow, chat)
        await store.write(votes.cast, chat, 5, vote=1, now=NOW)
    kept = await store.read(totals.of_chat, 7)
    assert kept.keys() == {"chats", "topics", "votes"}
    assert [row["chat_id"] for rows in kept.values() for row in rows] == [7, 7, 7]
    assert kept["topics"][0]["text"] == "المترو"
    await store.write(chats.forget, 7)
    assert await store.read(totals.of_chat, 7) == {}
    assert (await store.read(totals.of_chat, 8)).keys() == kept.keys()


async def test_counts_are_of_all_chats(store: Store) -> None:
    """Those that blocked the bot are counted apart."""
    for chat in (7, 8):
        await store.write(chats.meet, chat, kind="private", now=NOW)
    await store.write(chats.change, 8, state="blocked", digest_at="07:30")
    counts = await store.read(totals.counts)
    assert counts == {
        **dict.fromkeys(("topics", "waiting", "sent", "failed", "up", "down"), 0),
        **{"chats": 2, "blocked": 1, "digests": 1},
    }


async def test_a_change_that_fails_is_undone(store: Store) -> None:
    """And told as an error of ours."""
    with pytest.raises(StoreError):
        await store.write(_follow, 99)  # no such chat
    assert await store.read(_followed) == []


async def test_changes_that_wait_share_a_transaction_and_fail_alone(store: Store) -> None:
    """Each is all or nothing; what is urgent goes ahead of what waits; a read sees what is done."""
    begun, gate = threading.Event(), threading.Event()
    order: list[int] = []

    def hold(_: sa.Connection) -> None:
        begun.set()
        gate.wait(5)

    def meet(connection: sa.Connection, chat: int) -> None:
        chats.meet(connection, chat, kind="private", now=NOW)
        order.append(chat)
        if chat == 3:
            raise ValueError("after it was stored")

    held = asyncio.create_task(store.read(hold))
    assert await asyncio.to_thread(begun.wait, 5)
    waiting = [asyncio.create_task(store.write(meet, chat)) for chat in (1, 2, 3)]
    waiting.append(asyncio.create_task(store.write(_follow, 99)))  # no such chat
    waiting.append(asyncio.create_task(store.write_first(meet, 4)))
    seen = asyncio.create_task(store.read(chats.get, 2))
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    gate.set()
    said = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one).__name__ for one in said] == [
        *("CancelledError", "NoneType", "ValueError", "StoreError", "NoneType")
    ]
    assert order[0] == 4
    assert await seen is not None
    assert [(await store.read(chats.get, chat)) is not None for chat in (1, 2, 3, 4)] == [
        *(False, True, False, True)
    ]
    await held


def _follow(connection: sa.Connection, chat: int) -> None:
    connection.execute(
        sa.insert(topics).values(chat_id=chat, kind="text", text="المترو", width=0, created_at=NOW)
    )


def _followed(connection: sa.Connection) -> list[int]:
    return list(connection.execute(sa.select(topics.c.chat_id)).scalars())
