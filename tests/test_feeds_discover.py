"""Where the feed of a site's address is, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from feed_samples import item, page, rss
from web_server import Reply, Web, serving

from index.feeds import Feeds
from index.feeds.discover import named
from index.model import InputError, NotFoundError
from index.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.engine import Engine

SITEMAP = "<urlset><url><loc>/1</loc></url></urlset>"


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def feeds(engine: Engine, home: Path, web: Web) -> Feeds:
    return Feeds(engine.db, sync=lambda _: None, lock=home / "lock", client=web.client())


def linked(*links: str) -> str:
    return page(1, head="".join(links))


def link(href: str, kind: str = "application/rss+xml", title: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


def test_an_address_that_is_a_feed_is_followed(feeds: Feeds, web: Web) -> None:
    """Its title is kept, and it is due at once."""
    url = web.put("/feed", rss(item("/1")))
    feed, new = feeds.add(url, source="صدى")
    assert (feed.url, feed.kind, feed.title, feed.source) == (url, "feed", "صدى الواحة", "صدى")
    assert new
    assert feed.state == "new"
    again, new = feeds.add(url)
    assert (again.id, again.source, new) == (feed.id, "صدى", False)
    assert len(feeds.all()) == 1


def test_a_page_names_its_feed(feeds: Feeds, web: Web) -> None:
    """The first that is one; those of comments come last, whatever their place."""
    site = web.put(
        "/",
        linked(
            link("/comments/feed", title="تعليقات"),
            link("/broken.xml"),
            link("/ar/feed?a=1&amp;b=2"),
        ),
    )
    web.put("/comments/feed", rss(item("/c")))
    web.put("/broken.xml", "<html>no</html>")
    right = web.put("/ar/feed?a=1&b=2", rss(item("/1")))
    assert feeds.add(site)[0].url == right
    assert web.times("/comments/feed") == 0


def test_a_page_that_names_none_is_tried_at_the_usual_places(feeds: Feeds, web: Web) -> None:
    """Feeds before sitemaps, and the sitemaps that robots.txt names before the usual ones."""
    site = web.put("/section", linked())
    web.put("/robots.txt", f"Sitemap: {web.url('/maps/news.xml')}")
    web.put("/sitemap.xml", SITEMAP)
    maps = web.put("/maps/news.xml", SITEMAP)
    feed, _ = feeds.add(site)
    assert (feed.url, feed.kind) == (maps, "sitemap")
    right = web.put("/rss.xml", rss(item("/1")))
    assert feeds.add(site)[0].url == right


def test_a_feed_that_has_moved_for_good_is_followed_where_it_is(feeds: Feeds, web: Web) -> None:
    """And where it has not, where it was named."""
    new = web.put("/new", rss(item("/1")))
    old = web.put("/old", Reply(status=301, headers={"Location": "/new"}))
    detour = web.put("/detour", Reply(status=302, headers={"Location": "/new"}))
    assert feeds.add(old)[0].url == new
    assert feeds.add(detour)[0].url == detour


@pytest.mark.parametrize(
    ("put", "reason"),
    [
        (lambda web: web.put("/", linked()), "no feed was found"),
        (lambda web: web.put("/", Reply(status=500)), "the server answered 500"),
        (lambda _: "http://127.0.0.1:1/", "not a public address"),
        (lambda _: "file:///etc/passwd", "begins with http:// or https://"),
        (lambda _: "site.example", "begins with http:// or https://"),
    ],
)
def test_an_address_without_a_feed_is_named(
    feeds: Feeds, web: Web, put: object, reason: str
) -> None:
    """And nothing is followed."""
    with pytest.raises(InputError, match=reason):
        feeds.add(put(web))  # type: ignore[operator]
    assert feeds.all() == []


def test_a_feed_is_removed_by_its_number_or_address(feeds: Feeds, web: Web) -> None:
    """One that is not there is named."""
    first = feeds.add(web.put("/a", rss(item("/1"))))[0]
    second = feeds.add(web.put("/b", rss(item("/2"))))[0]
    assert feeds.remove(str(first.id)).url == first.url
    assert feeds.remove(second.url).id == second.id
    with pytest.raises(NotFoundError, match="no feed 99"):
        feeds.remove("99")


def test_lists_go_in_and_out(feeds: Feeds, web: Web) -> None:
    """What is followed already is not followed twice; nothing is asked yet."""
    feeds.add(web.put("/a", rss(item("/1"), title="أول")))
    web.asked.clear()
    told = feeds.give_out().replace("/a&quot;", "").encode()
    more = told.replace(b"</body>", b'<outline xmlUrl="https://b.example/f" text="x"/></body>')
    assert feeds.take_in(more, "x.opml") == (1, 1)
    assert [feed.url for feed in feeds.all()] == [web.url("/a"), "https://b.example/f"]
    assert web.asked == []


def test_a_page_that_is_none_names_nothing() -> None:
    """Bytes of any kind."""
    for body in (b"", b"\x00\x01", b"%PDF-1.4", b"{}"):
        assert named(body, "https://site.example/") == []


def test_the_engine_has_its_feeds(engine: Engine) -> None:
    """The one door."""
    assert engine.feeds.all() == []
    assert engine.feeds.fetcher().run_once(silent).feeds == 0
