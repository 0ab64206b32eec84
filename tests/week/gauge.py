"""The bot's memory, hour by hour, and whether it grew."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

GROWTH = 0.05
"""The bar: how much more memory than at the end of the first day any later day may end with."""

_LAST = 4
"""The part at the end of each day whose median counts: one in so many of its samples."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at a moment: memory in MB, whole and its part that no file backs."""

    day: float
    life: int
    resident: float
    anonymous: float
    threads: int
    files: int
    cpu: float  # seconds


def sample(pid: int, *, day: float, life: int) -> Sample:
    """Measure a process (Linux)."""
    folder = Path("/proc") / str(pid)
    status = dict(
        line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line
    )
    times = (folder / "stat").read_text().rpartition(")")[2].split()
    return Sample(
        day=round(day, 4),
        life=life,
        resident=_mb(status["VmRSS"]),
        anonymous=_mb(status["RssAnon"]),
        threads=int(status["Threads"]),
        files=sum(1 for _ in (folder / "fd").iterdir()),
        cpu=(int(times[11]) + int(times[12])) / 100,
    )


def _mb(kilobytes: str) -> float:
    return round(int(kilobytes.split()[0]) / 1024, 1)


@dataclass(frozen=True, slots=True)
class Growth:
    """A life's memory at the end of each of its days, in MB, and what it grew after the first."""

    days: tuple[float, ...]
    anonymous: tuple[float, ...]
    length: float  # of one of those days, in days

    @property
    def most(self) -> float:
        """By how much a later day ended above the first, as a part of it."""
        first, *later = self.days
        return max(later, default=first) / first - 1


def growth(samples: Sequence[Sample], life: int) -> Growth:
    """What a life grew. One of less than five days is cut into five parts."""
    own = [one for one in samples if one.life == life]
    began, ended = own[0].day, own[-1].day
    length = min(1.0, (ended - began) / 5) or 1.0
    parts: list[list[Sample]] = [[] for _ in range(max(round((ended - began) / length), 1))]
    for one in own:
        parts[min(int((one.day - began) / length), len(parts) - 1)].append(one)
    filled = [part[-max(len(part) // _LAST, 1) :] for part in parts if part]
    return Growth(
        tuple(round(median(one.resident for one in part), 1) for part in filled),
        tuple(round(median(one.anonymous for one in part), 1) for part in filled),
        round(length, 4),
    )
