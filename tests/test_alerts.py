"""Alerts at work: who is told of an article, when, and of which only once."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from archive import MUSEUM, STORM, add
from fakes import article as a_ref
from fakes import chat as a_chat
from fakes import quote as a_quote
from hypothesis import given
from hypothesis import strategies as st

from bot import alerts as work
from bot.alerts import AN_HOUR, Alerts, Found, decided, is_news
from bot.bridge import Bridge
from bot.handlers.delivery import Courier
from bot.schema import alerts, outbox
from bot.services import Services
from bot.store import chats, digests, topics
from bot.store.alerts import Follower, Told
from bot.store.topics import Topic
from index.model import Article, StoreError, TopicMatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from archive import Item

    from bot.store import Store
    from index.engine import Engine

pytestmark = pytest.mark.usefixtures("lenient")

NOW = datetime(2023, 3, 16, 12, tzinfo=UTC)
ZONE = "Asia/Riyadh"
MUSEUM_TODAY = MUSEUM | {"published": "2023-03-16"}


class Newsroom:
    """An archive, readers, and a clock to set."""

    def __init__(self, engine: Engine, store: Store, bridge: Bridge, path: Path) -> None:
        self.engine, self.store, self.path = engine, store, path
        self.now = NOW
        self.services = Services(bridge, store, Courier(), lambda: self.now, zone=ZONE)
        self.work = Alerts(self.services)

    async def follow(
        self, text: str, chat: int = 7, *, kind: topics.Kind = "text", width: int = 0
    ) -> Topic:
        await self.store.write(chats.meet, chat, kind="private", now=digests.stamp(self.now))
        topic = await self.store.write(
            topics.add, chat, kind=kind, text=text, width=width, now=digests.stamp(self.now)
        )
        assert topic is not None
        return topic

    async def change(self, chat: int = 7, **values: Any) -> None:
        await self.store.write(chats.change, chat, **values)

    async def publish(self, *items: Item) -> None:
        await asyncio.to_thread(add, self.engine, self.path, *items)
        await self.look()

    async def look(self) -> None:
        while await self.work.step():
            pass

    async def owed(self) -> list[Any]:
        return await self.store.read(lambda c: c.execute(sa.select(outbox)).all())

    async def letters(self) -> list[str]:
        return [row.payload["messages"][0]["html"] for row in await self.owed()]

    async def rows(self) -> list[Any]:
        return await self.store.read(
            lambda c: c.execute(sa.select(alerts).order_by(alerts.c.article)).all()
        )


@pytest.fixture
async def room(engine: Engine, store: Store, tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with _bridge(engine) as bridge:
        yield Newsroom(engine, store, bridge, tmp_path)


@asynccontextmanager
async def _bridge(engine: Engine) -> AsyncIterator[Bridge]:
    bridge = Bridge(engine)
    try:
        yield bridge
    finally:
        await bridge.close(5)


async def test_an_article_comes_to_who_follows_its_subject(room: Newsroom) -> None:
    """With why, and the sentence exactly; to nobody else."""
    topic = await room.follow("متحف الفلك")
    await room.follow("ميناء الصدف", chat=8)
    await room.publish(MUSEUM_TODAY)
    (row,) = await room.owed()
    (html,) = await room.letters()
    assert (row.chat_id, row.kind, row.state) == (7, "alert", "pending")
    assert "لأنك تتابع:" in html
    assert "متحف الفلك" in html
    sentence = MUSEUM["text"].split("\n")[0]
    assert f"<blockquote><b>{sentence}</b></blockquote>" in html
    assert row.payload["quotes"] == [[1, MUSEUM["title"], sentence]]
    data = [b["data"] for line in row.payload["messages"][0]["keyboard"] for b in line]
    assert {f"t:am:{topic.id}", f"t:an:{topic.id}", f"t:ax:{topic.id}"} < set(data)
    assert f"c:1:0:0:{len(sentence)}" in data


async def test_looking_again_sends_nothing_more(room: Newsroom) -> None:
    """Nor does a new worker, as after a restart; nor one whose cursor was lost."""
    await room.follow("متحف الفلك")
    await room.publish(MUSEUM_TODAY)
    room.work = Alerts(room.services)
    await room.look()
    await room.store.write(lambda c: c.execute(sa.text("DELETE FROM cursors")))
    room.work = Alerts(room.services)
    await room.look()
    assert len(await room.owed()) == 1


async def test_who_follows_several_of_its_subjects_gets_one_alert(room: Newsroom) -> None:
    """That names them, with a button to each."""
    first, second = await room.follow("متحف الفلك"), await room.follow("وزيرة الثقافة")
    await room.publish(MUSEUM_TODAY)
    (row,) = await room.owed()
    (html,) = await room.letters()
    assert "متحف الفلك" in html.split("<blockquote>")[0]
    assert "وزيرة الثقافة" in html.split("<blockquote>")[0]
    data = [b["data"] for line in row.payload["messages"][0]["keyboard"] for b in line]
    assert data[1:] == [f"t:o:{first.id}", f"t:o:{second.id}"]
    assert len(await room.rows()) == 2


async def test_a_source_brings_all_that_is_its_own(room: Newsroom) -> None:
    """By its lead sentence."""
    await room.follow("صدى القمرية", kind="source")
    await room.publish(MUSEUM_TODAY, STORM | {"published": "2023-03-16"})
    (html,) = await room.letters()
    assert "كل أخبار صدى القمرية" in html


async def test_an_import_of_old_articles_tells_nobody(room: Newsroom) -> None:
    """Nor one of undated ones; the log is dealt with all the same."""
    await room.follow("متحف الفلك")
    undated = {key: value for key, value in MUSEUM.items() if key != "published"}
    await room.publish(MUSEUM | {"published": "2015-07-22"}, undated | {"url": "https://a.example"})
    assert await room.owed() == []
    await room.follow("وزيرة الثقافة")
    await room.look()
    assert await room.owed() == []


async def test_a_topic_brings_nothing_from_before_it(room: Newsroom) -> None:
    """Only what comes after."""
    await room.publish(MUSEUM_TODAY)
    await room.follow("متحف الفلك")
    await room.look()
    assert await room.owed() == []


async def test_an_article_is_waited_for_until_it_is_embedded(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while another process adds it."""
    await room.follow("متحف الفلك")
    with monkeypatch.context() as patch:
        patch.setattr(room.engine.topics, "read", lambda _article: None)
        patch.setattr(room.engine, "refresh", lambda: None)
        await room.publish(MUSEUM_TODAY)
        assert await room.owed() == []
    await room.look()
    assert len(await room.owed()) == 1


