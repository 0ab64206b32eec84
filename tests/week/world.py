"""The simulated week itself: everything is begun, goes on at its time, and is judged at the end."""

from __future__ import annotations

import asyncio
import random
import re
import signal
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from web_server import serving

from bot.doctor import examine
from bot.playground.server import PlaygroundServer
from bot.schema import outbox, updates
from bot.store import open_store
from index.schema import metadata
from index.settings import load_settings
from week import gauge, judge, logbook, sites
from week.crowd import Crowd
from week.life import open_archive
from week.lives import STOPS_WITHIN, Lives
from week.news import compose
from week.plan import SIGTERM, Orders, a_clock
from week.trouble import Trouble, times

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from index.doctor import Finding
    from week.gauge import Sample
    from week.judge import Verdict
    from week.lives import Life
    from week.plan import Clock, Plan

ADMIN = 77
_SETTLES_WITHIN = 120.0
"""Real seconds at the end in which what is owed must have left."""

_WELL = (0, -signal.SIGALRM)
"""How a process ends that is stopped: of itself, or by the alarm that it set itself."""

_LIVES = 3.0
"""Real seconds that a process listens at least, however long it took to start."""

_COUNTED = ("articles", "passages", "vectors", "stories")


@dataclass(slots=True)
class Week:
    """What came of it."""

    verdict: Verdict
    lives: list[Life]
    samples: list[Sample]
    book: logbook.Logbook
    findings: list[Finding]
    sizes: dict[int, dict[str, float]] = field(default_factory=dict)
    """Of the archive when a life began to listen, by its number; 0: at the end."""
    latency: dict[str, float] = field(default_factory=dict)

    @property
    def grown(self) -> gauge.Growth:
        """The memory of the last life."""
        return gauge.growth(self.samples, self.lives[-1].number)

    @property
    def wrong(self) -> list[str]:
        """Everything that is not as promised."""
        return [
            *self.verdict.wrong,
            *(f"the log: {line}" for line in self.book.unexplained),
            *(f"doctor: {one.what}" for one in self.findings if not one.ok),
            *(
                f"life {life.number} ended with {life.code} after {life.took:.1f} s"
                for life in self.lives
                if life.how == SIGTERM and (life.code not in _WELL or life.took > STOPS_WITHIN)
            ),
        ]


async def simulate(
    plan: Plan, home: Path, report: Callable[[str], None] = lambda _line: None
) -> Week:
    """Simulate a plan in an empty folder, its home; the logs lie beside its databases."""
    news = compose(plan)
    with serving() as web:
        async with PlaygroundServer() as server:
            clock = a_clock(plan)
            sites.serve(web, plan, clock, news)
            orders = Orders(plan, clock, str(home), server.base_url, server.token, web.port, ADMIN)
            lives = Lives(orders, home)
            server.user("المشغل", id=ADMIN).start()
            crowd = Crowd(server, plan, clock, news)
            running = _Running(plan, clock, home, lives, crowd, Trouble(server), report)
            try:
                await running.through()
                settled = await running.settled()
                running.measure()
                await lives.end(SIGTERM)
            finally:
                lives.abandon()
            return await _judged(running, server, settled)


@dataclass(slots=True)
class _Running:
    """What goes on beside one another."""

    plan: Plan
    clock: Clock
    home: Path
    lives: Lives
    crowd: Crowd
    trouble: Trouble
    report: Callable[[str], None]
    samples: list[Sample] = field(default_factory=list)
    sizes: dict[int, dict[str, float]] = field(default_factory=dict)

    async def through(self) -> None:
        """All of the time. Raises what ends any part of it."""
        await self._begin()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.crowd.run())
            group.create_task(self._restarts())
            group.create_task(self._troubles())
            group.create_task(self._gauge())

    async def _begin(self) -> None:
        await self.lives.begin()
        self.sizes[self.lives.last.number] = sizes(self.home)

    async def _restarts(self) -> None:
        for day, how in self.plan.ends():
            await asyncio.sleep(max(self.clock.wait(day), _LIVES))
            await self.lives.end(how)
            await self._begin()

    async def _troubles(self) -> None:
        for day, kind in times(self.plan.days, random.Random(self.plan.seed + 2)):
            await asyncio.sleep(self.clock.wait(day))
            self.trouble.order(kind)

    async def _gauge(self) -> None:
        """Look at the process each hour."""
        hours = 0
        while hours / 24 < self.plan.days:
            hours += 1
            await asyncio.sleep(self.clock.wait(hours / 24))
            if self.lives.last.listening is not None and self.lives.last.ended is None:
                if not self.lives.alive:
                    raise RuntimeError(f"life {self.lives.last.number} ended of itself")
                self.measure()
                if hours % 6 == 0:
                    self._tell()

    def measure(self) -> None:
        """Note how much memory the process has."""
        day = self.clock.elapsed() / 86_400
        self.samples.append(gauge.sample(self.lives.pid, day=day, life=self.lives.last.number))

    def _tell(self) -> None:
        last = self.samples[-1]
        deeds = self.crowd.deeds
        self.report(
            f"day {last.day:5.2f}, life {last.life}: {last.resident:.0f} MB "
            f"({last.anonymous:.0f} of its own), {last.threads} threads, {last.files} files, "
            f"{last.cpu:.0f} s of CPU; {len(deeds.asked)} questions, {self.crowd.waiting} waiting"
        )

    async def settled(self) -> datetime | None:
        """Wait until nothing is asked or owed any more; when that was, None where not in time."""
        engine = _read_only(self.home / "bot.db")
        try:
            async with asyncio.timeout(_SETTLES_WITHIN):
                while True:
                    now = self.clock.now()
                    if not self.crowd.told and not self._owed(engine, now):
                        return now
                    await asyncio.sleep(0.5)  # it is another process that sends it
        except TimeoutError:
            return None
        finally:
            engine.dispose()

    def _owed(self, engine: sa.Engine, now: datetime) -> int:
        """Letters that are due, and updates that were taken and are not worked off."""
        due = outbox.c.due_at <= now.isoformat(timespec="seconds")
        owed = sa.and_(outbox.c.state.in_(("pending", "sending")), due)
        left = updates.c.payload.is_not(sa.null())
        with engine.connect() as connection:
            counts = [sa.select(sa.func.count()).where(where) for where in (owed, left)]
            return sum(connection.execute(count).scalar_one() for count in counts)


