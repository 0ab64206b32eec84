"""The Telegram bot: wiring, start and stop.

bot = build_bot(token, archive=engine, store=open_store(settings))
asyncio.run(bot.run())
"""

from __future__ import annotations

import asyncio
import logging
import signal
import warnings
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from telegram import BotCommand, Update
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.alerts import Alerts
from bot.background import Work, at_work, unless
from bot.bridge import Archive, Bridge
from bot.clock import DEFAULT_ZONE
from bot.corrections import Corrections
from bot.digests import Digests
from bot.examples import Examples
from bot.fetching import Fetches, Fetching
from bot.handlers import add_handlers
from bot.handlers.delivery import Courier
from bot.handlers.errors import private_logs
from bot.handlers.updates import Updates, read_update
from bot.intake import Intake, NotingRequest, Payload
from bot.limits import Limits
from bot.outbox.worker import Outbox
from bot.polling import Poller
from bot.services import Services
from bot.texts import lang_of, menu
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.store import Store

log = logging.getLogger(__name__)

TELEGRAM = "https://api.telegram.org/bot"
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
# Below Docker's 10 seconds between SIGTERM and SIGKILL.
_STOP_WITHIN = 8.0


class BotError(IsnadError):
    """The bot cannot run; the message tells the operator what to do."""


class TokenError(BotError):
    """Telegram does not know the token (any more)."""


class UnreachableError(BotError):
    """The Bot API could not be reached for as long as we were willing to try."""


