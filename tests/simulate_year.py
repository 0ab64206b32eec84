"""A year of digests in minutes: real code and SQLite, an injected clock, a server that falls over.

python tests/simulate_year.py [READERS] [DAYS]

What ought to come is reckoned by an oracle of its own, which shares no code with `bot.clock`: it
walks through the minutes of a day and reads each zone's clock.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from bisect import bisect_right
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fakes import a_store

from bot.bridge import Bridge
from bot.digests import Digests
from bot.handlers.delivery import Courier
from bot.schema import chats as chats_table
from bot.schema import outbox
from bot.services import Services
from bot.store import chats, digests
from index.model import Answer, Article, ArticleRef, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.store import Store

ZONES = (
    "Africa/Cairo Asia/Beirut Asia/Gaza Asia/Hebron Africa/Casablanca Africa/El_Aaiun Asia/Riyadh "
    "Asia/Dubai Asia/Baghdad Asia/Damascus Asia/Amman Africa/Tunis Africa/Algiers Africa/Tripoli "
    "Africa/Khartoum Asia/Jerusalem Asia/Tehran Europe/London Europe/Berlin America/New_York "
    "America/Sao_Paulo America/Nuuk Australia/Lord_Howe Pacific/Chatham Pacific/Apia"
).split()
"""Where most read Arabic, and the oddest clocks there are: half hours, and a change at midnight."""

LATE = timedelta(hours=6)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# Where clocks are changed, somewhere: the hours that are skipped or come twice.
_RISKY = (time(0), time(0, 15), time(0, 30), time(1, 30), time(2, 30), time(23, 30), time(3, 0))


@dataclass(frozen=True)
class Reader:
    """Who wants a digest, when and where."""

    chat: int
    zone: str
    at: time
    days: int


@dataclass
class Result:
    """What came of it; `wrong` says what differs from what was promised."""

    digests: int = 0
    late: int = 0
    passed_over: int = 0
    restarts: int = 0
    kills: int = 0
    ticks: int = 0
    wrong: list[str] = field(default_factory=list)


class Killed(BaseException):
    """The process is gone, in the middle of something."""


class FakeNews:
    """An archive with four new stories a day; nobody tells the same one twice."""

    def __init__(self, first: date) -> None:
        self._first = first

    def ask_many(self, asked: Sequence[str], *, limit: int = 3) -> list[Answer]:
        raise AssertionError(f"nobody asks {asked} for {limit}")

    def article(self, article: int) -> Article:
        ref = self._ref(article)
        text = f"افتتحت بلدية الواحة السوق رقم {article} بعد ترميم دام عامين كاملين. وحضر كثيرون."
        return Article(ref.id, ref.title, text, ref.source, ref.url, ref.published, None)

    def stories(self, since: str | None = None, until: str | None = None) -> list[Story]:
        assert since is not None
        assert until is not None
        found = []
        day = date.fromisoformat(since[:10])
        while day <= date.fromisoformat(until[:10]):
            for number in range(4):
                first = ((day - self._first).days + 10) * 10 + number + 1
                refs = tuple(self._ref(first * 10 + source) for source in range(number + 1))
                found.append(
                    Story(first, refs[0].title, refs, str(day), str(day), sources=len(refs))
                )
            day += DAY
        return found

    def _ref(self, number: int) -> ArticleRef:
        day = self._first + timedelta(days=number // 100 - 10)
        source, url = f"صحيفة {number % 10}", f"https://example.org/{number}"
        return ArticleRef(number, f"افتتاح السوق رقم {number}", source, url, str(day))


def readers_of(count: int, dice: random.Random) -> list[Reader]:
    """Readers in every zone, half of them at hours that some day lacks or has twice."""
    found = []
    for number in range(count):
        risky = dice.random() < 0.5
        at = dice.choice(_RISKY) if risky else time(dice.randrange(24), dice.randrange(60))
        days = 0b1111111 if dice.random() < 0.7 else dice.randrange(1, 128)
        found.append(Reader(1000 + number, ZONES[number % len(ZONES)], at, days))
    return found


def hour_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first minute at which a clock of `zone` shows `at` of `day` or later: the oracle."""
    wall = datetime.combine(day, at)
    offsets = [
        (wall + shift).replace(tzinfo=zone).utcoffset() or timedelta() for shift in (-DAY, DAY)
    ]
    minute = (wall - max(offsets)).replace(tzinfo=UTC)
    if offsets[0] != offsets[1] or minute.astimezone(zone).replace(tzinfo=None) != wall:
        minute -= timedelta(hours=3)
        while minute.astimezone(zone).replace(tzinfo=None) < wall:
            minute += MINUTE
    return minute


