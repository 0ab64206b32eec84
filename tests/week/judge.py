"""What was promised of the week, and what was not kept: answers, digests, alerts, the outbox."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from simulate_year import LATE, hour_of

from bot.playground.model import Callback
from bot.schema import chats, outbox
from bot.texts import texts
from bot.texts.crowd import crowd as crowd_texts
from week.plan import DAY, HOUR, SIGKILL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.playground.model import Chat, InlineQuery, Message
    from bot.playground.server import PlaygroundServer
    from bot.store import Store
    from bot.typography import Lang
    from week.crowd import Crowd
    from week.deeds import Asked, Deeds, Reader
    from week.lives import Life
    from week.plan import Clock, Plan

_LANGS: tuple[Lang, ...] = ("ar", "en")
_BUSY = [
    said
    for lang in _LANGS
    for said in (texts(lang).busy, texts(lang).chat_busy, crowd_texts(lang).slow_down)
]
_IN_HAND = 50
"""Letters that a kill can catch on their way (`bot.outbox.worker.HANDS`)."""

_SAID_EVERY = 60
"""Real seconds in which who asks too much is told so once (`bot.quota`)."""

_PRESS_LASTS = 15.0
"""Real seconds for which Telegram lets a press be answered."""


@dataclass(slots=True)
class Verdict:
    """Figures, and a line for each thing that is not as promised."""

    figures: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def limit(self, what: str, count: int, most: int) -> None:
        """There may be so many of something: as many as faults explain."""
        self.figures[what] = count
        if count > most:
            self.wrong.append(f"{what}: {count}, of which faults explain {most}")


@dataclass(frozen=True, slots=True)
class Faults:
    """How many requests met a fault, and what else explains that something is missing."""

    bad: int  # 502, before or after
    kills: int
    silent: int  # answers, and words of failure, that were given up: the log says so


async def judge(
    server: PlaygroundServer,
    crowd: Crowd,
    store: Store,
    lives: Sequence[Life],
    plan: Plan,
    clock: Clock,
    faults: Faults,
    settled: datetime,
) -> Verdict:
    """Compare what came with what was to come; nothing is owed that was due when it `settled`."""
    verdict = Verdict()
    letters = await store.read(_letters)
    _answers(verdict, server, crowd.deeds, faults)
    _presses(verdict, crowd.deeds, lives, clock)
    _digests(verdict, crowd.readers, letters, await store.read(_wishes), lives, plan, clock)
    _arrivals(verdict, server, letters, faults)
    _outbox(verdict, letters, crowd.readers, settled, faults)
    return verdict


def _letters(connection: sa.Connection) -> list[sa.Row[Any]]:
    return list(connection.execute(sa.select(outbox).order_by(outbox.c.id)))


def _wishes(connection: sa.Connection) -> dict[int, tuple[str | None, str | None]]:
    """The hour and the zone of each reader's digest, as the bot has them."""
    query = sa.select(chats.c.chat_id, chats.c.digest_at, chats.c.zone)
    return {row.chat_id: (row.digest_at, row.zone) for row in connection.execute(query)}


def _answers(verdict: Verdict, server: PlaygroundServer, deeds: Deeds, faults: Faults) -> None:
    """Each question has one answer, or its reader was told why it has none.

    That there is too much to do is said once a minute, so it may stand for several. A notice that
    the answer may be there is none, though its button can make it one; it comes twice after a 502.
    """
    me = server.world.me
    replies: dict[tuple[int, int], list[Message]] = {}
    for chat in server.world.chats.values():
        for message in chat.messages.values():
            if message.sender is me and message.reply_to is not None:
                replies.setdefault((chat.id, message.reply_to.id), []).append(message)
    counts: Counter[str] = Counter()
    for asked in deeds.asked:
        said = replies.get((asked.chat.id, asked.message), [])
        cut = sum((asked.chat.id, message.id) in deeds.notices for message in said)
        counts["told once more"] += max(cut - 1, 0)
        if len(said) - cut > 1:
            told = "; ".join(message.text[:40].replace("\n", " ") for message in said)
            verdict.wrong.append(f"a question of day {asked.day:.2f} has {len(said)}: {told}")
        kind = "answered" if len(said) > cut else "interrupted" if cut else "unanswered"
        if kind == "unanswered" and asked.reader.lost:
            kind = "by who left"
        elif kind == "unanswered" and any(_says(one, _BUSY) for one in _told(asked)):
            kind = "told to wait"
        counts[kind] += 1
    verdict.figures |= {
        "questions": len(deeds.asked),
        **{f"questions {kind}": count for kind, count in sorted(counts.items())},
    }
    verdict.limit("questions told once more", counts["told once more"], faults.bad)
    verdict.limit("questions unanswered", counts["unanswered"], faults.silent)


