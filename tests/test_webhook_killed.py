"""kill -9 between an update's coming and its answer, again and again; and an orderly end."""

from __future__ import annotations

import asyncio
import signal
import time
from typing import TYPE_CHECKING

import pytest
from bench_webhook import free_port, pushed_bot, storm
from botapi import playground
from telegram_posts import posting

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_killed_bot_answers_each_posted_question_once(tmp_path: Path) -> None:
    """`python -m tests.bench_webhook` does it with a thousand, and ten kills."""
    told = await storm(tmp_path, updates=60, kills=2)
    assert (told.answered, told.twice) == (60, 0)
    assert told.posted == 60 + told.unsure
    assert told.statuses[200] == told.posted
    assert told.ended < 8


@pytest.mark.parametrize("signals", [1, 2])
async def test_a_signal_ends_it_in_time_whatever_a_thread_does(
    tmp_path: Path, signals: int
) -> None:
    """Within 8 seconds, a second one at once; what was asked is answered by the next process."""
    port = free_port()
    async with (
        playground() as server,
        posting(server, f"http://127.0.0.1:{port}/telegram"),
    ):
        reader, other = server.user("سلمى"), server.user("نورة")
        async with pushed_bot(server, tmp_path, port) as process:
            other.send("سؤال 1")
            await server.wait_message(other.chat, within=60)
            reader.send("سؤال بلا نهاية")
            await server.wait_until(lambda: bool(server.actions(reader.chat)), within=60)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            if signals == 2:
                await asyncio.sleep(0.5)
                process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 20)
            took = time.monotonic() - began
        assert process.returncode == -(signal.SIGALRM if signals == 1 else signal.SIGTERM)
        assert took < (9 if signals == 1 else 2)
        assert not server.messages(reader.chat)
        async with pushed_bot(server, tmp_path, port):
            await server.wait_until(lambda: len(server.actions(reader.chat)) > 1, within=60)
