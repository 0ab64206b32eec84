"""Stories of an archive: kept up, by whatever process, however the articles come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from archive import MUSEUM, STORM, Item, add, item, open_at
from fake_embedder import HashEmbedder
from test_stories import news

from index import ingest, store
from index.model import Change
from index.stories import service

if TYPE_CHECKING:
    from pathlib import Path

    from index.engine import Engine

NEWS = [
    item(head, body, url=f"https://n.example/{n}", source="ابج"[n % 3], published=f"2024-05-{d:02}")
    for n, ((head, body), day) in enumerate(news(5, 36))
    for d in [1 + int(day)]
]
LATER = item(
    "متحف الفلك في بلدة القمرية يستقبل أول زواره",
    "استقبل متحف الفلك في بلدة القمرية أول زواره بعد أن افتتحته وزيرة الثقافة سلمى الحارثي.\n"
    "وتجول الزوار في المرصد والقاعات، وقالت البلدية إن كلفة البناء بلغت 12 مليون دينار.",
    source="وكالة الساحل",
    url="https://sahel.example/museum",
    published="2023-03-17",
)


def grouped(engine: Engine) -> set[frozenset[str | None]]:
    return {frozenset(article.url for article in story.articles) for story in engine.stories()}


def story(engine: Engine, article: int) -> int | None:
    return engine.article(article).story


def test_articles_of_one_event_are_a_story(engine: Engine, tmp_path: Path) -> None:
    """With how many told it, from when to when."""
    add(engine, tmp_path, MUSEUM, STORM, LATER)
    first, second = engine.stories()
    assert [article.id for article in first.articles] == [1, 3]
    assert (first.sources, first.first, first.last) == (2, "2023-03-16", "2023-03-17")
    assert first.title in (MUSEUM["title"], LATER["title"])
    assert [article.id for article in second.articles] == [2]
    assert story(engine, 1) == story(engine, 3) == first.id
    assert story(engine, 2) == second.id


def test_a_day_has_its_stories(engine: Engine, tmp_path: Path) -> None:
    """With what was told on that day only."""
    add(engine, tmp_path, MUSEUM, STORM, LATER)
    (only,) = engine.stories("2023-03-17", "2023-03-17")
    assert [article.id for article in only.articles] == [3]
    assert engine.stories("2023-03-18", "2023-03-18") == []
    assert len(engine.stories("2023-03-16")) == 2


def test_a_reprint_counts_in_the_story(engine: Engine, tmp_path: Path) -> None:
    """As a source more, and it tells its story."""
    add(engine, tmp_path, MUSEUM, {**MUSEUM, "source": "نقل", "url": "https://copy.example/1"})
    (only,) = engine.stories()
    assert only.sources == 2
    assert story(engine, 2) == only.id


@pytest.mark.parametrize("portions", [1, 5])
def test_one_by_one_and_at_once_give_the_same(
    engine: Engine, tmp_path: Path, portions: int
) -> None:
    """With other processes in between, and one that starts anew."""
    add(engine, tmp_path, *NEWS)
    live = open_at(tmp_path / "live", HashEmbedder())
    other = open_at(tmp_path / "live", HashEmbedder())
    for first in range(0, len(NEWS), portions):
        if first % 5 == 4:
            live.close()
            live = open_at(tmp_path / "live", HashEmbedder())
        add(other if first % 3 == 2 else live, tmp_path, *NEWS[first : first + portions])
    assert grouped(live) == grouped(engine)
    assert any(len(group) > 2 for group in grouped(engine))
    live.close()
    other.close()


def test_what_memory_holds_is_no_matter(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where little is kept, it is loaded anew."""
    monkeypatch.setattr(service, "BATCH", 1)
    add(engine, tmp_path, *NEWS)
    monkeypatch.setattr(service, "HELD", 3)
    monkeypatch.setattr(service, "CAUGHT_UP", 1)
    small = open_at(tmp_path / "small", HashEmbedder())
    for first in range(0, len(NEWS), 20):
        add(small, tmp_path, *NEWS[first : first + 20])
    assert grouped(small) == grouped(engine)
    small.close()


