"""The rate limiter: who waits, for how long, and whose turn it is."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import ANSWER, PER_MINUTE, PER_SECOND, REPLY, Limits, Pace

ALERT = 2


class Steps:
    """A clock on which whoever sleeps least wakes first, at once."""

    def __init__(self) -> None:
        self.time = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.time + seconds, woken))
        await woken

    async def run(self, tasks: list[asyncio.Task[None]]) -> None:
        """Pass time until the tasks are done."""
        while not all(task.done() for task in tasks):
            for _ in range(5):
                await asyncio.sleep(0)
            if self._sleepers and not all(task.done() for task in tasks):
                first = min(self._sleepers, key=lambda sleeper: sleeper[0])
                self._sleepers.remove(first)
                self.time = max(self.time, first[0])
                first[1].set_result(None)


@pytest.fixture
def clock() -> Steps:
    return Steps()


async def turns(limits: Limits, clock: Steps, *asked: tuple[int, int]) -> list[tuple[float, int]]:
    """When each (chat, rank) got its turn, all asked for at once; in that order."""
    given: list[tuple[float, int]] = []

    async def one(chat: int, rank: int) -> None:
        await limits.turn(chat, rank)
        given.append((clock.now(), chat))

    await clock.run([asyncio.create_task(one(*each)) for each in asked])
    return given


async def test_a_chat_is_written_to_once_a_second(clock: Steps) -> None:
    """By the outbox, evenly."""
    given = await turns(Limits(clock), clock, *[(7, ALERT)] * 4)
    assert [at for at, _ in given] == [0, 1, 2, 3]


async def test_an_answer_of_three_messages_comes_at_once(clock: Steps) -> None:
    """What somebody just asked for may go ahead of its turn; then it is one a second."""
    given = await turns(Limits(clock), clock, *[(7, 0)] * 5)
    assert [round(at) for at, _ in given] == [0, 0, 0, 1, 2]


async def test_all_chats_together_are_written_to_evenly(clock: Steps) -> None:
    """25 in any second, none of them in a burst."""
    given = await turns(Limits(clock), clock, *[(chat, ALERT) for chat in range(1, 101)])
    pauses = [b - a for (a, _), (b, _) in pairwise(given)]
    assert min(pauses) == pytest.approx(1 / PER_SECOND)
    assert given[-1][0] == pytest.approx(99 / PER_SECOND)


@pytest.mark.parametrize(("rank", "others", "before"), [(ANSWER, ALERT, 2), (REPLY, ANSWER, 8)])
async def test_the_lower_rank_goes_first(clock: Steps, rank: int, others: int, before: int) -> None:
    """Answers before alerts, replies to commands before answers, however many were waiting."""
    limits = Limits(clock)
    waiting = [asyncio.create_task(limits.turn(chat, others)) for chat in range(1, 51)]
    await asyncio.sleep(0)
    first = asyncio.create_task(limits.turn(99, rank))
    await clock.run([first])
    assert sum(task.done() for task in waiting) <= before
    await clock.run(waiting)


async def test_a_group_hears_us_twenty_times_a_minute(clock: Steps) -> None:
    """Answers as well."""
    given = await turns(Limits(clock), clock, *[(-7, 0)] * (PER_MINUTE + 2))
    assert given[PER_MINUTE - 1][0] < 60
    assert given[PER_MINUTE][0] == pytest.approx(60)


async def test_what_was_held_up_on_the_way_leaves_evenly(clock: Steps) -> None:
    """Though every one of them had its turn; whoever comes alone does not wait."""
    limits, left = Limits(clock), []

    async def one() -> None:
        await limits.leave()
        left.append(clock.now())

    await clock.run([asyncio.create_task(one()) for _ in range(10)])
    assert left[0] == 0
    assert min(b - a for a, b in pairwise(left)) > 1 / 30


async def test_one_chat_that_is_held_holds_up_no_other(clock: Steps) -> None:
    """Nothing goes there until Telegram allows it."""
    limits = Limits(clock)
    limits.hold(7, 30)
    given = await turns(limits, clock, (7, ALERT), (8, ALERT), (9, ALERT))
    assert [chat for _, chat in given] == [8, 9, 7]
    assert given[-1][0] >= 30


async def test_who_no_longer_waits_takes_no_turn(clock: Steps) -> None:
    """A worker that is stopped leaves no hole."""
    limits = Limits(clock)
    waiting = [asyncio.create_task(limits.turn(chat, ALERT)) for chat in (1, 2, 3, 4)]
    await asyncio.sleep(0)
    for task in waiting[1:3]:
        task.cancel()
    await clock.run([waiting[3]])
    assert clock.now() == pytest.approx(1 / PER_SECOND)


def test_a_rate_is_counted_from_when_a_message_arrived(clock: Steps) -> None:
    """A slow request does not bring the next one too close."""
    limits = Limits(clock)
    limits.recall(7, ago=0.0)
    clock.time = 5.0
    limits.sent(7)
    assert limits.wait(7) == 1.0


def test_what_was_sent_before_a_restart_counts(clock: Steps) -> None:
    """A group that was written to twenty times in the last minute rests."""
    limits = Limits(clock)
    for _ in range(PER_MINUTE):
        limits.recall(-7, ago=20.0)
    assert limits.wait(-7) == pytest.approx(40)
    assert limits.resting(1.0) == {-7}


def test_chats_long_at_rest_are_forgotten(clock: Steps) -> None:
    """Their number does not grow for ever."""
    limits = Limits(clock)
    limits.recall(7, ago=0.0)
    clock.time = 61.0
    limits.resting(1.0)
    assert not limits._chats


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(0, 5))
def test_no_more_go_than_the_pace_allows(pauses: list[float], ahead: int) -> None:
    """In any stretch of time: its length over the interval, and those that may go ahead."""
    pace, now, gone = Pace(1.0), 0.0, []
    for pause in pauses:
        now += pause
        if pace.wait(now, ahead=ahead) == 0:
            pace.take(now)
            gone.append(now)
    for i, first in enumerate(gone):
        for j in range(i, len(gone)):
            assert j - i <= gone[j] - first + ahead + 1e-6
