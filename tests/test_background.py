"""Work beside the answers: begun anew when it fails, ended when the bot ends."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot import background
from bot.background import at_work
from index.model import StoreError


async def test_work_is_told_to_end() -> None:
    """By its event, when the block is left."""
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work(stop: asyncio.Event) -> None:
        begun.set()
        await stop.wait()
        ended.set()

    async with at_work([work]):
        await begun.wait()
    assert ended.is_set()


@pytest.mark.parametrize("error", [StoreError("the disk is full"), ValueError("what was written")])
async def test_work_that_fails_begins_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """Logged, and without what an error not ours may repeat of a reader's words."""
    monkeypatch.setattr(background, "AGAIN_AFTER", 0.01)
    again = asyncio.Event()
    times = 0

    async def work(stop: asyncio.Event) -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise error
        again.set()
        await stop.wait()

    with caplog.at_level(logging.ERROR):
        async with at_work([work]):
            await asyncio.wait_for(again.wait(), 5)
    assert ("the disk is full" in caplog.text) == isinstance(error, StoreError)
    assert "what was written" not in caplog.text


async def test_work_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot stops in time, whatever hangs."""
    monkeypatch.setattr(background, "_PATIENCE", 0.05)

    async def work(stop: asyncio.Event) -> None:
        await asyncio.Event().wait()

    async with asyncio.timeout(2), at_work([work]):
        pass
