"""The Telegram bot: wiring, start and stop.

bot = build_bot(token, archive=engine, store=open_store(settings))
asyncio.run(bot.run())
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

import httpx
from telegram import BotCommand, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.warnings import PTBDeprecationWarning

from bot.alerts import Alerts
from bot.background import Work, at_work, unless
from bot.bridge import Archive, Bridge
from bot.clock import DEFAULT_ZONE
from bot.connecting import TELEGRAM, TokenError, insist, is_local, token_error
from bot.corrections import Corrections
from bot.digests import Digests
from bot.examples import Examples
from bot.fetching import Fetches, Fetching
from bot.handlers import add_handlers
from bot.handlers.delivery import Courier
from bot.handlers.updates import Updates, read_update
from bot.intake import Intake, NotingRequest, Payload
from bot.limits import Limits
from bot.logs import private_logs
from bot.metrics import Metrics
from bot.outbox.worker import Outbox
from bot.polling import Poller
from bot.server.app import listening
from bot.services import Services
from bot.stopping import WITHIN, stop_on_signals
from bot.texts import lang_of, menu
from bot.trim import trimming

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.server import Serving
    from bot.server.app import Server
    from bot.server.hook import Hook
    from bot.store import Store

log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.INLINE_QUERY,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
)

# Telegram answers in well under a second, but a phone network on the way may not; the default of
# 5 s turns a slow minute into lost answers.
_TIMEOUTS = {
    "connect_timeout": 10.0,
    "read_timeout": 20.0,
    "write_timeout": 20.0,
    "pool_timeout": 10.0,
}
# Servers close a connection that is idle, some after 5 seconds. A message sent in just that moment
# fails, and we cannot know that it did not arrive; so we close it first.
_CONNECTIONS = httpx.Limits(max_connections=64, keepalive_expiry=2.0)


@dataclass(slots=True)
class TelegramBot:
    """The wired bot. Whoever has updates otherwise than by polling gives them to `intake`."""

    application: Application[Any, Any, Any, Any, Any, Any]
    bridge: Bridge
    intake: Intake
    base_url: str
    _token: str = field(repr=False)
    _updates: Updates = field(repr=False)
    _receiver: Poller | Hook = field(repr=False)
    server: Server | None = None
    background: tuple[Work, ...] = ()
    _end: float = inf

    async def run(
        self,
        stop: asyncio.Event | None = None,
        *,
        handle_signals: bool = True,
        patience: float = 60.0,
        on_ready: Callable[[str], None] | None = None,
        on_stop: Callable[[], None] | None = None,
    ) -> None:
        """Take updates and answer until `stop` is set, or SIGINT or SIGTERM comes; once per bot.

        `on_ready` is called with the bot's user name when it begins to listen, `on_stop` when a
        signal comes. Questions being answered get a few seconds to end; a second signal ends the
        process as usual. Raises `InputError` where it cannot listen for the webhook, `TokenError`,
        `WebhookError`, or `UnreachableError` after `patience` seconds without a connection.
        """
        stop = stop or asyncio.Event()
        signals = stop_on_signals(stop, on_stop) if handle_signals else nullcontext()
        with private_logs(self._token), signals:
            async with self.server or nullcontext():
                try:
                    if await insist(self.application.initialize, self.base_url, stop, patience):
                        await self._serve(stop, patience, on_ready)
                finally:
                    await self._shut_down()

    async def _serve(
        self, stop: asyncio.Event, patience: float, on_ready: Callable[[str], None] | None
    ) -> None:
        app, receiver = self.application, self._receiver
        await app.start()
        if not await unless(stop, self._announce()):
            return
        if left := await self.intake.resume():
            log.info("%d updates were left from before", left)
        if not await insist(partial(receiver.prepare, app.bot), self.base_url, stop, patience):
            return
        if on_ready is not None:
            on_ready(app.bot.username)
        async with at_work(self.background):
            try:
                await unless(stop, receiver.run(app.bot))
            except InvalidToken:
                raise token_error(self.base_url) from None
            finally:
                self._end = asyncio.get_running_loop().time() + WITHIN

    async def _announce(self) -> None:
        """Fill the menu of commands. Without it the bot works as well."""
        try:
            for code in (None, "en"):
                commands = [BotCommand(*command) for command in menu(lang_of(code))]
                await self.application.bot.set_my_commands(commands, language_code=code)
        except TelegramError as err:
            log.warning("the menu of commands was not set: %s", type(err).__name__)

    async def _shut_down(self) -> None:
        """Let running answers end, leave what has not begun to the next start; always in time."""
        loop = asyncio.get_running_loop()
        end = min(self._end, loop.time() + WITHIN)
        app = self.application
        if app.running:
            stopping = asyncio.create_task(app.stop())
            await asyncio.wait({stopping}, timeout=end - loop.time() - 4)
            if not stopping.done():
                # What is being sent has time to be: cancelled, it might come again.
                self._updates.cancel_waiting()
                self.bridge.drop()
                await asyncio.wait({stopping}, timeout=end - loop.time() - 2.5)
            if not stopping.done():
                log.warning(
                    "stopping: %d answers are left for the next start", self._updates.cancel()
                )
                await asyncio.wait({stopping}, timeout=0.5)
            stopping.cancel()
        if not await self.bridge.close(0.5):
            log.warning("stopping: a question still runs")
        with suppress(TimeoutError, TelegramError):
            await asyncio.wait_for(app.shutdown(), 0.5)
            await asyncio.wait_for(app.bot.shutdown(), 0.5)  # where it never came to initialize


def build_bot(
    token: str,
    *,
    archive: Archive,
    store: Store,
    base_url: str | None = None,
    examples: Sequence[str] = (),
    admins: frozenset[int] = frozenset(),
    zone: str = DEFAULT_ZONE,
    log_questions: bool = False,
    fetcher: Fetches | None = None,
    serving: Serving | None = None,
    workers: int = 2,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    minute: float = 60.0,
    metrics: Metrics | None = None,
) -> TelegramBot:
    """Wire the bot; nothing is contacted yet.

    `base_url` is another Bot API server's address with its `/bot` (`BotSettings` adds it);
    `examples` are the questions that /start offers; `archive` is called from `workers` threads.
    `zone` is the time zone of readers who told none; `log_questions` counts what was asked in
    vain; a `fetcher` reads feeds beside the answers; `serving` says where to listen, and whether
    for updates too. `minute` is how many seconds one of `now` takes, fewer in a simulation. The
    caller opens and closes both the archive and the store.
    """
    if not token:
        raise TokenError("no token; set ISNAD_TELEGRAM_TOKEN to the one BotFather gave you")
    base_url = base_url or TELEGRAM
    options: dict[str, Any] = {**_TIMEOUTS, "httpx_kwargs": {"trust_env": not is_local(base_url)}}
    # The library warns about an attribute of its own exception, whenever it raises one.
    warnings.filterwarnings("ignore", r".*attribute `retry_after`", PTBDeprecationWarning)

    metrics = metrics or Metrics()
    metrics.of_readers(store, now)
    bridge = Bridge(archive, workers=workers, waited=partial(metrics.stage, "queue", 1))
    offered = Examples(bridge, examples)
    limits = Limits()
    services = Services(
        bridge, store, Courier(limits), now, offered, admins, zone, log_questions, metrics
    )

    def hand_on(payload: Payload, interrupted: bool) -> None:
        update = read_update(payload, application.bot)
        if update is not None:
            metrics.updates.inc()
            updates.take(update, interrupted=interrupted)
            application.update_queue.put_nowait(update)

    intake = Intake(store, hand_on, now)
    updates = Updates(services, intake.done)
    with private_logs(token):  # the library's constructor logs the token too
        application = (
            ApplicationBuilder()
            .token(token)
            .base_url(base_url)
            .base_file_url(base_url.removesuffix("/bot") + "/file/bot")
            .request(NotingRequest(intake, metrics, **_with(options, limits=_CONNECTIONS)))
            .updater(None)
            .concurrent_updates(updates)
            .job_queue(None)
            .build()
        )
        request = NotingRequest(intake, metrics, connection_pool_size=1, **options)
        poller = Poller(request, intake, ALLOWED_UPDATES)
    server, hook = None, None
    if serving is not None:
        server, hook = listening(serving, intake, store, now, ALLOWED_UPDATES, metrics.page)
    add_handlers(application, services)
    return TelegramBot(
        application,
        bridge,
        intake,
        base_url,
        token,
        updates,
        hook or poller,
        server,
        background=(
            intake.tidy,
            offered.keep_drawn,
            Digests(services, minute),
            Alerts(services),
            Corrections(bridge, archive, store, now).run,
            Outbox(application.bot, store, limits, now).run,
            *([Fetching(fetcher, services)] if fetcher is not None else []),
            trimming(minute),
        ),
    )


def _with(options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The options of a request with more for the HTTP client."""
    return {**options, "httpx_kwargs": {**options["httpx_kwargs"], **more}}
