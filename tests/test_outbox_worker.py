"""The outbox's worker: everything arrives as promised, whatever Telegram answers."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import TYPE_CHECKING

import httpx
import pytest
from outbox_world import FakeTelegram, QuickClock, a_letter, owe, states, work
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.limits import Limits
from bot.outbox import worker as worker_module
from bot.outbox.worker import Outbox
from bot.store import chats

if TYPE_CHECKING:
    from bot.store import Store

pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram(QuickClock())


def unreachable() -> NetworkError:
    error = NetworkError("no")
    error.__cause__ = httpx.ConnectError("")
    return error


async def test_what_is_owed_arrives_once(store: Store, telegram: FakeTelegram) -> None:
    """Letters of two messages in their order; a second worker finds nothing to do."""
    for chat in (1, 2, 3):
        await owe(store, chat, a_letter(f"أول {chat}", f"ثان {chat}"), kind="digest")
    await work(telegram, store)
    await work(telegram, store)
    assert sorted(telegram.arrived) == [
        (chat, f"{which} {chat}") for chat in (1, 2, 3) for which in ("أول", "ثان")
    ]
    assert {state for _, state, _ in await states(store)} == {"sent"}


async def test_an_answer_to_a_letter_is_a_reply(store: Store, telegram: FakeTelegram) -> None:
    """To the message that the earlier letter became."""
    first = await owe(store, 7, a_letter("خبر"), key="a")
    await owe(store, 7, a_letter("تطور"), key="b", follows=first)
    await work(telegram, store)
    assert telegram.arrived == [(7, "خبر"), (7, "تطور")]
    assert telegram.replies == {2: 1}


async def test_one_chat_that_is_held_stalls_no_other(store: Store, telegram: FakeTelegram) -> None:
    """The others are served while it waits; then it gets its own."""
    telegram.failures[1] = [RetryAfter(100)]
    for chat in (1, 2, 3, 4):
        for key in "ab":
            await owe(store, chat, key=key)
    await work(telegram, store)
    first = dict(reversed(telegram.times))
    assert first[1] > 100
    assert max(first[2], first[3], first[4]) < first[1]
    assert {state for _, state, _ in await states(store)} == {"sent"}


async def test_no_chat_is_written_to_faster_than_once_a_second(
    store: Store, telegram: FakeTelegram
) -> None:
    """By the time messages arrive, not only by the time they leave."""
    for key in "abcde":
        await owe(store, 1, key=key)
        await owe(store, 2, key=key)
    await work(telegram, store)
    for chat in (1, 2):
        times = [at for where, at in telegram.times if where == chat]
        assert len(times) == 5
        assert min(b - a for a, b in pairwise(times)) >= 1


async def test_what_may_have_arrived_is_repeated_only_where_promised(
    store: Store, telegram: FakeTelegram
) -> None:
    """The digest comes again, the alert is set aside."""
    telegram.failures = {1: [TimedOut()], 2: [TimedOut()]}
    await owe(store, 1, kind="digest")
    await owe(store, 2, kind="alert")
    await work(telegram, store)
    assert telegram.arrived == [(1, "خبر")]
    assert [state for _, state, _ in await states(store)] == ["sent", "unconfirmed"]


async def test_a_poisoned_message_is_set_aside(store: Store, telegram: FakeTelegram) -> None:
    """Its reason is kept without its words; the next one goes."""
    telegram.failures[1] = [BadRequest('Can\'t parse entities: bad tag "سر"')]
    await owe(store, 1, key="a")
    await owe(store, 1, a_letter("بعده"), key="b")
    await work(telegram, store)
    assert telegram.arrived == [(1, "بعده")]
    ((_, state, error), _) = await states(store)
    assert state == "failed"
    assert error is not None
    assert "entities" in error
    assert "سر" not in error


async def test_a_chat_that_blocked_us_is_left_alone(store: Store, telegram: FakeTelegram) -> None:
    """After one refusal: its other letters are not even tried."""
    telegram.failures[1] = [Forbidden("bot was blocked by the user")]
    for key in "abc":
        await owe(store, 1, key=key)
    await work(telegram, store)
    assert telegram.arrived == []
    assert [state for _, state, _ in await states(store)] == ["gone"] * 3
    chat = await store.read(chats.get, 1)
    assert chat is not None
    assert chat.state == "blocked"


async def test_a_group_that_became_a_supergroup_is_followed(
    store: Store, telegram: FakeTelegram
) -> None:
    """What it is owed goes to its new number."""
    telegram.failures[-5] = [ChatMigrated(-1005)]
    await owe(store, -5)
    await work(telegram, store)
    assert telegram.arrived == [(-1005, "خبر")]


async def test_an_outage_uses_up_nothing(store: Store, telegram: FakeTelegram) -> None:
    """Three failures in a row, and nothing is tried before Telegram answers again."""
    for chat in range(1, 31):
        await owe(store, chat)
    telegram.outage = 3
    await work(telegram, store)
    assert telegram.probes == 4
    assert len(telegram.arrived) > 20
    assert {state for _, state, _ in await states(store)} == {"sent", "unconfirmed"}


async def test_without_a_connection_nothing_is_given_up(
    store: Store, telegram: FakeTelegram
) -> None:
    """However often: nothing left this machine."""
    telegram.failures[1] = [unreachable() for _ in range(5)]
    await owe(store, 1)
    await work(telegram, store)
    assert telegram.arrived == [(1, "خبر")]
    assert telegram.probes >= 5


async def test_stopping_waits_for_what_is_on_its_way(
    store: Store, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written down; what had not begun stays owed, and nothing is in doubt."""
    monkeypatch.setattr(worker_module, "HANDS", 8)
    for chat in range(1, 31):
        await owe(store, chat)
    stop = asyncio.Event()
    telegram.stop_at = (5, stop)
    await work(telegram, store, stop=stop)
    assert {state for _, state, _ in await states(store)} == {"sent", "pending"}
    await work(telegram, store)
    assert sorted(chat for chat, _ in telegram.arrived) == list(range(1, 31))


