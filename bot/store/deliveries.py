"""A letter's way through the outbox: claimed, begun, sent, or what else became of it.

A row in hand has `claimed_at` set; nothing else is sent to its chat until that is over.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.outbox.letter import Letter
from bot.outbox.outcome import (
    Lost,
    Moved,
    Outcome,
    Refused,
    Sent,
    Unknown,
    Unsent,
    Void,
    Wait,
)
from bot.outbox.promises import KINDS, PROMISES, TRIES, Kind, State, backoff
from bot.schema import chats, holds, outbox, quoted
from bot.store import chats as readers
from bot.store.outbox import finished

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.message import Message

_OPEN = ("pending", "sending")


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter in hand: its message number `part` is to be sent now.

    `reply_to` is the message of ours it answers, and `amended` the message, as it stands there,
    that a correction is to be written under. `attempts` counts the times it was begun before.
    """

    id: int
    chat_id: int
    kind: Kind
    letter: Letter
    part: int
    attempts: int
    claimed_at: str
    reply_to: int | None = None
    amended: Message | None = None

    @property
    def last(self) -> bool:
        """Whether no message of the letter is left after this one."""
        return self.part == len(self.letter.messages) - 1


def claim(
    connection: sa.Connection, *, limit: int, now: str, resting: Collection[int] = ()
) -> list[Claim]:
    """Take up to `limit` due letters in hand, the most urgent kinds first, one a chat.

    Passed over are chats in `resting`, chats with a letter in hand, chats that Telegram has told
    us not to write to yet, and letters that follow one which is still owed.
    """
    in_hand = sa.select(outbox.c.chat_id).where(outbox.c.claimed_at.is_not(None))
    busy = {*resting, *connection.execute(in_hand).scalars()}
    found: list[int] = []
    for kind in KINDS:
        rows = connection.execute(_due(kind, now).execution_options(yield_per=200))
        while len(found) < limit and (row := rows.fetchone()) is not None:
            if row.chat_id not in busy:
                busy.add(row.chat_id)
                found.append(row.id)
        rows.close()
    if not found:
        return []
    connection.execute(sa.update(outbox).where(outbox.c.id.in_(found)).values(claimed_at=now))
    claims = {claim.id: claim for claim in _claims(connection, found, now)}
    return [claims[number] for number in found if number in claims]


def begin(connection: sa.Connection, claim: Claim, *, now: str) -> bool:
    """Note that a claimed letter is about to leave; false where it must not any more."""
    mine = sa.and_(
        outbox.c.id == claim.id,
        outbox.c.state == "pending",
        outbox.c.claimed_at == claim.claimed_at,
    )
    changed = connection.execute(
        sa.update(outbox)
        .where(mine)
        .values(state="sending", claimed_at=now, attempts=outbox.c.attempts + 1)
    )
    return changed.rowcount == 1


def settle(connection: sa.Connection, claim: Claim, outcome: Outcome, *, now: datetime) -> None:
    """Write down what became of a message in hand, and when its letter's turn comes again."""
    match outcome:
        case Sent():
            _sent(connection, claim, outcome, now)
        case Wait(seconds):
            _later(connection, claim, begun=False)
            _hold(connection, claim.chat_id, now + timedelta(seconds=math.ceil(seconds) + 1))
        case Moved(chat_id):
            _later(connection, claim, begun=False)
            if readers.get(connection, claim.chat_id) is not None:  # else it was moved before
                readers.migrate(connection, claim.chat_id, chat_id)
        case Lost(state, reason):
            readers.change(connection, claim.chat_id, state=state)  # its settings stay
            owed = sa.and_(outbox.c.chat_id == claim.chat_id, outbox.c.state.in_(_OPEN))
            gone = finished("gone", reason, text(now))
            connection.execute(sa.update(outbox).where(owed).values(**gone))
        case Unsent():
            _later(connection, claim, begun=False)
        case Refused(reason):
            _close(connection, claim, "failed", reason, now)
        case Void(reason):
            _close(connection, claim, "cancelled", reason, now)
        case Unknown(reason) if not PROMISES[claim.kind].again:
            _close(connection, claim, "unconfirmed", reason, now)
        case Unknown(reason) if claim.attempts + 1 >= TRIES:
            _close(connection, claim, "failed", reason, now)
        case Unknown():
            due = now + timedelta(seconds=backoff(claim.attempts + 1))
            _later(connection, claim, begun=True, due_at=text(due))


