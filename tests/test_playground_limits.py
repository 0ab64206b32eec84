"""Floods, by the clock, and what the bot is told about them."""

from __future__ import annotations

import pytest
from botapi import Clock, RawBot

from bot.playground.limits import FloodGate, FloodRules
from bot.playground.server import PlaygroundServer


def test_a_short_burst_passes_then_one_a_second():
    gate = FloodGate(FloodRules(chat_burst=3))
    assert [gate.admit(1, 0.0) for _ in range(4)] == [None, None, None, 1]
    assert gate.admit(1, 0.5) == 1
    assert gate.admit(1, 1.0) is None
    assert gate.admit(1, 2.0) is None


def test_a_chat_told_to_wait_is_refused_until_then_and_others_are_not():
    gate = FloodGate(FloodRules(chat_burst=1, penalty=5))
    assert gate.admit(1, 0.0) is None
    assert gate.admit(1, 0.1) == 5
    assert gate.admit(1, 3.1) == 2
    assert gate.admit(2, 3.1) is None
    assert gate.admit(1, 5.1) is None


def test_twenty_a_minute_in_a_group():
    gate = FloodGate(FloodRules())
    times = [float(second) for second in range(20)]
    assert all(gate.admit(-5, second) is None for second in times)
    assert gate.admit(-5, 20.0) == 40
    assert gate.admit(-5, 60.0) is None


def test_thirty_a_second_overall():
    gate = FloodGate(FloodRules())
    assert all(gate.admit(chat, 0.0) is None for chat in range(1, 31))
    assert gate.admit(31, 0.5) == 1
    assert gate.admit(32, 1.0) is None


def test_relaxed_rules_refuse_nothing():
    gate = FloodGate(FloodRules.relaxed())
    assert all(gate.admit(1, 0.0) is None for _ in range(100))


async def test_a_flood_is_429_with_retry_after_and_a_bad_request_is_not_counted():
    clock = Clock()
    rules = FloodRules(chat_burst=1, penalty=3)
    server = PlaygroundServer(rules=rules, clock=clock)
    async with RawBot(server) as bot:
        chat_id = server.user("سلمى").start().chat.id
        for _ in range(5):
            assert "too long" in await bot.refusal("sendMessage", chat_id=chat_id, text="خ" * 4097)
        await bot.result("sendMessage", chat_id=chat_id, text="خبر")
        assert await bot.call("sendMessage", chat_id=chat_id, text="خبر") == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
        await bot.result("sendChatAction", chat_id=chat_id, action="typing")
        clock.advance(3)
        await bot.result("sendMessage", chat_id=chat_id, text="خبر")


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage"])
async def test_edits_count_as_messages(method):
    rules = FloodRules(chat_burst=1)
    server = PlaygroundServer(rules=rules, clock=Clock())
    async with RawBot(server) as bot:
        chat_id = server.user("سلمى").start().chat.id
        sent = await bot.result("sendMessage", chat_id=chat_id, text="خبر")
        refusal = await bot.refusal(
            method, chat_id=chat_id, message_id=sent["message_id"], text="آخر"
        )
        assert refusal == "Too Many Requests: retry after 1"