def simulate(
    folder: Path,
    readers: list[Reader],
    *,
    start: datetime,
    days: int,
    seed: int,
    off: tuple[datetime, ...] = (),
    report: Callable[[str], None] = lambda _line: None,
) -> Result:
    """Run the bot's digests from `start` on, killed every few hours, off for the day after `off`.

    Every kill comes just before or just after a transaction.
    """
    dice = random.Random(seed)
    result = Result()
    with closing(a_store(folder)) as store, store.db.write() as connection:
        for reader in readers:
            chats.meet(connection, reader.chat, kind="private", now=digests.stamp(start))
            digests.change(
                connection,
                reader.chat,
                now=start,
                default="UTC",
                digest_at=reader.at.isoformat("minutes"),
                digest_days=reader.days,
                zone=reader.zone,
            )
    end, now, ups, seen = start + days * DAY, start, [], {}
    pauses = sorted(off)
    while now < end:
        began = now
        lives = timedelta(minutes=dice.randrange(60, 8 * 60))
        until = min(now + lives, end, *(pause for pause in pauses if pause > now))
        now = asyncio.run(_life(folder, now, until, start.date(), dice, result, seen))
        ups.append((began, now))
        result.restarts += 1
        if now in pauses:
            now += DAY
        else:
            now += timedelta(minutes=dice.randrange(1, 20))
        if result.restarts % 200 == 0:
            report(f"{now:%Y-%m-%d}: {len(seen)} digests")
    _judge(readers, start, end, ups, seen, result)
    return result


async def _life(
    folder: Path,
    now: datetime,
    until: datetime,
    first: date,
    dice: random.Random,
    result: Result,
    seen: dict[tuple[int, str], datetime],
) -> datetime:
    """One life of the server: from `now` to `until`, or to the minute in which it is killed."""
    with closing(a_store(folder)) as store:
        bridge = Bridge(FakeNews(first), workers=1)
        clock = [now]
        services = Services(bridge, store, Courier(), lambda: clock[0], zone="UTC")
        work = Digests(services)
        doomed = dice.random() < 0.5
        try:
            while clock[0] < until:
                result.ticks += 1
                if doomed and until - clock[0] < timedelta(hours=1):
                    _kill_soon(store, dice)
                await work.tick()
                await _send(store, clock[0], seen, result)
                clock[0] = min(until, max(clock[0] + MINUTE, await _next_minute(store, until)))
        except Killed:
            result.kills += 1
        finally:
            await bridge.close(1)
        # A killed server's rows are sent by its next life.
        return clock[0]


