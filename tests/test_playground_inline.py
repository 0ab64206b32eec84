"""Inline results in chats: placed, pressed, edited, chosen."""

from __future__ import annotations

import pytest
import pytest_asyncio
from botapi import RawBot

from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer

KEYS = {"inline_keyboard": [[{"text": "في سياقه", "callback_data": "c:1"}]]}


@pytest.fixture
def server():
    return PlaygroundServer(rules=FloodRules.relaxed(), inline_feedback=True)


@pytest_asyncio.fixture
async def bot(server):
    async with RawBot(server) as raw:
        yield raw


def article(result_id, **more):
    content = {"message_text": "<b>خبر</b>", "parse_mode": "HTML"}
    body = {"type": "article", "id": result_id, "title": "خبر", "input_message_content": content}
    return body | more


async def answered(bot, reader, *results, chat=None):
    query = reader.inline("المتحف", chat=chat)
    await bot.result("answerInlineQuery", inline_query_id=query.id, results=list(results))
    return query


def told(server, kind):
    return [update[kind] for update in server.world.updates.peek() if kind in update]


async def test_a_result_is_sent_as_the_reader_by_way_of_the_bot(server, bot):
    reader, group = server.user("سلمى"), server.group("غرفة")
    query = await answered(bot, reader, article("1"), article("2", reply_markup=KEYS), chat=group)
    assert told(server, "inline_query")[0]["chat_type"] == "supergroup"
    plain = reader.choose(query, "1", chat=group)
    assert (plain.sender, plain.via_bot) == (reader.person, server.world.me)
    assert plain.pieces("bold") == ["خبر"]
    assert plain.inline_id is None
    keyed = reader.choose(query, "2", chat=group)
    assert keyed.buttons == ["في سياقه"]
    # In a group, privacy or not, the bot is told of what was sent by way of it.
    assert [message["via_bot"]["is_bot"] for message in told(server, "message")] == [True, True]
    chosen = told(server, "chosen_inline_result")
    assert [one["result_id"] for one in chosen] == ["1", "2"]
    assert [one.get("inline_message_id") for one in chosen] == [None, keyed.inline_id]


async def test_what_was_placed_is_pressed_and_edited_by_its_own_number(server, bot):
    reader = server.user("سلمى")
    group = server.group("غرفة", with_bot=False)
    placed = reader.choose(
        await answered(bot, reader, article("1", reply_markup=KEYS)), "1", chat=group
    )
    press = reader.press(placed, "في سياقه", chat=group)
    (query,) = told(server, "callback_query")
    assert "message" not in query
    assert query["inline_message_id"] == placed.inline_id
    await bot.result("answerCallbackQuery", callback_query_id=press.id)
    edit = {"inline_message_id": placed.inline_id, "text": "السياق"}
    assert await bot.result("editMessageText", **edit) is True
    assert (placed.text, placed.buttons) == ("السياق", [])
    assert "message is not modified" in await bot.refusal("editMessageText", **edit)
    wrong = edit | {"inline_message_id": "x"}
    assert await bot.refusal("editMessageText", **wrong) == "Bad Request: MESSAGE_ID_INVALID"
    assert not told(server, "message")  # the bot is not in that group


async def test_only_what_the_bot_gave_can_be_chosen(server, bot):
    reader = server.user("سلمى")
    query = reader.inline("المتحف")
    with pytest.raises(ValueError, match="no result '1'"):
        reader.choose(query, "1")
    photo = {"type": "photo", "id": "p", "photo_url": "https://a.example/p.jpg"}
    await bot.result("answerInlineQuery", inline_query_id=query.id, results=[photo])
    with pytest.raises(ValueError, match="not a text"):
        reader.choose(query, "p")


async def test_a_keyboard_for_answers_makes_a_message_uneditable(server, bot):
    reader = server.user("سلمى")
    reader.start()
    asking = {"keyboard": [[{"text": "نعم"}]]}
    sent = await bot.result("sendMessage", chat_id=reader.id, text="؟", reply_markup=asking)
    edit = {"chat_id": reader.id, "message_id": sent["message_id"], "text": "!"}
    assert await bot.refusal("editMessageText", **edit) == "Bad Request: message can't be edited"
