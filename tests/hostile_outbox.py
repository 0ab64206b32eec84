"""The outbox against a hostile Bot API, its process killed again and again; prints the figures.

python tests/hostile_outbox.py --messages 20000 --chats 2000 --kills 50 --speed 5

The worker is a process of its own on a real SQLite file; the Bot API and the killer are here.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
import warnings
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import sqlalchemy as sa
from hostile_api import TIMED_OUT, Arrival, HostileApi, Trouble
from telegram import Bot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.limits import Limits
from bot.message import Message
from bot.outbox.letter import Letter
from bot.outbox.promises import PROMISES
from bot.outbox.worker import Outbox
from bot.schema import outbox
from bot.store import READERS, Store, chats
from bot.store.outbox import put
from index.db import Database

if TYPE_CHECKING:
    from collections.abc import Sequence

START = datetime(2026, 3, 1, 7, tzinfo=UTC)
NOW = START.isoformat(timespec="seconds")
TOKEN = "1:hostile"
_KINDS = ("alert", "alert", "digest", "digest", "broadcast")  # in turn
_GROUPS = 20  # one chat in so many


@dataclass
class Owed:
    """A row at the end: what it was, and what became of it."""

    chat: int
    kind: str
    key: str
    state: str
    error: str | None
    parts: int


class FastClock:
    """The simulation's time, the same in every process."""

    def __init__(self, began: float, speed: float) -> None:
        self._began, self._speed = began, speed

    def now(self) -> float:
        return (time.time() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)

    def utc(self) -> datetime:
        return START + timedelta(seconds=self.now())


async def worker(folder: Path, port: int, began: float, speed: float) -> None:
    """Work on the outbox in `folder` until killed."""
    warnings.filterwarnings("ignore", r".*attribute `retry_after`", PTBDeprecationWarning)
    clock = FastClock(began, speed)
    request = HTTPXRequest(
        connection_pool_size=64,
        connect_timeout=10,
        read_timeout=20 / speed,
        pool_timeout=10,
        httpx_kwargs={"trust_env": False},
    )
    bot = Bot(TOKEN, base_url=f"http://127.0.0.1:{port}/bot", request=request)
    with closing(Store(Database(folder / "bot.db", READERS))) as store:
        async with bot:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await Outbox(bot, store, Limits(clock), clock.utc).run(asyncio.Event())


