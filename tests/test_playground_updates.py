"""getUpdates, and which updates people's acts become."""

from __future__ import annotations

import asyncio
import time

import pytest
from botapi import Clock, RawBot, playground

from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from bot.playground.updates import UpdateQueue


def queue(count, clock=None):
    made = UpdateQueue(clock or Clock(), 10)
    for number in range(count):
        made.put("message", {"message_id": number})
    return made


def ids(made, limit=100):
    return [update["update_id"] for update in made.peek(limit)]


def test_updates_come_again_until_an_offset_beyond_them_confirms_them():
    made = queue(4)
    assert ids(made) == ids(made) == [10, 11, 12, 13]
    made.confirm(12)
    assert ids(made) == [12, 13]
    made.confirm(0)
    assert ids(made) == [12, 13]
    made.confirm(99)
    assert ids(made) == []
    assert made.put("message", {}) == 14


def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest():
    made = queue(4)
    made.confirm(-2)
    assert ids(made) == [12, 13]
    made.confirm(-5)
    assert ids(made) == [12, 13]


def test_limit_and_24_hours():
    clock = Clock()
    made = queue(3, clock)
    assert ids(made, 2) == [10, 11]
    clock.advance(24 * 3600)
    assert ids(made) == []


def test_allowed_updates_hold_for_what_comes_after_them():
    made = queue(1)
    made.allow(["callback_query"])
    assert made.put("message", {}) is None
    assert made.put("callback_query", {}) == 11
    assert ids(made) == [10, 11]
    made.allow([])  # the default: all but the kinds one must ask for
    assert made.put("message", {}) == 12
    assert made.put("chat_member", {}) is None


async def test_a_long_poll_ends_when_something_comes_or_time_is_up():
    server = PlaygroundServer()
    reader = server.user("سلمى")
    async with RawBot(server) as bot:
        began = time.monotonic()
        assert await bot.result("getUpdates", timeout=0) == []
        poll = asyncio.create_task(bot.result("getUpdates", timeout=50))
        await server.wait_until(lambda: server.poller.online is True)
        await asyncio.sleep(0.05)
        assert not poll.done()
        reader.start("p_1")
        [update] = await poll
        assert update["message"]["text"] == "/start p_1"
        assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
        assert time.monotonic() - began < 2
        assert await bot.result("getUpdates", limit=500) == [update]
        assert await bot.result("getUpdates", offset=update["update_id"] + 1) == []


async def test_a_second_poll_ends_the_first_with_409():
    server = PlaygroundServer()
    async with RawBot(server) as bot:
        first = asyncio.create_task(bot.refusal("getUpdates", timeout=50))
        await asyncio.sleep(0.05)
        second = asyncio.create_task(bot.result("getUpdates", timeout=50))
        assert (await first).startswith("Conflict: terminated by other getUpdates request")
        server.user("سلمى").start()
        assert len(await second) == 1


async def test_polling_beside_a_webhook_is_a_conflict():
    server = PlaygroundServer()
    async with RawBot(server) as bot:
        await bot.result("setWebhook", url="https://bot.example/hook", secret_token="a-b_c")
        info = await bot.result("getWebhookInfo")
        assert (info["url"], info["pending_update_count"]) == ("https://bot.example/hook", 0)
        assert (await bot.refusal("getUpdates")).startswith("Conflict: can't use getUpdates")
        server.user("سلمى").start()
        await bot.result("deleteWebhook", drop_pending_updates=True)
        assert await bot.result("getUpdates") == []


async def test_a_poll_whose_client_hung_up_is_given_up():
    async with playground() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        path = f"/bot{server.token}/getUpdates?timeout=50"
        host = f"127.0.0.1:{server.port}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        await writer.drain()
        await server.wait_until(lambda: server.poller.online is True)
        writer.close()
        await writer.wait_closed()
        await server.wait_until(lambda: bool(server.calls))
        assert reader.at_eof()


def updates(server):
    return [next(k for k in u if k != "update_id") for u in server.world.updates.peek()]


def test_privacy_mode_hides_ordinary_talk_in_groups():
    server = PlaygroundServer(rules=FloodRules.relaxed())
    group, reader = server.group("غرفة"), server.user("سلمى")
    reader.send("كلام عابر", chat=group)
    reader.send("/topics@other_bot", chat=group)
    assert updates(server) == []
    reader.send("/topics", chat=group)
    reader.send("/topics@isnad_demo_bot", chat=group)
    reader.send("@isnad_demo_bot متى؟", chat=group)
    said = server.world.add_message(group, server.world.me, text="جواب")
    reader.send("شكرًا", chat=group, reply_to=said)
    assert updates(server) == ["message"] * 4
    group.status = "kicked"
    reader.send("/topics", chat=group)
    assert len(updates(server)) == 4


def test_numbering_of_messages():
    server = PlaygroundServer()
    one, two = server.user("سلمى"), server.user("عمر")
    group = server.group("غرفة", "supergroup")
    assert [one.send("أ").id, two.send("ب").id, one.send("ج").id] == [1, 2, 3]
    assert [one.send("أ", chat=group).id, two.send("ب", chat=group).id] == [1, 2]
    assert str(group.id).startswith("-100")


@pytest.mark.parametrize("payload", ["", "خبر", "a b", "x" * 65])
def test_a_start_payload_no_link_can_carry(payload):
    with pytest.raises(ValueError, match="not a start payload"):
        PlaygroundServer().visitor.start(payload)


def test_what_no_client_sends():
    server = PlaygroundServer()
    one, two = server.user("سلمى"), server.user("عمر")
    sent = one.send("خبر")
    with pytest.raises(ValueError, match="nothing to send"):
        one.send(" \n")
    with pytest.raises(ValueError, match="no message 99"):
        one.send("خبر", reply_to=99)
    with pytest.raises(ValueError, match="one's own"):
        two.edit(server.world.add_message(two.chat, server.world.me, text="جواب"), "غيره")
    one.edit(sent, "خبر آخر")
    assert updates(server) == ["message", "edited_message"]


def test_blocking_is_told_once_and_writing_again_unblocks():
    server = PlaygroundServer()
    reader = server.user("سلمى")
    reader.start()
    reader.block()
    reader.block()
    reader.send("عدت")
    assert updates(server) == ["message", "my_chat_member", "my_chat_member", "message"]
