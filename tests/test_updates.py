"""The order of what a chat writes, and what is done about those who write too much."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from botapi import playground
from bots import running
from fakes import FakeAsker, answered, quote

from bot.handlers.updates import PER_MINUTE
from bot.texts import AR
from bot.texts.crowd import crowd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.model import Chat
    from bot.playground.server import PlaygroundServer


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
async def server(asker: FakeAsker) -> AsyncIterator[PlaygroundServer]:
    async with playground() as server, running(server, asker):
        yield server


def texts_in(server: PlaygroundServer, chat: Chat) -> list[str]:
    return [message.text for message in server.messages(chat)]


async def test_nothing_quick_waits_behind_a_slow_question(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """Commands, words for them and presses in the same chat; a second question does."""
    reader = server.user("سلمى")
    greeting = await server.wait_message(reader.chat, after=reader.start())
    asker.holds["بطيء"] = threading.Event()
    asker.answers["من افتتح الجسر؟"] = answered(quote("جواب الجسر"))
    reader.send("بطيء")
    await server.wait_until(asker.started.is_set)
    reader.send("من افتتح الجسر؟")
    for said in ("/cancel", "إلغاء", "/help", "مساعدة"):
        await server.wait_message(reader.chat, after=reader.send(said))
    await server.wait_answer(reader.press(greeting, greeting.buttons[0]))
    assert asker.asked == ["بطيء"]
    asker.holds["بطيء"].set()
    await server.wait_until(lambda: "جواب الجسر" in "".join(texts_in(server, reader.chat)))
    assert asker.asked.index("بطيء") < asker.asked.index("من افتتح الجسر؟")


async def test_an_edit_waits_for_the_answer_that_it_edits(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """However slow that is."""
    reader = server.user("سلمى")
    asker.holds["متى وقع؟"] = threading.Event()
    asker.answers["أين وقع؟"] = answered(quote("جواب المكان"))
    asked = reader.send("متى وقع؟")
    await server.wait_until(asker.started.is_set)
    reader.edit(asked, "أين وقع؟")
    asker.holds["متى وقع؟"].set()
    await server.wait_until(lambda: "جواب المكان" in "".join(texts_in(server, reader.chat)))
    assert len(server.messages(reader.chat)) == 1


async def test_a_flood_is_told_once_and_then_ignored(
    asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Presses too; another reader is not concerned."""
    monkeypatch.setattr("bot.handlers.updates.PER_MINUTE", 2)
    async with playground() as server, running(server, asker):
        reader, other = server.user("سلمى"), server.user("هند")
        greeting = await server.wait_message(reader.chat, after=reader.start())
        for _ in range(5):
            reader.send("/help")
        await server.wait_until(lambda: len(server.messages(reader.chat)) == 3)
        reader.press(greeting, greeting.buttons[0])
        for text in ("سؤال", "سؤال آخر"):
            await server.wait_message(other.chat, after=other.send(text))
        said = texts_in(server, reader.chat)
    assert sorted(AR.help[0] in text for text in said) == [False, False, True]
    assert crowd("ar").slow_down in said[-1] + said[-2]
    assert asker.asked == ["سؤال", "سؤال آخر"]