async def test_an_article_that_is_gone_is_passed_over(room: Newsroom) -> None:
    """And what comes after it is told."""
    await room.follow("متحف الفلك")
    await asyncio.to_thread(add, room.engine, room.path, STORM)
    await asyncio.to_thread(room.engine.remove, 1)
    await room.publish(MUSEUM_TODAY)
    assert len(await room.owed()) == 1


async def test_a_reprint_is_no_news(room: Newsroom) -> None:
    """Its original was."""
    await room.follow("متحف الفلك")
    await room.publish(MUSEUM_TODAY)
    await room.publish(MUSEUM_TODAY | {"url": "https://b.example/1", "source": "مرآة"})
    assert len(await room.owed()) == 1


async def test_what_fails_halfway_is_done_again_whole(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the letter nor the cursor is kept without the other."""
    await room.follow("متحف الفلك")

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("bot.store.cursors.advance", full)
        with pytest.raises(StoreError):
            await room.publish(MUSEUM_TODAY)
        assert await room.owed() == []
        assert await room.rows() == []
    await room.look()
    assert len(await room.owed()) == 1


async def test_followers_are_told_in_parts(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a part that was told before the process ended is not told again."""
    monkeypatch.setattr(work, "_CHATS_AT_ONCE", 2)
    for chat in range(1, 6):
        await room.follow("متحف الفلك", chat=chat)
    settle, calls = work.alerts.settle, 0

    def once(*args: Any, **options: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreError("the power is gone")
        return settle(*args, **options)

    monkeypatch.setattr(work.alerts, "settle", once)
    with pytest.raises(StoreError):
        await room.publish(MUSEUM_TODAY)
    assert len(await room.owed()) == 2
    room.work = Alerts(room.services)
    await room.look()
    assert sorted(row.chat_id for row in await room.owed()) == [1, 2, 3, 4, 5]


async def test_texts_are_embedded_once(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many follow them, and however often the bot starts; not those of nobody."""
    asked: list[str] = []
    encode = room.engine.topics.encode

    def noted(text: str) -> bytes:
        asked.append(text)
        return encode(text)

    monkeypatch.setattr(room.engine.topics, "encode", noted)
    topic = await room.follow("متحف الفلك")
    await room.follow("متحف الفلك", chat=8)
    await room.look()
    room.work = Alerts(room.services)
    await room.look()
    assert asked == ["متحف الفلك"]
    await room.store.write(topics.drop, 7, topic.id)
    await room.store.write(chats.forget, 8)
    room.now += timedelta(hours=2)
    await room.look()
    model = room.engine.topics.model
    assert await room.store.read(topics.vectors, model, ["متحف الفلك"]) == {}


async def test_blocked_chats_are_owed_nothing(room: Newsroom) -> None:
    """They would not get it."""
    await room.follow("متحف الفلك")
    await room.change(state="blocked")
    await room.publish(MUSEUM_TODAY)
    assert await room.owed() == []


async def test_the_work_ends_when_it_is_told_to(room: Newsroom) -> None:
    """At once, in the middle of its waiting."""
    stop = asyncio.Event()
    task = asyncio.create_task(room.work(stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(task, 5)


# --- the decision -------------------------------------------------------------------------------

SAID = "أصيب 12 شخصًا في انهيار جسر النخيل، بحسب البلدية."


def topic(number: int = 1, **changes: object) -> Topic:
    given_: dict[str, object] = {
        "id": number,
        "chat_id": 7,
        "kind": "text",
        "text": "جسر النخيل",
        "width": 0,
        "muted_until": None,
        "created_at": digests.stamp(NOW),
    }
    return Topic(**{**given_, **changes})  # type: ignore[arg-type]


def found(said: str = SAID, score: float = 0.9) -> Found:
    quote = a_quote(said, (0, len(said)), of=a_ref(5))
    match = TopicMatch(a_ref(5), score, quote, story=3)
    article = Article(5, "جسر", said, "وكالة", None, "2023-03-16", None, story=3)
    return Found(9, article, {"جسر النخيل": match}, match)


def follower(*told: Told, dues: tuple[str, ...] = (), **chosen: Any) -> Follower:
    from dataclasses import replace

    return Follower(replace(a_chat(), **chosen), (topic(),), told, dues)


def verdict(one: Found, who: Follower) -> Any:
    return decided(one, who, now=NOW, zone=ZONE)


@pytest.mark.parametrize(("width", "score", "comes"), [(0, 0.65, True), (0, 0.55, False)])
def test_how_sure_it_must_be_is_the_readers_choice(
    width: int, score: float, *, comes: bool
) -> None:
    """As calibrated, they want three chances in five; narrower more, wider less."""
    who = follower()
    assert (verdict(found(score=score), who) is not None) == comes
    wider = Follower(who.chat, (topic(width=1),), (), ())
    assert verdict(found(score=0.45), wider) is not None
    narrower = Follower(who.chat, (topic(width=-2),), (), ())
    assert verdict(found(score=0.85), narrower) is None


def test_a_story_comes_again_only_with_new_facts() -> None:
    """In reply to its first alert."""
    before = Told(4, SAID, 31)
    assert verdict(found("انهار جسر النخيل وأصيب 12 شخصًا."), follower(before)) is None
    later = verdict(found("ارتفع عدد مصابي انهيار جسر النخيل إلى 15 شخصًا."), follower(before))
    assert later.follows == 31
    assert "جديد في خبر وصلك" in later.letter.messages[0].html


def test_a_held_alert_is_nothing_to_reply_to() -> None:
    """The reader never saw it."""
    later = verdict(found("ارتفع العدد إلى 15 شخصًا."), follower(Told(4, SAID, None)))
    assert later.follows is None
    assert "جديد في خبر وصلك" not in later.letter.messages[0].html


def test_what_is_muted_is_held() -> None:
    """And nothing of it shows in an alert that another topic brings."""
    muted = topic(muted_until=digests.stamp(NOW + timedelta(hours=1)))
    held = verdict(found(), Follower(a_chat(), (muted,), (), ()))
    assert (held.letter, held.said) == (None, SAID)
    other = topic(2, kind="source", text="وكالة")
    both = verdict(found(), Follower(a_chat(), (muted, other), (), ()))
    assert "جسر النخيل</b>" not in both.letter.messages[0].html.split("<blockquote>")[0]
    assert [one.id for one in both.topics] == [1, 2]
    over = topic(muted_until=digests.stamp(NOW - timedelta(hours=1)))
    assert verdict(found(), Follower(a_chat(), (over,), (), ())).letter is not None


def test_quiet_hours_hold_alerts_for_the_digest() -> None:
    """Who has none gets them when the quiet ends."""
    quiet = {"quiet_from": "14:00", "quiet_until": "16:30", "zone": ZONE}  # 15:00 in Riyadh
    assert verdict(found(), follower(digest_at="07:00", **quiet)).letter is None
    late = verdict(found(), follower(**quiet))
    assert late.letter is not None
    assert late.due_at == "2023-03-16T13:30:00+00:00"
    over_midnight = {"quiet_from": "14:00", "quiet_until": "01:00", "zone": ZONE}
    assert verdict(found(), follower(**over_midnight)).due_at == "2023-03-16T22:00:00+00:00"


def test_a_flood_is_held_for_the_digest() -> None:
    """Who has none gets what is too much later, an hour's worth an hour, as long as it is news."""
    dues = tuple(digests.stamp(NOW - timedelta(minutes=n)) for n in range(AN_HOUR))
    assert verdict(found(), follower(dues=dues[:-1])).due_at == digests.stamp(NOW)
    assert verdict(found(), follower(dues=dues, digest_at="07:00")).letter is None
    last = NOW - timedelta(minutes=AN_HOUR - 1) + timedelta(hours=1)
    assert verdict(found(), follower(dues=dues)).due_at == digests.stamp(last)
    far = tuple(digests.stamp(NOW + timedelta(hours=12)) for _ in range(AN_HOUR))
    assert verdict(found(), follower(dues=far)).letter is None


@given(st.lists(st.integers(0, 300), max_size=60))
def test_no_hour_has_more_than_its_share(minutes: list[int]) -> None:
    """Whenever the articles come."""
    dues: list[datetime] = []
    for minute in sorted(minutes):
        now = NOW + timedelta(minutes=minute)
        known = tuple(digests.stamp(due) for due in sorted(dues, reverse=True))
        owed = decided(found(), follower(dues=known), now=now, zone=ZONE)
        assert owed is not None
        if owed.letter is not None:
            dues.append(datetime.fromisoformat(owed.due_at))
            assert dues[-1] >= now
    dues.sort()
    for first, later in zip(dues, dues[AN_HOUR:], strict=False):
        assert later - first >= timedelta(hours=1)


@pytest.mark.parametrize(
    ("published", "news"),
    [
        ("2023-03-16", True),
        ("2023-03-15", True),
        ("2023-03-14T13:00:00+00:00", True),
        ("2023-03-14T11:00:00+00:00", False),
        ("2015-07-22", False),
        ("--03-16", False),
        (None, False),
    ],
)
def test_only_what_was_published_lately_is_news(published: str | None, *, news: bool) -> None:
    """What tells no date may be years old."""
    article = Article(1, "جسر", SAID, None, None, published, None)
    assert is_news(article, NOW) == news


def test_an_article_without_a_story_is_a_story_of_its_own() -> None:
    """No other has its number."""
    alone = Article(5, "جسر", SAID, None, None, None, None)
    assert Found(1, alone, {}, None).news.story == -5
