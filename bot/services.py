"""What handlers and background work are given: the archive, the readers' store, the courier."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.clock import DEFAULT_ZONE
from bot.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.bridge import Bridge
    from bot.handlers.delivery import Courier
    from bot.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """One of each, made once by `bot.app.build_bot`.

    `examples` are the questions that /start offers; `admins` the ids of those who may administer;
    `zone` is the time zone of readers who told none; `log_questions` whether to count what was
    asked in vain.
    """

    bridge: Bridge
    store: Store
    courier: Courier
    now: Callable[[], datetime]
    examples: Sequence[str] = ()
    admins: frozenset[int] = frozenset()
    zone: str = DEFAULT_ZONE
    log_questions: bool = False
    metrics: Metrics = field(default_factory=Metrics)