def recover(
    connection: sa.Connection,
    *,
    before: str,
    now: str,
    starting: bool,
    own: Collection[int] = (),
) -> int:
    """Resolve what workers had in hand when they ended, by the promise of its kind; how many.

    It is left to those who took it after `before`: they may be at work, as whoever asks is with
    its `own`. On SQLite there are no others, so that a worker which is `starting` resolves
    everything.
    """
    abandoned = outbox.c.claimed_at < before
    if starting and connection.dialect.name == "sqlite":
        abandoned = outbox.c.claimed_at.is_not(None)
    abandoned = sa.and_(abandoned, outbox.c.id.not_in(own))
    error = "stopped while it was being sent"
    again = [kind for kind in KINDS if PROMISES[kind].again]
    settled: list[tuple[sa.ColumnElement[bool], State]] = [
        (outbox.c.kind.not_in(again), "unconfirmed"),
        (outbox.c.attempts >= TRIES, "failed"),
    ]
    begun = sa.update(outbox).where(abandoned, outbox.c.state == "sending")
    count = 0
    for where, state in settled:
        done = connection.execute(begun.where(where).values(**finished(state, error, now)))
        count += done.rowcount
    released = sa.update(outbox).where(abandoned).values(state="pending", claimed_at=None)
    return count + connection.execute(released).rowcount


def recent(connection: sa.Connection, *, since: str) -> list[tuple[int, str | None, int]]:
    """Which chats were or may have been written to since then: chat, when (None: now), how often.

    Of a letter that is not finished, when is not known.
    """
    parted = sa.cast(outbox.c.message_ids, sa.Text) != "[]"
    in_hand = sa.or_(outbox.c.claimed_at.is_not(None), parted)
    query = sa.select(outbox.c.chat_id, outbox.c.finished_at, outbox.c.message_ids).where(
        sa.or_(outbox.c.finished_at >= since, sa.and_(outbox.c.state.in_(_OPEN), in_hand))
    )
    return [(chat, at, len(ids) + (at is None)) for chat, at, ids in connection.execute(query)]


def _due(kind: Kind, now: str) -> sa.Select[tuple[int, int]]:
    """What could be claimed of a kind, in the order it was due."""
    held = sa.select(holds.c.chat_id).where(holds.c.until > now)
    first = outbox.alias()
    followed = sa.exists().where(first.c.id == outbox.c.follows, first.c.state.in_(_OPEN))
    return (
        sa.select(outbox.c.id, outbox.c.chat_id)
        .where(
            outbox.c.state == "pending",
            outbox.c.kind == kind,
            outbox.c.due_at <= now,
            outbox.c.claimed_at.is_(None),
            outbox.c.chat_id.not_in(held),
            sa.not_(followed),
        )
        .order_by(outbox.c.due_at, outbox.c.id)
        .with_for_update(skip_locked=True, of=outbox)  # nothing on SQLite, which has one writer
    )


def _claims(connection: sa.Connection, numbers: list[int], now: str) -> list[Claim]:
    """These letters; one that cannot be read is set aside, so that it holds up no other."""
    first = outbox.alias()
    query = (
        sa.select(
            outbox,
            first.c.payload.label("followed"),
            first.c.message_ids.label("followed_ids"),
        )
        .select_from(outbox.outerjoin(first, outbox.c.follows == first.c.id))
        .where(outbox.c.id.in_(numbers))
    )
    claims: list[Claim] = []
    for row in connection.execute(query).all():
        try:
            claims.append(_claimed(row))
        except (IndexError, KeyError, TypeError, ValueError):
            failed = finished("failed", "the letter cannot be read", now)
            connection.execute(_this(row.id).values(**failed))
    return claims


