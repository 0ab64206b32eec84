"""/broadcast: shown first, sent on a button, once, and by administrators only."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from bots import running_with
from fakes import FakeAsker, a_store
from outbox_world import NOW, states

from bot.handlers.broadcast import dry_run_view
from bot.handlers.reader import Reader
from bot.message import Message
from bot.playground.server import PlaygroundServer
from bot.store import broadcasts, chats
from bot.texts.admin import ADMIN

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store import Store

ADMINISTRATOR = 1


async def readers(store: Store, *numbers: int, kind: str = "private") -> None:
    for number in numbers:
        await store.write(chats.meet, number, kind=kind, now=NOW)


async def drafted(store: Store) -> int:
    return await store.write(broadcasts.draft, Message("<b>عطلة</b>"), by=ADMINISTRATOR, now=NOW)


async def test_a_draft_reaches_nobody(store: Store) -> None:
    """It only says whom it would: readers and groups who can be written to."""
    await readers(store, 1, 2, 3)
    await readers(store, -4, kind="supergroup")
    await readers(store, -5, kind="channel")
    await store.write(chats.change, 3, state="blocked")
    await drafted(store)
    assert await store.read(broadcasts.reach) == (3, 0)
    assert await states(store) == []


async def test_a_confirmed_draft_is_owed_to_everybody_once(store: Store) -> None:
    """A second press, or a press on a dropped one, does nothing."""
    await readers(store, 1, 2)
    number = await drafted(store)
    confirmed = [
        await store.write(broadcasts.confirm, number, by=ADMINISTRATOR, now=NOW) for _ in range(2)
    ]
    assert confirmed == [2, None]
    assert not await store.write(broadcasts.drop, number, by=ADMINISTRATOR)
    assert len(await states(store)) == 2


async def test_a_dropped_draft_is_gone(store: Store) -> None:
    """It cannot be confirmed any more."""
    number = await drafted(store)
    assert await store.write(broadcasts.drop, number, by=ADMINISTRATOR)
    assert await store.write(broadcasts.confirm, number, by=ADMINISTRATOR, now=NOW) is None


async def test_a_draft_is_its_author_s(store: Store) -> None:
    """No other administrator's."""
    await readers(store, 1)
    number = await drafted(store)
    assert await store.write(broadcasts.confirm, number, by=2, now=NOW) is None
    assert not await store.write(broadcasts.drop, number, by=2)


@pytest.mark.parametrize(
    ("count", "waiting", "said"),
    [
        (1, 0, "سيصل إلى قارئ واحد، في أقل من دقيقة"),
        (412, 0, "سيصل إلى 412 قارئًا، في أقل من دقيقة"),
        (5, 3000, "سيصل إلى 5 قرّاء، في نحو دقيقتين"),
        (20_000, 0, "سيصل إلى 20,000 قارئ، في نحو 13 دقيقة"),
    ],
)
def test_the_dry_run_says_whom_and_how_long(count: int, waiting: int, said: str) -> None:
    """At the pace that is allowed, behind what waits already."""
    message = dry_run_view(9, count, waiting, Reader("ar"))
    assert said in message.html
    assert [button.data for button in message.keyboard[0]] == ["b:y:9", "b:n:9"]


async def test_an_administrator_sends_to_everybody(tmp_path: Path) -> None:
    """From the command to the messages, against the local Bot API."""
    async with PlaygroundServer() as server:
        admin, reader = server.user("مدير"), server.user("سلمى")
        with closing(a_store(tmp_path)) as store:
            async with running_with(store, server, FakeAsker(), admins=frozenset({admin.id})):
                for each in (admin, reader):
                    await server.wait_message(each.chat, after=each.start())
                before = server.messages(reader.chat)[-1]
                asked = admin.send("/broadcast عطلة رسمية غدًا")
                shown = await server.wait_message(admin.chat, after=asked)
                assert shown.text == "عطلة رسمية غدًا"
                decision = await server.wait_message(admin.chat, after=shown)
                assert "قارئين" in decision.text
                assert server.messages(reader.chat)[-1] == before
                admin.press(decision, ADMIN["ar"].send)
                arrived = await server.wait_message(reader.chat, after=before)
                assert arrived.text == "عطلة رسمية غدًا"


async def test_to_others_it_is_no_command(tmp_path: Path) -> None:
    """Nothing is drafted."""
    async with PlaygroundServer() as server:
        reader = server.user("سلمى")
        with closing(a_store(tmp_path)) as store:
            async with running_with(store, server, FakeAsker(), admins=frozenset({reader.id + 1})):
                asked = reader.send("/broadcast عطلة")
                await server.wait_message(reader.chat, after=asked)
                number = await drafted(store)
                assert number == 1
