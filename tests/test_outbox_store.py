"""The outbox's rows: owed once, claimed in order, resolved after a crash, accounted for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from outbox_world import NOW, START, a_letter, owe, states

from bot.outbox.letter import QuoteRef
from bot.outbox.outcome import Lost, Moved, Refused, Sent, Unknown, Unsent, Wait
from bot.outbox.promises import KINDS, PROMISES, TRIES, backoff
from bot.schema import metadata, outbox, quoted
from bot.store import chats, deliveries, ledger
from bot.store.deliveries import begin, claim, recover, settle, text
from bot.store.outbox import cancel, put
from index.model import InputError

if TYPE_CHECKING:
    from bot.outbox.outcome import Outcome
    from bot.outbox.promises import Kind
    from bot.store import Store
    from bot.store.deliveries import Claim

LATER = "2026-03-01T08:00:00+00:00"


async def claimed(store: Store, limit: int = 50, now: str = NOW, **more: object) -> list[Claim]:
    return await store.write(claim, limit=limit, now=now, **more)


async def sent_as(store: Store, outcome: Outcome, *, kind: Kind = "alert") -> None:
    """One letter to chat 7, begun, with that outcome."""
    await owe(store, 7, kind=kind)
    (mine,) = await claimed(store)
    assert await store.write(begin, mine, now=NOW)
    await store.write(settle, mine, outcome, now=START)


async def test_a_letter_is_owed_once(store: Store) -> None:
    """By chat, kind and key; also after it was sent."""
    assert await owe(store, 7, key="a") == 1
    assert await owe(store, 7, key="a") is None
    assert await owe(store, 7, key="a", kind="digest") is not None
    assert await owe(store, 8, key="a") is not None
    (mine, *_) = await claimed(store)
    await store.write(settle, mine, Sent(5), now=START)
    assert await owe(store, 7, key="a") is None


async def test_nothing_is_owed_to_who_is_not_there(store: Store) -> None:
    """Forgotten while it was decided: the transaction that decides it does not fail."""
    given = {"kind": "alert", "key": "1", "letter": a_letter(), "due_at": NOW, "now": NOW}
    assert await store.write(put, 7, **given) is None


async def test_what_a_blocked_chat_is_owed_is_gone_at_once(store: Store) -> None:
    """It is not sent when the chat comes back, and not owed again."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    await store.write(chats.change, 7, state="blocked")
    assert await owe(store, 7) is not None
    assert await states(store) == [(7, "gone", None)]
    assert await owe(store, 7) is None


async def test_forgetting_a_chat_cancels_what_it_was_owed(store: Store) -> None:
    """Even with a worker that has it in hand."""
    quote = QuoteRef(1, "عنوان", "خبر")
    await owe(store, 7, a_letter(quotes=(quote,)))
    (mine,) = await claimed(store)
    await store.write(chats.forget, 7)
    assert not await store.write(begin, mine, now=NOW)
    await store.write(settle, mine, Sent(5), now=START)
    assert await states(store) == []
    assert await store.read(_count, quoted) == 0


async def test_the_most_urgent_kinds_are_claimed_first(store: Store) -> None:
    """Whatever was owed earlier."""
    for chat, kind in enumerate(reversed(KINDS), 1):
        await owe(store, chat, kind=kind)
    assert [mine.kind for mine in await claimed(store)] == list(KINDS)


async def test_a_chat_has_one_letter_in_hand(store: Store) -> None:
    """However many it is owed, so that the others get theirs."""
    for key in "abc":
        await owe(store, 7, key=key)
    await owe(store, 8)
    assert [mine.chat_id for mine in await claimed(store)] == [7, 8]
    assert await claimed(store) == []


async def test_what_is_not_due_or_whose_chat_rests_is_passed_over(store: Store) -> None:
    """Until then."""
    await owe(store, 7, due_at=LATER)
    await owe(store, 8)
    await owe(store, 9)
    assert [mine.chat_id for mine in await claimed(store, resting={8})] == [9]
    assert [mine.chat_id for mine in await claimed(store, now=LATER)] == [8, 7]


async def test_a_hold_is_kept_by_chat(store: Store) -> None:
    """In SQL, so that a restart does not forget it; the try does not count."""
    await sent_as(store, Wait(60))
    await owe(store, 8)
    assert [mine.chat_id for mine in await claimed(store)] == [8]
    (mine,) = await claimed(store, now=text(START + timedelta(seconds=61)))
    assert (mine.chat_id, mine.attempts) == (7, 0)


async def test_a_letter_waits_for_the_one_it_follows(store: Store) -> None:
    """And then answers its first message."""
    first = await owe(store, 7, key="a", due_at=LATER)
    await owe(store, 7, key="b", follows=first)
    assert await claimed(store) == []
    (mine,) = await claimed(store, now=LATER)
    assert (mine.id, mine.reply_to) == (first, None)
    await store.write(settle, mine, Sent(31), now=START)
    (mine,) = await claimed(store, now=LATER)
    assert mine.reply_to == 31


