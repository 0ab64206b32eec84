"""Fetching: feeds and pages that behave, and every way in which they do not."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from feed_samples import item, page, paragraphs, rss, story
from web_server import Reply, Request, Web, serving

from index import store as archive
from index.feeds import Feeds, Fetcher, pages, visits
from index.feeds import fetcher as module
from index.model import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.engine import Engine
    from index.feeds import Feed, FetchReport
    from index.model import Article


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@dataclass
class World:
    """An archive that follows feeds of a web, and a clock."""

    engine: Engine
    web: Web
    lock: Path
    now: datetime = datetime(2023, 3, 17, 12, tzinfo=UTC)
    timeout: float = 5.0

    def __post_init__(self) -> None:
        client = self.web.client(timeout=self.timeout)
        common = {"sync": self.engine.sync, "lock": self.lock, "now": lambda: self.now}
        self.feeds = Feeds(self.engine.db, client=client, **common)  # type: ignore[arg-type]
        self.fetcher = Fetcher(self.engine.db, client, chance=lambda: 0.5, **common)  # type: ignore[arg-type]

    def follow(self, *urls: str) -> None:
        """Follow feeds without asking them."""
        outlines = "".join(f'<outline xmlUrl="{url}"/>' for url in urls)
        self.feeds.take_in(f"<opml><body>{outlines}</body></opml>".encode(), "test")

    def fetch(self, after: timedelta = timedelta()) -> FetchReport:
        self.now += after
        return self.fetcher.run_once()

    @property
    def feed(self) -> Feed:
        (feed,) = self.feeds.all()
        return feed

    def articles(self) -> list[Article]:
        return [self.engine.article(ref.id) for ref in self.engine.articles()]


@pytest.fixture
def world(engine: Engine, web: Web, home: Path) -> World:
    return World(engine, web, home / "fetch.lock")


LATER = timedelta(hours=7)
"""Longer than any feed waits."""


def serve(web: Web, *numbers: int, host: str = "site.example", **said: str) -> str:
    """Serve a feed of numbered items and the pages behind them; the feed's address."""
    for number in numbers:
        web.put(f"/{number}", page(number), host=host)
    return web.put("/feed", rss(*(item(f"/{n}", f"خبر {n}", **said) for n in numbers)), host=host)


# --- what is read -------------------------------------------------------------------------------


def test_the_page_behind_an_item_is_read(world: World, web: Web) -> None:
    """The article is what the page says; its date is the feed's where the page states none."""
    world.follow(serve(web, 1))
    report = world.fetch()
    assert (report.rejections, report.failed) == ((), ())
    assert (report.feeds, report.pages, report.added) == (1, 1, 1)
    (article,) = world.articles()
    assert article.text == story(1)
    assert article.url == web.url("/1")
    assert article.published == "2023-03-16T14:05:00+03:00"
    assert world.feed.title == "صدى الواحة"
    assert world.feed.state == "ok"
    assert world.engine.ask("كم بلغت كلفة القسم 1؟").nearest


def test_a_page_knows_its_date_better_than_its_feed(world: World, web: Web) -> None:
    """And an article that neither dates is never dated by the fetch."""
    url = serve(web, 1)
    web.put("/1", page(1, head='<meta property="article:published_time" content="2023-03-10">'))
    web.put("/2", page(2))
    web.put("/feed", rss(item("/1"), item("/2", date=None)))
    world.follow(url)
    world.fetch()
    assert [a.published for a in sorted(world.articles(), key=lambda a: a.url or "")] == [
        "2023-03-10",
        None,
    ]


def test_an_item_that_is_whole_is_taken_from_the_feed(world: World, web: Web) -> None:
    """Its page is not asked for; the operator's name for the source wins."""
    content = paragraphs(story(1, 4))
    feed, _ = world.feeds.add(
        web.put("/feed", rss(item("/1?utm_source=rss", "خبر", content=content))), source="صدى"
    )
    report = world.fetch()
    (article,) = world.articles()
    assert (report.added, report.pages) == (1, 0)
    assert (article.text, article.source, feed.source) == (story(1, 4), "صدى", "صدى")
    assert article.url == web.url("/1")
    assert web.times("/1") == 0


