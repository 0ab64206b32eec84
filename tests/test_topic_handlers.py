"""Following, the list, the buttons: every command and button of topics. Over HTTP."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, MUSEUM, add
from botapi import playground
from conversing import at_work, edited_by, said, toast
from telegram.error import TelegramError

from bot.handlers import follow
from bot.store import chats, topics
from bot.texts import texts
from bot.texts.topics import AR

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.playground.model import Message
    from bot.playground.people import User
    from bot.playground.server import PlaygroundServer
    from bot.store import Store
    from bot.store.topics import Topic
    from index.engine import Engine

pytestmark = pytest.mark.usefixtures("lenient")

NOW = datetime(2023, 3, 21, 12, tzinfo=UTC)
MUSEUM_NEWS = MUSEUM | {"published": "2023-03-21"}


class Clock:
    """The bot's."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server() -> AsyncIterator[PlaygroundServer]:
    async with playground() as server:
        yield server


@pytest.fixture
async def memory(
    server: PlaygroundServer, engine: Engine, clock: Clock, tmp_path: Path, sure: None
) -> AsyncIterator[Store]:
    add(engine, tmp_path, *ARTICLES)
    async with at_work(server, engine, now=clock) as store:
        yield store


def plain(message: Message) -> str:
    return "".join(c for c in message.text if c not in "\u200e\u200f\u2066\u2067\u2068\u2069")


async def followed(memory: Store, reader: User) -> list[Topic]:
    return await memory.read(topics.of_chat, reader.id)


async def following(server: PlaygroundServer, reader: User, text: str = "متحف الفلك") -> Message:
    """The notice after a topic was followed."""
    preview = await said(server, reader, f"/follow {text}")
    return await edited_by(server, reader, preview, AR.follow)


async def test_a_topic_is_previewed_before_it_is_followed(
    server: PlaygroundServer, memory: Store
) -> None:
    """How many stories of the week, and which; nothing is kept until it is wanted."""
    reader = server.user("سلمى")
    preview = await said(server, reader, "/follow متحف الفلك")
    assert plain(preview).startswith("متابعة: متحف الفلك")
    assert "كان سيصلك خبر واحد في آخر أسبوع" in plain(preview)
    assert MUSEUM["title"] in plain(preview)
    assert await followed(memory, reader) == []
    notice = await edited_by(server, reader, preview, AR.follow)
    assert plain(notice) == AR.followed.format(topic="متحف الفلك")
    (topic,) = await followed(memory, reader)
    assert (topic.kind, topic.text, topic.width) == ("text", "متحف الفلك", 0)


async def test_a_topic_is_made_wider_and_narrower_before_it_is_followed(
    server: PlaygroundServer, memory: Store
) -> None:
    """In the same message, as far as it goes."""
    reader = server.user("سلمى")
    message = await said(server, reader, "تابع متحف الفلك")
    for width in ("أوسع", "الأوسع"):
        await edited_by(server, reader, message, AR.wider)
        assert f"({width})" in plain(message)
    assert AR.wider not in message.buttons
    await edited_by(server, reader, message, AR.narrower)
    await edited_by(server, reader, message, AR.follow)
    (topic,) = await followed(memory, reader)
    assert (topic.text, topic.width) == ("متحف الفلك", 1)


async def test_what_brings_nothing_may_be_followed_all_the_same(
    server: PlaygroundServer, memory: Store
) -> None:
    """Or not."""
    reader = server.user("سلمى")
    preview = await said(server, reader, "/follow سباق الخيل")
    assert AR.would_get_none in plain(preview)
    refused = await edited_by(server, reader, preview, AR.not_now)
    assert plain(refused) == AR.cancelled
    assert await followed(memory, reader) == []


async def test_a_source_is_followed_by_its_name(server: PlaygroundServer, memory: Store) -> None:
    """Whatever of it was published."""
    reader = server.user("سلمى")
    preview = await said(server, reader, "/follow أخبار وكالة الساحل")
    assert "كل أخبار وكالة الساحل" in plain(preview)
    assert AR.wider not in preview.buttons
    await edited_by(server, reader, preview, AR.follow)
    (topic,) = await followed(memory, reader)
    assert (topic.kind, topic.text) == ("source", "وكالة الساحل")


async def test_an_answers_subject_is_followed_by_its_button(
    server: PlaygroundServer, memory: Store
) -> None:
    """Without the words that only ask."""
    reader = server.user("سلمى")
    answer = await said(server, reader, "من افتتح متحف الفلك؟")
    reader.press(answer, texts("ar").follow)
    preview = await server.wait_message(answer.chat, after=answer)
    assert plain(preview).startswith("متابعة: متحف الفلك")


