"""How the bot does, for whoever watches over it: checks that are true or false, and ages.

Nothing here says whose, what or how many: anyone who reaches the page may read it.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.doctor import LATE
from bot.store import moments
from index.model import IsnadError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from bot.pulse import Pulse
    from bot.store import Store

log = logging.getLogger(__name__)

KEPT = 2.0
"""Seconds for which what was found is told again, however many ask."""

PATIENCE = 4.0
"""Seconds after which a database that has not answered counts as one that does not."""

SILENT = 150.0
"""Seconds without an answer of Telegram's after which it counts as unreachable: a poll waits for
30 and may take 50, and the webhook is looked at each 60."""

NEEDED = ("archive", "readers", "indexes", "telegram")
"""Without one of these nobody is answered; what else is amiss can wait for the operator."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, by names: `{"ok": true}` and perhaps an age in seconds."""

    checks: Mapping[str, Mapping[str, bool | int | None]]

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""
        return all(self.checks[name]["ok"] for name in NEEDED if name in self.checks)

    @property
    def ok(self) -> bool:
        """Whether all is well."""
        return all(check["ok"] for check in self.checks.values())

    def as_json(self) -> dict[str, Any]:
        """The page."""
        return {"ok": self.ok, "ready": self.ready, "checks": self.checks}


class Health:
    """Looks, at most once in `KEPT` seconds, and never twice at a time."""

    def __init__(
        self,
        pulse: Pulse,
        store: Store,
        archive: Callable[[], Mapping[str, bool]],
        now: Callable[[], datetime],
        posted: Callable[[], bool] | None = None,
    ) -> None:
        """`archive` looks at the archive, in a thread; `posted` says whether the webhook works."""
        self._pulse = pulse
        self._store = store
        self._archive = archive
        self._now = now
        self._posted = posted
        self._looks: dict[str, asyncio.Task[Mapping[str, Any]]] = {}
        self._found: tuple[float, Report] | None = None
        self._looking = asyncio.Lock()

    async def report(self) -> Report:
        """How it does now, or did a moment ago."""
        clock = asyncio.get_running_loop().time
        async with self._looking:
            if self._found is None or clock() - self._found[0] >= KEPT:
                report = await self._look()
                self._found = clock(), report
            return self._found[1]

    async def _look(self) -> Report:
        silence, update = self._pulse.answer_age, self._pulse.update_age
        archive, readers = await asyncio.gather(
            self._within("archive", self._of_archive), self._within("readers", self._of_readers)
        )
        checks = {
            **archive,
            **readers,
            "telegram": {"ok": silence is not None and silence < SILENT, "age": _seconds(silence)},
            "updates": {"ok": True, "age": _seconds(update)},  # nobody has to write to us
        }
        if self._posted is not None:
            checks["webhook"] = {"ok": self._posted()}
        return Report(checks)

    async def _within(
        self, name: str, look: Callable[[], Any]
    ) -> Mapping[str, Mapping[str, bool | int | None]]:
        """What a look finds. One that hangs is waited for again, and no other is begun."""
        task = self._looks.get(name) or asyncio.create_task(look())
        self._looks[name] = task
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if not done:
            log.warning("health: the database of the %s does not answer", name)
            return {name: {"ok": False}}
        del self._looks[name]
        try:
            return task.result()
        except IsnadError as error:
            log.warning("health: the %s: %s", name, error)
            return {name: {"ok": False}}

    async def _of_archive(self) -> dict[str, dict[str, bool | int | None]]:
        found = await asyncio.to_thread(self._archive)
        return {"archive": {"ok": True}, **{name: {"ok": ok} for name, ok in found.items()}}

    async def _of_readers(self) -> dict[str, dict[str, bool | int | None]]:
        now = self._now()
        at = now.isoformat(timespec="seconds")
        _, oldest = await self._store.read(moments.overdue, before=at, now=at)
        age = now - datetime.fromisoformat(oldest) if oldest is not None else timedelta(0)
        return {
            "readers": {"ok": True},
            "outbox": {"ok": age < LATE, "age": round(age.total_seconds())},
        }


def _seconds(age: float | None) -> int | None:
    return None if age is None else round(age)
