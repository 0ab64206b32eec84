"""One file that holds the databases of a home: taken while they are in use, put back whole.

It is a zip of SQLite files and a manifest. The search indexes are left out: they are made again
from the databases, without the model, when the home is next used.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index.db import BUSY_TIMEOUT_MS, Database
from index.files import write_atomically
from index.model import InputError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.db import Schema

FORMAT = 1
MANIFEST = "manifest.json"
KEPT = "settings.toml"
"""What of a home stays when another is put in its place: the operator's, in no backup."""


@dataclass(frozen=True, slots=True)
class Part:
    """A database of a home: the name of its file, and the schema that it must not be ahead of."""

    name: str
    schema: Schema


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: since when (ISO, UTC), and each database's rows by table."""

    made_at: str
    rows: dict[str, dict[str, int]]


def _now() -> datetime:
    return datetime.now(UTC)


def backup(
    home: Path, parts: Sequence[Part], file: Path, *, now: Callable[[], datetime] = _now
) -> Saved:
    """Write the databases of a home to `file`, whole and read again, or not at all.

    Nobody has to wait for it. Each database is copied as it is at one moment, in the order of
    `parts`: one that refers to another comes before it, so that what it refers to is there.
    Raises `InputError`, `StoreError`.
    """
    names = [part.name for part in parts if (home / part.name).exists()]
    if not names:
        raise InputError(str(home), "holds nothing to back up")
    saved = Saved(now().isoformat(timespec="seconds"), {})

    def write(target: Path) -> None:
        target.touch(mode=0o600)  # it holds who follows what
        with TemporaryDirectory(prefix=".isnad-backup-", dir=file.absolute().parent) as scratch:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in names:
                    copy = Path(scratch) / name
                    saved.rows[name] = _copy(home / name, copy)
                    archive.write(copy, name)
                    copy.unlink()
                archive.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(saved)}))
            _unpack(target, names, Path(scratch))

    with _translated(f"the backup {file} cannot be written"):
        write_atomically(file, write)
    return saved


def restore(
    file: Path,
    parts: Sequence[Part],
    home: Path,
    *,
    force: bool = False,
    now: Callable[[], datetime] = _now,
) -> tuple[Saved, Path | None]:
    """Make `home` what `file` holds; return what that is, and where the earlier home was set aside.

    All is unpacked, checked and brought to this version's schema beside the home, which then takes
    its place by renaming. A home that holds anything is replaced only with `force`: it is set
    aside, and its `settings.toml` stays. Raises `InputError`, `SchemaError`, `StoreError`.
    """
    home = home.resolve()
    if not force and home.exists() and any(home.iterdir()):
        raise InputError(str(home), "is not empty; --force puts the backup in its place")
    for part in parts:
        if _in_use(home / part.name):
            raise StoreError(f"{home / part.name} is in use: stop the bot, then restore")
    with _translated(f"{file} cannot be restored to {home}"):
        home.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{home.name}.restoring-", dir=home.parent) as scratch:
            staged = Path(scratch) / "home"
            staged.mkdir(mode=0o700)
            saved = _unpack(file, [part.name for part in parts], staged)
            for part in parts:
                if part.name in saved.rows:
                    Database(staged / part.name, part.schema).close()
            _inherit(staged, home)
            return saved, _swap(staged, home, now())


def _copy(source: Path, copy: Path) -> dict[str, int]:
    """Copy a database that others may be writing to; return how many rows the copy must have."""
    with closing(_open(source)) as live, closing(sqlite3.connect(copy)) as still:
        live.execute("BEGIN")  # what is counted is what is copied
        rows = _rows(live)
        live.backup(still)
        still.execute("PRAGMA journal_mode=DELETE")  # all in one file
    return rows


def _unpack(file: Path, names: Sequence[str], folder: Path) -> Saved:
    """Unpack what a backup holds of these databases, checked to be whole."""
    try:
        with zipfile.ZipFile(file) as archive:
            saved = _manifest(file, archive, names)
            for name in saved.rows:
                with archive.open(name) as packed, (folder / name).open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        raise InputError(str(file), "is no backup of Isnad, or a damaged one") from error
    for name, rows in saved.rows.items():
        with closing(_open(folder / name)) as copy:
            verdict = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if verdict != "ok":
                raise StoreError(f"{name} is damaged: {verdict}")
            if _rows(copy) != rows:
                raise StoreError(f"{name} has not the rows that it had when it was copied")
    return saved


def _manifest(file: Path, archive: zipfile.ZipFile, names: Sequence[str]) -> Saved:
    """What a backup says of itself. Names are those of our databases: they become paths."""
    try:
        manifest = json.loads(archive.read(MANIFEST))
        if manifest["format"] > FORMAT:
            raise InputError(str(file), "is a backup of a newer Isnad; upgrade Isnad")
        saved = Saved(manifest["made_at"], manifest["rows"])
        if saved.rows and saved.rows.keys() <= set(names):
            return saved
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise InputError(str(file), "is no backup of Isnad, or a damaged one") from error
    raise InputError(str(file), "is a backup of something else")


def _open(path: Path) -> sqlite3.Connection:
    """Open a database that is there."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    wait = BUSY_TIMEOUT_MS / 1000
    return sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [name for (name,) in connection.execute(query)]
    count = 'SELECT count(*) FROM "{}"'
    return {name: connection.execute(count.format(name)).fetchone()[0] for name in tables}


def _in_use(path: Path) -> bool:
    """Whether a process has a database open: only one that is alone can leave the log mode."""
    if not path.exists():
        return False
    try:
        with closing(_open(path)) as connection:
            connection.execute("PRAGMA busy_timeout=0")
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    except sqlite3.DatabaseError:
        return False  # damaged, which is why another is put in its place
    return False


def _inherit(staged: Path, home: Path) -> None:
    """Give a new home what it has from the earlier one, and from root to who owned that."""
    if (home / KEPT).exists():
        shutil.copy2(home / KEPT, staged / KEPT)
    if home.exists():
        shutil.copymode(home, staged)
    owner = (home if home.exists() else home.parent).stat()
    for path in (*staged.iterdir(), staged):
        if os.geteuid() == 0:
            os.chown(path, owner.st_uid, owner.st_gid)
        _sync(path)


def _swap(staged: Path, home: Path, moment: datetime) -> Path | None:
    """Rename a folder to the home's name; return where the earlier home is now, if one was."""
    aside = None
    if home.exists() and any(home.iterdir()):
        aside = home.with_name(f"{home.name}.before-{moment:%Y%m%dT%H%M%SZ}")
        home.rename(aside)
    try:
        staged.rename(home)  # an empty folder gives way
    except OSError:
        if aside is not None:
            aside.rename(home)
        raise
    _sync(home.parent)
    return aside


def _sync(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{what}: {error.strerror or error}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{what}: {error}") from error