def test_a_kill_loses_no_story(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was placed stays, the rest is placed next time, in this process or another."""
    add(engine, tmp_path, *NEWS)
    whole = grouped(engine)
    killed = open_at(tmp_path / "killed", HashEmbedder())
    monkeypatch.setattr(service, "BATCH", 8)
    steps = iter(range(20))

    def put(*arguments: object) -> None:
        if next(steps) == 19:
            raise KeyboardInterrupt
        real(*arguments)  # type: ignore[arg-type]

    real = store.put_story
    with monkeypatch.context() as patch:
        patch.setattr(store, "put_story", put)
        with pytest.raises(KeyboardInterrupt):
            add(killed, tmp_path, *NEWS)
    with killed.db.read() as connection:
        assert 0 < len(store.unplaced(connection)) < len(NEWS)
    killed.sync()
    assert grouped(killed) == whole
    killed.close()


def test_a_revision_may_leave_its_story(engine: Engine, tmp_path: Path) -> None:
    """About the same it stays; about something else it does not."""
    add(engine, tmp_path, MUSEUM, LATER)
    before = story(engine, 2)
    add(engine, tmp_path, {**LATER, "text": LATER["text"] + " وبلغ عددهم ألف زائر في يوم واحد."})
    assert story(engine, 2) == before
    add(engine, tmp_path, {**STORM, "url": LATER["url"]})
    assert story(engine, 2) not in (before, None)


def test_what_is_withdrawn_leaves_its_story(engine: Engine, tmp_path: Path) -> None:
    """And comes back into it."""
    add(engine, tmp_path, MUSEUM, LATER)
    ingest.withdraw(engine.db, 2)
    engine.sync()
    (left,) = engine.stories()
    assert [article.id for article in left.articles] == [1]
    assert engine.article(2).status == "withdrawn"
    ingest.restore(engine.db, 2)
    engine.sync()
    assert story(engine, 2) == left.id


def test_a_reprint_takes_the_story_too(engine: Engine, tmp_path: Path) -> None:
    """When its original goes."""
    add(engine, tmp_path, MUSEUM, {**MUSEUM, "url": "https://copy.example/1"})
    before = story(engine, 1)
    engine.remove(1)
    assert story(engine, 2) == before


def test_the_same_in_other_words_is_a_reprint(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found once the meaning is known; it is quoted no more, and the indexes hear of it."""
    parts = [
        f"وقال {who} إن {what} سيكتمل بعد {n + 2} أشهر من الآن بكلفة {n + 20} دينارا."
        for n, (who, what) in enumerate(
            (who, what)
            for who in ("المهندس فؤاد", "الوزيرة سلمى", "المدير ناصر")
            for what in ("جسر النخيل", "مبنى البلدية", "سوق الرمان", "ميناء الصدف")
        )
    ]
    whole = item("أعمال كثيرة في القمرية", " ".join(parts), source="أ", published="2024-05-01")
    words = " ".join(parts).replace(".", "").split()
    turned = {
        **whole,
        "text": " ".join(words[::-1]) + ".",
        "source": "ب",
        "url": "https://b.example",
    }
    monkeypatch.setattr(service, "NEAR", 3.0)
    add(engine, tmp_path, whole)
    add(engine, tmp_path, turned)
    assert engine.article(2).duplicates_of == 1
    assert engine.article(2).passages == ()
    (only,) = engine.stories()
    assert only.sources == 2
    size = engine.caches.vectors.size
    with engine.db.read() as connection:
        assert size == len(store.passage_ids(connection))
        assert engine.caches.vectors.last_change == store.last_change(connection)


def test_an_archive_from_before_gets_its_stories(engine: Engine, tmp_path: Path) -> None:
    """Unsigned articles are signed."""
    add(engine, tmp_path, MUSEUM, LATER)
    with engine.db.write() as connection:
        for article in (1, 2):
            store.put_story(connection, article, None)
        for table in ("signatures", "bands"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
        store.record(connection, 2)
    again = open_at(engine.home, HashEmbedder())
    again.sync()
    assert len(again.stories()) == 1
    again.close()


def test_changes_are_told_in_order(engine: Engine, tmp_path: Path) -> None:
    """As readers see them, each once; what only the indexes need is not among them."""
    add(engine, tmp_path, MUSEUM, STORM)
    add(engine, tmp_path, {**MUSEUM, "text": MUSEUM["text"].replace("12", "15")})
    ingest.withdraw(engine.db, 2)
    ingest.withdraw(engine.db, 2)
    engine.rebuild()
    engine.remove(1)
    told = engine.changes(0, 100)
    assert [(change.article_id, change.kind) for change in told] == [
        (1, "added"),
        (2, "added"),
        (1, "revised"),
        (2, "withdrawn"),
        (1, "removed"),
    ]
    assert engine.changes(told[0].seq, 2) == told[1:3]
    assert engine.changes(told[-1].seq, 9) == []
    assert isinstance(told[0], Change)


def test_undated_articles_go_by_their_neighbours(engine: Engine, tmp_path: Path) -> None:
    """Who came before them says about when; no date is made up for readers."""
    undated: Item = {key: value for key, value in LATER.items() if key != "published"}
    add(engine, tmp_path, MUSEUM, undated)
    assert story(engine, 1) == story(engine, 2)
    assert engine.article(2).published is None
    (only,) = engine.stories()
    assert [article.id for article in only.articles] == [1, 2]
    assert (only.first, only.last) == ("2023-03-16", "2023-03-16")
