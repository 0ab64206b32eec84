"""What a running command says of itself on stderr, and what may stand there.

Nobody's question, name or chat, nor the token, is logged: of an exception's message, which may
hold any of them, only that of errors made for operators is kept. Other libraries are heard from
warnings on, whatever level is set: below, they log addresses that hold the token, whole updates,
and what goes into the database.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

from bot.settings import under_journal
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import BotSettings

TELLING = re.compile(r"\"[^\"]*\"|'[^']*'|«[^»]*»|-?\d{5,}")
"""What an error of Telegram may repeat of a message or a chat: what is in quotes, long numbers."""

_OURS = ("bot", "index")


def set_up(settings: BotSettings) -> None:
    """Log to stderr as the operator has set, for the rest of the process, and nowhere else."""
    handler = _Stderr()
    pretty = Pretty(dated=not under_journal())
    handler.setFormatter(Json() if settings.log_format == "json" else pretty)
    root = logging.getLogger()
    for other in root.handlers[:]:
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in _OURS:
        logging.getLogger(name).setLevel(settings.log_level.upper())
    logging.captureWarnings(True)


class Pretty(logging.Formatter):
    """A line for people: the time in UTC where `dated`, the level, who says it and what."""

    def __init__(self, *, dated: bool = True) -> None:
        super().__init__()
        self._dated = dated

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        at = _at(record).strftime("%Y-%m-%d %H:%M:%SZ ") if self._dated else ""
        line = f"{at}{record.levelname.lower():<7} {record.name}: {_message(record)}"
        trace = _trace(record)
        return f"{line}\n{trace}" if trace else line


class Json(logging.Formatter):
    """An object a line: time, level, logger, message, and the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`."""
        said = {
            "time": _at(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if trace := _trace(record):
            said["exception"] = trace
        return json.dumps(said, ensure_ascii=False)


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is at the time: beside a progress bar it is another."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """A line that cannot be written. Logging itself would print its arguments."""
        with suppress(OSError, ValueError):  # it may be stderr that is gone
            sys.stderr.write(f"isnad: a line of {record.name} could not be logged\n")


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
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}{_told(link)}\n")
    return "".join(lines).rstrip()


@contextmanager
def private_logs(token: str) -> Iterator[None]:
    """While the block runs, keep the token and what people write out of every log.

    Also where `set_up` was not called and others read what is logged. The HTTP client logs the
    address of each request, which holds the token, and the Telegram library logs whole updates
    when debugging; exceptions may repeat either.
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
        if record.exc_info and record.exc_info[1] is not None:
            whole = logging.Formatter().formatException(record.exc_info)
            if secret in whole:
                private = private_traceback(record.exc_info[1])
                record.exc_info, record.exc_text = None, private.replace(secret, "…")
        return record

    quieted = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.INFO}
    levels = {name: logging.getLogger(name).level for name in quieted}
    for name, level in quieted.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.getEffectiveLevel()))
    logging.setLogRecordFactory(redacted)
    try:
        yield
    finally:
        logging.setLogRecordFactory(factory)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _at(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _message(record: logging.LogRecord) -> str:
    """What was said; of other libraries the first line: asyncio puts the exception in the next."""
    message = record.getMessage()
    ours = record.name.partition(".")[0] in _OURS
    return message if ours else message.partition("\n")[0]


def _trace(record: logging.LogRecord) -> str:
    """The traceback of a record's exception; `exc_text` is what another formatter made of it."""
    if record.exc_info and record.exc_info[1] is not None:
        return private_traceback(record.exc_info[1])
    return "" if record.exc_info else record.exc_text or ""


def _told(error: BaseException) -> str:
    """What may be told of an error's message.

    Telegram's are known by name, for `isnad fetch` does without its library.
    """
    if isinstance(error, IsnadError):
        return f": {error}"
    if any(kind.__module__ == "telegram.error" for kind in type(error).__mro__):
        return f": {TELLING.sub('…', str(error))}"
    return ""