def test_items_are_read_once(world: World, web: Web) -> None:
    """However often the feed is read and however many feeds name them."""
    serve(web, 1, 2)
    web.put("/other", rss(item("/1?utm_source=other", "الخبر ذاته"), item("/2#top")))
    world.follow(web.url("/feed"), web.url("/other"))
    assert world.fetch().added == 2
    again = world.fetch(LATER)
    assert (again.feeds, again.pages, again.added) == (2, 0, 0)
    assert (web.times("/1"), web.times("/2")) == (1, 1)


def test_an_unchanged_feed_is_not_sent_again(world: World, web: Web) -> None:
    """ETag and Last-Modified go back as they came."""
    serve(web, 1)
    seen: list[tuple[str | None, str | None]] = []
    body = rss(item("/1"))

    def feed(request: Request) -> Reply:
        seen.append(
            (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since"))
        )
        if seen[-1][0]:
            return Reply(status=304)
        date = "Thu, 16 Mar 2023 10:00:00 GMT"
        return Reply(body, headers={"ETag": '"v1"', "Last-Modified": date})

    world.follow(web.put("/feed", feed))
    world.fetch()
    report = world.fetch(LATER)
    world.fetch(LATER)
    assert seen == [(None, None), *[('"v1"', "Thu, 16 Mar 2023 10:00:00 GMT")] * 2]
    assert (report.feeds, report.pages, world.feed.state) == (1, 0, "ok")


def test_a_changed_item_is_read_again(world: World, web: Web) -> None:
    """Its article is revised; a page is asked once an hour at most."""
    world.follow(serve(web, 1, 2))
    world.fetch()
    web.put("/1", page(1, text=story(1) + "\nوأضافت البلدية أن الافتتاح تأجل أسبوعًا واحدًا."))
    web.put("/feed", rss(item("/1", "خبر 1 (محدث)"), item("/2", "خبر 2")))
    report = world.fetch(LATER)
    assert (report.pages, report.updated, web.times("/2")) == (1, 1, 1)
    assert "تأجل" in world.articles()[0].text
    web.put("/feed", rss(item("/1", "خبر 1 (محدث مرتين)"), item("/2", "خبر 2")))
    web.put("/3", page(3))
    world.follow(web.put("/also", rss(item("/3"))))
    world.feeds.add(web.url("/feed"))  # due at once
    assert (world.fetch().pages, web.times("/1")) == (1, 2)  # /3 alone
    assert (world.fetch(timedelta(hours=1)).pages, web.times("/1")) == (1, 3)


def test_a_sitemap_is_followed_into_its_recent_parts(world: World, web: Web) -> None:
    """A part that fails takes nothing from the others."""
    web.put("/1", page(1))
    day = world.now.date().isoformat()
    parts = "".join(
        f"<sitemap><loc>{web.url(path)}</loc><lastmod>{day}</lastmod></sitemap>"
        for path in ("/bad.xml", "/good.xml")
    )
    url = web.put("/sitemap.xml", f"<sitemapindex>{parts}</sitemapindex>")
    web.put("/bad.xml", Reply(status=500))
    web.put("/good.xml", f"<urlset><url><loc>/1</loc><lastmod>{day}</lastmod></url></urlset>")
    world.follow(url)
    assert world.fetch().added == 1
    assert (world.feed.kind, world.feed.state) == ("sitemap", "ok")
    assert world.articles()[0].published is None  # `lastmod` dates no article


# --- feeds that move, fail and go -----------------------------------------------------------------


def test_a_feed_that_moves_for_good_is_asked_there_from_now_on(world: World, web: Web) -> None:
    """One that only answers from elsewhere is not; nor one whose new address is no feed."""
    serve(web, 1)
    web.put("/new", rss(item("/1", "خبر 1")))
    world.follow(web.put("/feed", Reply(status=302, headers={"Location": "/new"})))
    world.fetch()
    assert world.feed.url == web.url("/feed")
    web.put("/feed", Reply(status=301, headers={"Location": "/nothing"}))
    world.fetch(LATER)
    assert (world.feed.url, world.feed.state) == (web.url("/feed"), "failing")
    web.put("/feed", Reply(status=301, headers={"Location": "/new"}))
    assert world.fetch(LATER).pages == 0
    assert (world.feed.url, world.feed.state) == (web.url("/new"), "ok")


def test_a_feed_that_moves_to_one_that_is_followed_joins_it(world: World, web: Web) -> None:
    """Nothing is read twice."""
    serve(web, 1)
    old = web.put("/old", Reply(status=301, headers={"Location": "/feed"}))
    world.follow(old, web.url("/feed"))
    assert world.fetch().added == 1
    assert world.feed.url == web.url("/feed")


def test_a_feed_that_is_gone_is_asked_no_more(
    world: World, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator is told once, and its articles stay."""
    world.follow(serve(web, 1))
    world.fetch()
    web.put("/feed", Reply(status=410))
    report = world.fetch(LATER)
    assert [f.error for f in report.failed] == ["the server answered 410"]
    assert len(report.notices) == len(caplog.messages) == 1
    assert (world.feed.state, world.fetch(timedelta(days=9)).feeds) == ("gone", 0)
    assert len(world.articles()) == 1


def test_a_feed_dead_for_days_is_told_once(
    world: World, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    """Not every hour; and again only after it has lived."""
    world.follow(web.put("/feed", Reply(status=500)))
    notices = [note for _ in range(20) for note in world.fetch(timedelta(hours=14)).notices]
    assert len(notices) == len(caplog.messages) == 1
    assert "has failed since 2023-03-18" in notices[0]
    assert world.feed.state == "dead"
    serve(web, 1)
    assert world.fetch(timedelta(hours=14)).added == 1
    assert world.feed.state == "ok"


def test_what_a_busy_server_asks_is_waited(world: World, web: Web) -> None:
    """429 with `Retry-After` in seconds, 503 with a date."""
    world.follow(web.put("/feed", Reply(status=429, headers={"Retry-After": "7200"})))
    assert world.fetch().failed[0].error == "the server answered 429"
    assert world.fetch(timedelta(minutes=119)).feeds == 0
    until = "Fri, 17 Mar 2023 20:00:00 GMT"
    web.put("/feed", Reply(status=503, headers={"Retry-After": until}))
    assert world.fetch(timedelta(minutes=1)).feeds == 1  # 14:00
    assert world.fetch(timedelta(hours=5, minutes=59)).feeds == 0
    serve(web, 1)
    assert world.fetch(timedelta(minutes=1)).added == 1


def test_a_mistake_of_ours_in_one_feed_stops_no_other(
    world: World, web: Web, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged whole, and the feed is tried again."""
    serve(web, 1)
    serve(web, 2, host="b.example")
    whole_drafts = visits.whole_drafts

    def broken(entries: object, feed: Feed, document: object) -> object:
        if "b.example" in feed.url:
            raise ZeroDivisionError
        return whole_drafts(entries, feed, document)  # type: ignore[arg-type]

    monkeypatch.setattr(visits, "whole_drafts", broken)
    monkeypatch.setattr(pages, "completed", lambda *_: 1 / 0)
    world.follow(web.url("/feed"), web.url("/feed", "b.example"))
    report = world.fetch()
    assert {f.input for f in report.failed} == {web.url("/feed", "b.example"), web.url("/1")}
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert world.fetch(LATER).added == 2


# --- pages that fail, go and come back ------------------------------------------------------------


def test_a_page_that_is_no_more_takes_its_article_back(world: World, web: Web) -> None:
    """It is not quoted while it is gone, and is again when it is back."""
    world.follow(serve(web, 1))
    world.fetch()
    web.put("/feed", rss(item("/1", "خبر 1 بعنوان آخر")))
    web.put("/1", Reply(status=404))
    report = world.fetch(LATER)
    assert (report.withdrawn, report.failed) == (1, ())
    assert world.articles()[0].status == "withdrawn"
    assert world.fetch(timedelta(minutes=6)).withdrawn == 0  # still gone
    web.put("/1", page(1))
    world.fetch(timedelta(minutes=11))
    assert world.articles()[0].status == "live"


def test_an_article_deleted_from_the_middle_of_its_feed_is_looked_at(
    world: World, web: Web
) -> None:
    """Its feed says no word of it, but still names older ones; what is merely old is left alone."""

    def feed(*days: int) -> str:
        items = (item(f"/{d}", f"خبر {d}", date=f"{d} Mar 2023 10:00:00 GMT") for d in days)
        return rss(*items)

    for day in (10, 11, 12, 13):
        web.put(f"/{day}", page(day))
    world.follow(web.put("/feed", feed(13, 12, 11, 10)))
    world.fetch()
    web.put("/12", Reply(status=410))
    web.put("/feed", feed(13, 11))
    assert (world.fetch(LATER).withdrawn, web.times("/12"), web.times("/10")) == (1, 2, 1)
    assert [a.status for a in world.articles() if (a.url or "").endswith("/12")] == ["withdrawn"]
    assert world.fetch(LATER).withdrawn == 0


def test_a_page_that_leads_to_the_front_page_is_no_article(world: World, web: Web) -> None:
    """So sites do with what they deleted."""
    world.follow(serve(web, 1))
    web.put("/", page(9))
    web.put("/1", Reply(status=302, headers={"Location": "/"}))
    assert world.fetch().failed[0].error == "leads to the site's front page"
    assert world.articles() == []


def test_a_page_not_there_yet_is_tried_again(world: World, web: Web) -> None:
    """Feeds are sometimes faster than pages; after some tries it is given up."""
    serve(web, 1, 2)
    web.pages.pop(("site.example", "/1"))
    web.pages.pop(("site.example", "/2"))
    world.follow(web.url("/feed"))
    assert (world.fetch().added, world.fetch().pages) == (0, 0)
    web.put("/1", page(1))
    assert world.fetch(timedelta(minutes=6)).added == 1
    for _ in range(9):
        world.fetch(LATER)
    assert web.times("/2") == 6


def test_a_page_without_an_article_is_rejected_by_name(world: World, web: Web) -> None:
    """And not asked for again."""
    world.follow(serve(web, 1))
    web.put("/1", "<html><body><p>لا شيء</p></body></html>")
    report = world.fetch()
    assert (report.rejected, [r.input for r in report.rejections]) == (1, [web.url("/1")])
    assert report.rejections[0].error
    assert world.fetch(LATER).pages == 0


def test_what_is_no_page_is_rejected(world: World, web: Web) -> None:
    """JSON could speak for other sites, even where it says that it is a page."""
    world.follow(serve(web, 1, 2))
    items = f'[{{"title": "خبر", "text": "{story(1)}", "source": "وكالة أخرى"}}]'
    web.put("/1", Reply(items, headers={"Content-Type": "application/json"}))
    web.put("/2", Reply(items, headers={"Content-Type": "text/html"}))
    report = world.fetch()
    assert [r.error for r in report.rejections if r.input == web.url("/1")] == [
        "is no page but application/json"
    ]
    assert "وكالة أخرى" not in [a.source for a in world.articles()]


def test_robots_txt_is_kept(world: World, web: Web) -> None:
    """For pages; the feed itself is what the operator named."""
    world.follow(serve(web, 1))
    web.put("/robots.txt", "User-agent: *\nDisallow: /")
    report = world.fetch()
    assert [r.error for r in report.rejections] == ["robots.txt does not allow it"]
    assert (web.times("/feed"), web.times("/1")) == (1, 0)


def test_pages_wait_where_robots_txt_cannot_be_read(world: World, web: Web) -> None:
    """An hour, all of that host's."""
    world.follow(serve(web, 1, 2))
    web.put("/robots.txt", Reply(status=503))
    assert len(world.fetch().failed) == 1
    assert (world.fetch(timedelta(minutes=59)).pages, web.times("/1")) == (0, 0)
    web.pages.pop(("site.example", "/robots.txt"))
    assert world.fetch(timedelta(minutes=2)).added == 2


def test_a_host_that_is_busy_or_down_is_left_alone(world: World, web: Web) -> None:
    """Its other pages wait too: at the first 429, after two failures of other kinds."""
    world.follow(serve(web, *range(1, 9)))
    busy = Reply(status=429, headers={"Retry-After": "3600"})
    for n in range(1, 9):
        web.put(f"/{n}", busy)
    assert (world.fetch().pages, world.fetch(timedelta(minutes=59)).pages) == (1, 0)
    for n in range(1, 9):
        web.put(f"/{n}", Reply(status=500))
    assert world.fetch(timedelta(minutes=1)).pages == 2


def test_one_host_does_not_keep_the_feeds_of_others_waiting(
    world: World, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its share of time, feeds that became due come first, and then its next pages."""
    monkeypatch.setattr(module, "HOST_BUDGET_S", -1.0)
    world.follow(serve(web, 1, 2, 3))
    assert world.fetch().added == 3


# --- the hostile web ------------------------------------------------------------------------------


def test_fifty_healthy_feeds_lose_nothing_beside_the_worst(
    engine: Engine, web: Web, home: Path
) -> None:
    """Everything a feed can do wrong, all at once; each failure is named, each article is in."""
    world = World(engine, web, home / "lock", timeout=1.0)
    healthy = [serve(web, 2 * n, 2 * n + 1, host=f"h{n}.example") for n in range(1, 51)]

    def hang(_: Request) -> None:
        web.over.wait()

    def flood(request: Request) -> None:
        request.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
        for _ in range(50):
            request.write(b" " * 2**20)

    def bad(name: str, page: object) -> str:
        return web.put("/feed", page, host=f"{name}.example")  # type: ignore[arg-type]

    def away(url: str) -> Reply:
        return Reply(status=301, headers={"Location": url})

    arabic = rss(item("http://cp.example:1/x", content=paragraphs(story(900, 4))))
    labelled = arabic.replace("UTF-8", "windows-1256")
    with serving() as inside:
        worst = {
            bad("hang", hang): "no answer in time|took longer",
            bad("flood", flood): "larger than 16 MB",
            bad("gone", Reply(status=410)): "410",
            bad("busy", Reply(status=429, headers={"Retry-After": "60"})): "429",
            bad("laughs", '<!DOCTYPE a [<!ENTITY b "c">]><rss>&b;</rss>'): "entities",
            bad("torn", "<rss><channel><item><title>"): "broken",
            bad("here", away(inside.url("/", "127.0.0.1"))): "not a public address",
            bad("named", away(inside.url("/", "inside.example"))): "not a public address",
            bad("nowhere", away("http://nowhere.example/")): "no such host",
            bad("loop", away("/feed")): "redirects more",
        }
        odd = {
            bad("moved", away(web.put("/to", rss(item("/m")), host="moved.example"))): 1,
            bad("cp", Reply(labelled, headers={"Content-Type": "text/xml; charset=x"})): 1,
        }
        web.put("/m", page(901), host="moved.example")
        world.follow(*worst, *odd, *healthy)
        report = world.fetch()
        assert inside.asked == []
    said = {failure.input: failure.error for failure in report.failed}
    assert set(said) == set(worst)
    for url, expected in worst.items():
        assert any(part in said[url] for part in expected.split("|")), (url, said[url])
    assert report.added == 100 + len(odd)
    assert {a.url for a in world.articles()} >= {
        web.url(f"/{n}", f"h{n // 2}.example") for n in range(2, 102)
    }
    assert story(900, 4) in [a.text for a in world.articles()]
    states = {feed.url: feed.state for feed in world.feeds.all()}
    assert all(states[url] == "ok" for url in healthy)
    assert world.fetch().feeds == 0


def test_a_changing_feed_loses_no_item(world: World, web: Web) -> None:
    """Read again and again while items come and go: each is in, each once."""
    world.follow(serve(web, 1, 2))
    world.fetch()
    for last in range(3, 8):
        serve(web, last, last - 1)
        world.fetch(LATER)
    assert [web.times(f"/{n}") for n in range(1, 8)] == [1] * 7
    assert len(world.articles()) == 7


# --- running --------------------------------------------------------------------------------------


def test_it_runs_until_it_is_stopped(world: World, web: Web) -> None:
    """Each round is reported; being told to stop in the middle of one ends it soon."""
    world.follow(serve(web, 1, 2))
    stop = threading.Event()
    reports: list[FetchReport] = []

    def on_report(report: FetchReport) -> None:
        reports.append(report)
        stop.set()

    world.fetcher.run_forever(stop, on_report=on_report)
    assert [r.added for r in reports] == [2]
    world.fetcher.run_forever(stop)
    assert world.fetcher.run_once(stop=stop).feeds == 0


def test_a_stop_in_the_middle_leaves_the_rest_for_the_next_time(world: World, web: Web) -> None:
    """Nothing is lost by it."""
    world.follow(serve(web, 1, 2, 3))
    stop = threading.Event()

    def last(_: Request) -> Reply:
        stop.set()
        return Reply(page(1))

    web.put("/1", last)
    first = world.fetcher.run_once(stop=stop)
    assert 1 <= first.added < 3
    assert first.added + world.fetch().added == 3
    assert world.engine.ask("كم بلغت كلفة القسم 1؟").nearest


def test_running_goes_on_after_an_error_that_may_pass(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk or a locked database ends one round, not the year."""
    stop = threading.Event()
    rounds = []

    def failing(*_: object) -> None:
        rounds.append(1)
        if len(rounds) == 2:
            stop.set()
        raise StoreError("the database refused: locked")

    monkeypatch.setattr(module, "LONGEST_SLEEP_S", 0.0)
    monkeypatch.setattr(world.fetcher, "run_once", failing)
    with caplog.at_level(logging.ERROR):
        world.fetcher.run_forever(stop)
    assert len(rounds) == 2
    assert "locked" in caplog.text


def test_a_feed_removed_while_it_is_read_stays_removed(world: World, web: Web) -> None:
    """What came of it is not waited for."""
    serve(web, 1)

    def feed(_: Request) -> Reply:
        world.feeds.remove(url)
        return Reply(rss(item("/1")))

    url = web.put("/feed", feed)
    world.follow(url)
    report = world.fetch()
    assert (report.pages, report.failed, world.feeds.all()) == (0, (), [])


def test_removing_a_feed_keeps_its_articles_and_drops_what_waits(world: World, web: Web) -> None:
    """And following it again reads nothing twice."""
    url = serve(web, 1, 2)
    web.put("/2", Reply(status=500))
    world.follow(url)
    world.fetch()
    world.feeds.remove(url)
    assert (len(world.articles()), world.fetch(LATER).pages) == (1, 0)
    world.follow(url)
    web.put("/2", page(2))
    assert (world.fetch().added, web.times("/1")) == (1, 1)


def test_what_another_feed_names_too_is_still_waited_for(world: World, web: Web) -> None:
    """Removing a feed, or its moving to where another is, loses none of the other's items."""
    serve(web, 1)
    web.put("/1", Reply(status=500))
    world.follow(web.url("/feed"), web.put("/also", rss(item("/1"))))
    assert world.fetch().added == 0
    world.feeds.remove(web.url("/feed"))
    web.put("/1", page(1))
    assert world.fetch(timedelta(minutes=6)).added == 1


def test_an_article_removed_by_the_operator_stays_removed(world: World, web: Web) -> None:
    """Until its feed says something new of it."""
    world.follow(serve(web, 1))
    world.fetch()
    world.engine.remove(world.articles()[0].id)
    assert (world.fetch(LATER).pages, world.articles()) == (0, [])
    with world.engine.db.read() as connection:
        assert archive.counts(connection)["pages"] == 1
