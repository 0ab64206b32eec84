"""Archive and readers on a PostgreSQL server: what holds on SQLite holds there too."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from archive import ARTICLES, MUSEUM, STORM, add, check, contents, item, long_item
from outbox_world import FakeTelegram, QuickClock, a_letter, owe, states, work
from postgresql_server import database

from bot.store import READERS, Store, chats, deliveries
from index import db as module
from index.db import Database
from index.engine import Engine
from index.model import StoreError
from index.schema import changes
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_embedder import HashEmbedder

    from bot.store.deliveries import Claim

NOW = "2026-03-01T07:00:00+00:00"
SAMPLE = Path(__file__).parents[1] / "bot" / "playground" / "sample"


@pytest.fixture
def db(postgresql: str) -> Iterator[Database]:
    with closing(Database(postgresql)) as db:
        yield db


def numbers(db: Database) -> list[int]:
    with db.read() as connection:
        query = sa.select(changes.c.article_id).order_by(changes.c.seq)
        return list(connection.execute(query).scalars())


def arabic(server: str) -> tuple[str, ...]:
    """How a database is made in the order of the Arabic alphabet; as usual, where none can be."""
    options = ("TEMPLATE template0", "LOCALE_PROVIDER icu", "ICU_LOCALE 'ar'", "LOCALE 'C.UTF-8'")
    try:
        with database(server, *options):
            return options
    except sa.exc.DBAPIError:  # built without ICU, or of before 15
        return ()


def lived(engine: Engine, folder: Path) -> list[object]:
    """What an archive says at each turn of a life."""
    said: list[object] = []

    def look() -> None:
        asked = ("متحف الفلك", "مترو المدينة", "من فاز بالكأس؟", "متى أغلق ميناء الصدف؟")
        for answer in engine.ask_many(asked):
            check(engine, answer.quotes)
            said.append([(q.article.id, q.start, q.text, q.also_in) for q in answer.quotes])
            said.append(answer.nearest)
        said.append([q.text for q in engine.ask("ميناء", since="2023-03-01").quotes])
        said.append([q.text for q in engine.ask("ميناء", source="وكالة الساحل").quotes])
        said.append(engine.stories("2020-01-01", "2030-01-01"))
        said.append([match.article.id for match in engine.topics.preview("مترو")])
        said.append(engine.changes(0, 1000))
        said.append(contents(engine))

    report = engine.add(sorted(str(path) for path in SAMPLE.glob("[0-9]*")))
    assert report.added > 10
    assert not report.failed
    look()
    add(engine, folder, *ARTICLES, long_item())
    add(engine, folder, {**MUSEUM, "text": STORM["text"]}, item("نسخة", MUSEUM["text"]))
    look()
    for ref in engine.articles()[:5]:
        engine.remove(ref.id)
    engine.rebuild()
    look()
    return said


def test_an_archive_lives_as_on_sqlite(
    tmp_path: Path, postgresql_server: str, embedder: HashEmbedder, sure: None
) -> None:
    """Added, asked, revised, removed, rebuilt: the same numbers, quotes, stories and changes.

    Whatever the server's order of letters: that of the Arabic alphabet, where it knows it.
    """
    with Engine(Settings(home=tmp_path / "file"), embedder) as engine:
        expected = lived(engine, tmp_path)
    with database(postgresql_server, *arabic(postgresql_server)) as url:
        server = Settings(home=tmp_path / "server", database_url=url)
        with Engine(server, embedder) as engine:
            assert lived(engine, tmp_path) == expected


def test_several_machines_may_ask_one_archive(
    tmp_path: Path, postgresql: str, embedder: HashEmbedder, sure: None
) -> None:
    """Each with a home of its own, whose indexes catch up with what the others bring."""
    here, there = (Settings(home=tmp_path / at, database_url=postgresql) for at in "ab")
    with Engine(here, embedder) as one, Engine(there, embedder) as other:
        add(one, tmp_path, MUSEUM)
        assert other.ask("متحف الفلك").quotes[0].article.title == MUSEUM["title"]
        add(other, tmp_path, STORM)
        assert one.ask("ميناء الصدف").quotes[0].article.title == STORM["title"]
        one.remove(1)
        other.sync()
        assert [ref.title for ref in other.articles()] == [STORM["title"]]
        assert not {q.article.id for q in other.ask("متحف الفلك").quotes} & {1}


async def test_two_workers_send_nothing_twice(postgresql: str) -> None:
    """At once, from one outbox: every letter arrives, once, and each chat's in their order."""
    telegrams = [FakeTelegram(QuickClock()) for _ in range(2)]
    with (
        closing(Store(Database(postgresql, READERS))) as one,
        closing(Store(Database(postgresql, READERS))) as other,
    ):
        for number in range(60):
            await owe(one, number % 20 + 1, a_letter(f"خبر {number}"), key=str(number))
        await asyncio.gather(
            *(work(to, by) for to, by in zip(telegrams, (one, other), strict=True))  # type: ignore[arg-type]
        )
        assert {state for _, state, _ in await states(one)} == {"sent"}
    arrived = [text for telegram in telegrams for _, text in telegram.arrived]
    assert sorted(arrived) == sorted(f"خبر {number}" for number in range(60))


