"""A message as data: its HTML and its buttons, before Telegram's library knows of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message, with one of three effects.

    `data` comes back to the bot when it is pressed (at most 64 bytes); `url` is opened; `inline`
    starts an inline query with that text in a chat of the reader's choice.
    """

    label: str
    data: str | None = None
    url: str | None = None
    inline: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message within Telegram's limits; `keyboard` holds rows of buttons."""

    html: str
    keyboard: tuple[tuple[Button, ...], ...] = ()
