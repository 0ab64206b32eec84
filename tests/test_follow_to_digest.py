"""The whole way, with the real model: followed from an answer, alerted, muted, in the digest."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from bots import running_with

from bot.demo import fill
from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from bot.store import chats, digests
from index.engine import Engine, open_engine
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.playground.model import Message
    from bot.playground.people import User
    from bot.store import Store

pytestmark = pytest.mark.model

# Frozen a second before the minute, at which the digests look at the clock every second.
START = datetime(2026, 4, 22, 6, 0, 59, tzinfo=UTC)
MORNING = datetime(2026, 4, 23, 4, 30, 59, tzinfo=UTC)  # half past seven in Riyadh

STORM = (
    "عاصفة رملية تغلق مطار الصدف",
    "أغلقت عاصفة رملية جديدة مطار الصدف ثلاث ساعات صباح الأربعاء. وتحولت أربع رحلات إلى "
    "مطار العاصمة، وقالت إدارة المطار إن الرؤية هبطت إلى مئة متر.",
)
DESERT = (
    "عاصفة رملية تعزل قرى الواحة الجنوبية",
    "عزلت عاصفة رملية خمس قرى في الواحة الجنوبية يوم الأربعاء بعد أن طمرت الطريق الوحيد إليها. "
    "وأرسل الدفاع المدني 12 جرافة لفتحه.",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[Engine]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), cache=model_cache)
    with open_engine(settings=settings) as engine:
        fill(engine)
        engine.load()
        yield engine


async def test_a_topic_from_an_answer_to_the_digest(
    archive: Engine, store: Store, tmp_path: Path
) -> None:
    """The alert comes within seconds; what is muted waits for the morning, and comes once."""
    clock = [START]
    async with PlaygroundServer(rules=FloodRules.relaxed()) as server:
        reader = server.user("سلمى")
        async with running_with(store, server, archive, now=lambda: clock[0]):
            reader.send("تابع عاصفة رملية")
            preview = await last(server, reader)
            reader.press(preview, button(preview, "t:y:"))
            await server.wait_edit(preview)
            await store.write(daily, reader.chat.id, clock[0])

            began = time.monotonic()
            publish(archive, tmp_path, STORM, clock[0])
            alert = await server.wait_message(reader.chat, after=preview, within=20)
            took = time.monotonic() - began
            assert "لأنك تتابع" in alert.text
            (quoted,) = alert.pieces("blockquote")
            assert quoted in STORM[1]
            assert took < 10, took  # seconds; the bar of 5 is for a machine with nothing else to do

            reader.press(alert, button(alert, "t:am:"))
            await asyncio.sleep(0)
            clock[0] += timedelta(minutes=1)
            await muted(store)
            publish(archive, tmp_path, DESERT, clock[0])
            await held(store)
            assert [m.id for m in server.messages(reader.chat) if m.id > alert.id] == []

            clock[0] = MORNING
            digest = await server.wait_message(reader.chat, after=alert, within=20)
            assert any(quote in DESERT[1] for quote in digest.pieces("blockquote"))
            assert not any(quote in STORM[1] for quote in digest.pieces("blockquote"))
            clock[0] += timedelta(minutes=1)
            await asyncio.sleep(2.5)  # more than one look at the clock
            assert server.messages(reader.chat)[-1].id == digest.id


async def last(server: PlaygroundServer, reader: User) -> Message:
    """The bot's next message that has buttons."""
    await server.wait_until(lambda: any(m.keyboard for m in server.messages(reader.chat)))
    return server.messages(reader.chat)[-1]


def button(message: Message, prefix: str) -> str:
    """The data of the button that begins so."""
    data = [b.get("callback_data", "") for row in message.keyboard for b in row]
    return next(one for one in data if one.startswith(prefix))


def publish(archive: Engine, folder: Path, story: tuple[str, str], now: datetime) -> None:
    """An article comes in, published just now."""
    title, text = story
    item = {"title": title, "text": text, "source": "الساحل", "published": now.isoformat()}
    path = folder / f"{len(title)}.json"
    path.write_text(json.dumps([item], ensure_ascii=False), encoding="utf-8")
    report = archive.add([str(path)])
    assert report.added == 1, report


def daily(connection: object, chat: int, now: datetime) -> None:
    """A digest at half past seven."""
    chats.change(connection, chat, digest_at="07:30")  # type: ignore[arg-type]
    digests.refresh(connection, now, "Asia/Riyadh")  # type: ignore[arg-type]


async def muted(store: Store) -> None:
    """Return when the topic is muted."""
    await until(store, "SELECT count(*) FROM topics WHERE muted_until IS NOT NULL")


async def held(store: Store) -> None:
    """Return when an alert is held for the digest."""
    await until(store, "SELECT count(*) FROM alerts WHERE outbox_id IS NULL")


async def until(store: Store, query: str) -> None:
    def count(connection: object) -> int:
        return int(connection.exec_driver_sql(query).scalar_one())  # type: ignore[attr-defined]

    async with asyncio.timeout(20):
        while not await store.read(count):  # noqa: ASYNC110  another connection writes it
            await asyncio.sleep(0.05)
