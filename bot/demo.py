"""`isnad demo`: the bot in a browser, over a sample archive, with no token and no Telegram."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.app import build_bot
from bot.cli import console
from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from bot.store import open_store
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
VISITORS = ("زائر", "سلمى")
GROUP = "مجموعة التجربة"


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
        fill(engine)
        console.say(EXAMPLES[0])
        console.show_answer(engine.ask(EXAMPLES[0], limit=1))
        ahead = TODAY.timestamp() - time.time() if home is None else 0.0
        try:
            await _serve(engine, store, port, ahead, on_ready)
        except InputError:
            if port == 0:
                raise
            console.note(f"port {port} is taken; using another")
            await _serve(engine, store, 0, ahead, on_ready)


def fill(engine: Engine) -> None:
    """Add the sample archive; adding it again changes nothing."""
    folder = resources.files("bot.playground") / "sample"
    with resources.as_file(folder) as samples:
        names = sorted(path.name for path in samples.iterdir() if path.suffix != ".md")
        for source in [None, *SOURCES.values()]:
            chosen = [str(samples / name) for name in names if SOURCES.get(name) == source]
            engine.add(chosen, source=source, progress=console.bars)


async def _serve(
    engine: Engine, store: Store, port: int, ahead: float, on_ready: Callable[[str], None]
) -> None:
    """`ahead` is by how many seconds the clock of the demo is."""
    async with PlaygroundServer(
        port=port, examples=EXAMPLES, visitors=VISITORS, rules=FloodRules.relaxed()
    ) as server:
        server.group(GROUP)
        server.world.ahead = ahead
        telegram = build_bot(
            server.token,
            archive=engine,
            store=store,
            base_url=server.base_url,
            examples=EXAMPLES,
            now=server.now,
        )
        await telegram.run(on_ready=lambda _name: on_ready(server.page_url))
