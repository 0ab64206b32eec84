"""Digests at work: who gets one when, what is marked, what a failure leaves behind."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from simulate_year import FakeNews

from bot.bridge import Bridge
from bot.digests import Digests
from bot.handlers.delivery import Courier
from bot.outbox.letter import Letter
from bot.press import preview
from bot.schema import alerts, outbox, topics
from bot.services import Services
from bot.store import chats, digests
from index.model import Article, NotFoundError, StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.store import Store
    from bot.store.chats import Chat

START = datetime(2026, 3, 5, 10, tzinfo=UTC)  # a Thursday
SEVEN = datetime(2026, 3, 6, 5, tzinfo=UTC)  # the next morning in Cairo
DAY = timedelta(days=1)
READER = 7


class News(FakeNews):
    """May hold nothing, lose articles, or fail on some."""

    def __init__(self) -> None:
        super().__init__(START.date() - 5 * DAY)
        self.silent = False
        self.gone: set[int] = set()
        self.broken: set[int] = set()
        self.events: dict[int, int] = {}  # which stories are of the event of which
        self.looked = 0

    def article(self, article: int) -> Article:
        if article in self.broken:
            raise ValueError("a bug")
        if article in self.gone:
            raise NotFoundError(f"no article {article}")
        return super().article(article)

    def stories(self, since: str | None = None, until: str | None = None) -> list[Any]:
        self.looked += 1
        found = [] if self.silent else super().stories(since, until)
        return [replace(story, event=self.events.get(story.id)) for story in found]


class Desk:
    """The work with a clock to set; every reader lives in Cairo and reads at seven."""

    def __init__(self, store: Store, news: News, bridge: Bridge) -> None:
        self.store = store
        self.news = news
        self.now = START
        self.services = Services(bridge, store, Courier(), lambda: self.now, zone="Asia/Riyadh")
        self.work = Digests(self.services)

    async def subscribe(self, number: int = READER, **values: Any) -> Chat:
        await self.store.write(chats.meet, number, kind="private", now=digests.stamp(self.now))
        return await self.change(number, zone="Africa/Cairo", digest_at="07:00", **values)

    async def change(self, number: int = READER, **values: Any) -> Chat:
        chat = await self.store.write(
            digests.change, number, now=self.now, default="Asia/Riyadh", **values
        )
        assert chat is not None
        return chat

    async def tick(self, at: datetime) -> int:
        self.now = at
        return await self.work.tick()

    async def owed(self) -> list[tuple[int, str]]:
        """Chat and date of every digest so far."""
        rows = await self.store.read(_rows)
        return [(row.chat_id, row.key) for row in rows]

    async def letter(self) -> Letter:
        """The last one."""
        return Letter.from_json((await self.store.read(_rows))[-1].payload)


def _rows(connection: sa.Connection) -> list[sa.Row[Any]]:
    return list(connection.execute(sa.select(outbox).order_by(outbox.c.id)))


@pytest.fixture
async def desk(store: Store) -> AsyncIterator[Desk]:
    news = News()
    bridge = Bridge(news, workers=1)  # type: ignore[arg-type]
    yield Desk(store, news, bridge)
    await bridge.close(1)


async def test_a_digest_comes_at_its_hour_and_once(desk: Desk) -> None:
    """Not a minute before, and not again."""
    await desk.subscribe()
    assert await desk.tick(SEVEN - timedelta(minutes=1)) == 0
    assert await desk.tick(SEVEN) == 1
    assert await desk.tick(SEVEN) == 0
    assert await desk.tick(SEVEN + DAY) == 1
    assert await desk.owed() == [(READER, "2026-03-06"), (READER, "2026-03-07")]


async def test_a_digest_tells_what_is_new_and_quotes_it(desk: Desk) -> None:
    """Every quote is kept for its correction; the next digest tells none of it again."""
    await desk.subscribe()
    await desk.tick(SEVEN)
    first = await desk.letter()
    await desk.tick(SEVEN + DAY)
    second = await desk.letter()
    assert len(first.quotes) == 8  # two days of four
    assert len(second.quotes) == 4
    assert not {quote.article for quote in first.quotes} & {q.article for q in second.quotes}
    for quote in first.quotes:
        assert quote.quote in first.messages[0].html
        assert quote.quote in desk.news.article(quote.article).text


async def test_readers_of_one_minute_share_the_stories(desk: Desk) -> None:
    """The archive is asked once for all of them."""
    for number in range(1, 31):
        await desk.subscribe(number)
    assert await desk.tick(SEVEN) == 30
    assert desk.news.looked == 1


async def test_only_the_days_asked_for(desk: Desk) -> None:
    """Fridays and Mondays."""
    await desk.subscribe(digest_days=0b0010001)
    for days in range(8):
        await desk.tick(SEVEN + days * DAY)
    assert [key for _, key in await desk.owed()] == ["2026-03-06", "2026-03-09", "2026-03-13"]


async def test_a_quiet_day_is_said_or_skipped(desk: Desk) -> None:
    """As the reader chose; one that was skipped is done with all the same."""
    await desk.subscribe()
    await desk.subscribe(8, digest_quiet_day="skip")
    desk.news.silent = True
    assert await desk.tick(SEVEN) == 1
    assert await desk.owed() == [(READER, "2026-03-06")]
    assert "يوم هادئ" in (await desk.letter()).messages[0].html
    desk.news.silent = False
    assert await desk.tick(SEVEN + timedelta(hours=1)) == 0
    assert await desk.tick(SEVEN + DAY) == 2


async def test_a_server_that_was_off_sends_late_but_not_too_late(desk: Desk) -> None:
    """Six hours; beyond, the day is passed over and the next is as always."""
    await desk.subscribe()
    assert await desk.tick(SEVEN + timedelta(hours=6)) == 1
    assert await desk.tick(SEVEN + DAY + timedelta(hours=6, minutes=1)) == 0
    assert await desk.tick(SEVEN + 2 * DAY) == 1
    assert [key for _, key in await desk.owed()] == ["2026-03-06", "2026-03-08"]


async def test_an_hour_that_has_passed_is_for_tomorrow(desk: Desk) -> None:
    """Also where it is moved to behind now; what is still to come today comes today."""
    chat = await desk.subscribe()
    assert chat.next_digest == "2026-03-06T05:00:00+00:00"
    chat = await desk.change(digest_at="12:00")  # it is noon in Cairo
    assert chat.next_digest == "2026-03-06T10:00:00+00:00"
    chat = await desk.change(digest_at="12:01")
    assert chat.next_digest == "2026-03-05T10:01:00+00:00"


async def test_no_change_of_the_hour_gives_a_second_digest_of_a_day(desk: Desk) -> None:
    """Nor does stopping and beginning again."""
    await desk.subscribe()
    await desk.tick(SEVEN)
    await desk.change(digest_at=None)
    chat = await desk.change(digest_at="20:00")
    assert chat.next_digest == "2026-03-07T18:00:00+00:00"
    chat = await desk.change(digest_days=0b1111110)
    assert chat.next_digest == "2026-03-07T18:00:00+00:00"


async def test_who_tells_a_zone_for_the_first_time_has_not_moved(desk: Desk) -> None:
    """Seven in the morning has passed for the operator, and not for a reader in New York."""
    await desk.store.write(chats.meet, 9, kind="private", now=digests.stamp(START))
    await desk.change(9, digest_at="07:00")
    chat = await desk.change(9, zone="America/New_York", city="نيويورك")
    assert chat.next_digest == "2026-03-05T12:00:00+00:00"


async def test_who_moves_is_owed_the_date_they_waited_for(desk: Desk) -> None:
    """East, at once if it is not too late; west, no date twice."""
    await desk.subscribe()
    desk.now = SEVEN - timedelta(hours=1)
    chat = await desk.change(zone="Asia/Dubai")  # where it is eight
    assert chat.next_digest == "2026-03-06T03:00:00+00:00"
    assert await desk.tick(desk.now) == 1
    chat = await desk.change(zone="America/Los_Angeles")  # where it is still the fifth
    assert chat.next_digest == "2026-03-07T15:00:00+00:00"


async def test_a_zone_set_by_others_and_new_rules_are_noticed(desk: Desk) -> None:
    """Within the hour, and at every start."""
    await desk.subscribe()
    await desk.store.write(chats.change, READER, zone="Asia/Dubai")
    assert await desk.tick(SEVEN - timedelta(hours=2)) == 1  # seven in Dubai


async def test_what_quiet_hours_held_comes_first_and_is_marked(desk: Desk) -> None:
    """In the same transaction; alerts that went out are not repeated."""
    await desk.subscribe()
    day = desk.news.stories("2026-03-06", "2026-03-06")
    await desk.store.write(_alert, story=day[0].id, article=day[0].articles[0].id, sent=False)
    await desk.store.write(_alert, story=day[3].id, article=day[3].articles[0].id, sent=True)
    await desk.tick(SEVEN)
    letter = await desk.letter()
    html = letter.messages[0].html
    assert html.index("ما تتابعه") < html.index("لأنك تتابع") < html.index("أبرز الأخبار")
    told_of = [quote.article // 10 for quote in letter.quotes]
    assert told_of[0] == day[0].id
    assert told_of.count(day[0].id) == 1
    assert day[3].id not in told_of
    known = await desk.store.read(digests.known, READER, desk.now)
    assert known.held == ()
    assert set(known.told) == set(told_of)


async def test_an_event_is_told_once(desk: Desk) -> None:
    """Its stories are named beneath the first, and are not told the next day either."""
    await desk.subscribe()
    day = desk.news.stories("2026-03-06", "2026-03-06")
    desk.news.events = {story.id: day[3].id for story in day[:3]}
    await desk.tick(SEVEN)
    letter = await desk.letter()
    assert [quote.article // 10 for quote in letter.quotes].count(day[3].id) == 1
    assert not {quote.article // 10 for quote in letter.quotes} & desk.news.events.keys()
    assert [story.title in letter.messages[0].html for story in day] == [False, True, True, True]
    known = await desk.store.read(digests.known, READER, desk.now)
    assert {story.id for story in day} <= known.told.keys()
    await desk.tick(SEVEN + DAY)
    assert not {q.article // 10 for q in (await desk.letter()).quotes} & {one.id for one in day}


async def test_matches_of_one_event_are_told_together_and_marked(desk: Desk) -> None:
    """The first is quoted, the others are named, with what brought each."""
    await desk.subscribe()
    day = desk.news.stories("2026-03-06", "2026-03-06")
    desk.news.events = {story.id: day[3].id for story in day}
    for story in day:
        await desk.store.write(_alert, story=story.id, article=story.articles[0].id, sent=False)
    await desk.tick(SEVEN)
    known = await desk.store.read(digests.known, READER, desk.now)
    assert known.held == ()
    (quote, *_) = (await desk.letter()).quotes
    assert quote.article // 10 == day[3].id
    html = (await desk.letter()).messages[0].html
    assert all(story.title in html for story in day)
    assert all(f"أسواق {story.id}" in html for story in day)


async def test_what_was_held_is_quoted_by_the_sentence_that_matched(desk: Desk) -> None:
    """Where the article still says it; else by its lead."""
    await desk.subscribe()
    one, other = desk.news.stories("2026-03-06", "2026-03-06")[:2]
    for story, said in ((one, "وحضر كثيرون."), (other, "ولم يحضر أحد.")):
        await desk.store.write(
            _alert, story=story.id, article=story.articles[0].id, sent=False, said=said
        )
    await desk.tick(SEVEN)
    quoted = {quote.article: quote.quote for quote in (await desk.letter()).quotes}
    assert quoted[one.articles[0].id] == "وحضر كثيرون."
    assert quoted[other.articles[0].id].startswith("افتتحت")


async def test_an_alert_that_may_not_have_arrived_comes_in_the_digest(desk: Desk) -> None:
    """The outbox leaves it rather than send it twice."""
    await desk.subscribe()
    day = desk.news.stories("2026-03-06", "2026-03-06")
    await desk.store.write(_alert, story=day[0].id, article=day[0].articles[0].id, sent=True)
    await desk.store.write(
        lambda connection: connection.execute(sa.update(outbox).values(state="unconfirmed"))
    )
    known = await desk.store.read(digests.known, READER, desk.now)
    assert [row.story for row in known.held] == [day[0].id]


async def test_a_preview_marks_nothing(desk: Desk) -> None:
    """It may be looked at again and again, and the digest comes as if it had not been."""
    chat = await desk.subscribe()
    desk.now = SEVEN
    seen = await preview(desk.services, chat)
    assert seen == await preview(desk.services, chat)
    await desk.tick(SEVEN)
    assert (await desk.letter()).messages == seen.messages


async def test_articles_that_are_gone_are_passed_over(desk: Desk) -> None:
    """For another of their story, or with it."""
    await desk.subscribe()
    day = desk.news.stories("2026-03-06", "2026-03-06")
    lone, told_by_all = day[0], day[3]
    desk.news.gone = {lone.articles[0].id, told_by_all.articles[0].id}
    await desk.tick(SEVEN)
    quoted = [quote.article for quote in (await desk.letter()).quotes]
    assert lone.articles[0].id not in quoted
    assert told_by_all.articles[1].id in quoted


async def test_one_readers_trouble_is_not_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged without saying whose; they have theirs once it is mended."""
    await desk.subscribe(5)
    desk.news.broken = {9999}
    await desk.store.write(_alert, chat=5, story=999, article=9999, sent=False)
    await desk.subscribe(READER)
    with caplog.at_level(logging.ERROR):
        assert await desk.tick(SEVEN) == 1
    assert await desk.owed() == [(READER, "2026-03-06")]
    assert "a digest could not be set" in caplog.text
    desk.news.broken.clear()
    assert await desk.tick(SEVEN + timedelta(minutes=1)) == 1


