"""PostgreSQL for tests: the operator's server, or one of this machine's for as long as they run."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fresh = Callable[[], str]  # gives the address of another empty database at each call

GIVEN = os.environ.get("ISNAD_TEST_POSTGRESQL")
"""The address of a server's database, whose user may make others beside it."""

USER = "postgres"
_numbers = itertools.count(1)


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a server's first database; None where no server is to be had."""
    programs = _programs()
    if GIVEN is not None or programs is None:
        yield GIVEN
        return
    with tempfile.TemporaryDirectory(prefix="isnad-pg-") as folder:
        other = USER if os.geteuid() == 0 else None  # a server does not run as root
        if other is not None:
            shutil.chown(folder, other)

        def run(program: str, *arguments: str) -> None:
            command = [programs / program, "-D", f"{folder}/data", *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=other, cwd=folder)

        run("initdb", "-U", USER, "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8")
        # No port: a socket in the folder. Nothing is written to survive a power cut.
        run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", f"-F -h '' -k {folder}", "start")
        try:
            yield f"postgresql://{USER}@/{USER}?host={folder}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


def _programs() -> Path | None:
    """Where a server's programs are: in PATH, or where Debian puts them, the newest."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).resolve().parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return places[-1].parent if places else None


@contextmanager
def database(of: str, *options: str) -> Iterator[str]:
    """A new database beside `of`; it is dropped in the end. `options` are CREATE DATABASE's."""
    url = sa.make_url(of).set(drivername="postgresql+psycopg")
    name = f"isnad_test_{os.getpid()}_{next(_numbers)}"
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} {' '.join(options)}")
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
