"""What the readers of the simulated week did, for the judge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.playground.model import Callback, Chat, InlineQuery
    from bot.playground.people import User


@dataclass(slots=True)
class Reader:
    """One of them. `digest` is the hour it was asked for, on which day, and when it was confirmed.

    `lost` says that they have blocked the bot or erased their data at some time, `choosing` that
    the bot waits for a city, and would take a question for one.
    """

    user: User
    digest: tuple[str, float, float] | None = None
    away: bool = False
    lost: bool = False
    choosing: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, where and when (days) it was put."""

    chat: Chat
    message: int
    reader: Reader
    day: float


@dataclass(slots=True)
class Deeds:
    """All that was done, for the judge."""

    asked: list[Asked] = field(default_factory=list)
    pressed: list[Callback] = field(default_factory=list)
    inline: list[InlineQuery] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)
    """Of each answer when it was asked for (Unix seconds), and how long it took."""
    notices: set[tuple[int, int]] = field(default_factory=set)
    """Chat and number of messages that came to say that an answer may be there already."""
    counts: Counter[str] = field(default_factory=Counter)
