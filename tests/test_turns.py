"""Turns by chat; the bridge's tests have their order."""

from __future__ import annotations

import asyncio

import pytest

from bot.turns import FullError, Turns


async def test_whoever_waits_and_leaves_gives_the_place_back() -> None:
    """And the next in line is not held up."""
    turns, served = Turns(), []

    async def take(name: str) -> None:
        async with turns.take(1, 3):
            served.append(name)

    async with turns.take(1, 3):
        leaving, staying = asyncio.create_task(take("أ")), asyncio.create_task(take("ب"))
        await asyncio.sleep(0)
        with pytest.raises(FullError):
            await take("ج")
        leaving.cancel()
        await asyncio.wait({leaving})
        another = asyncio.create_task(take("د"))
        await asyncio.sleep(0)
        assert served == []
    await asyncio.gather(staying, another)
    assert served == ["ب", "د"]
