"""The chat page in a real browser, used as a person does: by pointer, by keyboard, by two."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from botapi import RawBot, playground
from browser import EXECUTABLE, PATIENCE, WHY_NONE, Tab, chromium

from bot.clock import EVERY_DAY
from bot.views.digest_menu import days_view

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.playground.server import PlaygroundServer

pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason=WHY_NONE)

LONG = " ".join(["أُغلق الميناء يومين بعد أن هبّت عاصفة رملية."] * 12)
ANSWER = (
    f"<blockquote expandable><b>{LONG}</b></blockquote>\n"
    '<a href="https://sahel.example/storm">عاصفة</a> · <u>وكالة الساحل</u>'
)
KEYS = {
    "inline_keyboard": [
        [
            {"text": "السابق", "callback_data": "b"},
            {"text": "التالي", "callback_data": "n"},
        ],
        [{"text": "شارك", "switch_inline_query": "الميناء"}],
    ]
}
COMMANDS = [
    {"command": "help", "description": "مساعدة"},
    {"command": "topics", "description": "الموضوعات"},
]


class Stage:
    """A playground with its page open, and the bot's side of it."""

    def __init__(self, server: PlaygroundServer, bot: RawBot, tab: Tab) -> None:
        self.server, self.bot, self.tab = server, bot, tab
        self.visitor = server.visitor

    async def says(self, text: str, **more: object) -> dict[str, object]:
        """The bot sends a message."""
        params = {"chat_id": self.visitor.id, "text": text, "parse_mode": "HTML", **more}
        sent: dict[str, object] = await self.bot.result("sendMessage", **params)
        return sent

    async def update(self, kind: str, number: int = 1) -> dict[str, object]:
        """The update of a kind with this number, counted from 1, once it is there."""

        def found() -> list[dict[str, object]]:
            return [u[kind] for u in self.server.world.updates.peek() if kind in u]

        await self.server.wait_until(lambda: len(found()) >= number, within=PATIENCE)
        return found()[number - 1]


@asynccontextmanager
async def stage(**look: object) -> AsyncIterator[Stage]:
    """The page of a playground with two people and a group; no errors, nothing from elsewhere."""
    async with (
        playground(visitors=("زائر", "سلمى"), examples=["متى افتتح المتحف؟"]) as server,
        RawBot(server) as bot,
        chromium() as browser,
    ):
        server.group("غرفة الأخبار")
        await bot.result("setMyCommands", commands=COMMANDS)
        tab = await browser.open(server.page_url, **look)
        await tab.sees("ابدأ", "#start")
        yield Stage(server, bot, tab)
        assert not tab.errors
        assert all(url.startswith((server.page_url, "data:")) for url in tab.requests)


async def test_a_conversation_looks_as_in_telegram() -> None:
    """Bold, underlined, folded quotes, keyboards as sent, edits in place, toasts and alerts."""
    async with stage() as on:
        tab = on.tab
        await tab.click("#start")
        assert (await on.update("message"))["text"] == "/start"
        sent = await on.says(ANSWER, reply_markup=KEYS)
        await tab.sees("وكالة الساحل", "u")
        folded = "document.querySelector('.quote-body').scrollHeight"
        folded += " > document.querySelector('.quote-body').clientHeight + 2"
        assert await tab.evaluate(folded)
        await tab.click(".fold")
        assert not await tab.evaluate(folded)
        assert await tab.evaluate("document.querySelector('.quote-body').textContent") == LONG
        # Telegram does not mirror keyboards: the first of a row is the left one.
        lefts = "[...document.querySelectorAll('.key')].map((k) => k.getBoundingClientRect().left)"
        first, second, _ = await tab.evaluate(lefts)
        assert first < second

        for number, show_alert in enumerate((False, True), 1):
            await tab.click(".key", "التالي")
            query = await on.update("callback_query", number)
            params = {"callback_query_id": query["id"], "text": "حُفظ", "show_alert": show_alert}
            await on.bot.result("answerCallbackQuery", **params)
            await tab.sees("حُفظ", "#alert" if show_alert else "#toast")
        await tab.key("Enter")
        await tab.until("!document.getElementById('alert').open")

        edit = {"chat_id": on.visitor.id, "message_id": sent["message_id"], "text": "السياق"}
        await on.bot.result("editMessageText", **edit)
        await tab.sees("السياق", ".row:not(.mine) .bubble")
        await tab.sees("معدّلة", ".meta")
        assert await tab.evaluate("document.querySelectorAll('.row').length") == 2
        await on.bot.refusal("sendMessage", chat_id=on.visitor.id, text="")
        await tab.sees("sendMessage: 400", ".notice")


async def test_all_of_it_can_be_done_without_a_pointer() -> None:
    """The menu by arrows, a command by Enter, a button and a folded quote by Tab and Enter."""
    async with stage() as on:
        tab = on.tab
        await tab.click("#start")
        await tab.sees("/start", ".row.mine")
        await on.says(ANSWER, reply_markup=KEYS)
        await tab.sees("وكالة الساحل")
        await tab.evaluate("document.getElementById('input').focus()")
        await tab.type("/")
        await tab.sees("الموضوعات", "#menu")
        await tab.key("ArrowDown")
        await tab.key("Enter")
        await tab.until("document.getElementById('menu').hidden")
        assert (await on.update("message", 2))["text"] == "/topics"
        await tab.evaluate("document.querySelector('.fold').focus()")
        await tab.key("Enter")
        await tab.until("!document.querySelector('.quote').classList.contains('folded')")
        await tab.evaluate("document.querySelector('.key').focus()")
        await tab.key("Enter")
        assert (await on.update("callback_query"))["data"] == "b"


