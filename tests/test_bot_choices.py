"""Settings, sources, what is kept and its erasure: every command and button. Over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from botapi import playground
from conversing import at_work, edited_by, said, toast
from fakes import FakeAsker

from bot.playground.profile import commands_for
from bot.schema import outbox, topics
from bot.store import chats, totals
from bot.texts import AR, EN
from bot.texts.digest import digest_texts
from bot.texts.privacy import PRIVACY
from bot.texts.settings import SETTINGS
from index.model import Article

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.model import Message
    from bot.playground.people import User
    from bot.playground.server import PlaygroundServer
    from bot.store import Store

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)
STAMP = "2026-03-01T07:00:00+00:00"
EXAMPLES = ("متى وقع؟",)
ADMIN = 42
WORDS, KEPT = SETTINGS["ar"], PRIVACY["ar"]


@pytest.fixture
async def server() -> AsyncIterator[PlaygroundServer]:
    async with playground() as server:
        yield server


@pytest.fixture
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture
async def memory(server: PlaygroundServer, asker: FakeAsker) -> AsyncIterator[Store]:
    options = {"examples": EXAMPLES, "admins": frozenset({ADMIN}), "now": lambda: NOW}
    async with at_work(server, asker, **options) as store:
        yield store


def plain(message: Message) -> str:
    return "".join(c for c in message.text if c not in "\u200e\u200f\u2066\u2067\u2068\u2069")


async def chosen(
    server: PlaygroundServer, reader: User, message: Message, *buttons: str
) -> Message:
    """The message after these buttons were pressed one after the other."""
    for button in buttons:
        await edited_by(server, reader, message, button)
    return message


async def test_the_language_chosen_goes_before_telegrams(
    server: PlaygroundServer, memory: Store
) -> None:
    """In every message and in the menu of commands from then on."""
    reader = server.user("سلمى", language="ar")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.lang, "English")
    assert plain(message).startswith("Settings")
    assert (await said(server, reader, "/help")).text.startswith(EN.help[0])
    assert "More" not in (await said(server, reader, "سؤال")).buttons
    [description] = [
        command["description"]
        for command in commands_for(server.world, reader.chat, reader.person)
        if command["command"] == "help"
    ]
    assert description == "How to ask"
    chat = await memory.read(chats.get, reader.id)
    assert chat is not None
    assert chat.lang == "en"


async def test_the_digits_chosen_are_used_outside_quotes(
    server: PlaygroundServer, memory: Store
) -> None:
    """In dates and labels; the quote keeps its own."""
    reader = server.user("سلمى")
    message = await said(server, reader, "الإعدادات")
    await chosen(server, reader, message, WORDS.digits)
    answer = await said(server, reader, "متى وقع؟")
    assert "الخميس ١٦ مارس ٢٠٢٣" in answer.text
    assert "7.8" in answer.pieces("blockquote")[0]


async def test_quiet_hours_are_chosen_in_two_presses(
    server: PlaygroundServer, memory: Store
) -> None:
    """And turned off in one."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.quiet, "10 مساءً", "7 صباحًا")
    assert "من 10 مساءً إلى 7 صباحًا" in plain(message)
    chat = await memory.read(chats.get, reader.id)
    assert chat is not None
    assert (chat.quiet_from, chat.quiet_until) == ("22:00", "07:00")
    await chosen(server, reader, message, WORDS.quiet, WORDS.button_no_quiet)
    assert f"{WORDS.quiet}: {WORDS.no_quiet}" in plain(message)
    await chosen(server, reader, message, WORDS.close)
    assert message.text == WORDS.closed
    assert message.buttons == []


async def test_the_number_of_quotes_is_chosen(server: PlaygroundServer, asker: FakeAsker) -> None:
    """The archive is asked for one more, to know whether there is more."""
    limits: list[int] = []

    class Archive(FakeAsker):
        def ask(self, question: str, *, limit: int = 3) -> object:
            limits.append(limit)
            return super().ask(question, limit=limit)

    async with at_work(server, Archive(), examples=EXAMPLES):
        reader = server.user("سلمى")
        message = await said(server, reader, "/settings")
        await chosen(server, reader, message, WORDS.quotes, "5")
        await said(server, reader, "متى وقع؟")
    assert limits == [6]