async def test_a_failing_database_is_everybodys_trouble(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work ends, and is begun anew later."""
    await desk.subscribe()

    def fail(*_: object, **__: object) -> None:
        raise StoreError("disk full")

    monkeypatch.setattr(digests, "deliver", fail)
    with pytest.raises(StoreError):
        await desk.tick(SEVEN)
    monkeypatch.undo()
    assert await desk.tick(SEVEN) == 1


async def test_a_chat_that_changed_meanwhile_is_looked_at_anew(desk: Desk) -> None:
    """What was set for how it was is thrown away."""
    chat = await desk.subscribe()
    await desk.change(digest_at="09:00")
    number = await desk.store.write(
        digests.deliver, chat, date(2026, 3, 6), None, (), now=SEVEN, default="UTC"
    )
    assert number is None
    assert (await desk.store.read(chats.get, READER)) == await desk.change()


async def test_what_was_told_long_ago_is_forgotten(desk: Desk) -> None:
    """The table does not grow for ever."""
    await desk.subscribe()
    await desk.tick(SEVEN)
    before = (await desk.store.read(digests.known, READER, desk.now)).told
    await desk.tick(SEVEN + digests.REMEMBERED + DAY)
    after = (await desk.store.read(digests.known, READER, desk.now)).told
    assert before
    assert not before.keys() & after.keys()


async def test_blocked_chats_get_none_and_their_return_is_not_flooded(desk: Desk) -> None:
    """A year of missed digests is passed over."""
    await desk.subscribe()
    await desk.store.write(chats.change, READER, state="blocked")
    assert await desk.tick(SEVEN) == 0
    back = SEVEN + 400 * DAY + timedelta(hours=7)
    await desk.store.write(chats.meet, READER, kind="private", now=digests.stamp(back))
    assert await desk.tick(back) == 0
    assert await desk.tick(SEVEN + 401 * DAY) == 1


async def test_a_digest_in_quiet_hours_makes_no_sound(desk: Desk) -> None:
    """Its hour was asked for, the silence too."""
    await desk.subscribe(quiet_from="22:00", quiet_until="08:00")
    await desk.tick(SEVEN)
    assert (await desk.letter()).silent


async def test_a_date_that_was_owed_is_done_with(desk: Desk) -> None:
    """Where the outbox knows it and the chat does not, as after an old backup of one table."""
    chat = await desk.subscribe()
    await desk.tick(SEVEN)
    old = replace(chat, digest_done="2026-03-05")
    await desk.store.write(
        chats.change, READER, digest_done=old.digest_done, next_digest=old.next_digest
    )
    assert await desk.tick(SEVEN) == 0
    assert await desk.tick(SEVEN + DAY) == 1


def _alert(
    connection: sa.Connection,
    *,
    story: int,
    article: int,
    sent: bool,
    said: str | None = None,
    chat: int = READER,
) -> None:
    """A topic's match, which an alert brought or which waits."""
    at = digests.stamp(START)
    topic = connection.execute(
        sa.insert(topics).values(
            chat_id=chat, kind="text", text=f"أسواق {story}", width=0, created_at=at
        )
    ).inserted_primary_key
    assert topic is not None
    number = None
    if sent:
        row = connection.execute(
            sa.insert(outbox).values(
                chat_id=chat,
                kind="alert",
                key=str(story),
                payload={"messages": []},
                state="sent",
                due_at=at,
                attempts=1,
                message_ids=[],
                created_at=at,
            )
        ).inserted_primary_key
        assert row is not None
        number = row[0]
    connection.execute(
        sa.insert(alerts).values(
            topic_id=topic[0],
            story=story,
            article=article,
            chat_id=chat,
            outbox_id=number,
            said=said,
            at=at,
        )
    )