async def test_a_topic_is_asked_for_and_written(server: PlaygroundServer, memory: Store) -> None:
    """/follow alone, or the list's button."""
    reader = server.user("سلمى")
    assert plain(await said(server, reader, "/follow")) == AR.ask
    preview = await said(server, reader, "متحف الفلك")
    assert plain(preview).startswith("متابعة: متحف الفلك")
    listed = await said(server, reader, "مواضيعي")
    assert plain(listed) == plain_text(AR.none)
    asked = await edited_by(server, reader, listed, AR.add)
    assert plain(asked) == AR.ask
    assert plain(await said(server, reader, "123")) == AR.ask_again
    assert "ميناء الصدف" in plain(await said(server, reader, "ميناء الصدف"))


async def test_once_a_topic_is_previewed_no_other_is_waited_for(
    server: PlaygroundServer, memory: Store
) -> None:
    """What comes then is a question, or thanks."""
    reader = server.user("سلمى")
    await said(server, reader, "/follow")
    await said(server, reader, "ميناء الصدف")
    assert "متابعة:" not in plain(await said(server, reader, "من افتتح متحف الفلك؟"))
    assert "متابعة:" not in plain(await said(server, reader, "ميناء الصدف"))


async def test_where_a_topic_is_asked_for_a_question_is_one(
    server: PlaygroundServer, memory: Store
) -> None:
    """It ends the prompt; thanks are thanks and leave it, a command is a command."""
    reader = server.user("سلمى")
    await said(server, reader, "/follow")
    for aside in ("شكرا", "ما رأيك في المترو؟", "مواضيعي"):
        assert "متابعة:" not in plain(await said(server, reader, aside))
    assert plain(await said(server, reader, "ميناء الصدف")).startswith("متابعة: ميناء الصدف")
    for question in ("من افتتح متحف الفلك؟", "متى افتتح متحف الفلك"):
        await said(server, reader, "/follow")
        assert "متابعة:" not in plain(await said(server, reader, question))
        assert "متابعة:" not in plain(await said(server, reader, "ميناء الصدف"))


async def test_a_topic_is_stopped_in_words(server: PlaygroundServer, memory: Store) -> None:
    """Its card comes, with the button; the list where it is not known."""
    reader = server.user("سلمى")
    await following(server, reader)
    listed = await said(server, reader, "أوقف متابعة ميناء الصدف")
    assert plain(listed).startswith(AR.title)
    card = await said(server, reader, "أوقف متابعه متحف الفلك")
    await edited_by(server, reader, card, AR.stop)
    assert await followed(memory, reader) == []


async def test_what_is_too_long_is_no_topic(server: PlaygroundServer, memory: Store) -> None:
    """It is told how long one may be."""
    reader = server.user("سلمى")
    text = await said(server, reader, "/follow " + "متحف " * 30)
    assert plain(text) == AR.too_long.format(n=follow.MOST_LETTERS)


