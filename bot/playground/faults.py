"""Failures on order: what a test of the bot's patience asks the server to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.playground.errors import ApiError


@dataclass(slots=True)
class Fault:
    """A refusal to give `times` times. `after` carries the request out first and then fails:
    the ambiguous failure, where a message arrived and its sender was not told."""

    method: str
    error: ApiError
    times: int
    after: bool = False
    chat_id: int | None = None


@dataclass(slots=True)
class Faults:
    """The failures and delays that are due."""

    _due: list[Fault] = field(default_factory=list)
    _delays: dict[str, float] = field(default_factory=dict)

    def add(self, fault: Fault) -> None:
        """Orders a failure; those of one method come in the order they were ordered."""
        self._due.append(fault)

    def take(self, method: str, chat_id: int) -> Fault | None:
        """The failure this request meets, if any; it counts as used."""
        for fault in self._due:
            if fault.method == method.lower() and fault.chat_id in (None, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self._due.remove(fault)
                return fault
        return None

    def delay(self, method: str, seconds: float) -> None:
        """Makes every answer to `method` late; 0 makes it prompt again."""
        self._delays[method.lower()] = seconds

    def delay_of(self, method: str) -> float:
        """How late the answer to `method` is."""
        return self._delays.get(method.lower(), 0.0)

    def clear(self) -> None:
        """Forgets all that was ordered."""
        self._due.clear()
        self._delays.clear()
