"""`isnad demo`: the bot in a browser, over a sample archive, with no token and no Telegram."""

from __future__ import annotations

from contextlib import closing
from importlib import resources
from typing import TYPE_CHECKING

from bot import console
from bot.app import build_bot
from bot.playground.limits import FloodRules
from bot.playground.server import PlaygroundServer
from bot.store import open_store
from index.engine import open_engine
from index.model import InputError
from index.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store import Store
    from index.engine import Engine

EXAMPLES = (
    "من التقت وزيرة الثقافة المرسانية في ستارهوف؟",
    "ليش وقف المترو تسع دقايق بأول يوم؟",
    "كم بلغت سرعة رياح العاصفة رذاذ؟",
)
SOURCES = {"10_telegram_tal.txt": "بلدية تل الزعفران"}
"""Sources that a sample does not state itself: an operator would give them with --source."""


async def run(*, port: int, home: Path | None) -> None:
    """Serve the chat page and the bot behind it until a signal comes."""
    settings = load_settings(home)
    if home is None:  # beside the operator's own archive, never in it
        settings = settings.model_copy(update={"home": settings.cache / "demo"})
    with (
        open_engine(settings=settings, progress=console.bars) as engine,
        closing(open_store(settings)) as store,
    ):
        fill(engine)
        console.say(EXAMPLES[0])
        console.show_answer(engine.ask(EXAMPLES[0], limit=1))
        try:
            await _serve(engine, store, port)
        except InputError:
            if port == 0:
                raise
            console.note(f"port {port} is taken; using another")
            await _serve(engine, store, 0)


def fill(engine: Engine) -> None:
    """Add the sample archive; adding it again changes nothing."""
    folder = resources.files("bot.playground") / "sample"
    with resources.as_file(folder) as samples:
        names = sorted(path.name for path in samples.iterdir() if path.suffix != ".md")
        for source in [None, *SOURCES.values()]:
            chosen = [str(samples / name) for name in names if SOURCES.get(name) == source]
            engine.add(chosen, source=source, progress=console.bars)


async def _serve(engine: Engine, store: Store, port: int) -> None:
    async with PlaygroundServer(port=port, examples=EXAMPLES, rules=FloodRules.relaxed()) as server:
        telegram = build_bot(
            server.token,
            archive=engine,
            store=store,
            base_url=server.base_url,
            examples=EXAMPLES,
        )
        await telegram.run(
            on_ready=lambda _name: console.say(
                f"chat with the bot at {server.page_url}  (Ctrl+C ends it)"
            )
        )
