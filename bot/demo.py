"""`isnad demo`: the bot in a browser, over a sample archive, with no token and no Telegram."""

from __future__ import annotations

import asyncio
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.app import build_bot
from bot.cli import console
from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from bot.store import digests, ledger, open_store
from index.engine import open_engine
from index.model import InputError
from index.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store import Store
    from index.engine import Engine

EXAMPLES = (
    "من التقت وزيرة الثقافة المرسانية في ستارهوف؟",
    "ليش وقف المترو تسع دقايق بأول يوم؟",
    "كم بلغت سرعة رياح العاصفة رذاذ؟",
)
SOURCES = {"10_telegram_tal.txt": "بلدية تل الزعفران"}
"""Sources that a sample does not state itself: an operator would give them with --source."""
TODAY = datetime(2026, 4, 22, 6, tzinfo=UTC)
"""When the samples are news: the page's clock begins there, so that a digest has something."""
LOOK_EVERY = 1.0
"""Seconds between two looks at whose digest is due: the page's clock leaps, and nobody waits."""

VISITORS = ("زائر", "سلمى")
GROUP = "مجموعة التجربة"
_MOST_LETTERS = 100
_SENT_WITHIN = 10.0  # seconds: what takes longer to be sent is not waited for


def _invite(page_url: str) -> None:
    console.say(f"chat with the bot at {page_url}  (Ctrl+C ends it)", at_once=True)


async def run(*, port: int, home: Path | None, on_ready: Callable[[str], None] = _invite) -> None:
    """Serve the chat page and the bot behind it until a signal comes.

    `on_ready` is told the page's address when the bot listens. The bot's readers are forgotten
    at the end, as the page's chats are. They are never the operator's: their chats are not in this
    playground, and the bot would think them gone.
    """
    settings = load_settings(home)
    if home is None:  # beside the operator's own archive, never in it
        settings = settings.model_copy(
            update={"home": settings.cache / "demo", "database_url": None}
        )
    with (
        TemporaryDirectory(prefix="isnad-demo-") as folder,
        open_engine(settings=settings, progress=console.bars) as engine,
        closing(open_store(Settings(home=Path(folder), database_url=None))) as store,
    ):
        only_ours = fill(engine)
        console.say(EXAMPLES[0])
        console.show_answer(engine.ask(EXAMPLES[0], limit=1))
        ahead = TODAY.timestamp() - time.time() if only_ours else 0.0
        try:
            await _serve(engine, store, port, ahead, on_ready)
        except InputError:
            if port == 0:
                raise
            console.note(f"port {port} is taken; using another")
            await _serve(engine, store, 0, ahead, on_ready)


def fill(engine: Engine) -> bool:
    """Add the sample archive; whether the archive holds nothing else.

    Adding it again changes nothing.
    """
    folder = resources.files("bot.playground") / "sample"
    ours: set[int] = set()
    with resources.as_file(folder) as samples:
        names = sorted(path.name for path in samples.iterdir() if path.suffix != ".md")
        for source in [None, *SOURCES.values()]:
            chosen = [str(samples / name) for name in names if SOURCES.get(name) == source]
            report = engine.add(chosen, source=source, progress=console.bars)
            ours |= {added.id for added in report.articles}
    return ours.issuperset(ref.id for ref in engine.articles())


async def stop_at_digests(server: PlaygroundServer, store: Store, end: float) -> None:
    """Put the clock to each digest that is due before `end`, until it is sent.

    To the bot a leap is a sleep, after which it would pass over all but the last hours' digests.
    """
    while True:
        with suppress(TimeoutError):  # the clock goes on without what cannot be sent
            async with asyncio.timeout(_SENT_WITHIN):
                while not await _all_sent(store, server.now()):  # noqa: ASYNC110  SQL calls nobody
                    await asyncio.sleep(LOOK_EVERY / 10)
        due = await store.read(digests.next_due, server.now())
        if due is None or due.timestamp() > end:
            return
        server.world.put_forward(due.timestamp())


async def _all_sent(store: Store, now: datetime) -> bool:
    """Whether no digest is owed, and no letter is left, that is due by `now`."""
    if await store.read(digests.due, now, above=None, limit=1):
        return False
    waiting = await store.read(ledger.entries, ("pending", "sending"), limit=_MOST_LETTERS)
    return not any(entry.due_at <= digests.stamp(now) for entry in waiting)


async def _serve(
    engine: Engine, store: Store, port: int, ahead: float, on_ready: Callable[[str], None]
) -> None:
    """`ahead` is by how many seconds the clock of the demo is."""
    async with PlaygroundServer(
        port=port, examples=EXAMPLES, visitors=VISITORS, rules=FloodRules.relaxed()
    ) as server:
        server.group(GROUP)
        server.world.ahead = ahead
        server.world.before_leap = partial(stop_at_digests, server, store)
        telegram = build_bot(
            server.token,
            archive=engine,
            store=store,
            base_url=server.base_url,
            examples=EXAMPLES,
            now=server.now,
            minute=LOOK_EVERY,
        )
        await telegram.run(on_ready=lambda _name: on_ready(server.page_url))
