"""The bridge: bounded, in order, and never left with a place that nobody gives back."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from fakes import FakeAsker, answered, quote

from bot.bridge import Bridge, BusyError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def asker() -> FakeAsker:
    gate = threading.Event()
    return FakeAsker(holds={"بطيء": gate, "أبطأ": gate})


@pytest.fixture
async def bridge(asker: FakeAsker) -> AsyncIterator[Bridge]:
    bridge = Bridge(asker, workers=1, waiting=1)
    yield bridge
    asker.holds["بطيء"].set()
    assert await bridge.close(5)


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 5)


async def test_answers_and_errors_come_through(bridge: Bridge, asker: FakeAsker) -> None:
    """What the archive returns or raises is what the caller gets."""
    asker.answers["أ"] = answered(quote("جواب"))
    asker.answers["ب"] = ValueError("no")
    assert await bridge.ask("أ") == asker.answers["أ"]
    with pytest.raises(ValueError, match="no"):
        await bridge.ask("ب")


async def test_beyond_the_queue_it_is_busy(bridge: Bridge, asker: FakeAsker) -> None:
    """One runs, one waits, the third is refused; places come back."""
    first, second = (asyncio.create_task(bridge.ask(text)) for text in ("بطيء", "أبطأ"))
    await until(asker.started)
    with pytest.raises(BusyError) as refused:
        await bridge.ask("أ")
    assert not refused.value.own
    asker.holds["بطيء"].set()
    await asyncio.gather(first, second)
    await bridge.ask("أ")


async def test_what_is_no_question_waits_for_none(bridge: Bridge, asker: FakeAsker) -> None:
    """All that answer questions are at work; a button's article is read meanwhile."""
    asking = asyncio.create_task(bridge.ask("بطيء"))
    await until(asker.started)
    assert await asyncio.wait_for(bridge.call(str.upper, "ok"), 5) == "OK"
    assert not asking.done()
    asker.holds["بطيء"].set()
    await asking


async def test_a_cancelled_question_leaves_the_queue(bridge: Bridge, asker: FakeAsker) -> None:
    """One that had not begun is never asked, and its place is free at once."""
    running = asyncio.create_task(bridge.ask("بطيء"))
    await until(asker.started)
    waiting = asyncio.create_task(bridge.ask("أ"))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    another = asyncio.create_task(bridge.ask("ب"))
    await asyncio.sleep(0)
    asker.holds["بطيء"].set()
    await asyncio.gather(running, another)
    assert asker.asked == ["بطيء", "ب"]


async def test_an_abandoned_question_keeps_its_place_until_it_ends(
    bridge: Bridge, asker: FakeAsker
) -> None:
    """A thread cannot be stopped; counting it as gone would let work pile up."""
    for text in ("بطيء", "أبطأ"):
        task = asyncio.create_task(bridge.ask(text))
        await until(asker.started)
        task.cancel()
        await asyncio.wait({task})
    waiting = asyncio.create_task(bridge.ask("أ"))
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await bridge.ask("ب")
    asker.holds["بطيء"].set()
    await waiting


async def test_turns_are_in_order_and_few() -> None:
    """First come, first served; the chat's share is bounded; other chats are not concerned."""
    bridge = Bridge(FakeAsker(), per_chat=2)
    served: list[str] = []
    gate = asyncio.Event()

    async def take(name: str, chat: int) -> None:
        async with bridge.turn(chat):
            await gate.wait()
            served.append(name)

    tasks = [asyncio.create_task(take(name, 1)) for name in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(BusyError) as refused:
        await take("c", 1)
    assert refused.value.own
    tasks.append(asyncio.create_task(take("d", 2)))
    gate.set()
    await asyncio.gather(*tasks)
    assert served.index("a") < served.index("b")
    await take("e", 1)
    assert await bridge.close(1)


async def test_closing_tells_whether_a_thread_is_left(asker: FakeAsker) -> None:
    """The archive must not be closed under a question that still runs."""
    bridge = Bridge(asker, workers=1)
    task = asyncio.create_task(bridge.ask("بطيء"))
    await until(asker.started)
    assert not await bridge.close(0.05)
    asker.holds["بطيء"].set()
    assert await bridge.close(5)
    await task


async def test_what_waits_is_asked_together(asker: FakeAsker) -> None:
    """As much as there is when a thread is free, up to a number; each gets its own answer."""
    bridge = Bridge(asker, workers=1, together=3)
    names = [f"سؤال {number}" for number in range(4)]
    asker.answers = {name: answered(quote(f"جواب {name}")) for name in names}
    running = asyncio.create_task(bridge.ask("بطيء"))
    await until(asker.started)
    waiting = [asyncio.create_task(bridge.ask(name)) for name in names]
    waiting.append(asyncio.create_task(bridge.ask("بعدد آخر", limit=1)))
    await asyncio.sleep(0)
    asker.holds["بطيء"].set()
    said = await asyncio.gather(running, *waiting)
    assert list(said[1:5]) == [asker.answers[name] for name in names]
    assert asker.batches == [1, 3, 1, 1]
    assert await bridge.close(5)


async def test_one_that_fails_fails_alone(asker: FakeAsker) -> None:
    """Those asked together with it are asked again."""
    bridge = Bridge(asker, workers=1)
    asker.answers["خطأ"] = ValueError("no")
    running = asyncio.create_task(bridge.ask("بطيء"))
    await until(asker.started)
    tasks = [asyncio.create_task(bridge.ask(name)) for name in ("أ", "خطأ", "ب")]
    await asyncio.sleep(0)
    asker.holds["بطيء"].set()
    said = await asyncio.gather(running, *tasks, return_exceptions=True)
    assert [type(one).__name__ for one in said] == ["Answer", "Answer", "ValueError", "Answer"]
    assert await bridge.close(5)


async def test_the_same_question_is_asked_once(bridge: Bridge, asker: FakeAsker) -> None:
    """Of several who ask it at a time; one who leaves takes it from nobody."""
    first = asyncio.create_task(bridge.ask("بطيء"))
    await until(asker.started)
    others = [asyncio.create_task(bridge.ask("بطيء")) for _ in range(3)]
    queued = [asyncio.create_task(bridge.ask("أ")) for _ in range(2)]
    await asyncio.sleep(0)
    for leaving in (others[0], queued[0]):
        leaving.cancel()
    await asyncio.sleep(0)
    asker.holds["بطيء"].set()
    said = await asyncio.gather(first, *others[1:], queued[1])
    assert said[0] is said[1] is said[2]
    assert asker.asked == ["بطيء", "أ"]


async def test_what_waits_can_be_dropped(bridge: Bridge, asker: FakeAsker) -> None:
    """What runs is not: it ends, and is answered."""
    running = asyncio.create_task(bridge.ask("بطيء"))
    await until(asker.started)
    waiting = asyncio.create_task(bridge.ask("أ"))
    await asyncio.sleep(0)
    bridge.drop()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
    asker.holds["بطيء"].set()
    await running
    assert asker.asked == ["بطيء"]


async def test_closing_waits_for_other_work_too(bridge: Bridge) -> None:
    """The archive is in use while a call runs, as by a question."""
    begun, let_go = threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return let_go.wait(30)

    call = asyncio.create_task(bridge.call(work))
    await until(begun)
    assert not await bridge.close(0.05)
    let_go.set()
    assert await call
    assert await bridge.close(5)
