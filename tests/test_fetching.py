"""Feeds read beside the answers: a thread that ends, and notices that reach administrators."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from bots import running_with
from fakes import FakeAsker

from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from index.feeds.report import FetchReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store import Store

ADMIN = 77


class FakeFetcher:
    """Reports once somebody is known, then waits to be stopped."""

    def __init__(self, report: FetchReport) -> None:
        self.report = report
        self.go = threading.Event()
        self.ended = threading.Event()

    def run_forever(
        self, stop: threading.Event, *, on_report: Callable[[FetchReport], None]
    ) -> None:
        self.go.wait(10)
        on_report(self.report)
        stop.wait(10)
        self.ended.set()


async def test_administrators_are_told_of_a_dead_feed(store: Store) -> None:
    """Through the outbox; the fetcher ends with the bot."""
    fetcher = FakeFetcher(FetchReport(feeds=1, notices=("https://example.org/rss is dead",)))
    async with PlaygroundServer(rules=FloodRules.relaxed()) as server:
        admin, reader = server.user("المحررة", id=ADMIN), server.user("سلمى")
        options = {"admins": frozenset({ADMIN}), "fetcher": fetcher}
        async with running_with(store, server, FakeAsker(), **options):
            for user in (admin, reader):
                said = await server.wait_message(user.chat, after=user.start())
            fetcher.go.set()
            told = await server.wait_message(admin.chat, after=said.id, within=10)
        assert "https://example.org/rss is dead" in told.text
        assert len(server.messages(reader.chat)) == 1
    assert await asyncio.to_thread(fetcher.ended.wait, 5)


async def test_a_fetcher_that_fails_stops_nothing(store: Store) -> None:
    """Questions are answered all the same."""

    class Broken:
        def run_forever(self, _stop: threading.Event, *, on_report: object) -> None:
            raise ValueError("whatever")

    async with PlaygroundServer(rules=FloodRules.relaxed()) as server:
        reader = server.user("سلمى")
        async with running_with(store, server, FakeAsker(), fetcher=Broken()):
            await server.wait_message(reader.chat, after=reader.send("متى وقع الزلزال؟"))