def fill(store: Store, numbers: Sequence[int], messages: int) -> None:
    """Owe that many letters, the same to each chat; every tenth digest takes two messages."""
    with store.db.write() as connection:
        for chat in numbers:
            chats.meet(connection, chat, kind="private" if chat > 0 else "group", now=NOW)
        for i in range(messages):
            kind = _KINDS[(i // len(numbers)) % len(_KINDS)]
            parts = 2 if kind == "digest" and i % 10 == 0 else 1
            texts = [Message(f"{kind} {i} {part}") for part in range(parts)]
            put(
                connection,
                numbers[i % len(numbers)],
                kind=kind,
                key=str(i),
                letter=Letter(tuple(texts)),
                due_at=NOW,
                now=NOW,
            )


async def attack(
    folder: Path,
    *,
    messages: int,
    readers: int,
    kills: int,
    speed: float,
    within: float,
    failing: int = 1,
) -> tuple[HostileApi, list[Owed], list[float]]:
    """Run it all; what arrived, what the outbox says, and when the worker was killed."""
    numbers = [-n if n % _GROUPS == 0 else n for n in range(1, readers + 1)]
    blocked = frozenset(numbers[2 :: max(readers // max(readers // 50, 1), 1)])
    trouble = Trouble(blocked=blocked, failing=frozenset(numbers[1 : 1 + failing]))
    chance = random.Random(11)
    killed: list[float] = []
    with closing(Store(Database(folder / "bot.db", READERS))) as store:
        fill(store, numbers, messages)
        api = HostileApi(trouble, speed)
        deadline = time.monotonic() + within
        # Spread over the work, not over time, so that every kind of letter meets some.
        kill_at = sorted(
            (chance.randrange(messages // 50, messages) for _ in range(kills)), reverse=True
        )
        async with api:
            while await store.read(_left):
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, __file__, "--worker", str(folder), str(api.port)),
                    *(str(api.began), str(speed)),
                    stdout=asyncio.subprocess.PIPE,
                )
                assert process.stdout is not None
                await process.stdout.readline()
                while left := await store.read(_left):
                    if kill_at and left <= kill_at[0]:
                        break
                    if process.returncode is not None or time.monotonic() > deadline:
                        raise RuntimeError(f"{left} letters are still owed")
                    await asyncio.sleep(chance.uniform(0.02, 0.2))
                process.kill()
                await process.wait()
                if kill_at:
                    kill_at.pop(0)
                    killed.append(api.now())
                api.worker += 1
        return api, await store.read(_rows), killed


def _left(connection: sa.Connection) -> int:
    owed = outbox.c.state.in_(("pending", "sending"))
    return connection.execute(sa.select(sa.func.count()).where(owed)).scalar_one()


def _rows(connection: sa.Connection) -> list[Owed]:
    return [
        Owed(row.chat_id, row.kind, row.key, row.state, row.error, len(row.payload["messages"]))
        for row in connection.execute(sa.select(outbox).order_by(outbox.c.id))
    ]


def judge(api: HostileApi, rows: Sequence[Owed], killed: Sequence[float]) -> dict[str, object]:
    """The figures of a run. Those named `bad_…` must be 0."""
    arrived = Counter(arrival.text for arrival in api.arrivals)
    again = {kind for kind, promise in PROMISES.items() if promise.again}
    figures: dict[str, object] = {
        "requests": len(api.requests),
        "refused": dict(sorted(api.counts.items())),
        "kills": len(killed),
        "states": dict(Counter(f"{row.kind} {row.state}" for row in rows)),
    }
    twice = lost = unclear = unclear_arrived = 0
    for row in rows:
        texts = [f"{row.kind} {row.key} {part}" for part in range(row.parts)]
        if row.kind not in again:
            twice += any(arrived[text] > 1 for text in texts)
        if row.state == "sent":
            lost += any(not arrived[text] for text in texts)
        if row.state == "unconfirmed":
            unclear += 1
            unclear_arrived += bool(arrived[texts[0]])
    figures["bad_at_most_once_came_twice"] = twice
    figures["bad_sent_but_never_arrived"] = lost
    figures["bad_still_owed"] = sum(row.state in ("pending", "sending") for row in rows)
    figures["bad_gone_but_not_blocked"] = sum(
        row.state == "gone" and row.chat not in api.trouble.blocked for row in rows
    )
    figures["bad_failed_but_not_failing"] = sum(
        row.state == "failed" and row.chat not in api.trouble.failing for row in rows
    )
    figures["unconfirmed"] = f"{unclear}, of which {unclear_arrived} had arrived"
    figures["unconfirmed_after"] = dict(
        Counter(row.error for row in rows if row.state == "unconfirmed")
    )
    figures["digest_duplicates"], figures["bad_duplicates_unexplained"] = _duplicates(api, killed)
    figures |= _rates(api, killed)
    return figures


def _duplicates(api: HostileApi, killed: Sequence[float]) -> tuple[str, int]:
    """Each second coming must follow a time-out, or a kill within a second after the first."""
    by_text: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in api.arrivals:
        by_text[arrival.text].append(arrival)
    timeouts = kills = unexplained = 0
    for arrivals in by_text.values():
        for first in arrivals[:-1]:
            if first.told == TIMED_OUT:
                timeouts += 1
            elif any(0 <= at - first.at <= 1.0 * api.speed for at in killed):
                kills += 1
            else:
                unexplained += 1
    return f"{timeouts + kills} ({timeouts} after time-outs, {kills} after kills)", unexplained


def _rates(api: HostileApi, killed: Sequence[float]) -> dict[str, object]:
    """How fast each chat and all of them were written to, in the simulation's seconds."""
    times: dict[int, list[float]] = defaultdict(list)
    for chat, at, _ in api.requests:
        times[chat].append(at)
    gaps = [b - a for each in times.values() for a, b in pairwise(each)]
    minutes = [
        b - a
        for chat, each in times.items()
        if chat < 0
        for a, b in zip(each, each[20:], strict=False)
    ]
    # Before the backlog thins out: while there was always somebody to write to.
    busy = sorted(at for _, at, _ in api.requests)[: int(len(api.requests) * 0.8)]
    seconds = Counter(int(at) for at in busy)
    pauses = [
        b - a for (_, a, one), (_, b, two) in pairwise(api.requests) if one == two and b <= busy[-1]
    ]
    pauses.sort()
    # A 429 that came in the moment of a kill was never written down.
    unwritten = [at for _, at in api.early if not any(0 <= at - kill <= 61 for kill in killed)]
    return {
        "shortest_pause_in_a_chat_s": round(min(gaps), 3),
        "bad_chat_faster_than_1_a_second": sum(gap < 1.0 for gap in gaps),
        "bad_group_faster_than_20_a_minute": sum(gap < 60.0 for gap in minutes),
        "most_in_one_second": max(seconds.values()),
        "bad_asked_before_retry_after": len(unwritten),
        "asked_before_retry_after_after_a_kill": len(api.early) - len(unwritten),
        "longest_pause_with_a_backlog_s": round(pauses[-1], 2),
        "p99_pause_with_a_backlog_s": round(pauses[int(len(pauses) * 0.99)], 2),
        "a_second_while_busy": round(len(busy) / (busy[-1] - busy[0]), 1),
        "simulated_s": round(api.requests[-1][1]),
    }


def run(folder: Path, **options: float) -> dict[str, object]:
    """An attack in `folder`, and its figures."""
    return judge(*asyncio.run(attack(folder, **options)))  # type: ignore[arg-type]


def main() -> None:
    """The command line."""
    if sys.argv[1:2] == ["--worker"]:
        folder, port, began, speed = sys.argv[2:]
        asyncio.run(worker(Path(folder), int(port), float(began), float(speed)))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--chats", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--speed", type=float, default=5.0)
    parser.add_argument("--within", type=float, default=1_800.0, help="seconds, of ours")
    given = parser.parse_args()
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        figures = run(
            Path(folder),
            messages=given.messages,
            readers=given.chats,
            kills=given.kills,
            speed=given.speed,
            within=given.within,
        )
    figures["took_s"] = round(time.monotonic() - began)
    for name, figure in figures.items():
        sys.stdout.write(f"{name:<40} {figure}\n")
    bad = sum(int(str(figure)) for name, figure in figures.items() if name.startswith("bad_"))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