async def test_a_letter_of_two_messages_is_sent_one_after_the_other(store: Store) -> None:
    """Its progress is kept with each; the quotes learn in which they stand."""
    quotes = (QuoteRef(1, "عنوان", "ثان"), QuoteRef(2, "عنوان", "أول"))
    await owe(store, 7, a_letter("أول", "ثان", quotes=quotes), kind="digest")
    (mine,) = await claimed(store)
    assert (mine.part, mine.last) == (0, False)
    await store.write(settle, mine, Sent(31), now=START)
    assert await states(store) == [(7, "pending", None)]
    (mine,) = await claimed(store)
    assert (mine.part, mine.last) == (1, True)
    await store.write(settle, mine, Sent(32), now=START)
    assert await states(store) == [(7, "sent", None)]
    assert await store.read(_places) == [(1, 32), (2, 31)]


@pytest.mark.parametrize(
    ("outcome", "kind", "state"),
    [
        (Refused("BadRequest"), "digest", "failed"),
        (Unknown("TimedOut"), "alert", "unconfirmed"),
        (Unknown("TimedOut"), "correction", "unconfirmed"),
        (Unknown("TimedOut"), "broadcast", "unconfirmed"),
        (Unknown("TimedOut"), "digest", "pending"),
        (Unsent("ConnectError"), "alert", "pending"),
    ],
)
async def test_each_kind_is_settled_by_its_promise(
    store: Store, outcome: Outcome, kind: Kind, state: str
) -> None:
    """What may have arrived is repeated only where that is promised."""
    await sent_as(store, outcome, kind=kind)
    assert [now for _, now, _ in await states(store)] == [state]


async def test_a_digest_is_given_up_after_some_tries(store: Store) -> None:
    """Each waits longer than the last."""
    await owe(store, 7, kind="digest")
    now = START
    for _ in range(TRIES):
        (mine,) = await claimed(store, now=text(now))
        assert await store.write(begin, mine, now=text(now))
        await store.write(settle, mine, Unknown("TimedOut"), now=now)
        assert await claimed(store, now=text(now + timedelta(seconds=4))) == []
        now += timedelta(seconds=backoff(mine.attempts + 1))
    assert await states(store) == [(7, "failed", "TimedOut")]
    assert timedelta(minutes=5) < now - START < timedelta(minutes=30)


async def test_a_chat_that_is_lost_keeps_its_settings(store: Store) -> None:
    """All it was owed is gone."""
    await owe(store, 7, key="other")
    await store.write(chats.change, 7, zone="Africa/Cairo")
    (mine,) = await claimed(store)
    await store.write(settle, mine, Lost("blocked", "Forbidden"), now=START)
    assert [state for _, state, _ in await states(store)] == ["gone"]
    chat = await store.read(chats.get, 7)
    assert chat is not None
    assert (chat.state, chat.zone) == ("blocked", "Africa/Cairo")


async def test_a_group_that_moved_gets_its_letter_there(store: Store) -> None:
    """Moved twice, by somebody else before us, nothing is lost either."""
    await owe(store, -7)
    (mine,) = await claimed(store)
    for _ in range(2):
        await store.write(settle, mine, Moved(-1007), now=START)
        assert await states(store) == [(-1007, "pending", None)]


async def test_what_was_in_hand_at_a_crash_is_resolved(store: Store) -> None:
    """Claimed and not begun: pending. Begun: as its kind promises."""
    await owe(store, 1)
    await owe(store, 2)
    await owe(store, 3, kind="digest")
    for mine in await claimed(store):
        if mine.chat_id > 1:
            assert await store.write(begin, mine, now=NOW)
    before = text(START - timedelta(minutes=3))
    assert await store.write(recover, before=before, now=NOW, starting=False) == 0
    assert await store.write(recover, before=before, now=NOW, starting=True) == 3
    assert [state for _, state, _ in await states(store)] == ["pending", "unconfirmed", "pending"]
    assert {mine.chat_id for mine in await claimed(store)} == {1, 3}


async def test_what_another_worker_left_is_resolved_in_time(store: Store) -> None:
    """When nobody can be at work on it any more."""
    await owe(store, 1)
    await claimed(store)
    after = text(START + timedelta(seconds=1))
    assert await store.write(recover, before=after, now=after, starting=False) == 1


async def test_what_a_worker_has_in_hand_itself_is_not_abandoned(store: Store) -> None:
    """However late it is all of a sudden: the clock was set, or the machine slept."""
    await owe(store, 1)
    await owe(store, 2)
    mine, other = await claimed(store)
    late = text(START + timedelta(hours=5))
    given = {"before": late, "now": late, "starting": False}
    assert await store.write(recover, **given, own=[mine.id]) == 1
    assert await store.write(begin, mine, now=late)
    assert not await store.write(begin, other, now=late)


