"""The bot's process: begun, stopped, killed, and what it wrote meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from week.plan import SIGKILL

if TYPE_CHECKING:
    from week.plan import Orders

LIFE = Path(__file__).with_name("life.py")
STARTS_WITHIN = 300.0
"""Real seconds; a busy machine takes long to load torch."""

STOPS_WITHIN = 10.0
"""Docker's patience between SIGTERM and SIGKILL."""


@dataclass(slots=True)
class Life:
    """One process: when it began to listen and when it ended (simulated days), and how."""

    number: int
    began: float
    listening: float | None = None
    ended: float | None = None
    how: str = ""
    took: float = 0.0  # real seconds from the signal to the end
    code: int | None = None
    fill: dict[str, int] = field(default_factory=dict)


class Lives:
    """Runs one process after the other in a folder, which holds their logs."""

    def __init__(self, orders: Orders, folder: Path) -> None:
        self._orders = orders
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.all: list[Life] = []

    @property
    def pid(self) -> int:
        """Of the process that runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether one runs and has not ended of itself."""
        return self._process is not None and self._process.returncode is None

    @property
    def last(self) -> Life:
        """The life that is, or was last."""
        return self.all[-1]

    def log(self, number: int) -> Path:
        """What a life logged."""
        return self._folder / f"life-{number}.log"

    async def begin(self) -> None:
        """Start a process; return when it listens. Raises `RuntimeError` where it does not."""
        life = Life(len(self.all) + 1, self._day())
        self.all.append(life)
        with self.log(life.number).open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(LIFE),
                self._orders.to_json(),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(STARTS_WITHIN):
            line = await self._process.stdout.readline()
        if line.strip() != b"ready":
            said = self.log(life.number).read_text(encoding="utf-8")[-2000:]
            raise RuntimeError(f"life {life.number} did not begin:\n{said}")
        life.listening = self._day()

    async def end(self, how: str) -> None:
        """Stop the process (SIGTERM) or kill it (SIGKILL), and wait until it is gone."""
        assert self._process is not None
        life, sent = self.last, time.monotonic()
        if self.alive:
            self._process.send_signal(signal.SIGKILL if how == SIGKILL else signal.SIGTERM)
        out, _ = await self._process.communicate()
        life.ended, life.how, life.code = self._day(), how, self._process.returncode
        life.took = time.monotonic() - sent
        if lines := out.splitlines():
            life.fill = json.loads(lines[-1])

    def abandon(self) -> None:
        """Kill what still runs, where the simulation itself fails."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def _day(self) -> float:
        return self._orders.clock.elapsed() / 86_400
