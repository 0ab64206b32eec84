"""The database: its schema, its transactions, and its errors made ours."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from index import db as module
from index.db import Database
from index.model import SchemaError, StoreError
from index.schema import articles, changes, metadata, passages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROW = {
    "title": "عنوان",
    "text": "نص",
    "content_hash": "h",
    "input": "-",
    "added_at": "2024-01-01T00:00:00+00:00",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "isnad.db"


@pytest.fixture
def db(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


def count(db: Database, table: sa.Table) -> int:
    with db.read() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_migrated_database_has_the_tables_of_the_code(db: Database) -> None:
    """The migrations and `schema.py` say the same."""
    with db.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_opening_again_changes_nothing(db: Database, path: Path) -> None:
    """Migrations run once."""
    with db.write() as connection:
        connection.execute(sa.insert(articles).values(**ROW))
    again = Database(f"sqlite:///{path}")
    assert count(again, articles) == 1
    again.close()


def test_a_newer_schema_is_refused(db: Database, path: Path) -> None:
    """With advice; and nothing in it is touched."""
    with db.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaError, match=r"newer Isnad .*9999.*upgrade"):
        Database(f"sqlite:///{path}")
    with db.read() as connection:
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert version == "9999"


def test_sqlite_is_set_up_for_safety(db: Database) -> None:
    """Readers do not wait for a writer, a commit is on the disk, and references hold."""
    with db.read() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]


def test_a_transaction_that_fails_leaves_nothing(db: Database) -> None:
    """It commits whole or not at all."""

    def work() -> None:
        with db.write() as connection:
            connection.execute(sa.insert(articles).values(**ROW))
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        work()
    assert count(db, articles) == 0


def test_a_row_that_points_at_nothing_is_refused(db: Database) -> None:
    """Foreign keys are on, and the refusal is ours."""
    with pytest.raises(StoreError, match="FOREIGN KEY"), db.write() as connection:
        connection.execute(
            sa.insert(passages).values(article_id=7, start=0, end=1, units=[], vector_key="k")
        )


def test_removing_an_article_removes_its_passages(db: Database) -> None:
    """The database sees to it."""
    with db.write() as connection:
        connection.execute(sa.insert(articles).values(id=1, **ROW))
        connection.execute(
            sa.insert(passages).values(article_id=1, start=0, end=1, units=[], vector_key="k")
        )
        connection.execute(sa.delete(articles))
    assert count(db, passages) == 0


def test_an_id_is_never_given_twice(db: Database) -> None:
    """A link to a removed article leads nowhere rather than elsewhere."""
    ids = []
    for _ in range(2):
        with db.write() as connection:
            ids.append(connection.execute(sa.insert(articles).values(**ROW)).lastrowid)
            connection.execute(sa.delete(articles))
    assert ids == [1, 2]


def test_a_reader_sees_one_state_throughout(db: Database) -> None:
    """What is written meanwhile is seen next time."""
    with db.read() as reading:
        query = sa.select(sa.func.count()).select_from(changes)
        before = reading.execute(query).scalar_one()
        with db.write() as writing:
            writing.execute(sa.insert(changes).values(article_id=1))
        assert reading.execute(query).scalar_one() == before == 0
    assert count(db, changes) == 1


def test_a_locked_database_is_a_store_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time a writer waits; reading goes on."""
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 20)
    db = Database(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked"), db.write():
        pass
    assert count(db, articles) == 0
    other.execute("ROLLBACK")
    other.close()
    with db.write() as connection:
        connection.execute(sa.insert(articles).values(**ROW))
    db.close()


def test_writers_take_turns(db: Database) -> None:
    """Threads that read, then write, never fail half-way."""

    def bump() -> None:
        for _ in range(10):
            with db.write() as connection:
                seen = connection.execute(sa.select(sa.func.count(changes.c.seq))).scalar_one()
                connection.execute(sa.insert(changes).values(article_id=seen))

    threads = [threading.Thread(target=bump) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as connection:
        seen = list(connection.execute(sa.select(changes.c.article_id)).scalars())
    assert seen == list(range(40))


@pytest.mark.parametrize("content", [b"this is no database " * 100, b"SQLite format 3\x00" * 64])
def test_a_file_that_is_no_database_is_a_store_error(path: Path, content: bytes) -> None:
    """And it is left as it was."""
    path.write_bytes(content)
    with pytest.raises(StoreError, match="database"):
        Database(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_damage_is_found(path: Path) -> None:
    """By the database's own check."""
    db = Database(f"sqlite:///{path}")
    assert db.integrity() is None
    with db.write() as connection:
        connection.execute(sa.insert(articles), [{**ROW, "text": "كلمة " * 500}] * 50)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(path.read_bytes())
    pages = len(data) // 4096
    for place in range(pages // 2 * 4096, len(data), 4096):  # the rows, not what names the tables
        data[place : place + 64] = b"\xaa" * 64
    path.write_bytes(bytes(data))
    db = Database(f"sqlite:///{path}")
    try:
        verdict = db.integrity()
    except StoreError as error:  # the damage may be where even looking fails
        verdict = str(error)
    assert verdict
    db.close()


def test_a_row_that_points_at_nothing_is_found(db: Database, path: Path) -> None:
    """Whoever wrote it."""
    other = sqlite3.connect(path)
    other.execute("INSERT INTO revisions VALUES (1, 7, 't', 'x', 'now')")
    other.commit()
    other.close()
    assert db.integrity() == "a row of revisions points at no articles"


def test_a_folder_that_is_not_there_is_a_store_error(tmp_path: Path) -> None:
    """Not a traceback."""
    with pytest.raises(StoreError, match="unable to open"):
        Database(f"sqlite:///{tmp_path / 'none' / 'isnad.db'}")


@pytest.mark.parametrize(
    "url", ["nonsense", "nosuchdatabase://x", "postgresql+nosuchdriver://x/y", "sqlite://host/x"]
)
def test_an_address_that_is_none_is_a_store_error(url: str) -> None:
    """A wrong ISNAD_DATABASE_URL is the operator's to mend."""
    with pytest.raises(StoreError):
        Database(url)


OPEN = """
import sys
from index.db import Database
Database("sqlite:///" + sys.argv[1]).close()
"""


def test_processes_may_make_a_database_at_once(path: Path) -> None:
    """One of them migrates it, the others find it done."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(path)],
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        for _ in range(4)
    ]
    errors = [process.communicate(timeout=60)[1] for process in running]
    assert errors == [""] * 4
