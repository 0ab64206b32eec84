"""A handler that fails: an apology to the reader, a report to the administrators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from botapi import playground
from bots import running
from fakes import FakeAsker

from bot.texts import AR
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.server import PlaygroundServer

ADMIN = 42


class Calendar:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 7, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
async def server(asker: FakeAsker, calendar: Calendar) -> AsyncIterator[PlaygroundServer]:
    async with playground() as server:
        server.user("مدير", id=ADMIN)
        server.world.chats[ADMIN].started = True
        async with running(server, asker, admins=frozenset({ADMIN}), now=calendar):
            yield server


def reports(server: PlaygroundServer) -> list[str]:
    return [message.text for message in server.messages(server.world.chats[ADMIN])]


async def test_administrators_are_told_what_failed_and_nothing_of_whom(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """The code that the reader got, the kind of error, its place in our code."""
    asker.answers["سؤال سري"] = ValueError("سؤال سري")
    reader = server.user("سلمى الفلانية")
    apology = await server.wait_message(reader.chat, after=reader.send("سؤال سري"))
    await server.wait_until(lambda: len(reports(server)) == 1)
    [report] = reports(server)
    code = report.split()[1].strip(":\u2066\u2068\u2069\u200e")
    assert code in apology.text
    assert AR.failed[:10] in apology.text
    assert "ValueError" in report
    assert "fakes.py" in report
    for private in ("سري", "سلمى", str(reader.id)):
        assert private not in report


async def test_the_same_error_is_reported_once_a_minute(
    server: PlaygroundServer, asker: FakeAsker, calendar: Calendar
) -> None:
    """Each reader gets an apology; another error is another report; then how many there were."""
    asker.answers |= {f"سؤال {n}": ValueError() for n in range(4)}
    asker.answers["سؤال آخر"] = StoreError("the disk is full")
    readers = [server.user(f"قارئ {n}") for n in range(5)]
    for n in range(3):
        await server.wait_message(readers[n].chat, after=readers[n].send(f"سؤال {n}"))
    await server.wait_message(readers[4].chat, after=readers[4].send("سؤال آخر"))
    await server.wait_until(lambda: len(reports(server)) == 2)
    assert "StoreError" in reports(server)[1]
    calendar.now += timedelta(minutes=1)
    await server.wait_message(readers[3].chat, after=readers[3].send("سؤال 3"))
    await server.wait_until(lambda: len(reports(server)) == 3)
    assert "and 2 more" in reports(server)[2]


async def test_an_administrator_who_never_wrote_to_the_bot_is_no_harm(
    asker: FakeAsker,
) -> None:
    """The reader gets the apology all the same."""
    asker.answers["سؤال"] = ValueError()
    async with playground() as server, running(server, asker, admins=frozenset({999})):
        reader = server.user("سلمى")
        await server.wait_message(reader.chat, after=reader.send("سؤال"))
        asker.answers.clear()
        await server.wait_message(reader.chat, after=reader.send("سؤال آخر"))