@dataclass(slots=True)
class TelegramBot:
    """The wired bot. Whoever has updates otherwise than by polling gives them to `intake`."""

    application: Application[Any, Any, Any, Any, Any, Any]
    bridge: Bridge
    intake: Intake
    base_url: str
    _token: str = field(repr=False)
    _updates: Updates = field(repr=False)
    _poller: Poller = field(repr=False)
    background: tuple[Work, ...] = ()

    async def run(
        self,
        stop: asyncio.Event | None = None,
        *,
        handle_signals: bool = True,
        patience: float = 60.0,
        on_ready: Callable[[str], None] | None = None,
    ) -> None:
        """Poll and answer until `stop` is set, or SIGINT or SIGTERM comes; once per bot.

        `on_ready` is called with the bot's user name when it begins to listen. Questions being
        answered get a few seconds to end; a second signal ends the process as usual. Raises
        `TokenError`, or `UnreachableError` after `patience` seconds without a connection.
        """
        stop = stop or asyncio.Event()
        signals: AbstractContextManager[None] = (
            _stop_on_signals(stop) if handle_signals else nullcontext()
        )
        with private_logs(self._token), signals:
            try:
                if await self._connect(stop, patience):
                    await self._serve(stop, on_ready)
            finally:
                await self._shut_down()

    async def _connect(self, stop: asyncio.Event, patience: float) -> bool:
        """Make the first call, again and again if need be; false where `stop` came first."""
        loop = asyncio.get_running_loop()
        give_up, delay = loop.time() + patience, 1.0
        while True:
            try:
                return await unless(stop, self.application.initialize())
            except InvalidToken:
                # from None: the library's message holds the token
                raise self._token_error() from None
            except (NetworkError, RetryAfter) as err:
                reason = type(err.__cause__ or err).__name__
                if loop.time() + delay > give_up:
                    raise UnreachableError(
                        f"cannot reach the Bot API at {_host(self.base_url)} ({reason}); "
                        "check the network, or ISNAD_TELEGRAM_BASE_URL"
                    ) from None
                log.warning("cannot reach the Bot API (%s), again in %.0f s", reason, delay)
            if not await unless(stop, asyncio.sleep(delay)):
                return False
            delay = min(delay * 2, 15.0)

    async def _serve(self, stop: asyncio.Event, on_ready: Callable[[str], None] | None) -> None:
        app = self.application
        await app.start()
        if not await unless(stop, self._announce()):
            return
        if left := await self.intake.resume():
            log.info("%d updates were left from before", left)
        if on_ready is not None:
            on_ready(app.bot.username)
        async with at_work(self.background):
            try:
                await unless(stop, self._poller.run(app.bot))
            except InvalidToken:
                raise self._token_error() from None

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
        end = loop.time() + _STOP_WITHIN
        app = self.application
        if app.running:
            stopping = asyncio.create_task(app.stop())
            await asyncio.wait({stopping}, timeout=end - loop.time() - 3)
            if not stopping.done():
                # What is being sent has time to be: cancelled, it might come again.
                self._updates.cancel_waiting()
                self.bridge.drop()
                await asyncio.wait({stopping}, timeout=end - loop.time() - 1.5)
            if not stopping.done():
                log.warning(
                    "stopping: %d answers are left for the next start", self._updates.cancel()
                )
                await asyncio.wait({stopping}, timeout=0.5)
            stopping.cancel()
        if not await self.bridge.close(0.5):
            log.warning("stopping: a question still runs; the process ends when it does")
        with suppress(TimeoutError, TelegramError):
            await asyncio.wait_for(app.shutdown(), 0.5)
            await asyncio.wait_for(app.bot.shutdown(), 0.5)  # where it never came to initialize

    def _token_error(self) -> TokenError:
        other = "" if self.base_url == TELEGRAM else f" at {_host(self.base_url)}"
        return TokenError(
            f"the Bot API{other} refused the token; check ISNAD_TELEGRAM_TOKEN"
            + (" and ISNAD_TELEGRAM_BASE_URL" if other else " (BotFather shows it with /mybots)")
        )


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
    workers: int = 2,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> TelegramBot:
    """Wire the bot; nothing is contacted yet.

    `base_url` is another Bot API server's address with its `/bot` (`BotSettings` adds it);
    `examples` are the questions that /start offers; `archive` is called from `workers` threads.
    `zone` is the time zone of readers who told none; `log_questions` counts what was asked in
    vain; a `fetcher` reads feeds beside the answers. The caller opens and closes both the archive
    and the store.
    """
    if not token:
        raise TokenError("no token; set ISNAD_TELEGRAM_TOKEN to the one BotFather gave you")
    base_url = base_url or TELEGRAM
    # A proxy of the environment is for the world outside, not for a server beside us.
    local = urlsplit(base_url).hostname in ("localhost", "127.0.0.1", "::1")
    options: dict[str, Any] = {**_TIMEOUTS, "httpx_kwargs": {"trust_env": not local}}
    # The library warns about an attribute of its own exception, whenever it raises one.
    warnings.filterwarnings("ignore", r".*attribute `retry_after`", PTBDeprecationWarning)

    bridge = Bridge(archive, workers=workers)
    offered = Examples(bridge, examples)
    limits = Limits()
    services = Services(bridge, store, Courier(limits), now, offered, admins, zone, log_questions)

    def hand_on(payload: Payload, interrupted: bool) -> None:
        update = read_update(payload, application.bot)
        if update is not None:
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
            .request(NotingRequest(intake, **_with(options, limits=_CONNECTIONS)))
            .updater(None)
            .concurrent_updates(updates)
            .job_queue(None)
            .build()
        )
        poller = Poller(HTTPXRequest(connection_pool_size=1, **options), intake, ALLOWED_UPDATES)
    add_handlers(application, services)
    return TelegramBot(
        application,
        bridge,
        intake,
        base_url,
        token,
        updates,
        poller,
        background=(
            intake.tidy,
            offered.keep_drawn,
            Digests(services),
            Alerts(services),
            Corrections(bridge, archive, store, now).run,
            Outbox(application.bot, store, limits, now).run,
            *([Fetching(fetcher, services)] if fetcher is not None else []),
        ),
    )


def _with(options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The options of a request with more for the HTTP client."""
    return {**options, "httpx_kwargs": {**options["httpx_kwargs"], **more}}


@contextmanager
def _stop_on_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    watched = (signal.SIGINT, signal.SIGTERM)

    def forget() -> None:
        for number in watched:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)

    def stopped() -> None:
        stop.set()
        forget()  # the next one is not ours to soften

    for number in watched:
        # Not on Windows, nor off the main thread; KeyboardInterrupt then cancels `run`.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stopped)
    try:
        yield
    finally:
        forget()


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]
