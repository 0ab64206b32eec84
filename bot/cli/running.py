"""The command `isnad bot`: the bot at work until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import closing

from bot import trim
from bot.cli import console
from bot.cli.options import Home, engine_at  # typer reads them when a command runs
from index.model import InputError

# The engine and the bot import torch and Telegram's library: the command imports them when it
# runs, so that `isnad --help` answers at once.

log = logging.getLogger(__name__)


def bot(home: Home = None) -> None:
    """Run the Telegram bot; needs ISNAD_TELEGRAM_TOKEN."""
    trim.share()
    from bot import logs
    from bot.app import build_bot
    from bot.metrics import Metrics, version
    from bot.notify import Notifier
    from bot.server import Serving
    from bot.server.archive import ArchiveChecks
    from bot.settings import BotSettings, Supervisor
    from bot.stopping import WITHIN, end_within
    from bot.store import open_store
    from index import gauges
    from index.settings import load_settings

    of_archive = load_settings(home)
    settings = BotSettings.load(of_archive.home)
    if settings.telegram_token is None:
        raise InputError(
            "ISNAD_TELEGRAM_TOKEN", "is not set; ask @BotFather for a token, or try isnad demo"
        )
    token = settings.telegram_token.get_secret_value()
    logs.set_up(settings)
    watcher = Supervisor()
    told = Notifier(watcher.notify_socket, watcher.watchdog(os.getpid()))
    told.status("opening the archive")
    metrics = Metrics()
    with engine_at(home, makes=True) as engine, closing(open_store(of_archive)) as store:
        engine.load(console.bars)
        metrics.of_archive(engine)
        holds = gauges.read(engine)
        told.status("connecting to Telegram")
        telegram = build_bot(
            token,
            archive=engine,
            store=store,
            base_url=settings.telegram_base_url,
            admins=settings.admins,
            zone=settings.zone,
            examples=settings.examples,
            log_questions=settings.log_questions,
            fetcher=engine.feeds.fetcher() if settings.fetch else None,
            serving=Serving.of(settings, token, ArchiveChecks(engine)),
            metrics=metrics,
        )
        telegram.background += (told.beat,)

        def ready(name: str) -> None:
            told.ready(f"@{name} is listening")
            log.info("@%s is listening: Isnad %s, %s", name, version(), holds)

        def stopping() -> None:
            told.stopping()
            end_within(WITHIN)

        asyncio.run(telegram.run(on_ready=ready, on_stop=stopping))
    log.info("stopped")