async def test_a_city_is_written_and_gives_the_time_zone(
    server: PlaygroundServer, memory: Store, asker: FakeAsker
) -> None:
    """What is no city is said to be none; what is clear is taken; no question is asked."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.city)
    assert message.text == WORDS.ask_city
    assert "زقزقزقاق" in (await said(server, reader, "زقزقزقاق")).text
    settings = await said(server, reader, "القاهرة")
    assert f"{WORDS.city}: القاهرة" in plain(settings)
    chat = await memory.read(chats.get, reader.id)
    assert chat is not None
    assert chat.zone == "Africa/Cairo"
    assert asker.asked == []
    await said(server, reader, "القاهرة")
    assert asker.asked == ["القاهرة"]  # now it is a question


async def test_a_name_of_several_cities_offers_them(
    server: PlaygroundServer, memory: Store
) -> None:
    """One is pressed."""
    reader = server.user("سلمى", language="en")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, SETTINGS["en"].city)
    offered = await said(server, reader, "إسبانيا")
    assert offered.text == SETTINGS["en"].which_city
    await chosen(server, reader, offered, "Madrid")
    chat = await memory.read(chats.get, reader.id)
    assert chat is not None
    assert (chat.city, chat.zone) == ("Madrid", "Europe/Madrid")


async def test_a_city_spelt_nearly_right_is_asked_about(
    server: PlaygroundServer, memory: Store
) -> None:
    """A guess is never taken for an answer."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.city)
    offered = await said(server, reader, "القاهرت")
    assert offered.text == WORDS.which_city
    assert "القاهرة" in offered.buttons
    chat = await memory.read(chats.get, reader.id)
    assert chat is not None
    assert chat.zone is None


