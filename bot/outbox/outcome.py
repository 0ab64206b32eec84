"""What became of a message. Pure; `bot.outbox.refusals` reads it out of Telegram's errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bot.message import Message


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived as `message_id`; `amended` is the earlier message it was written under."""

    message_id: int
    amended: Message | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Telegram did not take it, and wants nothing more for this chat for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The chat cannot be written to (any more)."""

    state: Literal["blocked", "gone"]
    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became the supergroup `chat_id`; nothing was sent."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram will never take this message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """Nothing left this machine, or Telegram does not know us: no fault of the message."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have arrived and it may not."""

    reason: str


@dataclass(frozen=True, slots=True)
class Void:
    """There was nothing to send any more."""

    reason: str


Outcome = Sent | Wait | Lost | Moved | Refused | Unsent | Unknown | Void
