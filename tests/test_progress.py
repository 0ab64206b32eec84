"""Progress that nobody need watch."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.progress import counted, silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.progress import Step


class Watch:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.events: list[object] = []

    @contextmanager
    def __call__(self, what: str, total: int) -> Iterator[Step]:
        self.events.append((what, total))
        yield self.events.append
        self.events.append("over")


def test_nobody_watching() -> None:
    """Steps go nowhere."""
    with silent("embedding", 3) as step:
        step(1)


def test_a_running_total_becomes_steps() -> None:
    """It is shown from the first report to the one that completes it, and can begin again."""
    watch = Watch()
    report = counted(watch, "converting")
    for done in (0, 2, 5):
        report(done, 5)
    report(1, 1)
    assert watch.events == [("converting", 5), 0, 2, 3, "over", ("converting", 1), 1, "over"]
