"""`@bot question` in any chat: quotes to choose from."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import any_text
import pytest
from botapi import playground
from bots import running
from fakes import FakeAsker, answered, article, quote, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bridge import Bridge
from bot.handlers.inline import quotes_of
from bot.playground.formatting import read_text
from bot.playground.params import Params
from bot.texts import inline as said

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.server import PlaygroundServer

NOW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
async def server(
    asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[PlaygroundServer]:
    monkeypatch.setattr("bot.handlers.inline.PAUSE", 0.05)
    async with playground() as server, running(server, asker):
        yield server


async def given_to(server: PlaygroundServer, text: str, who: Any = None) -> dict[str, Any]:
    reader = who or server.user("سلمى")
    return await server.wait_answer(reader.inline(text))


async def test_a_question_offers_its_quotes(server: PlaygroundServer, asker: FakeAsker) -> None:
    """Title, source, date, the answer; what is sent is the quote, exactly, with its source."""
    second = quote("قال الوزير إن الجسر افتتح.", of=article(2, title="الجسر"))
    asker.answers["متى وقع الزلزال؟"] = answered(quote(), second)
    given = await given_to(server, " متى  وقع الزلزال؟")
    first, other = given["results"]
    assert first["title"] == "عنوان المقال رقم 1"
    assert "وكالة الأنباء" in first["description"]
    assert "الخميس 16 مارس 2023" in first["description"]
    assert "كانت قوته 7.8 درجات." in first["description"]
    assert other["title"] == "الجسر"
    content = first["input_message_content"]
    text, entities = read_text(Params(content | {"text": content["message_text"]}))
    assert quote().text in text
    assert {"blockquote", "text_link"} <= {entity.type for entity in entities}
    [[button]] = first["reply_markup"]["inline_keyboard"]
    assert button["url"] == f"https://t.me/{server.world.me.username}?start=p_1_0"


async def test_results_are_for_everybody_and_kept_for_minutes(server: PlaygroundServer) -> None:
    """Nothing in them depends on who asked."""
    arab, english = server.user("سلمى"), server.user("Sam", language="en")
    given = [await given_to(server, "متى وقع؟", who) for who in (arab, english)]
    assert given[0] == given[1]
    assert not given[0]["is_personal"]
    assert given[0]["cache_time"] == 300


async def test_no_question_yet_gets_a_hint(server: PlaygroundServer, asker: FakeAsker) -> None:
    """How to ask, to send or to open; the first letters get nothing yet."""
    given = await given_to(server, "  ")
    [hint] = given["results"]
    assert hint["title"] == said.HINT
    assert given["button"] == {"text": said.ASK_HERE, "start_parameter": "inline"}
    for text in ("م", "مت", "؟؟؟؟"):
        assert (await given_to(server, text))["results"] == []
    assert not asker.asked


async def test_no_answer_is_said_above_nothing(server: PlaygroundServer, asker: FakeAsker) -> None:
    """Nobody sends a refusal to a friend."""
    asker.answers["متى وقع؟"] = refused(article())
    given = await given_to(server, "متى وقع؟")
    assert given["results"] == []
    assert given["button"]["text"] == said.NO_ANSWER


async def test_while_one_types_only_the_last_is_asked(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """One that already waits or runs is not answered; another reader's is."""
    reader, other = server.user("سلمى"), server.user("هند")
    asker.holds["متى"] = threading.Event()
    typed = [reader.inline("متى")]
    assert await asyncio.to_thread(asker.started.wait, 5)
    typed += [reader.inline(text) for text in ("متى و", "متى وقع", "متى وقع الزلزال")]
    given = await given_to(server, "من افتتح الجسر", other)
    assert given["results"]
    assert (await server.wait_answer(typed[-1]))["results"]
    asker.holds["متى"].set()
    await given_to(server, "كم بلغ", other)
    assert [query.answer is not None for query in typed] == [False, False, False, True]
    assert sorted(asker.asked) == sorted(["متى", "متى وقع الزلزال", "من افتتح الجسر", "كم بلغ"])


async def test_a_full_queue_says_busy_and_keeps_nothing(
    asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the next letter asks again."""
    monkeypatch.setattr("bot.app.Bridge", partial(Bridge, waiting=0))
    async with playground() as server, running(server, asker):
        gate = threading.Event()
        asker.holds = {"سؤال بطيء": gate, "سؤال أبطأ": gate}
        for question in asker.holds:
            server.user(question).send(question)
        assert await asyncio.to_thread(asker.started.wait, 5)
        given = await given_to(server, "متى وقع")
        assert given["button"]["text"] == said.BUSY
        assert given["cache_time"] == 0


async def test_an_answer_too_late_is_no_error(
    server: PlaygroundServer, asker: FakeAsker, caplog: pytest.LogCaptureFixture
) -> None:
    """Telegram has closed the query; nobody is told of it."""
    server.fail_next("answerInlineQuery", 400, "Bad Request: query is too old")
    reader = server.user("سلمى")
    query = reader.inline("متى وقع الزلزال")
    await server.wait_until(lambda: "answerInlineQuery" in [call.method for call in server.calls])
    await asyncio.sleep(0)
    await server.wait_message(reader.chat, after=reader.send("/help"))
    assert query.answer is None
    assert "bot.handlers.errors" not in {record.name for record in caplog.records}


@settings(max_examples=60, deadline=None)
@given(st.lists(any_text.quotes(), max_size=4))
def test_whatever_stands_in_a_quote_telegram_takes_it(found: list[Any]) -> None:
    """A title, an id of at most 64 bytes, a message that can be read."""
    results = quotes_of(answered(*found) if found else refused(), "isnad_demo_bot", NOW)
    for result in results:
        assert result.title.strip()
        assert 1 <= len(result.id.encode()) <= 64
        content = result.input_message_content.to_dict()
        text, _ = read_text(Params(content | {"text": content["message_text"]}))
        assert text
