"""Every earlier database becomes today's: nothing lost, at once or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import earlier
import pytest
import sqlalchemy as sa
from archive import BRIDGE, MUSEUM, add, check
from earlier import CHAT, GROUP, LATE, NOW, REMOVED, STRANGE, revisions
from fake_embedder import OutOfPowerError

import bot.schema
import index.schema
from bot.store import READERS, chats, deliveries, quoted, topics, totals, updates
from index import store
from index.db import ARCHIVE, Database, Schema
from index.engine import Engine
from index.model import SchemaError
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fake_embedder import HashEmbedder
    from postgresql_server import Fresh

METADATA = {ARCHIVE: index.schema.metadata, READERS: bot.schema.metadata}
NAMES = {ARCHIVE: "archive", READERS: "readers"}
EVERY = [
    pytest.param(schema, revision, id=f"{NAMES[schema]}-{revision}")
    for schema in METADATA
    for revision in revisions(schema)
]
UNFINISHED = [
    pytest.param(schema, revision, id=f"{NAMES[schema]}-{revision or 'new'}")
    for schema in METADATA
    for revision in [None, *revisions(schema)[:-1]]
]
"""Where a migration has something to do; None is a database that is still empty."""


def connect(url: str) -> sa.Connection:
    return sa.create_engine(url, poolclass=sa.NullPool).connect()


def made(url: str, schema: Schema, revision: str | None) -> str:
    """A database as it was after a revision, with what was in it."""
    if revision is not None:
        with closing(connect(url)) as connection:
            earlier.make(connection, schema, revision)
    return url


def state(url: str) -> object:
    """All that a database is and holds."""
    with closing(connect(url)) as connection:
        tables = sa.inspect(connection).get_table_names()
        versions = [
            connection.exec_driver_sql(f"SELECT version_num FROM {name}").scalars().all()
            for name in sorted(tables)
            if name.startswith("alembic_")
        ]
        held = earlier.contents(connection)
        for change in held.get("changes", ()):
            del change["seq"]  # PostgreSQL gives no number twice, not even one that was undone
        return versions, earlier.shape(connection), held


@pytest.mark.parametrize(("schema", "revision"), EVERY)
def test_nothing_is_lost(fresh: Fresh, schema: Schema, revision: str) -> None:
    """Every row is there with every value; what is new of a row is empty, or says how it was."""
    url = made(fresh(), schema, revision)
    with closing(connect(url)) as connection:
        before = earlier.contents(connection)
    with closing(Database(url, schema)) as db, db.read() as connection:
        after = earlier.contents(connection)
        assert db.integrity() is None
    for name, rows in before.items():
        assert rows
        kept = [{column: row[column] for column in rows[0]} for row in after[name][: len(rows)]]
        assert kept == rows
        for row in after[name][: len(rows)]:
            new = {value for column, value in row.items() if column not in rows[0]}
            assert new <= {None, "live"}
    grown = {name for name, rows in before.items() if len(after[name]) > len(rows)}
    assert grown <= {"changes"}  # the indexes look again


@pytest.mark.parametrize(("schema", "revision"), EVERY)
def test_the_tables_become_those_of_the_code(fresh: Fresh, schema: Schema, revision: str) -> None:
    """The same as where `schema.py` makes them at once: keys, references, defaults and all."""
    Database(url := made(fresh(), schema, revision), schema).close()
    with closing(connect(url)) as upgraded, closing(connect(fresh())) as other:
        METADATA[schema].create_all(other)
        assert earlier.shape(upgraded) == earlier.shape(other)


@pytest.mark.parametrize("revision", revisions(ARCHIVE))
def test_an_archive_of_then_answers(
    fresh: Fresh, tmp_path: Path, embedder: HashEmbedder, sure: None, revision: str
) -> None:
    """By what is in it and by what comes in now; no number is given to two articles."""
    url = made(fresh(), ARCHIVE, revision)
    with Engine(Settings(home=tmp_path / "home", database_url=url), embedder) as engine:
        found = engine.ask("متحف الفلك في بلدة القمرية")
        check(engine, found.quotes)
        assert found.quotes[0].article.title == MUSEUM["title"]
        assert found.quotes[0].text in MUSEUM["text"]
        assert engine.article(4).text == f"{STRANGE}\n" * 3000
        again, new = add(engine, tmp_path, MUSEUM, BRIDGE).articles
        assert again.id == 1
        assert new.id > REMOVED
        assert engine.ask("جسر النخيل أمام المركبات").quotes[0].article.id == new.id
        engine.remove(1)
        assert engine.article(3).duplicates_of is None
        with engine.db.read() as connection:
            assert store.misplaced_passages(connection) == []
            assert store.unembedded(connection, engine.encoder.model_id) == []


@pytest.mark.parametrize("revision", revisions(READERS))
def test_the_readers_of_then_are_served(fresh: Fresh, revision: str) -> None:
    """What they chose holds, what they are owed leaves; no button comes to mean another topic."""
    url = made(fresh(), READERS, revision)
    with closing(Database(url, READERS)) as db, db.write() as connection:
        reader = chats.get(connection, CHAT)
        assert reader is not None
        assert (reader.city, reader.digest_at, reader.digits) == ("القاهرة", "07:30", "arabic")
        assert [topic.text for topic in topics.of_chat(connection, CHAT)] == [STRANGE]
        followed: Any = topics.add(connection, CHAT, kind="text", text="كسوف", width=0, now=NOW)
        assert followed.id > REMOVED
        assert [update["x"] for update, _ in updates.waiting(connection)] == [STRANGE]
        assert {seen.quote for seen in quoted.seen(connection, [1])} == {STRANGE}
        assert deliveries.recover(connection, before=LATE, now=LATE, starting=True) == 1
        (owed,) = deliveries.claim(connection, limit=9, now=LATE)
        assert (owed.chat_id, owed.reply_to) == (CHAT, 2**31 - 1)
        assert owed.letter.messages[0].html == STRANGE
        chats.migrate(connection, GROUP, GROUP - 1)
        chats.forget(connection, CHAT)
        assert totals.of_chat(connection, CHAT).keys() == {"broadcasts"}
        assert totals.of_chat(connection, GROUP - 1).keys() == {"chats", "holds", "outbox"}


def statements(url: str, schema: Schema) -> int:
    """How many statements it takes to bring a database up to date."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        Database(url, schema).close()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize(("schema", "revision"), UNFINISHED)
