"""What a database would choke on, from whoever writes what we read: kept as far as it is sane."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest
from archive import MUSEUM, STORM
from feed_samples import item, page, rss, story
from hypothesis import given
from hypothesis import strategies as st
from web_server import Reply, serving

from index.addresses import LONGEST
from index.engine import Engine
from index.feeds import Feeds, Fetcher
from index.model import Draft
from index.settings import Settings
from index.store.drafts import LONGEST_NAME, storable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fake_embedder import HashEmbedder
    from postgresql_server import Fresh

# Letters that do not compress: an index of PostgreSQL holds 2,704 bytes of what is left.
ENDLESS = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=6000))
SANE = Draft("عنوان", "نصّ ﷺ 😀\u200f.", "صدى", "https://sada.example/1", "2023-03-16", "سلمى")


def test_what_is_sane_comes_back_the_same() -> None:
    """To the byte."""
    assert storable(SANE) == SANE
    assert storable(Draft("عنوان", "نص")) == Draft("عنوان", "نص")


@given(st.text(alphabet=st.characters(codec=None)), st.text(alphabet="a\0\ud800م"))
def test_whatever_comes_can_be_written_down(text: str, name: str) -> None:
    """And is changed once."""
    found = storable(Draft(text, text, name, name, name, name))
    assert "\0" not in f"{found}".replace("\\0", "")
    found.text.encode()
    assert storable(found) == found


def test_an_endless_address_is_none() -> None:
    """Nobody could follow it; a name is cut, for people to read."""
    long = storable(Draft("عنوان", "نص", "م" * 999, f"https://a.example/{ENDLESS}"))
    assert long.url is None
    assert long.source == "م" * LONGEST_NAME
    just = "https://a.example/".ljust(LONGEST, "x")
    assert storable(Draft("عنوان", "نص", url=just)).url == just


@pytest.fixture
def engine(fresh: Fresh, home: Path, embedder: HashEmbedder) -> Iterator[Engine]:
    """An archive in either database."""
    with Engine(Settings(home=home, database_url=fresh()), embedder) as engine:
        yield engine


def test_hostile_values_of_a_file(engine: Engine, tmp_path: Path) -> None:
    """Are stored or left out, and the article beside them does not suffer."""
    odd = {**MUSEUM, "title": "متحف\0 الفلك\ud800", "author": "سلمى\0\udfff"}
    odd |= {"url": f"https://a.example/{ENDLESS}", "source": ENDLESS}
    path = tmp_path / "odd.json"
    path.write_text(json.dumps([odd, STORM]), encoding="utf-8")
    report = engine.add([str(path)])
    assert (report.added, report.failed) == (2, ())
    assert report.articles[0].url is None
    assert engine.article(1).text == MUSEUM["text"]


def test_hostile_values_of_a_feed(engine: Engine, home: Path) -> None:
    """Stop neither it nor the others: what can be read of them is read."""
    head = json.dumps({"@type": "NewsArticle", "headline": "ع\0\ud800", "author": {"name": "\0س"}})
    head = f'<script type="application/ld+json">{head}</script>'
    with serving() as web:
        web.put("/1", page(1, head=head))
        web.put("/2", Reply(status=301, headers={"Location": f"/{ENDLESS}"}))
        links = ("/1", "/2", f"/{ENDLESS}")
        feeds = [web.put("/feed", rss(*map(item, links), title=f"صدى{ENDLESS}"))]
        feeds.append(web.put("/moved", Reply(status=301, headers={"Location": f"/{ENDLESS}"})))
        now = datetime(2023, 3, 17, 12, tzinfo=UTC)
        common = {"sync": engine.sync, "lock": home / "fetch.lock", "now": lambda: now}
        outlines = "".join(f'<outline xmlUrl="{url}"/>' for url in feeds)
        Feeds(engine.db, client=web.client(), **common).take_in(
            f"<opml><body>{outlines}</body></opml>".encode(), "test"
        )
        report = Fetcher(engine.db, web.client(), **common).run_once()
    assert (report.added, len(report.failed)) == (1, 2)
    (article,) = engine.articles()
    assert engine.article(article.id).text == story(1)
