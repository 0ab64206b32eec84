"""What Telegram's errors say about the message that met them. Pure.

`BadRequest` and `TimedOut` are `NetworkError`s to Telegram's library, so the order of the cases
below matters.
"""

from __future__ import annotations

import re

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.logs import TELLING
from bot.outbox.outcome import Lost, Moved, Outcome, Refused, Unknown, Unsent, Wait
from bot.posting import GONE, NO_CONNECTION, seconds_of

_BLOCKED = re.compile("enough rights|no rights|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED", re.IGNORECASE)
_LONGEST_REASON = 120


def outcome_of(error: TelegramError) -> Outcome:
    """What an error of a request says about its message."""
    reason = reason_of(error)
    match error:
        case RetryAfter():
            return Wait(seconds_of(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Lost("gone" if GONE.search(error.message) else "blocked", reason)
        case BadRequest() if GONE.search(error.message):
            return Lost("gone", reason)
        case BadRequest() if _BLOCKED.search(error.message):
            return Lost("blocked", reason)
        case BadRequest():
            return Refused(reason)
        case InvalidToken() | Conflict():
            return Unsent(reason)
        case NetworkError() if isinstance(error.__cause__, NO_CONNECTION):
            return Unsent(reason)
        case _:
            return Unknown(reason)


def reason_of(error: TelegramError) -> str:
    """An error for an operator's eyes, without what it may repeat of a message or a chat."""
    name = type(error).__name__
    if isinstance(error, InvalidToken | ChatMigrated):  # theirs hold a token, a chat's number
        return name
    return f"{name}: {TELLING.sub('…', error.message)}"[:_LONGEST_REASON]
