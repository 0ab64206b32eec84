"""robots.txt: what a site lets programs read, and what it means where it does not say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from web_server import Reply, Web, serving

from index.model import InputError
from index.web import Robots

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = """
User-agent: OtherBot
Disallow: /

User-agent: *
Disallow: /private/
Crawl-delay: 7
Sitemap: https://site.example/news.xml
"""


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def test_rules_are_kept_and_read_once_a_day(web: Web) -> None:
    """Ours, and those for everybody."""
    web.put("/robots.txt", Reply("\ufeff" + RULES))
    now = [datetime(2023, 3, 16, tzinfo=UTC)]
    robots = Robots(web.client(), now=lambda: now[0])
    assert robots.allows(web.url("/news/1"))
    assert not robots.allows(web.url("/private/1"))
    assert robots.sitemaps(web.url("/")) == ["https://site.example/news.xml"]
    assert web.times("/robots.txt") == 1
    web.put("/robots.txt", "User-agent: Isnad\nDisallow: /news/")
    now[0] += timedelta(hours=25)
    assert not robots.allows(web.url("/news/1"))


def test_a_site_says_how_slowly_to_come(web: Web) -> None:
    """Its `Crawl-delay` becomes the pause between our requests."""
    web.put("/robots.txt", RULES)
    client = web.client()
    asked: list[tuple[str, float]] = []
    client.turns.slow_down = lambda host, pause: asked.append((host, pause))  # type: ignore[method-assign]
    assert Robots(client).allows(web.url("/"))
    assert asked == [("site.example", 7.0)]


@pytest.mark.parametrize("status", [404, 403, 401, 410])
def test_a_site_without_rules_allows_everything(web: Web, status: int) -> None:
    """RFC 9309: a file that is unavailable restricts nothing."""
    web.put("/robots.txt", Reply("Disallow: /", status))
    assert Robots(web.client()).allows(web.url("/a"))


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_that_cannot_say_is_asked_again_in_an_hour(web: Web, status: int) -> None:
    """RFC 9309: one that is unreachable restricts everything."""
    web.put("/robots.txt", Reply(status=status))
    now = [datetime(2023, 3, 16, tzinfo=UTC)]
    robots = Robots(web.client(), now=lambda: now[0])
    for _ in range(2):
        with pytest.raises(InputError, match=f"robots.txt cannot be read .*{status}"):
            robots.allows(web.url("/a"))
    assert robots.sitemaps(web.url("/")) == []
    assert web.times("/robots.txt") == 1
    web.put("/robots.txt", "")
    now[0] += timedelta(hours=1)
    assert robots.allows(web.url("/a"))


def test_a_site_that_is_not_there_cannot_say(web: Web) -> None:
    """No connection is no permission."""
    with pytest.raises(InputError, match="no such host"):
        Robots(web.client()).allows("http://nowhere.example/a")