async def test_a_question_after_the_bot_s_name_is_placed_in_a_group() -> None:
    """Results as one types; Enter sends the first, by way of the bot."""
    async with stage() as on:
        tab = on.tab
        await tab.click("#start")
        await tab.sees("/start", ".row.mine")
        await on.says("شارك", reply_markup=KEYS)
        await tab.click(".key", "شارك")
        await tab.click("#picker .chat-row", "غرفة الأخبار")
        query = await on.update("inline_query")
        assert (query["query"], query["chat_type"]) == ("الميناء", "supergroup")
        result = {"type": "article", "id": "1", "title": "عاصفة", "description": "وكالة الساحل"}
        result["input_message_content"] = {"message_text": ANSWER, "parse_mode": "HTML"}
        button = {"text": "اسألني في محادثة خاصة", "start_parameter": "inline"}
        await on.bot.result(
            "answerInlineQuery", inline_query_id=query["id"], results=[result], button=button
        )
        await tab.sees("وكالة الساحل", "#menu .result")
        await tab.key("Enter")
        await tab.sees("عبر", ".row.mine .origin")
        assert await tab.evaluate("document.getElementById('input').value") == ""
        assert "via_bot" in await on.update("message", 2)


async def test_a_place_a_file_a_block_and_a_later_hour() -> None:
    """What else a client does; a file is kept under its own name."""
    async with stage(width=390, height=844) as on:
        tab, visitor = on.tab, on.visitor
        await tab.click("#attach-button")
        await tab.click("#attach button", "بغداد")
        assert (await on.update("message"))["location"]["latitude"] == 33.3152
        await tab.sees("موقع", ".row.mine")
        await on.bot.client.post(
            on.bot.url + "sendDocument",
            data={"chat_id": str(visitor.id), "caption": "كل ما أحفظه"},
            files={"document": ("بياناتي.json", b"{}")},
        )
        await tab.sees("بياناتي.json", "a.file")
        assert await tab.evaluate("document.querySelector('a.file').download") == "بياناتي.json"
        before = on.server.world.now
        await tab.click("#more-button")
        await tab.click("#day-later")
        await tab.sees("الساعة الآن", "#toast")
        assert on.server.world.now - before >= 24 * 3600
        await tab.click("#more-button")
        await tab.click("#bot-out", "احظر البوت")
        await tab.click("#unblock")
        await tab.sees("", "#composer")
        assert not visitor.chat.bot_is_out
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await tab.evaluate(wide)


async def test_no_day_is_cut_on_a_phone() -> None:
    """Buttons are as wide as the widest of their row needs, under the shortest of prompts."""
    view = days_view(EVERY_DAY, "ar")
    keys = [[{"text": b.label, "callback_data": b.data} for b in row] for row in view.keyboard]
    async with stage(width=360, height=740) as on:
        await on.tab.click("#start")
        await on.update("message")
        await on.says(view.html, reply_markup={"inline_keyboard": keys})
        await on.tab.sees("الثلاثاء", ".key")
        labels = "[...document.querySelectorAll('.key span')]"
        cut = f"{labels}.filter((label) => label.scrollWidth > label.clientWidth)"
        assert await on.tab.evaluate(f"{cut}.map((label) => label.textContent)") == []


async def test_one_day_is_today_however_often_the_clock_is_put_forward() -> None:
    """On every page: the days before have their dates."""
    chips = "[...document.querySelectorAll('#log .day')].map((chip) => chip.textContent)"
    async with stage() as on:
        other = await on.tab.browser.open(f"{on.server.page_url}?user=2")
        group = next(c for c in on.server.world.chats.values() if c.type == "supergroup")
        for page in (on.tab, other):
            await page.click(".chat-row", "غرفة الأخبار")
        for day in range(3):
            if day:
                await on.tab.click("#more-button")
                await on.tab.click("#day-later")
                await on.tab.sees("الساعة الآن", "#toast")
            on.visitor.send(f"رسالة {day}", chat=group)
            for page in (on.tab, other):
                await page.until(f"{chips}.at(-1) === 'اليوم' && {chips}.length === {day + 1}")
        for page in (on.tab, other):
            shown = await page.evaluate(chips)
            assert len(set(shown)) == 3
            assert shown.count("اليوم") == 1


async def test_two_people_side_by_side_talk_in_a_group() -> None:
    """Each in a page of its own within the one; unread messages are counted."""
    async with stage() as on:
        other = await on.tab.browser.open(f"{on.server.page_url}?user=2", dark=True)
        await other.click(".chat-row", "غرفة الأخبار")
        await other.click("#input")
        await other.type("أهلًا بالجميع")
        await other.key("Enter")
        await on.tab.sees("سلمى: أهلًا بالجميع", "#chats")
        await on.tab.sees("1", "#chats .count")
        await on.tab.click(".chat-row", "غرفة الأخبار")
        await on.tab.sees("سلمى", ".row .sender")
        both = await on.tab.browser.open(f"{on.server.page_url}both")
        names = "[...document.querySelectorAll('iframe')].map((f) => f.contentDocument.title)"
        await both.until(f"{names}.join() === 'إسناد: زائر,إسناد: سلمى'")
        assert not other.errors
        assert not both.errors
