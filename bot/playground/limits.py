"""How fast a bot may talk before Telegram answers 429.

The figures are core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one
message a second in a chat ("short bursts" pass), about 30 a second overall, 20 a minute in a
group. Time is an argument, so tests own it.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

_ROUNDING = 1e-6  # a millionth of a second is a rounding error, not a flood


@dataclass(frozen=True, slots=True)
class FloodRules:
    """The limits. `chat_burst` messages may come at once before the one a second counts.

    `penalty` seconds is the least a refused chat waits: Telegram does not say how it chooses.
    """

    chat_per_second: float = 1.0
    chat_burst: int = 3
    overall_per_second: int = 30
    group_per_minute: int = 20
    penalty: int = 1
    enforced: bool = True

    @classmethod
    def relaxed(cls) -> FloodRules:
        """No limits: for a person who tries the bot and a fast machine."""
        return cls(enforced=False)


class FloodGate:
    """Counts what was sent and says when it is too much. A refused message is not counted."""

    def __init__(self, rules: FloodRules) -> None:
        self.rules = rules
        self._tokens: dict[int, tuple[float, float]] = {}
        self._minute: dict[int, deque[float]] = {}
        self._second: deque[float] = deque()
        self._until: dict[int, float] = {}

    def admit(self, chat_id: int, now: float) -> int | None:
        """None where the message may go; else the whole seconds to wait.

        A chat that was told to wait is refused until then, whatever it does: Telegram's own
        behaviour, and the reason a bot must keep `retry_after` by chat.
        """
        if not self.rules.enforced:
            return None
        if (left := self._until.get(chat_id, 0.0) - now) > _ROUNDING:
            return math.ceil(left)
        wait = max(
            self._chat_wait(chat_id, now),
            self._group_wait(chat_id, now) if chat_id < 0 else 0.0,
            self._overall_wait(now),
        )
        if wait <= _ROUNDING:
            self._count(chat_id, now)
            return None
        seconds = max(math.ceil(wait - _ROUNDING), self.rules.penalty)
        self._until[chat_id] = now + seconds
        return seconds

    def _level(self, chat_id: int, now: float) -> float:
        burst = float(self.rules.chat_burst)
        level, since = self._tokens.get(chat_id, (burst, now))
        return min(burst, level + (now - since) * self.rules.chat_per_second)

    def _chat_wait(self, chat_id: int, now: float) -> float:
        missing = 1 - self._level(chat_id, now)
        return missing / self.rules.chat_per_second

    def _group_wait(self, chat_id: int, now: float) -> float:
        sent = self._minute.setdefault(chat_id, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        return sent[0] + 60 - now if len(sent) >= self.rules.group_per_minute else 0.0

    def _overall_wait(self, now: float) -> float:
        while self._second and self._second[0] <= now - 1:
            self._second.popleft()
        full = len(self._second) >= self.rules.overall_per_second
        return self._second[0] + 1 - now if full else 0.0

    def _count(self, chat_id: int, now: float) -> None:
        self._tokens[chat_id] = (self._level(chat_id, now) - 1, now)
        self._second.append(now)
        if chat_id < 0:
            self._minute.setdefault(chat_id, deque()).append(now)