async def test_a_letter_is_taken_back_before_it_is_begun(store: Store) -> None:
    """Not afterwards, and not when half of it was sent."""
    number = await owe(store, 7, a_letter("أول", "ثان"))
    assert number is not None
    (mine,) = await claimed(store)
    await store.write(settle, mine, Sent(1), now=START)
    assert not await store.write(cancel, number, reason="withdrawn", now=NOW)
    other = await owe(store, 8)
    assert other is not None
    (mine, *_) = await claimed(store, resting={7})
    assert await store.write(cancel, other, reason="withdrawn", now=NOW)
    assert not await store.write(begin, mine, now=NOW)
    assert (8, "cancelled", "withdrawn") in await states(store)


async def test_the_last_minute_is_remembered(store: Store) -> None:
    """To whom was written, for the rates after a restart."""
    await owe(store, 7, a_letter("أول", "ثان"), kind="digest")
    await owe(store, 8)
    for mine in await claimed(store):
        await store.write(settle, mine, Sent(1), now=START)
    recent = await store.read(deliveries.recent, since=NOW)
    assert sorted(recent, key=str) == [(7, None, 2), (8, NOW, 1)]


async def test_the_ledger_counts_and_names_no_words(store: Store) -> None:
    """By kind and state; what was set aside with its reason."""
    await sent_as(store, Refused("BadRequest: …"), kind="digest")
    await owe(store, 8)
    assert await store.read(ledger.counts) == {("digest", "failed"): 1, ("alert", "pending"): 1}
    (entry,) = await store.read(ledger.entries, ["failed"], limit=9)
    assert (entry.chat_id, entry.error) == (7, "BadRequest: …")


async def test_what_was_set_aside_can_be_sent_again(store: Store) -> None:
    """By its number; nothing else can."""
    await sent_as(store, Unknown("TimedOut"))
    await store.write(ledger.retry, 1, now=NOW)
    assert await states(store) == [(7, "pending", None)]
    for number in (1, 99):
        with pytest.raises(InputError):
            await store.write(ledger.retry, number, now=NOW)


async def test_a_letter_that_cannot_be_read_holds_up_no_other(store: Store) -> None:
    """It is set aside: another version may have written it."""
    broken = await owe(store, 7)
    await owe(store, 8)
    await store.write(_spoil, broken)
    assert [mine.chat_id for mine in await claimed(store)] == [8]
    assert await states(store) == [
        (7, "failed", "the letter cannot be read"),
        (8, "pending", None),
    ]


async def test_what_was_finished_long_ago_goes(store: Store) -> None:
    """With the quotes in it; what is still owed stays, however old."""
    quote = QuoteRef(1, "عنوان", "خبر")
    await owe(store, 7, a_letter(quotes=(quote,)))
    await owe(store, 8, a_letter(quotes=(quote,)))
    (mine, _) = await claimed(store)
    await store.write(settle, mine, Sent(5), now=START)
    assert await store.write(ledger.prune, before=NOW) == 0
    assert await store.write(ledger.prune, before=LATER) > 0
    assert await store.write(ledger.prune, before=LATER) == 0
    assert [chat for chat, _, _ in await states(store)] == [8]
    assert await store.read(_count, quoted) == 1


def test_every_kind_has_its_promise() -> None:
    """Only a digest is repeated; alerts go before digests before broadcasts."""
    assert [kind for kind in KINDS if PROMISES[kind].again] == ["digest"]
    ranks = [PROMISES[kind].rank for kind in ("alert", "digest", "broadcast")]
    assert ranks == sorted(ranks)
    assert min(ranks) > 0


def _spoil(connection: sa.Connection, number: int) -> None:
    here = sa.update(outbox).where(outbox.c.id == number)
    connection.execute(here.values(payload={"messages": [{"text": "?"}]}))


def _count(connection: sa.Connection, table: sa.Table) -> int:
    assert table.name in metadata.tables
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def _places(connection: sa.Connection) -> list[tuple[int, int]]:
    query = sa.select(quoted.c.article, quoted.c.message_id).order_by(quoted.c.article)
    return [tuple(row) for row in connection.execute(query)]


def test_the_queue_is_read_by_an_index(store: Store) -> None:
    """Claiming must not read everything that was ever sent."""
    with store.db.read() as connection:
        statement = deliveries._due("alert", NOW).compile(
            connection.engine, compile_kwargs={"literal_binds": True}
        )
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()
    assert any("ix_outbox_state_kind_due_at" in str(step) for step in plan)
    assert not any("TEMP B-TREE" in str(step) for step in plan)
    assert not any(f"SCAN {outbox.name}" in str(step) for step in plan)
