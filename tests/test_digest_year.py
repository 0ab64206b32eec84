"""Days of changed clocks, lived through with a server that is killed: `simulate_year` in small."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from simulate_year import readers_of, simulate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("start", "days"),
    [
        ("2026-02-14", 2),  # Casablanca's Ramadan
        ("2026-03-27", 3),  # Gaza, Nuuk, Beirut, Europe
        ("2026-04-23", 2),  # Cairo
        ("2026-10-29", 2),  # Cairo again
    ],
)
def test_everybody_gets_what_they_asked_for_when_they_asked_for_it(
    tmp_path: Path, start: str, days: int
) -> None:
    """Once a local day, at the right minute, through restarts and kills."""
    result = simulate(
        tmp_path,
        readers_of(50, random.Random(start)),
        start=datetime.fromisoformat(start).replace(tzinfo=UTC),
        days=days,
        seed=3,
    )
    assert result.wrong == []
    assert result.digests > 50


def test_a_day_off_is_passed_over_but_for_its_last_hours(tmp_path: Path) -> None:
    """Late digests come once, when the server is back."""
    result = simulate(
        tmp_path,
        readers_of(25, random.Random(7)),
        start=datetime(2026, 5, 1, tzinfo=UTC),
        days=3,
        seed=4,
        off=(datetime(2026, 5, 1, 18, tzinfo=UTC),),
    )
    assert result.wrong == []
    assert result.passed_over > 0
    assert result.late > 0
