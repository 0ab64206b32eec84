"""The playground as python-telegram-bot sees it: a real application, long polling, a person."""

from __future__ import annotations

import io

import pytest
from botapi import ask, builder, playground, running
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton("اقرأ في سياقه", callback_data="context:1")]]
)


async def echo(update, _context):
    text = f"<b>قلتَ</b>\n<blockquote expandable>{update.message.text}</blockquote>"
    await update.message.reply_html(text, reply_markup=KEYBOARD, do_quote=True)


async def open_context(update, _context):
    await update.callback_query.answer("في سياقه", show_alert=True)
    await update.callback_query.edit_message_text("السياق كله")


async def start(update, context):
    await update.message.reply_text(f"payload={','.join(context.args)}")


async def share(update, _context):
    content = InputTextMessageContent("<b>اقتباس</b>", parse_mode="HTML")
    await update.inline_query.answer([InlineQueryResultArticle("1", "خبر", content)])


def handlers(application):
    application.add_handler(CommandHandler("start", start))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(open_context))
    application.add_handler(InlineQueryHandler(share))


async def test_a_person_and_a_real_application_hold_a_conversation():
    async with playground() as server, running(server, handlers):
        reader = server.user("سلمى")
        answer = await ask(server, reader, "متى افتتح المتحف؟")
        assert answer.text == "قلتَ\nمتى افتتح المتحف؟"
        assert answer.pieces("bold") == ["قلتَ"]
        assert answer.pieces("expandable_blockquote") == ["متى افتتح المتحف؟"]
        assert answer.reply_to is not None
        assert answer.buttons == ["اقرأ في سياقه"]

        since = server.world.seq
        press = reader.press(answer, "اقرأ في سياقه")
        assert (await server.wait_answer(press))["text"] == "في سياقه"
        await server.wait_edit(answer, since=since)
        assert answer.text == "السياق كله"
        assert answer.buttons == []
        assert answer.edit_date is not None


async def test_deep_links_inline_queries_and_two_people():
    async with playground() as server, running(server, handlers):
        one, two = server.user("سلمى"), server.user("عمر", username="omar")
        for person, payload in ((one, "p_12"), (two, "p_99")):
            sent = person.start(payload)
            answer = await server.wait_message(person.chat, after=sent)
            assert answer.text == f"payload={payload}"
        query = one.inline("المتحف")
        answer = await server.wait_answer(query)
        assert answer["results"][0]["title"] == "خبر"


async def test_blocking_reaches_the_bot_and_stops_it():
    seen = []

    async def membership(update, _context):
        seen.append(update.my_chat_member.new_chat_member.status)

    def add(application):
        application.add_handler(ChatMemberHandler(membership))

    async with playground() as server, running(server, add) as application:
        reader = server.user("سلمى")
        reader.start()
        reader.block()
        await server.wait_until(lambda: seen == ["kicked"])
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await application.bot.send_message(reader.id, "خبر")
        reader.send("عدت")
        await server.wait_until(lambda: seen == ["kicked", "member"])
        await application.bot.send_message(reader.id, "خبر")


async def test_every_kind_of_message_parses():
    seen = []

    async def note(update, _context):
        seen.append(update.effective_message)

    def add(application):
        application.add_handler(MessageHandler(filters.ALL, note))

    async with playground(privacy=False) as server, running(server, add) as application:
        reader = server.user("سلمى")
        group = server.group("غرفة الأخبار")
        sent = reader.send("نص")
        reader.edit(sent, "نص آخر")
        reader.send_sticker()
        reader.send_photo()
        reader.send_voice()
        reader.send("في المجموعة", chat=group)
        await server.wait_until(lambda: len(seen) == 6)
        assert seen[1].text == "نص آخر"
        assert seen[1].edit_date is not None
        assert seen[2].sticker
        assert seen[3].photo
        assert seen[4].voice
        assert seen[5].chat.title == "غرفة الأخبار"
        chat = await application.bot.get_chat(group.id)
        assert chat.type == "supergroup"


async def test_library_errors_are_the_ones_telegram_causes(monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # RetryAfter warns of the number it used to be
    async with playground() as server, builder(server).build() as application:
        bot = application.bot
        reader = server.user("سلمى")
        with pytest.raises(BadRequest, match=r"^Chat not found$"):
            await bot.send_message(1, "خبر")
        with pytest.raises(Forbidden, match="can't initiate conversation"):
            await bot.send_message(reader.id, "خبر")
        reader.start()
        server.fail_next("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7)
        with pytest.raises(RetryAfter) as flood:
            await bot.send_message(reader.id, "خبر")
        assert flood.value.retry_after.total_seconds() == 7
        server.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
        with pytest.raises(Conflict):
            await bot.get_updates()
        async with HTTPXRequest() as request:
            stranger = Bot("1:wrong", base_url=server.base_url, request=request)
            with pytest.raises(InvalidToken):
                await stranger.get_me()


async def test_multipart_documents_and_profile_methods():
    async with playground() as server, builder(server).build() as application:
        bot = application.bot
        reader = server.user("سلمى")
        reader.start()
        sent = await bot.send_document(
            reader.id,
            io.BytesIO("نص\r\nسطر\n".encode()),
            filename="بياناتي.csv",
            caption="<b>كل ما</b> نحفظه",
            parse_mode="HTML",
            reply_markup=KEYBOARD,
        )
        assert sent.document.file_name == "بياناتي.csv"
        assert sent.document.file_size == len("نص\r\nسطر\n".encode())
        assert sent.caption == "كل ما نحفظه"
        assert server.messages(reader.chat)[0].pieces("bold") == ["كل ما"]
        commands = [BotCommand("start", "ابدأ"), BotCommand("topics", "مواضيعي")]
        assert await bot.set_my_commands(commands, language_code="ar")
        assert list(await bot.get_my_commands(language_code="ar")) == commands
        assert await bot.set_my_description("يجيب بالاقتباس", language_code="ar")
        assert await bot.set_my_short_description("يقتبس")
        assert await bot.set_my_name("إسناد")
        assert (await bot.get_my_short_description(language_code="ar")).short_description == "يقتبس"
        assert (await bot.get_webhook_info()).url == ""