def _told(asked: Asked) -> Iterable[Message]:
    """What the chat had from a minute before the question on."""
    messages = asked.chat.messages
    since = messages[asked.message].date - _SAID_EVERY
    return (one for one in messages.values() if one.date >= since)


def _says(message: Message, words: Iterable[str]) -> bool:
    return any(said[:20] in message.text for said in words)


def _presses(verdict: Verdict, deeds: Deeds, lives: Sequence[Life], clock: Clock) -> None:
    """Each press ends its spinner, and each inline query is answered.

    Not so where the bot was down for as long as Telegram waits. An inline query has its answer or
    none: it may also come to nothing while questions took longer than that.
    """
    downs = [
        (_real(before.ended, clock) - _PRESS_LASTS, _real(after.listening, clock) + _PRESS_LASTS)
        for before, after in pairwise(lives)
        if before.ended is not None
    ]
    slow = [(at - _PRESS_LASTS, at + took) for at, took in deeds.waits if took > _PRESS_LASTS]
    _spun(verdict, "presses", deeds.pressed, downs)
    _spun(verdict, "inline queries", deeds.inline, downs + slow)


def _spun(
    verdict: Verdict,
    what: str,
    made: Sequence[Callback | InlineQuery],
    excused: Iterable[tuple[float, float]],
) -> None:
    """Those without an answer, but for such as were made in one of the excused times."""
    open_ = [one for one in made if one.answer is None]
    left = [one for one in open_ if not any(a <= one.at <= b for a, b in excused)]
    verdict.figures |= {what: len(made), f"{what}, excused": len(open_) - len(left)}
    verdict.figures[f"{what} without an answer"] = len(left)
    for one in left:
        asked = one.data if isinstance(one, Callback) else one.query
        verdict.wrong.append(f"{what}: no answer to {asked} of {one.at:.1f} (Unix seconds)")


def _real(day: float | None, clock: Clock) -> float:
    assert day is not None
    return clock.began + day * 86_400 / clock.speed


