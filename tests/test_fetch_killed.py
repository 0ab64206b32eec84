"""`kill -9` in the middle of a fetch, again and again: nothing lost, nothing twice."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archive import open_at
from fake_embedder import HashEmbedder
from feed_samples import item, page, paragraphs, rss, story
from web_server import Web, serving

from index.doctor import examine
from index.feeds import Feeds

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = 4
ITEMS = 6
KILLS = 10
REQUESTS = HOSTS * (1 + 1 + ITEMS // 2)
"""A feed, a robots.txt and half the items' pages of each host; after the last comes embedding."""


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


def run_killed(home: Path, web: Web, request: int, delay: float) -> bool:
    """Fetch in another process, killed so long after so many requests; whether it was through."""
    before, reached = len(web.asked), threading.Event()

    def on_request() -> None:
        if len(web.asked) - before >= request:
            reached.set()

    web.on_request = on_request
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("slow_fetch.py"), home, str(web.port), "0.01"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        assert reached.wait(60)
        time.sleep(delay)
        process.kill()
        return process.stdout.read() == "done\n"


def serve(web: Web) -> tuple[list[str], dict[str, str]]:
    """Feeds whose items are whole or pages to read, by turns; and all that must come of them."""
    feeds, expected = [], {}
    for h in range(HOSTS):
        host = f"h{h}.example"
        items = []
        for n in range(100 * h, 100 * h + ITEMS):
            text = story(n, 4 if n % 2 else 3)
            expected[web.put(f"/{n}", page(n), host=host)] = text
            items.append(item(f"/{n}", f"خبر {n}", content=paragraphs(text) if n % 2 else None))
        feeds.append(web.put("/feed", rss(*items), host=host))
    return feeds, expected


def test_a_fetch_that_was_killed_goes_on_as_if_it_had_not_been(tmp_path: Path, web: Web) -> None:
    """Ten archives, each killed at another moment; then a second fetch, and each is whole."""
    urls, expected = serve(web)
    outlines = "".join(f'<outline xmlUrl="{url}"/>' for url in urls)
    chance = random.Random()
    through = []
    for kill in range(KILLS):
        home = tmp_path / str(kill)
        with open_at(home, HashEmbedder()) as engine:
            engine.feeds.take_in(f"<opml><body>{outlines}</body></opml>".encode(), "test")
        request = 1 + int(REQUESTS * (kill + chance.random()) / KILLS)
        delay = chance.uniform(0, 0.3 if request == REQUESTS else 0.03)
        through.append(run_killed(home, web, request, delay))
        with open_at(home, HashEmbedder()) as engine:
            feeds = Feeds(
                engine.db, sync=engine.sync, lock=home / "fetch.lock", client=web.client()
            )
            feeds.fetcher().run_once()
            articles = [engine.article(ref.id) for ref in engine.articles()]
            assert len(articles) == len(expected)
            assert {article.url: article.text for article in articles} == expected
            assert [finding.what for finding in examine(engine) if not finding.ok] == []
            assert all(feed.state == "ok" for feed in feeds.all())
            assert feeds.fetcher().run_once().feeds == 0
    assert not all(through)
