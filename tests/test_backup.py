"""`isnad backup` and `isnad restore`: all of it, or none of it, and said plainly."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from archive import ARTICLES, MUSEUM, STORM, add, contents, item, long_item, open_at
from fake_embedder import HashEmbedder

from bot.store import READERS, Store, chats
from index.backup import Part, Saved, backup, restore
from index.db import ARCHIVE, Database
from index.model import InputError, SchemaError, StoreError

if TYPE_CHECKING:
    from index.engine import Engine

PARTS = Part("bot.db", READERS), Part("isnad.db", ARCHIVE)
QUESTIONS = "كم بلغت كلفة بناء متحف الفلك؟", "كم سفينة تنتظر؟", "من سجل هدفين؟"

pytestmark = pytest.mark.usefixtures("sure")


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Engine:
    """Some articles, and a reader."""
    add(engine, tmp_path, *ARTICLES, long_item(24))
    meet(engine.home, 7)
    return engine


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a backup goes."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "isnad.zip"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A home to restore to, not made yet."""
    return tmp_path / "elsewhere" / "home"


def meet(home: Path, chat: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    with closing(Store(Database(home / "bot.db", READERS))) as store, store.db.write() as made:
        chats.meet(made, chat, kind="private", now="2026-03-01T07:00:00+00:00")


def known(home: Path, chat: int) -> bool:
    with closing(Store(Database(home / "bot.db", READERS))) as store, store.db.read() as found:
        return chats.get(found, chat) is not None


def said(engine: Engine) -> list[list[tuple[str, int, int, int]]]:
    return [
        [(q.text, q.start, q.end, q.article.id) for q in engine.ask(question).quotes]
        for question in QUESTIONS
    ]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_was_backed_up_comes_back(archive: Engine, file: Path, target: Path) -> None:
    """Archive and readers, while both are open; the indexes are made again, without the model."""
    saved = backup(archive.home, PARTS, file)
    assert saved.rows["isnad.db"]["articles"] == 5
    assert saved.rows["bot.db"]["chats"] == 1
    assert names(file.parent) == {"isnad.zip"}
    assert set(zipfile.ZipFile(file).namelist()) == {"isnad.db", "bot.db", "manifest.json"}
    assert file.stat().st_mode & 0o077 == 0
    assert restore(file, PARTS, target) == (saved, None)
    assert names(target) == {"isnad.db", "bot.db"}
    assert names(target.parent) == {"home"}
    embedder = HashEmbedder()
    with open_at(target, embedder) as engine:
        engine.load()
        assert contents(engine) == contents(archive)
        assert said(engine) == said(archive)
        assert all(said(engine))
    assert not any(MUSEUM["title"] in text for text in embedder.seen)
    assert known(target, 7)


def test_a_backup_taken_during_writes_answers_as_before(
    archive: Engine, file: Path, target: Path, tmp_path: Path
) -> None:
    """It holds one moment of each database, and what was there then is quoted the same."""
    before = said(archive)
    began, stop = threading.Event(), threading.Event()
    written = 0

    def write() -> None:
        nonlocal written
        folder = tmp_path / "news"
        folder.mkdir()
        with open_at(archive.home, HashEmbedder()) as other:
            while not stop.is_set():
                text = "\n".join(f"زرع البستاني شجيرة ورد {written} {n}." for n in range(20))
                add(other, folder, item(f"حديقة {written}", text))
                meet(archive.home, 1000 + written)
                written += 1
                began.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert began.wait(30)
        taken = [backup(archive.home, PARTS, file) for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    assert written >= 1
    restore(file, PARTS, target)
    with open_at(target, HashEmbedder()) as engine:
        engine.load()
        assert len(engine.articles()) == taken[-1].rows["isnad.db"]["articles"] > 5
        # what was added meanwhile may be a further quote
        assert [one[:1] for one in said(engine)] == [one[:1] for one in before]
        assert engine.db.integrity() is None
    assert taken[-1].rows["bot.db"]["chats"] <= taken[-1].rows["isnad.db"]["articles"] - 3


def test_a_home_without_readers_is_backed_up_too(
    engine: Engine, file: Path, target: Path, tmp_path: Path
) -> None:
    """Before the bot has ever run."""
    add(engine, tmp_path, MUSEUM)
    backup(engine.home, PARTS, file)
    restore(file, PARTS, target)
    assert names(target) == {"isnad.db"}


def test_where_there_is_nothing_no_backup_is_written(tmp_path: Path, file: Path) -> None:
    """An empty backup would be believed to be one."""
    with pytest.raises(InputError, match="nothing to back up"):
        backup(tmp_path / "none", PARTS, file)
    assert not file.exists()


def test_a_damaged_database_is_not_backed_up_over_a_good_one(archive: Engine, file: Path) -> None:
    """The earlier backup stays."""
    backup(archive.home, PARTS, file)
    good = file.read_bytes()
    archive.close()
    path = archive.home / "bot.db"
    raw = bytearray(path.read_bytes())
    raw[4096:] = os.urandom(len(raw) - 4096)
    path.write_bytes(raw)
    with pytest.raises(StoreError):
        backup(archive.home, PARTS, file)
    assert file.read_bytes() == good
    assert names(file.parent) == {"isnad.zip"}


# --- restoring over something -------------------------------------------------------------------


def test_a_home_that_is_not_empty_is_left_alone(archive: Engine, file: Path, target: Path) -> None:
    """Unless told otherwise; then it is set aside, and the operator's settings stay."""
    backup(archive.home, PARTS, file)
    target.mkdir(parents=True, mode=0o700)
    (target / "settings.toml").write_text('zone = "Africa/Cairo"\n')
    meet(target, 99)
    with pytest.raises(InputError, match="not empty"):
        restore(file, PARTS, target)
    assert known(target, 99)
    _, aside = restore(file, PARTS, target, force=True)
    assert (known(target, 7), known(target, 99)) == (True, False)
    assert "Cairo" in (target / "settings.toml").read_text()
    assert target.stat().st_mode & 0o777 == 0o700
    assert aside is not None
    assert known(aside, 99)
    assert names(target.parent) == {"home", aside.name}


def test_an_empty_folder_gives_way(archive: Engine, file: Path, target: Path) -> None:
    """As a service's folder is before its first start."""
    backup(archive.home, PARTS, file)
    target.mkdir(parents=True)
    restore(file, PARTS, target)
    assert known(target, 7)


def test_a_home_in_use_is_not_replaced(archive: Engine, file: Path) -> None:
    """What a bot that runs would write from then on would be lost."""
    backup(archive.home, PARTS, file)
    with pytest.raises(StoreError, match="stop the bot"):
        restore(file, PARTS, archive.home, force=True)
    assert archive.ask(QUESTIONS[0]).answered
    archive.close()
    restore(file, PARTS, archive.home, force=True)


def test_a_damaged_home_is_replaced(archive: Engine, file: Path) -> None:
    """It is what backups are for."""
    backup(archive.home, PARTS, file)
    archive.close()
    (archive.home / "isnad.db").write_bytes(b"no database at all" * 100)
    restore(file, PARTS, archive.home, force=True)
    with open_at(archive.home, HashEmbedder()) as engine:
        assert len(engine.articles()) == 5


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_restores_belongs_to_who_runs_the_bot(
    archive: Engine, file: Path, target: Path
) -> None:
    """Else the bot could not write its own database."""
    backup(archive.home, PARTS, file)
    target.mkdir(parents=True)
    os.chown(target, 65534, 65534)
    restore(file, PARTS, target)
    assert {path.stat().st_uid for path in (target, *target.iterdir())} == {65534}


# --- files that are no backup -------------------------------------------------------------------


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(
    archive: Engine, file: Path, target: Path, part: float
) -> None:
    """Wherever it ends; nothing is left of the attempt."""
    backup(archive.home, PARTS, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(InputError, match="no backup"):
        restore(file, PARTS, target)
    assert names(target.parent) == set()


@pytest.mark.parametrize("place", [0.01, 0.2, 0.5, 0.8])
def test_a_file_with_a_wrong_byte_is_refused(
    archive: Engine, file: Path, target: Path, place: float
) -> None:
    """Disks forget; every byte of the databases counts."""
    backup(archive.home, PARTS, file)
    raw = bytearray(file.read_bytes())
    raw[int(len(raw) * place)] ^= 0xFF
    file.write_bytes(raw)
    with pytest.raises((InputError, StoreError)):
        restore(file, PARTS, target)
    assert not target.exists()


@pytest.mark.parametrize(
    "members",
    [
        {"readme.txt": "مرحبا"},
        {"manifest.json": "{"},
        {"manifest.json": "[]"},
        {"manifest.json": '{"format": 1, "made_at": "", "rows": {}}'},
        {"manifest.json": '{"format": 1, "made_at": "", "rows": {"../isnad.db": {}}}'},
        {"manifest.json": '{"format": 1, "made_at": "", "rows": {"isnad.db": {}}}'},
        {"manifest.json": '{"format": 2, "made_at": "", "rows": {"isnad.db": {}}}'},
        {
            "manifest.json": '{"format": 1, "made_at": "", "rows": {"isnad.db": {"articles": 9}}}',
            "isnad.db": "",
        },
    ],
)
def test_a_zip_of_something_else_is_refused(
    file: Path, target: Path, members: dict[str, str]
) -> None:
    """And nothing of it is unpacked outside."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises((InputError, StoreError)):
        restore(file, PARTS, target)
    assert names(target.parent) == set()


def test_a_file_that_is_not_there_is_named(file: Path, target: Path) -> None:
    """In one line."""
    with pytest.raises(StoreError, match="No such file"):
        restore(file, PARTS, target)


@pytest.mark.parametrize(
    ("name", "table"), [("isnad.db", "alembic_version"), ("bot.db", "alembic_version_bot")]
)
def test_a_backup_of_a_newer_schema_is_refused(
    archive: Engine, file: Path, target: Path, name: str, table: str
) -> None:
    """It is taken by the newer Isnad; what is in the home stays."""
    archive.close()
    with closing(sqlite3.connect(archive.home / name)) as connection:
        connection.execute(f"UPDATE {table} SET version_num = '9999'")
        connection.commit()
    backup(archive.home, PARTS, file)
    meet(target, 99)
    with pytest.raises(SchemaError, match="newer Isnad"):
        restore(file, PARTS, target, force=True)
    assert known(target, 99)


# --- trouble on the way -------------------------------------------------------------------------

LIMITED = """
import resource, sys
from pathlib import Path
from bot.store import READERS
from index.backup import Part, backup, restore
from index.db import ARCHIVE
from index.model import StoreError

what, limit, file, home = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
parts = Part("bot.db", READERS), Part("isnad.db", ARCHIVE)
try:
    if what == "backup":
        backup(Path(home), parts, Path(file))
    else:
        restore(Path(file), parts, Path(home), force=True)
except StoreError as error:
    sys.exit(f"refused: {error}")
"""


class Limited(NamedTuple):
    """How a process fared that may write no more than so many bytes to a file."""

    code: int
    err: str


def limited(what: str, limit: int, file: Path, home: Path) -> Limited:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, what, str(limit), str(file), str(home)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    return Limited(done.returncode, done.stderr)


@pytest.mark.parametrize("limit", [1_000, 60_000])
def test_without_room_the_earlier_backup_stays(archive: Engine, file: Path, limit: int) -> None:
    """A disk that is full, played by a limit on the size of files; no half of one is left."""
    backup(archive.home, PARTS, file)
    good = file.read_bytes()
    done = limited("backup", limit, file, archive.home)
    assert (done.code, done.err.count("\n")) == (1, 1), done.err
    assert "refused: the backup" in done.err
    assert file.read_bytes() == good
    assert names(file.parent) == {"isnad.zip"}


def test_without_room_the_home_stays(archive: Engine, file: Path, target: Path) -> None:
    """Restoring replaces nothing before all is unpacked."""
    backup(archive.home, PARTS, file)
    meet(target, 99)
    done = limited("restore", 60_000, file, target)
    assert done.code == 1, done.err
    assert "refused: " in done.err
    assert known(target, 99)
    assert names(target.parent) == {"home"}


def test_a_folder_that_is_not_there_is_named(archive: Engine, tmp_path: Path) -> None:
    """Not made: it may be a disk that is not mounted."""
    with pytest.raises(StoreError, match="No such file"):
        backup(archive.home, PARTS, tmp_path / "none" / "isnad.zip")


def test_a_home_that_cannot_be_renamed_is_put_back(
    archive: Engine, file: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount point, for one: the earlier home is where it was."""
    backup(archive.home, PARTS, file)
    meet(target, 99)
    rename = Path.rename

    def refused(self: Path, other: Path) -> Path:
        if "restoring" in str(self):
            raise OSError(16, "Device or resource busy")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(StoreError, match="busy"):
        restore(file, PARTS, target, force=True)
    assert known(target, 99)
    assert names(target.parent) == {"home"}


def test_a_backup_of_an_older_schema_is_brought_up_to_date(
    archive: Engine, file: Path, target: Path
) -> None:
    """Taken before an upgrade, it is of use after it."""
    saved = backup(archive.home, PARTS, file)
    assert isinstance(saved, Saved)
    first = ARCHIVE.migrations / "versions" / "0001_archive.py"
    assert first.exists()
    old = target.parent / "old"
    old.mkdir(parents=True)
    _at_first_schema(old / "isnad.db")
    backup(old, PARTS, file)
    restore(file, PARTS, target)
    with open_at(target, HashEmbedder()) as engine:
        assert [ref.title for ref in engine.articles()] == [STORM["title"]]


def _at_first_schema(path: Path) -> None:
    """A database as the first version of Isnad left it, with an article."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    config = Config()
    config.set_main_option("script_location", str(ARCHIVE.migrations))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        config.attributes["version_table"] = ARCHIVE.versions
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO articles (title, text, content_hash, input, added_at)"
            " VALUES (?, ?, 'x', 'y', '2026-01-01T00:00:00+00:00')",
            (STORM["title"], STORM["text"]),
        )
    engine.dispose()
