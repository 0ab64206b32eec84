"""What can be wrong with an archive is found, with what to do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, add, long_item, open_at, write
from fake_embedder import HashEmbedder
from fake_reader import FakeReader

from index import ingest
from index.doctor import ROOM, Finding, examine, glance
from index.model import ModelError
from index.store import feeds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.engine import Engine


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Engine:
    add(engine, tmp_path, *ARTICLES, long_item(24))
    return engine


def bad(engine: Engine) -> list[Finding]:
    return [finding for finding in examine(engine) if not finding.ok]


def test_a_whole_archive_is_well(archive: Engine) -> None:
    """Database, passages, indexes, disk, clock, feeds and model; and nothing is advised."""
    findings = list(examine(archive))
    assert len(findings) == 11
    assert all(finding.ok and not finding.advice for finding in findings)
    assert "5 articles" in findings[0].what


def test_a_reader_that_is_off_is_said_and_one_that_is_broken_is_wrong(archive: Engine) -> None:
    """The first is a choice."""
    *_, off = examine(archive)
    assert off.ok
    assert "turned off" in off.what
    archive.reader = FakeReader()
    *_, on = examine(archive)
    assert (on.ok, on.what) == (True, "the reader loads")
    archive.reader = FakeReader(error=ModelError("its weights are damaged"))
    (broken,) = bad(archive)
    assert "its weights are damaged" in broken.what
    assert "ISNAD_READER" in broken.advice


def test_an_empty_archive_is_well(engine: Engine) -> None:
    """There is nothing to be wrong."""
    assert bad(engine) == []


def sql(statement: str) -> Callable[[Engine], None]:
    def harm(engine: Engine) -> None:
        with engine.db.write() as connection:
            connection.exec_driver_sql(statement)

    return harm


def forget_words(engine: Engine) -> None:
    engine.caches.lexical.apply([1], [], upto=engine.caches.lexical.last_change)


def forget_vectors(engine: Engine) -> None:
    vectors = engine.caches.vectors
    vectors.apply(vectors.ids()[:2].tolist(), [], vectors.ids()[:0], upto=vectors.last_change)


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        (sql('UPDATE passages SET "end" = 100000 WHERE id = 2'), "1 passages lie outside"),
        (sql("DELETE FROM vectors"), "passages have no vector"),
        (sql("INSERT INTO changes (article_id) VALUES (1)"), "the word index"),
        (sql("DELETE FROM passages WHERE id = 3"), "the vector index"),
        (sql("UPDATE articles SET text = 'ن' WHERE id = 1"), "1 passages lie outside"),
        (forget_words, "the word index"),
        (forget_vectors, "the vector index"),
    ],
)
def test_what_is_wrong_is_found_with_what_to_do(
    archive: Engine, harm: Callable[[Engine], None], what: str
) -> None:
    """Each trouble by name."""
    harm(archive)
    found = bad(archive)
    assert any(what in finding.what for finding in found), found
    assert all(finding.advice for finding in found)


@pytest.mark.parametrize(
    "harm",
    [
        sql('UPDATE passages SET "end" = 100000 WHERE id = 2'),
        sql("DELETE FROM vectors"),
        sql("DELETE FROM passages WHERE id = 3"),
        forget_words,
        forget_vectors,
    ],
)
def test_rebuilding_mends_it(archive: Engine, harm: Callable[[Engine], None]) -> None:
    """As the doctor says it does."""
    harm(archive)
    archive.rebuild()
    assert bad(archive) == []


def test_an_interrupted_add_is_found(engine: Engine, tmp_path: Path) -> None:
    """And adding anything finishes it."""
    ingest.add(engine.db, [write(tmp_path / "a.json", *ARTICLES)])
    assert any("4 passages have no vector" in finding.what for finding in bad(engine))
    engine.add([])
    assert bad(engine) == []


def test_a_row_that_points_at_nothing_is_found(archive: Engine) -> None:
    """The database is looked at first, and nothing after it where it is damaged."""
    connection = archive.db.engine.raw_connection()
    connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]
    connection.execute("DELETE FROM articles WHERE id = 2")  # type: ignore[attr-defined]
    connection.commit()
    connection.close()
    (finding,) = examine(archive)
    assert not finding.ok
    assert "damaged" in finding.what
    assert finding.advice == "restore a backup"


class Changed(HashEmbedder):
    """A model that came to see things otherwise under the same name."""

    def tokens(self, texts, *args, **options):  # type: ignore[no-untyped-def]
        return super().tokens([text[::-1] for text in texts], *args, **options)


def test_a_model_that_has_changed_is_found(archive: Engine, home: Path) -> None:
    """By embedding a few passages again."""
    with open_at(home, Changed()) as engine:
        (finding,) = bad(engine)
    assert "worst cosine" in finding.what
    assert "rebuild" in finding.advice


class Missing(HashEmbedder):
    """A model that cannot be loaded."""

    def tokens(self, *_args, **_options):  # type: ignore[no-untyped-def]
        raise ModelError("the model is not there")


def test_a_model_that_cannot_be_loaded_is_found(archive: Engine, home: Path) -> None:
    """With its own words."""
    with open_at(home, Missing()) as engine:
        (finding,) = bad(engine)
    assert "the model is not there" in finding.what
    assert "ISNAD_MODEL" in finding.advice


# --- what lies around the archive ---------------------------------------------------------------


def test_a_vector_index_cut_short_is_found(archive: Engine, home: Path) -> None:
    """Before an engine makes it again in silence."""
    path = home / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-100])
    with open_at(home, HashEmbedder()) as engine:
        found = bad(engine)
        assert "the vector index cannot be read" in found[0].what
        assert found[0].advice == "isnad rebuild"
        engine.rebuild()
        assert bad(engine) == []


def test_a_word_index_in_pieces_is_found(archive: Engine, home: Path) -> None:
    """Whatever tantivy says of it."""
    (home / "lexical" / "meta.json").write_text("{")
    with open_at(home, HashEmbedder()) as engine:
        assert "the word index cannot be read" in bad(engine)[0].what
        engine.rebuild()
        assert bad(engine) == []


def test_an_index_behind_sql_is_found(archive: Engine, home: Path, tmp_path: Path) -> None:
    """As when an older copy of it was put there; a question brings it up to date, too."""
    ingest.add(archive.db, [write(tmp_path / "more.json", long_item(3, topic="الميناء"))])
    found = [finding.what for finding in bad(archive)]
    assert any("the vector index holds" in what and "the archive has" in what for what in found)
    archive.load()
    assert bad(archive) == []


def test_an_index_ahead_of_sql_is_found(archive: Engine, home: Path) -> None:
    """As when an older database was put there; the next start or question makes it again."""
    with archive.db.write() as connection:
        connection.exec_driver_sql("DELETE FROM changes WHERE seq > 1")
        connection.exec_driver_sql("DELETE FROM articles WHERE id > 1")
    with open_at(home, HashEmbedder()) as engine:
        found = bad(engine)
        assert len(found) == 2
        assert all("starting the bot or asking" in finding.advice for finding in found)
        engine.load()
        assert bad(engine) == []
        assert engine.caches.vectors.size == engine.caches.lexical.size > 0
        engine.caches.vectors.save()
        assert engine.caches.vectors.on_disk() == engine.caches.lexical.on_disk() == 1


def test_a_full_disk_is_found(archive: Engine) -> None:
    """Before a write fails."""
    (full,) = [f for f in examine(archive, free=lambda _: ROOM) if not f.ok]
    assert "200 MB are free" in full.what
    assert "make room" in full.advice
    assert all(f.ok for f in examine(archive, free=lambda _: 2 * ROOM))


def test_a_clock_an_hour_behind_is_found(archive: Engine) -> None:
    """By an article that came in later than it is."""
    slow = [f for f in glance(archive, now=lambda: ago(hours=1)) if not f.ok]
    assert len(slow) == 1
    assert "an article came in at" in slow[0].what
    assert "set the clock" in slow[0].advice
    assert all(f.ok for f in glance(archive, now=lambda: ago(seconds=5)))


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def follow(engine: Engine, since: datetime) -> feeds.Feed:
    with engine.db.write() as connection:
        return feeds.add_feed(
            connection,
            url="https://sada.example/rss",
            kind="feed",
            title=None,
            source=None,
            now=since.isoformat(timespec="seconds"),
        )[0]


def test_a_feed_that_nobody_reads_is_found(archive: Engine) -> None:
    """It was to be read at once, two days ago; one followed an hour ago may still be."""
    feed = follow(archive, ago(hours=1))
    assert bad(archive) == []
    archive.feeds.remove(str(feed.id))
    feed = follow(archive, ago(days=2))
    (found,) = bad(archive)
    assert "1 of 1 feeds were to be read since" in found.what
    assert "isnad fetch" in found.advice
    read(archive, feed, next_try=ago(hours=-1), noticed_at=None)
    assert bad(archive) == []


def read(
    engine: Engine, feed: feeds.Feed, *, next_try: datetime | None, noticed_at: str | None
) -> None:
    """Note that a feed was read, and how that went."""
    when = None if next_try is None else next_try.isoformat(timespec="seconds")
    error = "404" if when is None or noticed_at else None
    with engine.db.write() as connection:
        feeds.save_feed(
            connection, replace(feed, next_try=when, noticed_at=noticed_at, error=error)
        )


@pytest.mark.parametrize("gone", [True, False])
def test_a_dead_feed_is_found(archive: Engine, gone: bool) -> None:
    """One gone for good, or failing for days; removed, all is well."""
    feed = follow(archive, ago(days=9))
    read(archive, feed, next_try=None if gone else ago(hours=-1), noticed_at=None if gone else "x")
    (found,) = bad(archive)
    assert f"{feed.id} https://sada.example/rss (404)" in found.what
    assert "isnad feeds remove" in found.advice
    archive.feeds.remove(str(feed.id))
    assert bad(archive) == []
