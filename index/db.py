"""The database: engine, transactions, migrations, and SQLAlchemy's errors made ours."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, exc

from index.model import SchemaError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another before it gives up."""


@dataclass(frozen=True, slots=True)
class Schema:
    """Tables that grow together: a folder of Alembic migrations, and where their state is kept.

    Two schemas can share a database, each with a version table of its own.
    """

    migrations: Path
    versions: str


ARCHIVE = Schema(Path(__file__).parent / "migrations", "alembic_version")


class Database:
    """One SQL database, migrated to this version's schema.

    Raises `SchemaError` when it was written by a newer Isnad, `StoreError` when it cannot be used.
    """

    def __init__(self, where: str | Path, schema: Schema = ARCHIVE) -> None:
        """Open the database at an SQLAlchemy address, or the SQLite file at a path."""
        self._schema = schema
        with _translated():
            url = _address(where)
            kind = url.get_backend_name()
            # A connection that a server dropped meanwhile, as it was restarted, is replaced.
            self.engine = sa.create_engine(url, pool_pre_ping=kind != "sqlite")
            _PREPARE[kind](self.engine, schema)
            try:
                self._migrate()
            except BaseException:
                self.close()
                raise

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees one state of the database throughout."""
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that commits whole or not at all, one writer at a time."""
        with _translated(), self.engine.connect() as connection:
            connection = connection.execution_options(isnad_write=True)
            with connection.begin():
                yield connection

    def integrity(self) -> str | None:
        """Return what the database finds wrong with itself, or None."""
        if self.engine.dialect.name != "sqlite":
            return None
        with self.read() as connection:
            verdict = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if verdict != "ok":
            return str(verdict)
        return None if broken is None else f"a row of {broken[0]} points at no {broken[2]}"

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(self._schema.migrations))
        script = ScriptDirectory.from_config(config)
        with self.write() as connection:
            options = {"version_table": self._schema.versions}
            context = MigrationContext.configure(connection, opts=options)
            current = context.get_current_revision()
            if current == script.get_current_head():
                return
            if current is not None and current not in {r.revision for r in script.walk_revisions()}:
                raise SchemaError(
                    f"the database is of a newer Isnad (schema {current}); "
                    "upgrade Isnad, or use another --home"
                )
            config.attributes["connection"] = connection
            config.attributes["version_table"] = self._schema.versions
            command.upgrade(config, "head")


def _address(where: str | Path) -> sa.URL:
    """A path is a SQLite file; PostgreSQL is spoken to through psycopg where no driver is named."""
    if isinstance(where, Path):
        return sa.URL.create("sqlite", database=str(where))
    url = sa.make_url(where)
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in _PREPARE:
        raise StoreError(
            f"no database of the kind {url.get_backend_name()} can be used: "
            "PostgreSQL can, or SQLite where ISNAD_DATABASE_URL is not set"
        )
    return url


def _prepare_sqlite(engine: sa.Engine, _schema: Schema) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours: sqlite3's own is late and never for DDL
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("isnad_write", False)
        # IMMEDIATE takes the write lock at once, so a writer waits for its turn here and
        # never fails half-way because another wrote first.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgresql(engine: sa.Engine, schema: Schema) -> None:
    """Give the server's transactions what `read` and `write` promise, as SQLite's have it."""
    turn = zlib.crc32(schema.versions.encode())

    @event.listens_for(engine, "connect", insert=True)  # before SQLAlchemy reads a word of it
    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SHOW server_encoding")
        if cursor.fetchone() != ("UTF8",):
            connection.close()
            raise StoreError("the database must be made with ENCODING 'UTF8', to hold any word")
        cursor.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
        cursor.close()
        connection.commit()

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("isnad_write", False):
            # Each statement after this one sees all that earlier writers committed; and changes
            # become visible in the order of their numbers, on which whoever drains them relies.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({turn})")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


_PREPARE: Final = {"sqlite": _prepare_sqlite, "postgresql": _prepare_postgresql}


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except exc.DatabaseError as error:
        raise StoreError(f"the database refused: {error.orig or error}") from error
    except exc.SQLAlchemyError as error:
        raise StoreError(f"the database cannot be used: {error}") from error
    except ImportError as error:
        raise StoreError(f"the database's driver is not installed: {error}") from error