@pytest.mark.usefixtures("memory")
async def test_a_question_instead_of_a_city_is_answered(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """And the city is waited for no longer."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.city)
    assert (await said(server, reader, "متى وقع الزلزال؟")).pieces("blockquote")
    assert (await said(server, reader, "/cancel")).text == AR.nothing_to_cancel


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("word", ["/cancel", "إلغاء", "الغاء!"])
async def test_what_was_begun_is_cancelled(
    server: PlaygroundServer, asker: FakeAsker, word: str
) -> None:
    """By command or by word; «رجوع» does it too."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.city)
    assert (await said(server, reader, word)).text == AR.cancelled
    await chosen(server, reader, message, WORDS.back)
    await chosen(server, reader, message, WORDS.city, WORDS.back)
    assert (await said(server, reader, word)).text == AR.nothing_to_cancel
    assert asker.asked == []


@pytest.mark.usefixtures("memory")
async def test_sources_are_listed_by_their_articles(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """The largest first, a page at a time, in place."""
    titles = [("سانا", 2), *((f"مصدر {n:02}", 1) for n in range(21))]
    for source, count in titles:
        for _ in range(count):
            number = len(asker.articles) + 1
            asker.articles[number] = Article(number, "عنوان", "نص", source, None, None, None)
    reader = server.user("سلمى")
    message = await said(server, reader, "المصادر")
    assert plain(message).split("\n")[1] == "• سانا: مقالان"
    await chosen(server, reader, message, AR.following)
    assert plain(message).split("\n")[1] == "• مصدر 19: مقال واحد"
    assert message.buttons == [AR.previous]


@pytest.mark.usefixtures("memory")
async def test_stats_are_for_administrators(server: PlaygroundServer, asker: FakeAsker) -> None:
    """To others it is no command at all."""
    asker.articles[1] = Article(1, "عنوان", "نص", "سانا", None, None, None)
    admin, reader = server.user("مدير", id=ADMIN), server.user("سلمى")
    await said(server, reader, "/start")
    assert (await said(server, reader, "/stats")).text == AR.unknown_command
    shown = plain(await said(server, admin, "/stats"))
    assert f"{KEPT.numbers['articles']}: 1" in shown
    assert f"{KEPT.numbers['chats']}: 2" in shown


async def test_all_that_is_kept_comes_as_a_file(server: PlaygroundServer, memory: Store) -> None:
    """In JSON, in reply to nobody else."""
    reader = server.user("سلمى")
    message = await said(server, reader, "بياناتي")
    assert message.extra["document"]["file_name"] == "isnad-mydata.json"
    assert message.extra["document"]["file_size"] > 100
    assert message.text == KEPT.mydata


async def test_forgetting_asks_once_and_erases_everything(
    server: PlaygroundServer, memory: Store
) -> None:
    """Topics and what is queued; afterwards a fragment has nothing to go on from."""
    reader = server.user("سلمى")
    await said(server, reader, "من افتتح المتحف؟")
    await memory.write(_subscribe, reader.id)
    asked = await said(server, reader, "/forget")
    await chosen(server, reader, asked, KEPT.keep)
    assert asked.text == KEPT.kept
    kept = await memory.read(totals.of_chat, reader.id)
    assert kept.keys() == {"chats", "topics", "outbox", "quoted"}
    asked = await said(server, reader, "انسني")
    await chosen(server, reader, asked, KEPT.forget)
    assert plain(asked).startswith("مُحي كل شيء")
    assert await memory.read(totals.of_chat, reader.id) == {}
    assert not (await said(server, reader, "ومتى؟")).pieces("italic")


@pytest.mark.parametrize("word", ["/cancel", "إلغاء"])
async def test_forgetting_can_be_cancelled(
    server: PlaygroundServer, memory: Store, word: str
) -> None:
    """The old button erases nothing then, says so, and is gone; asked again, it does."""
    reader = server.user("سلمى")
    await said(server, reader, "/start")
    asked = await said(server, reader, "امسح بياناتي")
    assert (await said(server, reader, word)).text == AR.cancelled
    await chosen(server, reader, asked, KEPT.forget)
    assert plain(asked).startswith("لم أمحُ شيئًا")
    assert asked.buttons == []
    assert await memory.read(chats.get, reader.id) is not None
    again = await said(server, reader, "/forget")
    await chosen(server, reader, again, KEPT.forget)
    assert await memory.read(chats.get, reader.id) is None


async def test_a_request_to_forget_is_valid_for_a_while(
    server: PlaygroundServer, asker: FakeAsker
) -> None:
    """A button found weeks later in the chat erases nothing."""
    now = NOW

    async with at_work(server, asker, examples=EXAMPLES, now=lambda: now) as memory:
        reader = server.user("سلمى")
        asked = await said(server, reader, "/forget")
        now = NOW + timedelta(hours=1)
        await chosen(server, reader, asked, KEPT.forget)
        assert plain(asked).startswith("لم أمحُ شيئًا")
        assert await memory.read(chats.get, reader.id) is not None


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("command", ["/settings", "/mydata", "/forget"])
async def test_what_is_personal_stays_out_of_groups(server: PlaygroundServer, command: str) -> None:
    """It says where to write it; /privacy may be read anywhere."""
    group, reader = server.group("مجموعة"), server.user("سلمى")
    assert (await said(server, reader, command, chat=group)).text == AR.private_only
    assert KEPT.privacy[0] in (await said(server, reader, "/privacy", chat=group)).text


@pytest.mark.usefixtures("memory")
async def test_a_forged_button_does_nothing(server: PlaygroundServer) -> None:
    """What no button of ours says is taken by no handler."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    message.markup = {
        "inline_keyboard": [
            [{"text": "x", "callback_data": data}] for data in ("s:quiet:99:1", "s:state:gone")
        ]
    }
    for data in ("s:quiet:99:1", "s:state:gone"):
        reader.press(message, data)
    assert await said(server, reader, "/help")
    assert message.edit_date is None


async def test_an_apology_is_in_the_language_chosen(
    server: PlaygroundServer, memory: Store, asker: FakeAsker
) -> None:
    """Not in Telegram's."""
    reader = server.user("سلمى", language="ar")
    await said(server, reader, "/start")
    await memory.write(chats.change, reader.id, lang="en")
    asker.answers["سؤال"] = RuntimeError("broken")
    assert (await said(server, reader, "سؤال")).text.startswith("Something went wrong")


@pytest.mark.usefixtures("memory")
async def test_a_vote_after_forgetting_is_a_new_acquaintance(server: PlaygroundServer) -> None:
    """No error: the chat that votes is known again."""
    reader = server.user("سلمى")
    answer = await said(server, reader, "متى وقع؟")
    asked = await said(server, reader, "/forget")
    await chosen(server, reader, asked, KEPT.forget)
    assert await toast(server, reader, answer, "👍") == AR.voted


def _subscribe(connection: sa.Connection, chat: int) -> None:
    connection.execute(
        sa.insert(topics).values(
            chat_id=chat, kind="text", text="المتحف", width=0, created_at=STAMP
        )
    )
    connection.execute(
        sa.insert(outbox).values(
            chat_id=chat,
            kind="alert",
            key="1",
            payload={},
            state="pending",
            due_at="2030-01-01T00:00:00+00:00",
            attempts=0,
            message_ids=[],
            created_at=STAMP,
        )
    )


@pytest.mark.usefixtures("memory")
async def test_going_back_saves_nothing_and_says_nothing(server: PlaygroundServer) -> None:
    """«حُفظ» is for what was chosen."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.city)
    since = server.world.seq
    answer = await server.wait_answer(reader.press(message, WORDS.back))
    assert not answer.get("text")
    await server.wait_edit(message, since=since)
    await chosen(server, reader, message, WORDS.quotes)
    assert await toast(server, reader, message, "4") == WORDS.saved


async def test_the_city_may_be_a_place_on_the_map(server: PlaygroundServer, memory: Store) -> None:
    """Which brings the settings back, where they asked for it."""
    reader = server.user("سلمى")
    message = await said(server, reader, "/settings")
    await chosen(server, reader, message, WORDS.city)
    assert message.text == digest_texts("ar").ask_city
    sent = reader.send_location(33.57, -7.59)
    shown = await server.wait_message(reader.chat, after=sent)
    assert WORDS.title in shown.text
    assert "الدار البيضاء" in shown.text
    chat = await memory.read(chats.get, reader.id)
    assert chat is not None
    assert chat.zone == "Africa/Casablanca"