async def test_an_edit_too_many_is_told_too(
    asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the one notice, and so must bring it."""
    monkeypatch.setattr("bot.handlers.updates.PER_MINUTE", 1)
    async with playground() as server, running(server, asker):
        reader = server.user("سلمى")
        asked = reader.send("متى وقع؟")
        await server.wait_message(reader.chat, after=asked)
        reader.edit(asked, "أين وقع؟")
        await server.wait_until(lambda: len(server.messages(reader.chat)) == 2)
        assert crowd("ar").slow_down in texts_in(server, reader.chat)[-1]


async def test_a_press_too_many_speaks_of_presses(
    asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a line that fits over a button."""
    monkeypatch.setattr("bot.handlers.updates.PER_MINUTE", 1)
    async with playground() as server, running(server, asker):
        reader = server.user("سلمى")
        greeting = await server.wait_message(reader.chat, after=reader.start())
        answer = await server.wait_answer(reader.press(greeting, greeting.buttons[0]))
        assert answer["text"] == crowd("ar").press_later


async def test_a_button_does_not_spin_for_as_long_as_its_work(
    server: PlaygroundServer, asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its work goes on, and shows in its place."""
    reader = server.user("سلمى")
    asker.answers["متى وقع؟"] = answered(*(quote(f"جواب {n}.") for n in range(6)))
    answer = await server.wait_message(reader.chat, after=reader.send("متى وقع؟"))
    asker.holds["متى وقع؟"] = threading.Event()
    monkeypatch.setattr("bot.handlers.replies.SPINS", 0.01)
    await server.wait_answer(reader.press(answer, AR.more))
    assert "جواب 3." not in answer.text
    asker.holds["متى وقع؟"].set()
    await server.wait_until(lambda: "جواب 3." in answer.text)


async def test_a_question_too_many_is_told_once(server: PlaygroundServer, asker: FakeAsker) -> None:
    """Three are at work or wait; of what is beyond, one is told."""
    asker.holds["بطيء"] = threading.Event()
    reader = server.user("سلمى")
    for text in ("بطيء", "ثان", "ثالث", "رابع", "خامس", "سادس"):
        reader.send(text)
    await server.wait_until(lambda: bool(server.messages(reader.chat)))
    asker.holds["بطيء"].set()
    await server.wait_until(lambda: len(server.messages(reader.chat)) == 4)
    said = texts_in(server, reader.chat)
    assert [AR.chat_busy in text for text in said] == [True, False, False, False]


async def test_beyond_the_queue_it_is_busy(
    asker: FakeAsker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each who comes then is told; commands are answered; who waits is answered."""
    monkeypatch.setattr("bot.handlers.updates.QUESTIONS_AT_WORK", 1)
    monkeypatch.setattr("bot.handlers.updates.QUESTIONS_WAITING", 1)
    async with playground() as server, running(server, asker):
        asker.holds["بطيء"] = threading.Event()
        readers = [server.user(f"قارئ {number}") for number in range(4)]
        for reader in readers:
            reader.send("بطيء")
        for reader in readers[2:]:
            await server.wait_until(lambda reader=reader: bool(server.messages(reader.chat)))
            assert texts_in(server, reader.chat) == [AR.busy]
        await server.wait_message(readers[1].chat, after=readers[1].send("/help"))
        asker.holds["بطيء"].set()
        await server.wait_until(lambda: len(server.messages(readers[1].chat)) == 2)
    assert asker.asked.count("بطيء") == 2


async def test_talk_in_a_group_is_no_flood(asker: FakeAsker) -> None:
    """What is not meant for us counts for nothing, and fills no queue."""
    async with playground(privacy=False) as server, running(server, asker):
        group, reader = server.group("مجموعة"), server.user("سلمى")
        for number in range(PER_MINUTE + 5):
            reader.send(f"كلام {number}", chat=group)
            reader.send("/other@someone_bot", chat=group)
        asked = reader.send("/ask متى وقع؟", chat=group)
        answer = await server.wait_message(group, after=asked)
        assert answer.reply_to is asked
        assert len(server.messages(group)) == 1


async def test_an_update_that_cannot_be_read_holds_up_none(
    server: PlaygroundServer, asker: FakeAsker, caplog: pytest.LogCaptureFixture
) -> None:
    """It is named in the log, without what it says."""
    reader = server.user("سلمى")
    server.world.updates.put("message", {"text": "سر", "chat": 7})
    for when in (10**12, 10**18, 2**63):
        chat = {"id": reader.id, "type": "private"}
        server.world.updates.put(
            "message", {"message_id": 5, "text": "سر", "chat": chat, "date": when}
        )
    await server.wait_message(reader.chat, after=reader.send("سؤال"))
    assert caplog.text.count("cannot be read") == 4
    assert "سر" not in caplog.text


async def test_two_hundred_chats_are_answered_each_in_its_order(asker: FakeAsker) -> None:
    """All at once, some of them two questions; none is lost, none answered twice."""
    async with playground() as server:
        readers = [server.user(f"قارئ {number}") for number in range(200)]
        turns = {
            reader.id: ("أول", "ثان") if n % 10 == 0 else ("أول",)
            for n, reader in enumerate(readers)
        }
        for turn in ("أول", "ثان"):
            for reader in (one for one in readers if turn in turns[one.id]):
                text = f"سؤال {turn} {reader.id}"
                asker.answers[text] = answered(quote(f"جواب {turn} {reader.id}."))
                reader.send(text)
        async with running(server, asker):
            await server.wait_until(
                lambda: sum(len(server.messages(one.chat)) for one in readers) == 220, within=60
            )
        for reader in readers:
            quoted = [message.pieces("blockquote") for message in server.messages(reader.chat)]
            assert quoted == [[f"جواب {turn} {reader.id}."] for turn in turns[reader.id]]
    assert max(asker.batches) > 1