def _digests(
    verdict: Verdict,
    readers: Iterable[Reader],
    letters: Iterable[sa.Row[Any]],
    wishes: dict[int, tuple[str | None, str | None]],
    lives: Sequence[Life],
    plan: Plan,
    clock: Clock,
) -> None:
    """Each reader has one for each local day, at the minute or as soon as the bot is up."""
    owed: dict[int, dict[date, sa.Row[Any]]] = {}
    for row in letters:
        if row.kind == "digest":
            owed.setdefault(row.chat_id, {})[date.fromisoformat(row.key)] = row
    missing = late = expected = 0
    delays: list[timedelta] = []
    for reader in readers:
        if reader.digest is None or reader.lost:
            continue
        hour, asked, since = reader.digest
        at, zone = wishes.get(reader.user.id, (None, None))
        if at != hour or zone is None:
            verdict.wrong.append(f"a digest was wanted at {hour} on day {since:.2f}, it is at {at}")
            continue
        mine = owed.get(reader.user.id, {})
        set_ = clock.at(asked), clock.at(since)
        surely, perhaps = _due(time.fromisoformat(hour), ZoneInfo(zone), set_, lives, plan, clock)
        expected += len(surely)
        for day in surely.keys() - mine.keys():
            missing += 1
            verdict.wrong.append(f"no digest of {day} at {hour} in {zone}")
        for day in mine.keys() - surely.keys() - perhaps:
            verdict.wrong.append(f"a digest of {day} at {hour} in {zone} that was not due")
        for day in mine.keys() & surely.keys():
            delay = datetime.fromisoformat(mine[day].created_at) - surely[day]
            delays.append(delay)
            late += delay > HOUR
    verdict.figures |= {"digests due": expected, "digests missing": missing}
    verdict.figures["digests later than an hour (the bot was down or behind)"] = late
    if delays:
        delays.sort()
        median = delays[len(delays) // 2] / timedelta(minutes=1)
        verdict.figures["minutes until a digest was owed, median"] = round(median, 1)


def _due(
    at: time,
    zone: ZoneInfo,
    set_: tuple[datetime, datetime],
    lives: Sequence[Life],
    plan: Plan,
    clock: Clock,
) -> tuple[dict[date, datetime], set[date]]:
    """The days whose digest must be there, and those of which it may: at the edges of the time.

    `set_` is when its hour was asked for, and when that was confirmed.
    """
    (asked, told), end = set_, clock.at(plan.days)
    surely: dict[date, datetime] = {}
    perhaps: set[date] = set()
    day = asked.astimezone(zone).date() - DAY
    while day <= end.astimezone(zone).date() + DAY:
        due = hour_of(day, at, zone)
        up = max(
            (clock.at(life.listening) for life in lives if _waits(life, due, clock)), default=due
        )
        if told + HOUR < due and max(due, up) < clock.at(plan.busy) and up - due < LATE - HOUR:
            surely[day] = due
        elif asked - HOUR < due < end + DAY:
            perhaps.add(day)
        day += DAY
    return surely, perhaps


def _waits(life: Life, due: datetime, clock: Clock) -> bool:
    """Whether the bot was just being started for this life when something was due."""
    return clock.at(life.began) - HOUR <= due <= clock.at(life.listening)


def _arrivals(
    verdict: Verdict, server: PlaygroundServer, letters: Sequence[sa.Row[Any]], faults: Faults
) -> None:
    """What came twice at Telegram: an alert or a correction never, a digest only after a fault."""
    numbered = {(row.chat_id, number): row for row in letters for number in row.message_ids}
    twice: Counter[str] = Counter()
    for chat in server.world.chats.values():
        seen: Counter[tuple[str, str, int]] = Counter()
        for message in _unasked(server, chat):
            row = numbered.get((chat.id, message.id))
            kind = row.kind if row is not None else _kind_of(message)
            under = message.reply_to.id if message.reply_to is not None else 0
            seen[kind, message.text, under if kind == "correction" else 0] += 1
        for (kind, *_), count in seen.items():
            twice[kind] += count - 1
    for kind in ("alert", "correction", "notice"):
        verdict.limit(f"{kind}s that came twice", twice[kind], 0)
    explained = faults.bad + faults.kills * _IN_HAND
    verdict.limit("digests that came twice", twice["digest"], explained)


def _unasked(server: PlaygroundServer, chat: Chat) -> Iterable[Message]:
    me = server.world.me
    return (one for one in chat.messages.values() if one.sender is me and not one.deleted)


def _kind_of(message: Message) -> str:
    """What a message is that the outbox does not know: an answer, or of who was forgotten."""
    data = [b.get("callback_data", "") for row in message.keyboard for b in row]
    if any(one.startswith(("t:am:", "t:an:", "t:ax:")) for one in data):
        return "alert"
    return "other"


def _outbox(
    verdict: Verdict,
    letters: Sequence[sa.Row[Any]],
    readers: Iterable[Reader],
    settled: datetime,
    faults: Faults,
) -> None:
    """Everything is sent, but for what nobody can know, what is held, and those who left."""
    verdict.figures["letters"] = dict(
        sorted(Counter(f"{row.kind} {row.state}" for row in letters).items())
    )
    now = settled.isoformat(timespec="seconds")
    left = {reader.user.id for reader in readers if reader.lost}
    owed = [row for row in letters if row.state in ("pending", "sending")]
    verdict.limit("letters still owed", sum(row.due_at <= now for row in owed), 0)
    verdict.figures["letters held for later"] = len(owed) - verdict.figures["letters still owed"]
    gone = [row for row in letters if row.state == "gone" and row.chat_id not in left]
    verdict.limit("letters gone to who is there", len(gone), 0)
    unsure = [row for row in letters if row.state in ("unconfirmed", "failed")]
    verdict.limit(
        "letters unconfirmed or failed", len(unsure), faults.bad + faults.kills * _IN_HAND
    )


def kills(lives: Iterable[Life]) -> int:
    """How many of them were killed."""
    return sum(life.how == SIGKILL for life in lives)