def test_one_that_fails_leaves_what_was(fresh: Fresh, schema: Schema, revision: str | None) -> None:
    """At whichever statement; and the next start completes it."""
    url, whole = (made(fresh(), schema, revision) for _ in range(2))
    before = state(url)
    step = 1 if url.startswith("sqlite") else 5  # to look at a server's tables takes longer
    for number in range(0, statements(whole, schema), step):
        countdown = iter(range(number))

        def fail(*_: object, countdown: Iterator[int] = countdown) -> None:
            if next(countdown, None) is None:
                raise OutOfPowerError

        sa.event.listen(sa.Engine, "before_cursor_execute", fail)
        try:
            with pytest.raises(OutOfPowerError):
                Database(url, schema)
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", fail)
        assert state(url) == before
    Database(url, schema).close()
    assert state(url) == state(whole)


KILLED = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from index.db import Database, Schema

url, migrations, versions, at = sys.argv[1:]
left = iter(range(int(at)))

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def count(*_):
    if next(left, None) is None:
        die()

sa.event.listen(sa.Engine, "before_cursor_execute", count)
sa.event.listen(sa.Engine, "commit", die)
Database(url, Schema(Path(migrations), versions))
"""


@pytest.mark.parametrize("when", ["in the middle", "before it is on the disk"])
@pytest.mark.parametrize(("schema", "revision"), [UNFINISHED[1], UNFINISHED[-1]])
def test_one_that_is_killed_leaves_what_was(
    fresh: Fresh, schema: Schema, revision: str | None, when: str
) -> None:
    """As when the power goes; and the next start completes it."""
    url, whole = (made(fresh(), schema, revision) for _ in range(2))
    before = state(url)
    total = statements(whole, schema)
    at = total // 2 if when == "in the middle" else total
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, schema.migrations, schema.versions, str(at)],
        cwd=Path(__file__).parents[1],
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert state(url) == before
    Database(url, schema).close()
    assert state(url) == state(whole)


@pytest.mark.parametrize("schema", METADATA, ids=NAMES.get)
def test_a_newer_one_is_refused_and_left_alone(fresh: Fresh, schema: Schema) -> None:
    """Whichever of the two it is."""
    url = made(fresh(), schema, revisions(schema)[-1])
    with closing(connect(url)) as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE {schema.versions} SET version_num = '9999'")
    before = state(url)
    with pytest.raises(SchemaError, match=r"newer Isnad .*9999.*upgrade Isnad"):
        Database(url, schema)
    assert state(url) == before