async def test_stopping_does_not_wait_for_ever(
    store: Store, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that hangs is left as a kill would leave it."""
    monkeypatch.setattr(worker_module, "_DRAIN", 0.05)
    stop = asyncio.Event()

    async def hanging(*_: object, **__: object) -> None:
        stop.set()
        await asyncio.Event().wait()

    telegram.send_message = hanging  # type: ignore[method-assign, assignment]
    await owe(store, 1)
    await work(telegram, store, stop=stop)
    assert [state for _, state, _ in await states(store)] == ["sending"]


async def test_a_worker_that_is_killed_leaves_what_the_next_resolves(
    store: Store, telegram: FakeTelegram
) -> None:
    """In the middle of a request: the digest comes (again), the alert stays in doubt."""
    on_its_way, hang = asyncio.Event(), asyncio.Event()
    sending = telegram.send_message

    async def hanging(chat: int, text: str, **options: object) -> object:
        await sending(chat, text, **options)
        if len(telegram.arrived) == 2:
            on_its_way.set()
        await hang.wait()
        raise AssertionError

    telegram.send_message = hanging  # type: ignore[method-assign, assignment]
    await owe(store, 1, kind="digest")
    await owe(store, 2, kind="alert")
    worker = Outbox(telegram, store, Limits(telegram.clock), telegram.clock.utc)  # type: ignore[arg-type]
    killed = asyncio.create_task(worker.run(asyncio.Event()))
    await asyncio.wait_for(on_its_way.wait(), 5)
    for task in worker._hands:
        task.cancel()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    assert [state for _, state, _ in await states(store)] == ["sending", "sending"]
    telegram.send_message = sending  # type: ignore[method-assign]
    await work(telegram, store)
    assert [state for _, state, _ in await states(store)] == ["sent", "unconfirmed"]
    assert sorted(telegram.arrived) == [(1, "خبر"), (1, "خبر"), (2, "خبر")]


async def test_a_correction_is_written_under_what_it_corrects(
    store: Store, telegram: FakeTelegram
) -> None:
    """Also the second one; and what is pinned below stays."""
    first = await owe(store, 7, a_letter("أول", "ثان"), kind="digest")
    for key in "ab":
        line = a_letter(f"تصحيح {key}", amends=1)
        await owe(store, 7, line, kind="correction", key=key, follows=first)
    await work(telegram, store)
    assert telegram.arrived == [(7, "أول"), (7, "ثان")]
    assert telegram.edited == [
        (7, 2, "ثان\n\nتصحيح a"),
        (7, 2, "ثان\n\nتصحيح a\n\nتصحيح b"),
    ]


async def test_a_correction_that_cannot_be_written_under_is_a_reply(
    store: Store, telegram: FakeTelegram
) -> None:
    """Because Telegram refuses, or because it does not fit."""
    first = await owe(store, 1)
    second = await owe(store, 2, a_letter("م" * 4090))
    await work(telegram, store)
    telegram.failures[1] = [BadRequest("Message can't be edited")]
    for chat, follows in ((1, first), (2, second)):
        line = a_letter("تصحيح", amends=0)
        await owe(store, chat, line, kind="correction", follows=follows)
    await work(telegram, store)
    assert telegram.edited == []
    assert sorted(telegram.arrived[2:]) == [(1, "تصحيح"), (2, "تصحيح")]
    assert sorted(telegram.replies.values()) == [1, 2]


async def test_what_never_came_is_not_corrected(store: Store, telegram: FakeTelegram) -> None:
    """The correction is dropped with it."""
    telegram.failures[7] = [TimedOut()]
    first = await owe(store, 7)
    await owe(store, 7, a_letter("تصحيح", amends=0), kind="correction", follows=first)
    await work(telegram, store)
    assert telegram.arrived == []
    assert [state for _, state, _ in await states(store)] == ["unconfirmed", "cancelled"]
