"""Pictures with something written under them, and greetings, as the bot answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botapi import playground
from bots import EXAMPLES, running
from fakes import FakeAsker, answered, quote

from bot.texts import AR
from bot.texts.smalltalk import reply_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.server import PlaygroundServer


@pytest.fixture
def asker() -> FakeAsker:
    asker = FakeAsker()
    asker.answers["من افتتح الجسر؟"] = answered(quote("جواب الجسر"))
    asker.answers["متى افتتح الجسر؟"] = answered(quote("جواب الزمان"))
    return asker


@pytest.fixture
async def server(asker: FakeAsker) -> AsyncIterator[PlaygroundServer]:
    async with playground() as server, running(server, asker):
        yield server


async def test_a_caption_is_answered_and_its_edit_too(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """As if it were written alone."""
    reader = server.user("سلمى")
    photo = reader.send_photo("من افتتح الجسر؟")
    answer = await server.wait_message(reader.chat, after=photo)
    assert "جواب الجسر" in answer.text
    since = server.world.seq
    reader.edit(photo, "متى افتتح الجسر؟")
    assert "جواب الزمان" in (await server.wait_edit(answer, since=since)).text


async def test_a_caption_without_words_is_none(server: PlaygroundServer, asker: FakeAsker) -> None:
    """The picture has nothing to be answered."""
    reader = server.user("سلمى")
    sent = reader.send_photo("🌹🌹")
    assert (await server.wait_message(reader.chat, after=sent)).text == AR.not_text
    assert asker.asked == []


async def test_a_groups_pictures_are_its_own(server: PlaygroundServer, asker: FakeAsker) -> None:
    """But where the caption mentions the bot."""
    reader = server.user("سلمى")
    group = server.group("الجيران")
    reader.send_photo("من افتتح الجسر؟", chat=group)
    asked = reader.send_photo("@isnad_demo_bot متى افتتح الجسر؟", chat=group)
    assert "جواب الزمان" in (await server.wait_message(group, after=asked)).text
    assert asker.asked == ["متى افتتح الجسر؟"]


async def test_a_greeting_is_answered_kindly_and_searched_for_never(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """A question after it is."""
    reader = server.user("سلمى")
    for text, courtesy in (("السلام عليكم", "salam"), ("شكرا جزيلا", "thanks"), ("هههه", "laugh")):
        sent = reader.send(text)
        said = await server.wait_message(reader.chat, after=sent)
        assert said.text == reply_to(courtesy, "ar", min(EXAMPLES, key=len))  # type: ignore[arg-type]
    assert asker.asked == []
    sent = reader.send("السلام عليكم، من افتتح الجسر؟")
    await server.wait_message(reader.chat, after=sent)
    assert asker.asked == ["السلام عليكم، من افتتح الجسر؟"]