def _kill_soon(store: Store, dice: random.Random) -> None:
    """Let one of the next transactions be the last, done or undone."""
    write, left = store.write, [dice.randrange(1, 6)]

    async def dying(change: Any, *args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and dice.random() < 0.5:
            raise Killed
        value = await write(change, *args, **kwargs)
        if left[0] == 0:
            raise Killed
        return value

    store.write = dying  # type: ignore[method-assign]


async def _next_minute(store: Store, until: datetime) -> datetime:
    """The next minute in which anything is due: ticks of the others do nothing at all."""

    def first(connection: sa.Connection) -> str | None:
        return connection.execute(sa.select(sa.func.min(chats_table.c.next_digest))).scalar()

    due = await store.read(first)
    if due is None:
        return until
    moment = datetime.fromisoformat(due)
    return moment if not moment.second else moment.replace(second=0) + MINUTE


async def _send(
    store: Store, now: datetime, seen: dict[tuple[int, str], datetime], result: Result
) -> None:
    """The fake sender: everything that is owed goes out, once."""

    def take(connection: sa.Connection) -> list[sa.Row[Any]]:
        owed = sa.select(outbox).where(outbox.c.state == "pending")
        rows = list(connection.execute(owed))
        if rows:
            mine = outbox.c.state == "pending"
            connection.execute(sa.update(outbox).where(mine).values(state="sent"))
        return rows

    def run() -> list[sa.Row[Any]]:
        with store.db.write() as connection:
            return take(connection)

    for row in await asyncio.to_thread(run):
        if (row.chat_id, row.key) in seen:
            result.wrong.append(f"{row.chat_id} had {row.key} twice")
        if len(row.payload["messages"]) > 2:
            result.wrong.append(f"{row.chat_id} had more than two messages on {row.key}")
        seen[row.chat_id, row.key] = datetime.fromisoformat(row.created_at)


def _judge(
    readers: list[Reader],
    start: datetime,
    end: datetime,
    ups: list[tuple[datetime, datetime]],
    seen: dict[tuple[int, str], datetime],
    result: Result,
) -> None:
    """Compare what came with what the oracle expects."""
    expected: dict[tuple[int, str], datetime] = {}
    hours: dict[tuple[date, time, str], datetime] = {}
    boots = [began for began, _ in ups]
    for reader in readers:
        zone = ZoneInfo(reader.zone)
        day = start.astimezone(zone).date() - DAY
        while day <= end.astimezone(zone).date():
            if reader.days >> day.weekday() & 1:
                key = (day, reader.at, reader.zone)
                due = hours.get(key) or hours.setdefault(key, hour_of(day, reader.at, zone))
                chances = _chances(due, ups, boots)
                if start < due and chances and chances[-1] < end:
                    came = seen.get((reader.chat, str(day)))
                    came = came if came in chances else chances[-1]
                    if came - due <= LATE:
                        expected[reader.chat, str(day)] = came
                        result.late += came > due
                    else:
                        result.passed_over += 1
            day += DAY
    result.digests = len(seen)
    for chat, day_text in sorted(expected.keys() - seen.keys()):
        result.wrong.append(f"{chat} had nothing on {day_text}")
    for chat, day_text in sorted(seen.keys() - expected.keys()):
        result.wrong.append(f"{chat} had one on {day_text} that was not asked for")
    for key in expected.keys() & seen.keys():
        if seen[key] != expected[key]:
            result.wrong.append(f"{key} came at {seen[key]}, not at {expected[key]}")


def _chances(
    due: datetime, ups: list[tuple[datetime, datetime]], boots: list[datetime]
) -> list[datetime]:
    """When a digest can come: the first minute from `due` on which the server outlives.

    Or one before it in which the server was killed, before or after the transaction.
    """
    found = []
    for began, ended in ups[max(bisect_right(boots, due) - 1, 0) :]:
        came = max(began, due)
        if came <= ended:
            found.append(came)
        if came < ended:
            return found
    return []


def main() -> None:
    """Simulate 2026 and print what came of it; exit code 1 where anything is wrong."""
    given = [int(number) for number in sys.argv[1:]]
    count, days = (*given, *(500, 365)[len(given) :])

    def tell(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    begun = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = simulate(
            Path(folder),
            readers_of(count, random.Random(2026)),
            start=datetime(2026, 1, 1, tzinfo=UTC),
            days=days,
            seed=6,
            off=(datetime(2026, 2, 3, 9, tzinfo=UTC), datetime(2026, 7, 14, 21, tzinfo=UTC)),
            report=tell,
        )
    for line in result.wrong[:20]:
        tell(line)
    tell(
        f"{count} readers in {len(ZONES)} zones, {days} days: {result.digests} digests, "
        f"{len(result.wrong)} wrong; {result.late} late, {result.passed_over} passed over; "
        f"{result.restarts} restarts, {result.kills} of them kills in a tick; {result.ticks} "
        f"ticks with work; {monotonic() - begun:.0f} s"
    )
    sys.exit(1 if result.wrong else 0)


if __name__ == "__main__":
    main()
