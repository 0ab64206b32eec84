"""What a fetch did, and the tally that many threads keep of it."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from index.model import Added, AddReport, Failure, Rejection

COUNTS: Final = ("added", "updated", "unchanged", "duplicates", "rejected", "withdrawn")


@dataclass(frozen=True, slots=True)
class FetchReport(AddReport):
    """An `AddReport` of what was fetched: `feeds` and `pages` were asked.

    `failed` names the feeds and pages that could not be read and are tried again, `rejections` the
    pages that hold no article or may not be read. `notices` is what the operator must know: feeds
    dead for days or gone, each told once.
    """

    feeds: int = 0
    pages: int = 0
    notices: tuple[str, ...] = field(default=())


class Tally:
    """Counts for a `FetchReport`, from several threads."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._failed: list[Failure] = []
        self._rejections: list[Rejection] = []
        self._articles: list[Added] = []
        self._notices: list[str] = []

    def count(self, what: str) -> None:
        """Count one of `feeds`, `pages`, or of what a report counts."""
        with self._lock:
            self._counts[what] += 1

    def stored(self, report: AddReport) -> None:
        """Take in what was stored."""
        with self._lock:
            self._counts.update({name: getattr(report, name) for name in COUNTS})
            self._failed += report.failed
            self._rejections += report.rejections
            self._articles += report.articles

    def failed(self, where: str, reason: str) -> None:
        """Name a feed or page that could not be read."""
        with self._lock:
            self._failed.append(Failure(where, reason))

    def rejected(self, where: str, title: str | None, reason: str) -> None:
        """Name a page that is not taken."""
        with self._lock:
            self._counts["rejected"] += 1
            self._rejections.append(Rejection(where, title or where, reason))

    def notice(self, text: str) -> None:
        """Say what the operator must know."""
        with self._lock:
            self._notices.append(text)

    def report(self) -> FetchReport:
        """Return what was counted."""
        with self._lock:
            return FetchReport(
                **self._counts,
                failed=tuple(self._failed),
                rejections=tuple(self._rejections),
                articles=tuple(self._articles),
                notices=tuple(self._notices),
            )