async def test_nobody_follows_more_than_so_much(
    server: PlaygroundServer, memory: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is followed already may still be changed."""
    monkeypatch.setattr(topics, "MOST", 1)
    reader = server.user("سلمى")
    await following(server, reader)
    assert plain(await following(server, reader, "ميناء الصدف")) == AR.full.format(n=1)
    assert "متحف الفلك" in plain(await following(server, reader))


async def test_a_source_is_chosen_from_the_list(server: PlaygroundServer, memory: Store) -> None:
    """Of all that the archive has."""
    reader = server.user("سلمى")
    listed = await said(server, reader, "/topics")
    sources = await edited_by(server, reader, listed, AR.add_source)
    assert plain(sources) == AR.which_source
    preview = await edited_by(server, reader, sources, "صدى القمرية")
    assert "كل أخبار صدى القمرية" in plain(preview)


async def test_a_topic_is_muted_narrowed_and_stopped_on_its_card(
    server: PlaygroundServer, memory: Store, clock: Clock
) -> None:
    """All in the place of the list."""
    reader = server.user("سلمى")
    await following(server, reader)
    message = await said(server, reader, "/topics")
    await edited_by(server, reader, message, "متحف الفلك")
    await edited_by(server, reader, message, AR.mute)
    assert AR.muted in plain(message)
    (topic,) = await followed(memory, reader)
    assert topic.muted_until == "2023-03-22T12:00:00+00:00"
    await edited_by(server, reader, message, AR.unmute)
    await edited_by(server, reader, message, AR.narrower)
    assert "(أضيق)" in plain(message)
    await edited_by(server, reader, message, AR.wider)
    await edited_by(server, reader, message, AR.wider)
    (topic,) = await followed(memory, reader)
    assert (topic.muted_until, topic.width) == (None, 1)
    await edited_by(server, reader, message, AR.stop)
    assert plain(message) == plain_text(AR.none)
    assert await followed(memory, reader) == []


async def test_an_alert_comes_and_its_buttons_work(
    server: PlaygroundServer, memory: Store, engine: Engine, tmp_path: Path
) -> None:
    """Followed, published, sent within seconds; the alert stays as it is."""
    reader = server.user("سلمى")
    notice = await following(server, reader)
    news = MUSEUM_NEWS | {"url": "https://sada.example/2", "title": "متحف الفلك يستقبل ألف زائر"}
    news["text"] = "استقبل متحف الفلك في القمرية ألف زائر في يومه الأول، بحسب مديرته ليلى الناصر."
    await asyncio.to_thread(add, engine, tmp_path, news)
    alert = await server.wait_message(notice.chat, after=notice, within=10)
    assert plain(alert).startswith("لأنك تتابع: متحف الفلك")
    assert news["text"] in plain(alert)
    assert await toast(server, reader, alert, AR.mute) == AR.muted
    assert "أضيق" in await toast(server, reader, alert, AR.narrower)
    (topic,) = await followed(memory, reader)
    assert (topic.muted_until, topic.width) == ("2023-03-22T12:00:00+00:00", -1)
    await toast(server, reader, alert, AR.narrower)
    assert await toast(server, reader, alert, AR.narrower) == AR.narrowest
    assert await toast(server, reader, alert, AR.stop) == AR.stopped
    assert await toast(server, reader, alert, AR.stop) == AR.gone
    assert plain(alert).startswith("لأنك تتابع: متحف الفلك")


async def test_in_a_group_only_admins_choose(server: PlaygroundServer, memory: Store) -> None:
    """Others are told so."""
    admin, member = server.user("سلمى"), server.user("زياد")
    group = server.group("غرفة الأخبار", admins=[admin])
    refused = await said(server, member, "/follow متحف الفلك", chat=group)
    assert plain(refused) == AR.admins_only
    preview = await said(server, admin, "/follow متحف الفلك", chat=group)
    answer = await server.wait_answer(member.press(preview, AR.follow, chat=group))
    assert answer["text"] == AR.admins_only
    await edited_by(server, admin, preview, AR.follow, chat=group)
    (topic,) = await memory.read(topics.of_chat, group.id)
    assert topic.text == "متحف الفلك"


@pytest.mark.parametrize(
    ("status", "sender", "may"),
    [
        ("administrator", None, True),
        ("creator", None, True),
        ("member", None, False),
        (None, None, False),  # Telegram does not say
        (None, -5, True),  # an admin who stays anonymous
        (None, -6, False),  # a channel
    ],
)
async def test_who_may_choose_in_a_group(
    status: str | None, sender: int | None, *, may: bool
) -> None:
    """Its admins, as Telegram says."""

    async def get_chat_member(_chat: int, _user: int) -> SimpleNamespace:
        if status is None:
            raise TelegramError("no rights")
        return SimpleNamespace(status=status)

    chat = SimpleNamespace(id=-5, type="supergroup", PRIVATE="private")
    message = SimpleNamespace(sender_chat=SimpleNamespace(id=sender) if sender else None)
    user = SimpleNamespace(id=7)
    update = SimpleNamespace(effective_chat=chat, effective_user=user, message=message)
    context = SimpleNamespace(bot=SimpleNamespace(get_chat_member=get_chat_member))
    assert await follow.may_choose(update, context) == may


async def test_long_lists_have_pages(server: PlaygroundServer, memory: Store) -> None:
    """Eight topics on each."""
    reader = server.user("سلمى")
    await memory.write(chats.meet, reader.id, kind="private", now="2023-03-01T00:00:00+00:00")
    for number in range(11):
        text, now = f"موضوع رقم {number}", "2023-03-01T00:00:00+00:00"
        await memory.write(topics.add, reader.id, kind="text", text=text, width=0, now=now)
    message = await said(server, reader, "/topics")
    assert "موضوع رقم 7" in message.buttons
    assert "موضوع رقم 8" not in message.buttons
    await edited_by(server, reader, message, texts("ar").following)
    assert "موضوع رقم 10" in message.buttons
    await edited_by(server, reader, message, texts("ar").previous)
    assert "موضوع رقم 0" in message.buttons


async def test_a_week_that_is_over_is_not_previewed(
    server: PlaygroundServer, memory: Store, clock: Clock
) -> None:
    """It would not come again."""
    clock.now = NOW + timedelta(days=30)
    preview = await said(server, server.user("سلمى"), "/follow متحف الفلك")
    assert AR.would_get_none in plain(preview)


def plain_text(text: str) -> str:
    return "".join(c for c in text if c not in "\u200e\u200f\u2066\u2067\u2068\u2069")
