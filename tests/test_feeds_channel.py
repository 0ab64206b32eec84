"""A Telegram channel, followed by its public preview."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from index.feeds import Feeds, sources
from index.feeds.schedule import stamp
from index.model import InputError
from index.store.feeds import Feed

if TYPE_CHECKING:
    from pathlib import Path

    from index.engine import Engine
    from index.feeds.sources import Visit

NOW = datetime(2023, 3, 16, 12, tzinfo=UTC)
PREVIEW = "https://t.me/s/sada"


def post(number: int, text: str, at: datetime) -> str:
    return (
        f'<div class="tgme_widget_message" data-post="sada/{number}">'
        '<a class="tgme_widget_message_owner_name">صدى الواحة</a>'
        f'<div class="tgme_widget_message_text js-message_text">{text}</div>'
        f'<time datetime="{at.isoformat()}"></time></div>'
    )


def words(number: int) -> str:
    return f"أعلنت بلدية الواحة رقم {number} رصف الطريق المؤدي إلى السوق القديم قبل نهاية الشهر."


class Preview:
    """A client of one channel: a page of posts, and older ones behind it."""

    def __init__(self) -> None:
        """No post yet."""
        self.posts: dict[int, str] = {}
        self.asked: list[str] = []

    def page(self, url: str, *, limit: int) -> tuple[bytes, str]:
        """Two posts a page."""
        assert limit
        self.asked.append(url)
        if not self.posts:
            raise InputError(url, "the server answered 404")
        before = int(url.partition("before=")[2] or 10**6)
        numbers = [n for n in sorted(self.posts) if n < before][-2:]
        more = f'<a class="tme_messages_more" href="/s/sada?before={numbers[0]}"></a>'
        body = "".join(self.posts[n] for n in numbers)
        return f"<html><body>{more}{body}</body></html>".encode(), url


def ask(client: Preview, etag: str | None = None) -> Visit:
    feed = Feed(1, PREVIEW, "channel", None, None, stamp(NOW), stamp(NOW), etag=etag)
    return sources.READERS["channel"](client, feed, NOW)  # type: ignore[arg-type]


@pytest.fixture
def channel() -> Preview:
    client = Preview()
    for n in range(1, 8):
        client.posts[n] = post(n, words(n), NOW - timedelta(days=2 * (7 - n)))
    return client


def said(visit: Visit) -> list[str | None]:
    assert visit.document is not None
    return [entry.url for entry in visit.document.entries]


def test_a_new_channel_is_read_a_week_back(channel: Preview) -> None:
    """Newest first, as feeds are; every post is whole."""
    visit = ask(channel)
    assert said(visit) == [f"https://t.me/sada/{n}" for n in (7, 6, 5, 4)]
    assert visit.document is not None
    assert visit.document.entries[0].text == words(7)
    assert visit.document.entries[0].source == "صدى الواحة"
    assert visit.etag == "7"


def test_a_known_channel_is_read_back_to_what_is_known(channel: Preview) -> None:
    """The page that holds it is read again: a post edited since has another fingerprint."""
    visit = ask(channel, etag="6")
    assert said(visit) == ["https://t.me/sada/7", "https://t.me/sada/6"]
    assert len(channel.asked) == 1
    channel.posts[6] = post(6, words(6) + " تصحيح: قبل نهاية العام.", NOW)
    edited = ask(channel, etag="7")
    assert visit.document is not None
    assert edited.document is not None
    before, after = visit.document.entries, edited.document.entries
    assert [a.fingerprint == b.fingerprint for a, b in zip(before, after, strict=True)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("name", ["@Sada", "https://t.me/sada", "t.me/s/sada/7"])
def test_a_channel_is_followed_by_its_name(
    engine: Engine, home: Path, channel: Preview, name: str
) -> None:
    """However it is written; its posts come in once, each with its own address."""
    feeds = Feeds(
        engine.db,
        sync=engine.sync,
        lock=home / "lock",
        client=channel,  # type: ignore[arg-type]
        now=lambda: NOW,
    )
    feed, new = feeds.add(name)
    assert (feed.url, feed.kind, new) == (PREVIEW, "channel", True)
    assert feeds.fetcher().run_once().added == 4
    assert feeds.add("@sada")[1] is False  # due again
    assert feeds.fetcher().run_once().added == 0
    assert {ref.url for ref in engine.articles()} == {
        f"https://t.me/sada/{n}" for n in (4, 5, 6, 7)
    }
    channel.posts.clear()
    with pytest.raises(InputError, match="404"):
        feeds.add("@nobody")


def test_a_channel_without_a_preview_has_failed() -> None:
    """It may be back."""
    assert ask(Preview()).error == "the server answered 404"
