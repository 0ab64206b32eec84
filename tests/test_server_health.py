"""/health: what is looked at, how often, and what it does not say."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from botapi import Clock

from bot.outbox.letter import Letter
from bot.pulse import Pulse
from bot.server import Serving
from bot.server.app import build_app
from bot.server.archive import STUCK, ArchiveChecks
from bot.server.health import SILENT, Health
from bot.store import chats, outbox
from bot.views import notice_view
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.store import Store
    from index.engine import Engine

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)


class Ward:
    """A bot's health, whose parts a test makes ill."""

    def __init__(self, store: Store) -> None:
        self.seconds = 1000.0
        self.pulse = Pulse(lambda: self.seconds)
        self.pulse.answered()
        self.archive: dict[str, bool] = {"indexes": True, "feeds": True}
        self.looks = 0
        self.posted = True
        self.health = Health(self.pulse, store, self._look, lambda: NOW, lambda: self.posted)

    def _look(self) -> Mapping[str, bool]:
        self.looks += 1
        if not self.archive:
            raise StoreError("the database is locked")
        return self.archive

    async def get(self, path: str = "/health") -> tuple[int, dict[str, Any]]:
        app = build_app(Serving("127.0.0.1", 0), self.health, None, lambda: (b"", "text/plain"))
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            done = await client.get(path)
        return done.status_code, done.json()


@pytest.fixture
def ward(store: Store) -> Ward:
    return Ward(store)


async def owe(store: Store, due: datetime) -> None:
    """A letter to somebody, due then."""
    at = due.isoformat(timespec="seconds")
    await store.write(chats.meet, 7, kind="private", now=at)
    letter = Letter((notice_view("خبر", "ar"),))
    await store.write(outbox.put, 7, kind="notice", key="k", letter=letter, due_at=at, now=at)


async def test_a_bot_that_is_well_says_so(ward: Ward) -> None:
    """Alive, ready, and well; with ages and no more."""
    assert await ward.get("/health/live") == (200, {"ok": True})
    ward.pulse.came()
    ward.seconds += 3.4
    status, page = await ward.get()
    assert status == 200
    assert page["ok"]
    assert page["ready"]
    assert page["checks"] == {
        "archive": {"ok": True},
        "indexes": {"ok": True},
        "feeds": {"ok": True},
        "readers": {"ok": True},
        "outbox": {"ok": True, "age": 0},
        "telegram": {"ok": True, "age": 3},
        "updates": {"ok": True, "age": 3},
        "webhook": {"ok": True},
    }


async def test_without_telegram_it_is_not_ready(ward: Ward, store: Store) -> None:
    """After a silence; and before the first answer."""
    ward.seconds += SILENT
    status, page = await ward.get("/health/ready")
    assert (status, page["ready"]) == (503, False)
    assert page["checks"]["telegram"] == {"ok": False, "age": SILENT}
    unheard = Health(Pulse(), store, dict, lambda: NOW)
    assert not (await unheard.report()).ready


@pytest.mark.parametrize(
    ("ill", "ready"), [("indexes", 503), ("feeds", 200), ("webhook", 200), ("archive", 503)]
)
async def test_what_is_amiss_is_named(ward: Ward, ill: str, ready: int) -> None:
    """`ready` minds what answers need, `/health` all of it."""
    match ill:
        case "webhook":
            ward.posted = False
        case "archive":
            ward.archive = {}
        case _:
            ward.archive[ill] = False
    assert (await ward.get("/health/ready"))[0] == ready
    status, page = await ward.get()
    assert status == 503
    assert [name for name, check in page["checks"].items() if not check["ok"]] == [ill]


@pytest.mark.parametrize(("minutes", "ok"), [(-5, True), (59, True), (61, False)])
async def test_a_letter_that_is_late(ward: Ward, store: Store, minutes: int, ok: bool) -> None:
    """Its age, and whether it is longer than sending to everybody takes."""
    await owe(store, NOW - timedelta(minutes=minutes))
    status, page = await ward.get()
    assert status == (200 if ok else 503)
    assert page["checks"]["outbox"] == {"ok": ok, "age": max(0, minutes * 60)}


async def test_however_many_ask_it_looks_once(ward: Ward) -> None:
    """And tells all the same, for a moment."""
    pages = await asyncio.gather(*(ward.get() for _ in range(50)))
    assert ward.looks == 1
    assert {status for status, _ in pages} == {200}


async def test_a_database_that_hangs_is_not_asked_twice(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page comes all the same, and says which; when it answers again, so does the page."""
    monkeypatch.setattr("bot.server.health.PATIENCE", 0.05)
    monkeypatch.setattr("bot.server.health.KEPT", 0.0)
    gate, look = threading.Event(), ward.health._archive
    ward.health._archive = lambda: (gate.wait(20), look())[1]
    for _ in range(3):
        status, page = await ward.get()
        assert status == 503
        assert page["checks"]["archive"] == {"ok": False}
    assert ward.looks == 0
    gate.set()
    await asyncio.wait(ward.health._looks.values())
    assert (await ward.get())[0] == 200
    assert ward.looks <= 2


def test_an_archive_that_is_well(engine: Engine) -> None:
    """Each look by its name: this test fails where the doctor looks at more."""
    checks = ArchiveChecks(engine)()
    assert checks == {"indexes": True, "disk": True, "clock": True, "feeds": True}


def test_indexes_that_are_behind_and_do_not_move_are_stuck(engine: Engine, tmp_path: Path) -> None:
    """Not at once: what was just added is on its way."""
    clock = Clock()
    checks = ArchiveChecks(engine, clock)
    page = tmp_path / "خبر.txt"
    page.write_text("افتتح المتحف الجديد في مدينة تل الزعفران يوم الأحد.\n", encoding="utf-8")
    engine.sync = lambda *_: None  # type: ignore[method-assign]  an `add` that is cut off here
    engine.add([str(page)])
    del engine.sync  # type: ignore[attr-defined]
    assert checks()["indexes"]
    clock.advance(STUCK - 1)
    assert checks()["indexes"]
    clock.advance(2)
    assert not checks()["indexes"]
    engine.sync()
    assert checks()["indexes"]
