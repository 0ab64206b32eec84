"""One life of the bot, in a process of its own: `python tests/week/life.py ORDERS`.

It is wired as `isnad bot` wires it. What differs is the clock (`now`, and with it `minute`), the
fetcher's waits, and a web that is on this machine. It says `ready` on stdout, and logs to stderr, a
JSON object a record; at the end it says how full the caches of words are.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
from collections import deque
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest's `pythonpath` does

from fake_embedder import HashEmbedder
from web_server import policy

from bot import trim
from bot.app import build_bot
from bot.metrics import Metrics
from bot.stopping import WITHIN, end_within
from bot.store import open_store
from index import arabic, dedupe
from index.engine import Engine, embedder_of, reader_of
from index.feeds import Feeds, opml
from index.settings import load_settings
from index.topics import words
from index.web import Client, Turns
from week.plan import Orders
from week.sites import feeds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.feeds import Fetcher, FetchReport
    from week.plan import Plan


class Lines(logging.Formatter):
    """A record a line, so that a traceback is one too."""

    def format(self, record: logging.LogRecord) -> str:
        """As JSON."""
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        told = {"at": round(record.created, 1), "level": record.levelname, "name": record.name}
        return json.dumps(told | {"text": text}, ensure_ascii=False)


class _Quick(threading.Event):
    """Another event, waited for as many simulated seconds as are asked for."""

    def __init__(self, of: threading.Event, speed: float) -> None:
        super().__init__()
        self._of = of
        self._speed = speed

    def is_set(self) -> bool:
        return self._of.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        return self._of.wait(None if timeout is None else timeout / self._speed)


class QuickFetcher:
    """The fetcher, whose waits are simulated seconds (see `bot.fetching.Fetches`)."""

    def __init__(self, fetcher: Fetcher, speed: float) -> None:
        self._fetcher = fetcher
        self._speed = speed

    def run_forever(
        self, stop: threading.Event, *, on_report: Callable[[FetchReport], None]
    ) -> None:
        """See `Fetcher.run_forever`."""
        self._fetcher.run_forever(_Quick(stop, self._speed), on_report=on_report)


def open_archive(plan: Plan, home: Path, **options: object) -> Engine:
    """The archive of the simulation, with the models that the plan has."""
    settings = load_settings(home)
    if plan.fake:
        return Engine(settings, HashEmbedder(seen=deque(maxlen=0)), **options)
    reader = reader_of(settings) if plan.reader else None
    return Engine(settings, embedder_of(settings), reader, **options)


def follow(feeds: Feeds, orders: Orders) -> None:
    """Follow all that is published, once."""
    if not feeds.all():
        outlines = [opml.Outline(url, name) for url, name in feeds_of(orders.plan, orders.port)]
        feeds.take_in(opml.write(outlines).encode(), "the plan")


def live(orders: Orders) -> None:
    """Run the bot until it is stopped."""
    plan, clock, home = orders.plan, orders.clock, Path(orders.home)
    metrics = Metrics()
    with (
        open_archive(plan, home, today=lambda: clock.now().date()) as engine,
        closing(open_store(load_settings(home))) as store,
    ):
        engine.feeds = Feeds(
            engine.db,
            sync=engine.sync,
            lock=home / "fetch.lock",
            client=Client(policy(orders.port), Turns(1 / plan.speed)),
            now=clock.now,
        )
        follow(engine.feeds, orders)
        engine.load()
        metrics.of_archive(engine)
        telegram = build_bot(
            orders.token,
            archive=engine,
            store=store,
            base_url=orders.base_url,
            admins=frozenset({orders.admin}),
            log_questions=True,
            fetcher=QuickFetcher(engine.feeds.fetcher(), plan.speed),
            now=clock.now,
            minute=60 / plan.speed,
            metrics=metrics,
        )
        asyncio.run(
            telegram.run(on_ready=lambda _name: _say("ready"), on_stop=lambda: end_within(WITHIN))
        )
        _say(json.dumps(fill()))


def fill() -> dict[str, int]:
    """How many entries the caches have that keep what was made of words."""
    cached = {"tokens": arabic, "topics": words, "dedupe": dedupe}
    return {
        f"{name}.{function}": value.cache_info().currsize
        for name, module in cached.items()
        for function, value in vars(module).items()
        if hasattr(value, "cache_info") and value.__module__ == module.__name__
    }


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Log as JSON, and live."""
    trim.share()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(True)
    live(Orders.from_json(sys.argv[1]))


if __name__ == "__main__":
    main()
