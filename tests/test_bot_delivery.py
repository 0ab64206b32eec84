"""Sending: what is tried again, what is not, and for how long."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from types import SimpleNamespace

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.handlers.delivery import Courier
from bot.limits import Limits
from bot.message import Message
from bot.posting import Target

pytestmark = pytest.mark.filterwarnings("ignore:.*attribute `retry_after`")

HERE = Target(7)
TEXTS = [Message("أول"), Message("ثان")]


class FakeClock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.time = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class HeldClock(FakeClock):
    """Nobody's sleep ends until all are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await self.let_go.wait()
        await super().sleep(seconds)


@dataclass
class FakeBot:
    """Fails as scripted, then accepts."""

    failures: list[TelegramError] = field(default_factory=list)
    sent: list[tuple[int, str, int | None]] = field(default_factory=list)

    edited: list[tuple[int, int, str]] = field(default_factory=list)
    typed: list[int] = field(default_factory=list)

    async def send_chat_action(self, chat: int, _action: str, **_options: object) -> None:
        self.typed.append(chat)

    async def send_message(self, chat: int, text: str, **options: object) -> SimpleNamespace:
        self._fail()
        reply = options["reply_parameters"]
        self.sent.append((chat, text, getattr(reply, "message_id", None)))
        return SimpleNamespace(message_id=len(self.sent))

    async def edit_message_text(self, text: str, chat: int, number: int, **options: object) -> None:
        self._fail()
        self.edited.append((chat, number, text))

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)


def caused(error: NetworkError, cause: Exception) -> NetworkError:
    error.__cause__ = cause
    return error


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def courier(clock: FakeClock) -> Courier:
    return Courier(Limits(clock))


async def test_only_the_first_message_is_the_reply(courier: Courier) -> None:
    """In a group the rest follow it."""
    bot = FakeBot()
    assert await courier.send(bot, Target(7, reply_to=3), TEXTS)
    assert bot.sent == [(7, "أول", 3), (7, "ثان", None)]


async def test_retry_after_is_honoured(courier: Courier, clock: FakeClock) -> None:
    """As long as Telegram said, as often as it said it, within reason."""
    bot = FakeBot([RetryAfter(5), RetryAfter(7)])
    assert await courier.send(bot, HERE, TEXTS)
    assert clock.slept == [5, 7]
    assert [text for _, text, _ in bot.sent] == ["أول", "ثان"]


async def test_an_endless_flood_is_given_up(courier: Courier) -> None:
    """Ten tries, then the rest is dropped too, lest the second come without the first."""
    bot = FakeBot([RetryAfter(1)] * 10)
    assert not await courier.send(bot, HERE, TEXTS)
    assert not bot.sent


