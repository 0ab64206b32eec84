"""`simulate_week` in small, with a model that is none; and whether it notices what is wrong."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from week.gauge import GROWTH, Sample, growth
from week.logbook import causes, read
from week.news import compose
from week.plan import Plan
from week.world import simulate

if TYPE_CHECKING:
    from pathlib import Path

HOURS = Plan(
    days=0.08,
    speed=600.0,
    readers=80,
    feeds=6,
    articles=200.0,
    questions=100.0,
    restless=0.04,
    lead=3.0,
    fake=True,
)
"""Two hours in twelve seconds, a kill and a restart among them."""


def crowding() -> float:
    """How many times as long as alone something takes here now, beside what else runs."""
    began, own = time.perf_counter(), time.process_time()
    while time.process_time() - own < 0.3:
        sum(range(1000))
    return (time.perf_counter() - began) / 0.3


def test_hours_of_feeds_readers_and_faults_break_no_promise(tmp_path: Path) -> None:
    """The real bot, killed once and stopped twice: no question without its answer.

    On a busy machine the hours are longer: else the bot would be down for most of them.
    """
    week = asyncio.run(simulate(replace(HOURS, speed=HOURS.speed / crowding()), tmp_path))
    assert week.wrong == []
    figures = week.verdict.figures
    assert [life.how for life in week.lives] == ["kill", "stop", "stop"]
    assert figures["questions"] > 40
    assert figures["questions answered"] > 20
    assert figures["presses"] > 5
    assert figures["faults"].keys() == {"flood", "refused", "lost", "poll", "outage"}
    assert week.sizes[0]["articles"] > 100
    assert week.samples


def a_life(*megabytes: float) -> list[Sample]:
    """A process of five days, measured each hour, that ended each with so much memory."""
    return [
        Sample(day + hour / 24, 3, resident if hour >= 18 else 10.0, resident, 9, 20, 0.0)
        for day, resident in enumerate(megabytes)
        for hour in range(24)
    ]


@pytest.mark.parametrize(
    ("ends", "flat"),
    [((500, 505, 510, 515, 520), True), ((500, 500, 540, 500, 500), False)],
)
def test_memory_is_flat_where_no_later_day_ends_above_the_first(
    ends: tuple[float, ...], flat: bool
) -> None:
    """By more than a twentieth; a day in the middle counts as well."""
    found = growth(a_life(*ends), 3)
    assert found.days == ends
    assert (found.most <= GROWTH) is flat


def test_a_line_of_the_log_is_explained_as_often_as_there_were_faults(tmp_path: Path) -> None:
    """Once more, or of another kind, or no line of ours, it is named."""
    poll = {"level": "WARNING", "name": "bot.polling", "text": "polling failed, trying again: x"}
    other = {"level": "ERROR", "name": "bot.digests", "text": "a digest could not be set"}
    quiet = {"level": "INFO", "name": "bot.app", "text": "started"}
    log = tmp_path / "life-1.log"
    lines = [*(json.dumps(one) for one in (poll, poll, poll, other, quiet)), "Segmentation fault"]
    log.write_text("\n".join(lines), encoding="utf-8")
    faults = dict.fromkeys(("flood", "refused", "lost", "outage"), 0) | {"poll": 1}
    book = read([log], causes(faults, kills=1, stops=1, failing=["site01.example"]))
    assert book.explained == {"a failed poll": 2}
    assert book.unexplained == [
        "WARNING bot.polling: polling failed, trying again: x",
        "ERROR bot.digests: a digest could not be set",
        "Segmentation fault",
    ]


def test_the_same_news_come_again_of_the_same_seed() -> None:
    """Unlike one another, and told by all of the feeds."""
    plan = Plan(days=2, articles=100, feeds=10)
    news, again = compose(plan), compose(plan)
    assert news.reports == again.reports
    assert len({report.title for report in news.reports}) > len(news.reports) / 2
    assert {report.feed for report in news.reports} == set(range(10))
    assert any(report.later for report in news.reports)