def _claimed(row: sa.Row[Any]) -> Claim:
    letter = Letter.from_json(row.payload)
    answered = letter.amends or 0
    ids = row.followed_ids or []
    reply_to, amended = letter.reply_to, None
    if len(ids) > answered:
        reply_to = ids[answered]
        if letter.amends is not None:
            amended = Letter.from_json(row.followed).messages[answered]
    return Claim(
        id=row.id,
        chat_id=row.chat_id,
        kind=row.kind,
        letter=letter,
        part=len(row.message_ids),
        attempts=row.attempts,
        claimed_at=row.claimed_at,
        reply_to=reply_to,
        amended=amended,
    )


def _sent(connection: sa.Connection, claim: Claim, outcome: Sent, now: datetime) -> None:
    """The message arrived; the rest of the letter is due."""
    row = connection.execute(
        sa.select(outbox.c.message_ids, outbox.c.follows).where(outbox.c.id == claim.id)
    ).one_or_none()
    if row is None:  # its chat was forgotten meanwhile
        return
    done: dict[str, Any] = {"state": "pending", "claimed_at": None, "attempts": 0}
    if claim.last:
        done = finished("sent", None, text(now))
    message_ids = [*row.message_ids, outcome.message_id]
    connection.execute(_this(claim.id).values(message_ids=message_ids, **done))
    if claim.letter.quotes:
        here = sa.and_(quoted.c.outbox_id == claim.id, quoted.c.part == claim.part)
        values = {"message_id": outcome.message_id, "at": text(now)}
        connection.execute(sa.update(quoted).where(here).values(**values))
    if outcome.amended is not None and row.follows is not None:
        _rewrite(connection, row.follows, claim.letter.amends or 0, outcome.amended)


def _later(
    connection: sa.Connection, claim: Claim, *, begun: bool, due_at: str | None = None
) -> None:
    """Put a letter back, where it was in the queue or for `due_at`.

    `begun` where it may have left; else that it was begun is not counted.
    """
    back = {"state": "pending", "claimed_at": None, "attempts": claim.attempts + begun}
    if due_at is not None:
        back["due_at"] = due_at
    connection.execute(_this(claim.id).values(**back))


def _close(
    connection: sa.Connection, claim: Claim, state: State, error: str, now: datetime
) -> None:
    connection.execute(_this(claim.id).values(**finished(state, error, text(now))))


def _hold(connection: sa.Connection, chat_id: int, until: datetime) -> None:
    connection.execute(sa.delete(holds).where(holds.c.chat_id == chat_id))
    here = sa.select(chats.c.chat_id, sa.literal(text(until))).where(chats.c.chat_id == chat_id)
    connection.execute(sa.insert(holds).from_select(["chat_id", "until"], here))


def _rewrite(connection: sa.Connection, outbox_id: int, part: int, message: Message) -> None:
    """Keep a sent message as it now stands, for the next correction of it."""
    query = sa.select(outbox.c.payload).where(outbox.c.id == outbox_id)
    letter = Letter.from_json(connection.execute(query).scalar_one())
    messages = (*letter.messages[:part], message, *letter.messages[part + 1 :])
    payload = letter.with_messages(messages).to_json()
    connection.execute(_this(outbox_id).values(payload=payload))


def _this(outbox_id: int) -> sa.Update:
    return sa.update(outbox).where(outbox.c.id == outbox_id)


def text(instant: datetime) -> str:
    """An instant as the database keeps it."""
    return instant.isoformat(timespec="seconds")