async def test_a_long_wait_is_not_worth_it(
    courier: Courier, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Twelve hours from now nobody wants the answer; the chat's id is not logged."""
    bot = FakeBot([RetryAfter(43_837)])
    assert not await courier.send(bot, Target(123_456), TEXTS)
    assert not clock.slept
    assert "43837" in caplog.text
    assert "123456" not in caplog.text
    # … and while it lasts nothing more is tried there, but elsewhere it is.
    assert not await courier.send(bot, Target(123_456), TEXTS)
    assert await courier.send(bot, HERE, TEXTS)


@pytest.mark.parametrize(("held", "arrive"), [(5, 6), (20, 3)])
async def test_a_short_hold_costs_no_reply(held: int, arrive: int) -> None:
    """After a long one a few come of those that waited."""
    clock, bot = HeldClock(), FakeBot([RetryAfter(held)])
    courier = Courier(Limits(clock))
    asked = [asyncio.create_task(courier.send(bot, HERE, TEXTS[:1])) for _ in range(6)]
    await asyncio.sleep(0)  # each comes to where it waits
    clock.let_go.set()
    sent = await asyncio.gather(*asked)
    assert sum(map(len, sent)) == len(bot.sent) == arrive


@pytest.mark.parametrize(
    "cause", [httpx.ConnectError(""), httpx.ConnectTimeout(""), httpx.PoolTimeout("")]
)
async def test_what_cannot_have_left_is_sent_again_once(courier: Courier, cause: Exception) -> None:
    """No connection, nothing sent; twice without one is an error."""
    bot = FakeBot([caused(NetworkError("no"), cause)])
    assert await courier.send(bot, HERE, TEXTS)
    bot.failures = [caused(TimedOut(), cause) for _ in range(2)]
    with pytest.raises(TimedOut):
        await courier.send(bot, HERE, TEXTS)
    assert len(bot.sent) == 2


@pytest.mark.parametrize(
    "error",
    [
        caused(TimedOut(), httpx.ReadTimeout("")),
        caused(NetworkError(""), httpx.RemoteProtocolError("")),
        NetworkError("Bad Gateway"),
    ],
)
async def test_what_may_have_arrived_is_not(courier: Courier, error: TelegramError) -> None:
    """Better an answer missing than an answer twice."""
    bot = FakeBot([error])
    with pytest.raises(NetworkError):
        await courier.send(bot, HERE, TEXTS)
    assert not bot.sent


async def test_what_may_come_twice_is_sent_until_it_arrives(
    courier: Courier, clock: FakeClock
) -> None:
    """For half a minute, each wait twice the one before; a refusal is raised at once."""
    bot = FakeBot([NetworkError("Bad Gateway")] * 5)
    await courier.insist(bot, HERE, TEXTS[0])
    assert [text for _, text, _ in bot.sent] == ["أول"]
    assert clock.slept == [1, 2, 4, 8, 16]
    bot.failures = [NetworkError("Bad Gateway")] * 6
    with pytest.raises(NetworkError):
        await courier.insist(bot, HERE, TEXTS[0])
    bot.failures = [BadRequest("no")]
    with pytest.raises(BadRequest):
        await courier.insist(bot, HERE, TEXTS[0])
    assert len(bot.sent) == 1


async def test_a_chat_is_answered_once_a_second(courier: Courier, clock: FakeClock) -> None:
    """After a burst of three, which is what an answer may take."""
    assert len(await courier.send(FakeBot(), HERE, TEXTS[:1] * 5)) == 5
    assert clock.slept == pytest.approx([1.0, 1.0])


async def test_a_group_that_became_a_supergroup_is_followed(courier: Courier) -> None:
    """Its messages have other numbers there, so the reply is dropped."""
    bot = FakeBot([ChatMigrated(-1009)])
    assert await courier.send(bot, Target(7, reply_to=3), TEXTS[:1])
    assert bot.sent == [(-1009, "أول", None)]


@pytest.mark.parametrize("refusal", [Forbidden("blocked"), BadRequest("Chat not found")])
async def test_a_chat_that_is_lost_is_the_end_and_no_error(
    courier: Courier, caplog: pytest.LogCaptureFixture, refusal: TelegramError
) -> None:
    """Logged without saying who."""
    with caplog.at_level(logging.INFO):
        assert not await courier.send(FakeBot([refusal]), Target(123_456), TEXTS)
    assert "a reply was refused" in caplog.text
    assert "123456" not in caplog.text


async def test_an_edit_waits_out_the_flood_limit(courier: Courier, clock: FakeClock) -> None:
    """As a message does; it is put in place once."""
    bot = FakeBot([RetryAfter(3)])
    assert await courier.edit(bot, 7, 5, TEXTS[0])
    assert bot.edited == [(7, 5, "أول")]
    assert clock.slept == [3.0]


@pytest.mark.parametrize(
    ("refusal", "seen"),
    [
        ("Message is not modified: specified new message content …", True),
        ("Message to edit not found", False),
        ("Message can't be edited", False),
    ],
)
async def test_an_edit_with_nothing_to_change_is_no_error(
    courier: Courier, refusal: str, seen: bool
) -> None:
    """What the reader sees then is told; what Telegram cannot read is raised."""
    assert await courier.edit(FakeBot([BadRequest(refusal)]), 7, 5, TEXTS[0]) is seen
    with pytest.raises(BadRequest):
        await courier.edit(FakeBot([BadRequest("Can't parse entities")]), 7, 5, TEXTS[0])


async def test_typing_is_shown_to_a_few_where_many_ask(courier: Courier, clock: FakeClock) -> None:
    """It takes as long to say as an answer; a second later there is room for more."""
    bot = FakeBot()

    async def show(chat: int) -> None:
        async with courier.typing(bot, Target(chat)):
            await asyncio.sleep(0)

    await asyncio.gather(*(show(chat) for chat in range(50)))
    assert bot.typed == list(range(10))
    clock.time += 1.0
    await show(50)
    assert bot.typed[10:] == [50]
