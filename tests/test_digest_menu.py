"""/digest as a reader meets it, against the strict local server."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial
from typing import TYPE_CHECKING

import pytest
from conversing import at_work, edited_by, said, toast
from fakes import FakeAsker
from fakes import chat as a_chat
from simulate_year import FakeNews

from bot.handlers.digest import PRESSED
from bot.playground.server import PlaygroundServer
from bot.store import chats
from bot.texts.digest import AR, EN
from bot.typography import unmarked
from bot.views.digest_menu import days_view, digest_menu

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.message import Message as View
    from bot.playground.model import Message
    from bot.playground.people import User
    from bot.store import Store
    from bot.store.chats import Chat

NOW = datetime(2026, 3, 5, 10, tzinfo=UTC)  # a Thursday; noon in Cairo


class News(FakeAsker):
    """An archive that also has stories."""

    def __init__(self) -> None:
        super().__init__()
        news = FakeNews(NOW.date())
        self.article, self.stories = news.article, news.stories


@pytest.fixture
async def server() -> AsyncIterator[PlaygroundServer]:
    async with PlaygroundServer() as server:
        yield server


@pytest.fixture
async def store(server: PlaygroundServer) -> AsyncIterator[Store]:
    async with at_work(server, News(), now=lambda: NOW, zone="UTC") as store:
        yield store


@pytest.fixture
def reader(server: PlaygroundServer) -> User:
    return server.user("سلمى")


async def kept(store: Store, reader: User) -> Chat:
    chat = await store.read(chats.get, reader.chat.id)
    assert chat is not None
    return chat


async def in_cairo(server: PlaygroundServer, reader: User) -> Message:
    """The menu of a reader who told their city."""
    await said(server, reader, "/digest")
    return await said(server, reader, "القاهره")


async def subscribed(server: PlaygroundServer, reader: User) -> Message:
    """The menu of a reader who has a digest at seven."""
    return await edited_by(server, reader, await in_cairo(server, reader), "7:00 صباحًا")


async def test_the_city_is_asked_first_then_the_hour(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """An hour without a city means nothing."""
    asked = await said(server, reader, "الموجز")
    assert AR.ask_city in asked.text
    menu = await said(server, reader, "الإسكندرية")
    assert "الإسكندرية" in menu.text
    assert "12:00 ظهرًا" in menu.text  # what a clock shows there now
    menu = await edited_by(server, reader, menu, "8:00 مساءً")
    assert "يصلك الساعة 8:00 مساءً" in menu.text
    chat = await kept(store, reader)
    assert (chat.zone, chat.city, chat.digest_at) == ("Africa/Cairo", "الإسكندرية", "20:00")
    assert chat.next_digest == "2026-03-05T18:00:00+00:00"


@pytest.mark.usefixtures("store")
async def test_a_city_that_may_be_several_is_chosen_by_a_button(
    server: PlaygroundServer, reader: User
) -> None:
    """Under the name on the button."""
    await said(server, reader, "/digest")
    asked = await said(server, reader, "ليبيا")
    assert "طرابلس" in asked.text  # a country of one zone is clear
    await edited_by(server, reader, asked, AR.button_city)
    asked = await said(server, reader, "طرابلس")
    assert AR.which_city in asked.text
    menu = await edited_by(server, reader, asked, "d:zone:Asia/Beirut")
    assert "طرابلس" in menu.text


async def test_a_guess_is_asked_about(server: PlaygroundServer, store: Store, reader: User) -> None:
    """What is no city at all is asked for again, and the dialog goes on."""
    await said(server, reader, "/digest")
    assert AR.unknown_city in (await said(server, reader, "بطيخ أصفر")).text
    asked = await said(server, reader, "دمشك")
    assert (await kept(store, reader)).zone is None
    await edited_by(server, reader, asked, "دمشق")
    assert (await kept(store, reader)).zone == "Asia/Damascus"


async def test_a_place_shared_gives_its_zone_and_is_not_kept(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """At any time, in a private chat."""
    await said(server, reader, "/digest")
    sent = reader.send_location(33.57, -7.59)
    menu = await server.wait_message(reader.chat, after=sent)
    assert "الدار البيضاء" in menu.text
    chat = await kept(store, reader)
    assert chat.zone == "Africa/Casablanca"
    assert "33.5" not in repr(chat)


@pytest.mark.usefixtures("store")
async def test_an_hour_can_be_written(server: PlaygroundServer, reader: User) -> None:
    """After its button, or with the command."""
    menu = await subscribed(server, reader)
    asked = await edited_by(server, reader, menu, AR.button_hour)
    assert AR.ask_hour in asked.text
    assert AR.ask_hour_again in (await said(server, reader, "حين أصحو")).text
    assert "يصلك الساعة 9:30 مساءً" in (await said(server, reader, "٩ ونصف مساء")).text
    assert "يصلك الساعة 6:15 صباحًا" in (await said(server, reader, "/digest 6:15")).text


def labels(message: View) -> list[list[str]]:
    return [[button.label for button in row] for row in message.keyboard]


def test_days_stand_two_a_row_from_right_to_left() -> None:
    """Three are cut on a phone."""
    assert labels(days_view(0b1111110, "ar")) == [
        ["✓ الأحد", "✓ السبت"],
        ["✓ الثلاثاء", "الاثنين"],
        ["✓ الخميس", "✓ الأربعاء"],
        ["كل يوم", "✓ الجمعة"],
        ["رجوع"],
    ]
    assert labels(days_view(1, "en")) == [
        ["Saturday", "Sunday"],
        ["✓ Monday", "Tuesday"],
        ["Wednesday", "Thursday"],
        ["Friday", "every day"],
        ["Back"],
    ]


def test_what_a_button_does_is_not_what_is_set() -> None:
    """A line says what is, the button under it commands the other."""
    chat = replace(a_chat(), digest_at="07:00", zone="Africa/Cairo")
    shown = partial(digest_menu, city="القاهرة", now=time(12), following=NOW.date(), digits="latin")
    says, skips = (shown(replace(chat, digest_quiet_day=one), lang="ar") for one in ("say", "skip"))  # type: ignore[arg-type]
    assert AR.quiet_say in says.html
    assert ["اسكت إن لم يكن جديد"] in labels(says)
    assert AR.quiet_skip in skips.html
    assert ["أخبرني إن لم يكن جديد"] in labels(skips)
    assert ["Stay silent if nothing is new"] in labels(shown(chat, lang="en"))


async def test_who_asks_for_the_news_has_them_behind_a_button(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """In the first message, before a city is told."""
    offer = await said(server, reader, "شو أخبار اليوم؟")
    assert unmarked(AR.headlines) in unmarked(offer.text)
    reader.press(offer, AR.button_headlines)
    line = await server.wait_message(reader.chat, after=offer)
    digest = await server.wait_message(reader.chat, after=line)
    assert len(digest.pieces("blockquote")) == 8
    assert (await kept(store, reader)).zone is None


@pytest.mark.usefixtures("store")
async def test_the_news_are_offered_in_the_reader_s_language(server: PlaygroundServer) -> None:
    """As is what the button shows; in a group it is said where to write."""
    reader = server.user("Sam", language="en")
    offer = await said(server, reader, "news")
    assert offer.text == EN.headlines
    reader.press(offer, EN.button_headlines)
    line = await server.wait_message(reader.chat, after=offer)
    assert line.text == EN.preview
    digest = await server.wait_message(reader.chat, after=line)
    assert digest.text.startswith("Digest of")
    told = await said(server, reader, "/ask news", chat=server.group("غرفة"))
    assert "/digest in a private chat" in unmarked(told.text)
    assert not told.keyboard


async def test_days_are_put_in_and_taken_out(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """Down to one, which stays."""
    days = await edited_by(server, reader, await subscribed(server, reader), AR.button_days)
    for name in ("السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس"):
        days = await edited_by(server, reader, days, f"✓ {name}")
    assert (await kept(store, reader)).digest_days == 0b0010000
    assert await toast(server, reader, days, "✓ الجمعة") == AR.one_day
    menu = await edited_by(server, reader, days, AR.button_back)
    assert "الأيام: الجمعة" in menu.text
    assert "القادم: الجمعة 6 مارس 2026" in menu.text
    days = await edited_by(server, reader, menu, AR.button_days)
    await edited_by(server, reader, days, "كل يوم")
    assert (await kept(store, reader)).digest_days == 0b1111111


async def test_a_quiet_day_is_said_or_skipped(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """One button that turns over."""
    menu = await subscribed(server, reader)
    menu = await edited_by(server, reader, menu, AR.button_skip)
    assert AR.quiet_skip in menu.text
    assert (await kept(store, reader)).digest_quiet_day == "skip"
    menu = await edited_by(server, reader, menu, AR.button_say)
    assert AR.quiet_say in menu.text


async def test_a_preview_shows_it_now_and_marks_nothing(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """Under a line that says so; the menu stays."""
    menu = await subscribed(server, reader)
    before = await kept(store, reader)
    reader.press(menu, AR.button_preview)
    line = await server.wait_message(reader.chat, after=menu)
    assert line.text.endswith(AR.preview)
    digest = await server.wait_message(reader.chat, after=line)
    assert "موجز الخميس 5 مارس 2026" in digest.text
    assert len(digest.pieces("blockquote")) == 8
    assert await kept(store, reader) == before
    reader.press(digest, AR.settings)  # its button answers beside it
    again = await server.wait_message(reader.chat, after=digest)
    assert AR.title in again.text


async def test_it_can_be_stopped_and_had_again(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """With one button each."""
    menu = await subscribed(server, reader)
    stopped = await edited_by(server, reader, menu, AR.button_stop)
    assert unmarked(AR.stopped) in unmarked(stopped.text)
    chat = await kept(store, reader)
    assert (chat.digest_at, chat.next_digest) == (None, None)
    menu = await said(server, reader, "/digest")
    assert AR.off in menu.text
    menu = await edited_by(server, reader, menu, "6:00 صباحًا")
    done = await edited_by(server, reader, menu, AR.button_done)
    assert not done.keyboard


async def test_in_english_too(server: PlaygroundServer, store: Store) -> None:
    """And the language is kept for the digest, which has nobody to learn it from."""
    reader = server.user("Sam", language="en")
    assert EN.ask_city in (await said(server, reader, "/digest")).text
    menu = await said(server, reader, "london")
    menu = await edited_by(server, reader, menu, "7:00 am")
    assert "It comes at 7:00 am" in menu.text
    chat = await kept(store, reader)
    assert (chat.lang, chat.city) == ("en", "London")


@pytest.mark.usefixtures("store")
async def test_every_button_has_somebody_who_takes_it(
    server: PlaygroundServer, reader: User
) -> None:
    """Of every view."""
    seen: list[str] = []
    menu = await said(server, reader, "/digest")
    seen += [button["callback_data"] for row in menu.keyboard for button in row]
    menu = await said(server, reader, "القاهرة")
    for button in ("d:at:07:00", "d:hour", "d:menu", "d:days", "d:menu", "d:city"):
        menu = await edited_by(server, reader, menu, button)
        seen += [button["callback_data"] for row in menu.keyboard for button in row]
    assert all(re.match(PRESSED, data) for data in seen)
    assert max(len(data.encode()) for data in seen) <= 64


async def test_the_menu_takes_a_written_hour(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """Without a button pressed first."""
    await in_cairo(server, reader)
    await said(server, reader, "/digest")
    assert "يصلك الساعة 7:30 مساءً" in (await said(server, reader, "السابعة والنصف مساء")).text
    assert "يصلك الساعة 8:15 مساءً" in (await said(server, reader, "8:15 مساء")).text


async def test_under_the_menu_a_question_is_a_question(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """It waits for no hour then."""
    await in_cairo(server, reader)
    answer = await said(server, reader, "زلزال الجزيرة")
    assert AR.ask_hour_again not in answer.text
    assert "يصلك" not in (await said(server, reader, "٩ مساء")).text


async def test_where_an_hour_is_asked_for_a_question_is_one_too(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """By its mark."""
    menu = await subscribed(server, reader)
    await edited_by(server, reader, menu, AR.button_hour)
    assert AR.ask_hour_again not in (await said(server, reader, "متى وقع الزلزال؟")).text


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("question", ["متى وقع الزلزال؟", "وين وقع الزلزال"])
async def test_where_a_city_is_asked_for_a_question_is_one(
    server: PlaygroundServer, reader: User, question: str
) -> None:
    """With a question mark, or by its first word; and the city is waited for no longer."""
    await said(server, reader, "/digest")
    answer = await said(server, reader, question)
    assert AR.unknown_city not in answer.text
    assert answer.reply_to is not None


@pytest.mark.parametrize("word", ["off", "إيقاف", "أوقف"])
async def test_the_command_stops_the_digest(
    server: PlaygroundServer, store: Store, reader: User, word: str
) -> None:
    """As the button does."""
    await subscribed(server, reader)
    assert "أوقفت الموجز" in (await said(server, reader, f"/digest {word}")).text
    assert (await kept(store, reader)).digest_at is None


async def test_the_command_takes_an_hour_and_keeps_it_for_the_city(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """Which is asked for where it is not known."""
    assert AR.ask_city in (await said(server, reader, "/digest 7:30 مساء")).text
    assert "يصلك الساعة 7:30 مساءً" in (await said(server, reader, "القاهرة")).text
    assert "يصلك الساعة 8:00 صباحًا" in (await said(server, reader, "/digest 8")).text


async def test_where_the_city_is_asked_for_an_hour_is_kept_for_it(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """In plain speech; once the city is known it sets the digest at once."""
    assert AR.ask_city in (await said(server, reader, "/digest")).text
    assert AR.ask_city in (await said(server, reader, "9 مساء")).text
    assert "يصلك الساعة 9:00 مساءً" in (await said(server, reader, "القاهرة")).text
    assert "يصلك الساعة 9:30 صباحًا" in (await said(server, reader, "الساعه ٩ ونص الصبح")).text


async def test_the_command_takes_a_city(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """One, several to choose from, or none that is known."""
    assert "بغداد" in (await said(server, reader, "/digest بغداد")).text
    assert (await kept(store, reader)).zone == "Asia/Baghdad"
    assert AR.which_city in (await said(server, reader, "/digest طرابلس")).text
    assert "لم أفهم" in (await said(server, reader, "/digest بطيخ أصفر")).text


async def test_cities_of_one_name_are_told_apart(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """By their countries, which are not kept as their names."""
    asked = await said(server, reader, "/digest عمان")
    assert {unmarked(b) for b in asked.buttons} == {"عمّان (الأردن)", "مسقط (عُمان)"}
    await edited_by(server, reader, asked, next(b for b in asked.buttons if "مسقط" in b))
    assert unmarked((await kept(store, reader)).city or "") == "مسقط"


async def test_stopping_is_not_called_saving(
    server: PlaygroundServer, store: Store, reader: User
) -> None:
    """«حُفظ» is for what was chosen."""
    menu = await subscribed(server, reader)
    assert await toast(server, reader, menu, AR.button_stop) == AR.stopped_toast