async def _judged(running: _Running, server: PlaygroundServer, settled: datetime | None) -> Week:
    plan, clock, home, lives = running.plan, running.clock, running.home, running.lives
    ordered = running.trouble.ordered
    killed = judge.kills(lives.all)
    bad = ordered["refused"] + ordered["lost"] + ordered["outage"]
    failing = [sites.host_of(feed) for feed in (sites.DEAD, sites.GONE)]
    stops = len(lives.all) - killed
    known = logbook.causes(ordered, kills=killed, stops=stops, failing=failing)
    book = logbook.read([lives.log(life.number) for life in lives.all], known)
    silent = sum(book.explained[name] for name in logbook.SILENT)
    faults = judge.Faults(bad, killed, silent)
    with closing(open_store(load_settings(home))) as store:
        verdict = await judge.judge(
            server,
            running.crowd,
            store,
            lives.all,
            plan,
            clock,
            faults,
            settled or clock.now(),
        )
    if settled is None:
        verdict.wrong.append(f"after {_SETTLES_WITHIN:.0f} s something was still owed or asked")
    verdict.figures |= {"faults": dict(ordered), "deeds": dict(running.crowd.deeds.counts)}
    findings = await asyncio.to_thread(_examined, plan, home, failing)
    running.sizes[0] = sizes(home)
    latency = _percentiles([took for _, took in running.crowd.deeds.waits])
    return Week(verdict, lives.all, running.samples, book, findings, running.sizes, latency)


def _examined(plan: Plan, home: Path, failing: list[str]) -> list[Finding]:
    """What `isnad doctor` says; a feed that was made to die is no surprise.

    Neither is an article that was being added at the stop: the next start finishes it.
    """
    with open_archive(plan, home) as engine:
        engine.load()
    found = list(examine(home, lambda: open_archive(plan, home)))
    return [one for one in found if one.ok or not _planned(one.what, failing)]


def _planned(what: str, failing: list[str]) -> bool:
    """Whether it is only of feeds that were made to fail."""
    named = re.findall(r"https?://([\w.]+)", what)
    return bool(named) and {*named} <= {*failing}


def sizes(home: Path) -> dict[str, float]:
    """How much the archive in a home holds: rows, and MB of the files that are read into memory."""
    found: dict[str, float] = {}
    engine = _read_only(home / "isnad.db")
    with engine.connect() as connection:
        for name in _COUNTED:
            count = sa.select(sa.func.count()).select_from(metadata.tables[name])
            found[name] = connection.execute(count).scalar_one()
    engine.dispose()
    for name in ("lexical", "vectors.faiss"):
        files = [home / name, *(home / name).glob("**/*")]
        found[f"{name} MB"] = round(
            sum(path.stat().st_size for path in files if path.is_file()) / 1e6, 2
        )
    return found


def _read_only(path: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///file:{path}?mode=ro&uri=true")


def _percentiles(latencies: list[float]) -> dict[str, Any]:
    if not latencies:
        return {}
    ranked = sorted(latencies)
    return {
        f"p{share}": round(ranked[min(int(len(ranked) * share / 100), len(ranked) - 1)], 2)
        for share in (50, 95, 99)
    }