def test_two_workers_claim_apart(postgresql: str) -> None:
    """However they meet: no letter and no chat is in the hands of both."""
    with (
        closing(Store(Database(postgresql, READERS))) as one,
        closing(Store(Database(postgresql, READERS))) as other,
    ):
        asyncio.run(_owe_many(one))
        taken: dict[int, list[Claim]] = {0: [], 1: []}
        start = threading.Barrier(2)

        def claim(mine: int, store: Store) -> None:
            start.wait()
            for _ in range(10):
                with store.db.write() as connection:
                    taken[mine] += deliveries.claim(connection, limit=3, now=NOW)

        threads = [threading.Thread(target=claim, args=pair) for pair in enumerate((one, other))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        both = [*taken[0], *taken[1]]
        assert len(both) == len({claim.chat_id for claim in both}) == 40


async def _owe_many(store: Store) -> None:
    for number in range(120):
        await owe(store, number % 40 + 1, key=str(number))


def test_changes_are_seen_in_the_order_of_their_numbers(db: Database, postgresql: str) -> None:
    """Who drains them to the last one that is there has passed over none that was under way."""
    begun, seen = threading.Event(), list[list[int]]()

    def later() -> None:
        begun.wait()
        with closing(Database(postgresql)) as other, other.write() as connection:
            connection.execute(sa.insert(changes).values(article_id=2))

    thread = threading.Thread(target=later)
    thread.start()
    with db.write() as connection:
        connection.execute(sa.insert(changes).values(article_id=1))
        begun.set()
        thread.join(0.5)  # it would be through in a few milliseconds
        seen.append(numbers(db))
    thread.join()
    assert [*seen, numbers(db)] == [[], [1, 2]]


def test_a_reader_sees_one_state_throughout(db: Database) -> None:
    """What is written meanwhile is seen next time."""
    with db.read() as reading:
        query = sa.select(sa.func.count()).select_from(changes)
        before = reading.execute(query).scalar_one()
        with db.write() as writing:
            writing.execute(sa.insert(changes).values(article_id=1))
        assert reading.execute(query).scalar_one() == before == 0
    assert numbers(db) == [1]


def test_who_reads_writes_nothing(db: Database) -> None:
    """Only `write` gives writers their turns."""
    with pytest.raises(StoreError, match="read-only"), db.read() as connection:
        connection.execute(sa.insert(changes).values(article_id=1))


def test_a_writer_waits_for_its_turn_and_no_longer(
    db: Database, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then it says so; and archive and readers do not wait for one another."""
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 50)
    with closing(Database(postgresql, READERS)) as readers, db.write():
        with pytest.raises(StoreError, match="lock timeout"):
            Database(postgresql)
        with readers.write() as connection:
            chats.meet(connection, 7, kind="private", now=NOW)


def test_a_server_that_was_restarted_is_spoken_to_again(db: Database) -> None:
    """Its old connections are gone; nobody notices."""
    assert numbers(db) == []
    with sa.create_engine(db.engine.url, poolclass=sa.NullPool).connect() as other:
        query = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert other.execute(query).scalars().all() == [True]
    assert numbers(db) == []


def test_a_database_that_cannot_hold_arabic_is_refused(postgresql_server: str) -> None:
    """With what to do instead."""
    options = ("TEMPLATE template0", "ENCODING SQL_ASCII", "LOCALE_PROVIDER libc LOCALE 'C'")
    with (
        database(postgresql_server, *options) as url,
        pytest.raises(StoreError, match="ENCODING 'UTF8'"),
    ):
        Database(url)


def test_the_address_may_be_as_the_server_s_people_write_it(postgresql: str) -> None:
    """Without a word of Python's drivers in it."""
    for scheme in ("postgresql", "postgres"):
        url = postgresql.replace("postgresql+psycopg", scheme)
        assert url.startswith(f"{scheme}://")
        Database(url).close()


def test_a_wrong_password_is_not_repeated(postgresql: str) -> None:
    """Nor any other part of the address that is a secret."""
    url = sa.make_url("postgresql://isnad:s3cret@127.0.0.1:1/isnad")
    with pytest.raises(StoreError) as error:
        Database(url.render_as_string(hide_password=False))
    assert "s3cret" not in str(error.value)


OPEN = """
import sys
from index.db import Database
Database(sys.argv[1]).close()
"""


def test_processes_may_make_it_at_once(postgresql: str) -> None:
    """One of them migrates it, the others find it done."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, postgresql],
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        for _ in range(3)
    ]
    assert [process.communicate(timeout=120)[1] for process in running] == [""] * 3
