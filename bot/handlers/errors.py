"""What happens when a handler fails, and what may stand in a log.

An apology goes to the reader, a traceback to the operator. Nobody's question, name or chat is
logged: of an exception's message, which may hold any of them, only that of errors made for
operators is kept.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from telegram import Update
from telegram.error import ChatMigrated, TelegramError

from bot.handlers.commands import lang_for
from bot.handlers.delivery import Target
from bot.views import failed_view
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telegram.ext import ContextTypes

    from bot.services import Services

log = logging.getLogger(__name__)


class Failures:
    """The application's error handler."""

    def __init__(self, services: Services) -> None:
        self._courier = services.courier

    async def handle(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log the error under a short random name, and give the reader that name."""
        error = context.error
        if error is None:
            return
        error_id = secrets.token_hex(4)
        log.error("error %s\n%s", error_id, private_traceback(error))
        target = _target_of(update)
        if target is None or not isinstance(update, Update):
            return
        try:
            view = failed_view(lang_for(update), error_id)
            await self._courier.send(context.bot, target, [view])
        except TelegramError as err:
            log.warning("error %s: no apology could be sent: %s", error_id, type(err).__name__)


def private_traceback(error: BaseException) -> str:
    """The traceback of `error` and of what caused it, without messages that may hold a question."""
    chain: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in chain:
        chain.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    lines: list[str] = []
    for link in reversed(chain):
        lines += traceback.format_tb(link.__traceback__)
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}{_message(link)}\n")
    return "".join(lines).rstrip()


@contextmanager
def private_logs(token: str) -> Iterator[None]:
    """While the block runs, keep the token and what people write out of every log.

    The HTTP client logs the address of each request, which holds the token, and the Telegram
    library logs whole updates when debugging; exceptions may repeat either.
    """
    factory = logging.getLogRecordFactory()
    # The part after the bot's id, which is public; it also appears without the id, or with its
    # colon encoded. Not where it is too short to be a real one, as in a test.
    secret = token.partition(":")[2]
    secret = secret if len(secret) >= 16 else token

    def redacted(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = factory(*args, **kwargs)
        with suppress(TypeError, ValueError, KeyError):  # a malformed record is logging's affair
            message = record.getMessage()
            if secret in message:
                record.msg, record.args = message.replace(secret, "…"), ()
        if record.exc_info and record.exc_info[0] is not None:
            trace = logging.Formatter().formatException(record.exc_info)
            if secret in trace:
                record.exc_info, record.exc_text = None, trace.replace(secret, "…")
        return record

    quieted = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.INFO}
    levels = {name: logging.getLogger(name).level for name in quieted}
    for name, level in quieted.items():
        logging.getLogger(name).setLevel(max(level, levels[name]))
    logging.setLogRecordFactory(redacted)
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _message(error: BaseException) -> str:
    if isinstance(error, ChatMigrated):  # its message is a chat's id
        return ""
    return f": {error}" if isinstance(error, IsnadError | TelegramError) else ""


def _target_of(update: object) -> Target | None:
    """Where the apology for `update` goes: only to somebody who was waiting for an answer."""
    if not isinstance(update, Update):
        return None
    if update.message:
        return Target.of(update.message)
    if update.callback_query and update.callback_query.message:
        return Target(update.callback_query.message.chat.id)
    return None
