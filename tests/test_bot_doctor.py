"""What can be wrong with an installation is found, and after the remedy all is well."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, add, open_at
from fake_embedder import HashEmbedder
from fakes import a_store
from outbox_world import a_letter, owe

from bot.doctor import examine
from bot.schema import holds, outbox
from index.model import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.doctor import Finding
    from index.engine import Engine


def now() -> datetime:
    """The archive's articles come in by the real clock, so the doctor looks at it too."""
    return datetime.now(UTC).replace(microsecond=0)


TOKEN = "123456:" + "A" * 35


@pytest.fixture(autouse=True)
def filled(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with articles and a token in the environment."""
    monkeypatch.setenv("ISNAD_TELEGRAM_TOKEN", TOKEN)
    with open_at(home, HashEmbedder()) as engine:
        add(engine, tmp_path, *ARTICLES)


def findings(home: Path, *, quick: bool = False) -> list[Finding]:
    return list(examine(home, lambda: open_at(home, HashEmbedder()), quick=quick, now=now))


def bad(home: Path, *, quick: bool = False) -> list[Finding]:
    return [finding for finding in findings(home, quick=quick) if not finding.ok]


def test_a_whole_installation_is_well(home: Path) -> None:
    """With readers and without; a quick look says less."""
    assert not any(finding.advice for finding in findings(home))
    with closing(a_store(home)):
        pass
    assert bad(home) == []
    assert len(findings(home, quick=True)) < len(findings(home)) / 2
    assert "A" * 35 not in str(findings(home))


def test_without_a_token_the_archive_is_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, for isnad bot will not start."""
    monkeypatch.delenv("ISNAD_TELEGRAM_TOKEN")
    assert bad(home) == []
    assert "no token is set" in findings(home)[0].what


@pytest.mark.parametrize("token", ["123456", "AAA:BBB", "123456:short", f"{TOKEN} and more"])
def test_a_bad_token_is_found(home: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """And not repeated."""
    monkeypatch.setenv("ISNAD_TELEGRAM_TOKEN", token)
    (found,) = bad(home)
    assert "token" in found.what
    assert token not in found.what
    assert "@BotFather" in found.advice
    monkeypatch.setenv("ISNAD_TELEGRAM_TOKEN", TOKEN)
    assert bad(home) == []


@pytest.mark.parametrize("content", ["telegram_token = ", 'threads = "many"', 'zone = "Mars"'])
def test_settings_that_cannot_be_used_are_found(home: Path, content: str) -> None:
    """The one that is wrong is named."""
    path = home / "settings.toml"
    path.write_text(content + "\n")
    (found,) = bad(home)
    assert "the settings cannot be used" in found.what
    assert "env.example" in found.advice
    path.unlink()
    assert bad(home) == []


def test_a_token_that_all_can_read_is_a_warning(home: Path) -> None:
    """It works; chmod ends it."""
    path = home / "settings.toml"
    path.write_text(f'telegram_token = "{TOKEN}"\n')
    path.chmod(0o644)
    assert bad(home) == []
    (warning,) = [finding for finding in findings(home) if finding.advice]
    assert "every user can read it" in warning.what
    assert warning.advice == f"chmod 600 {path}"
    path.chmod(0o600)
    assert not any(finding.advice for finding in findings(home))
    path.write_text('zone = "Africa/Cairo"\n')
    path.chmod(0o644)
    assert not any(finding.advice for finding in findings(home))


@contextmanager
def somebody() -> Iterator[None]:
    """Another user than the one whose the home is."""
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_a_home_that_cannot_be_written_is_found(home: Path) -> None:
    """As after a first start as root."""
    for folder in (home, *home.parents[:4]):
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    with somebody():
        (found,) = bad(home)
    assert "cannot be written" in found.what
    assert "chown" in found.advice
    assert bad(home) == []


@pytest.mark.parametrize(
    ("name", "table"), [("isnad.db", "alembic_version"), ("bot.db", "alembic_version_bot")]
)
def test_a_newer_schema_is_found(home: Path, name: str, table: str) -> None:
    """Of the archive or of its readers; what else there is is looked at all the same."""
    with closing(a_store(home)):
        pass
    before = len(findings(home))
    with closing(sqlite3.connect(home / name)) as connection:
        ((version,),) = connection.execute(f"SELECT version_num FROM {table}")
        connection.execute(f"UPDATE {table} SET version_num = '9999'")
        connection.commit()
    (found,) = bad(home)
    assert "newer Isnad" in found.what
    assert "upgrade Isnad" in found.advice
    with closing(sqlite3.connect(home / name)) as connection:
        connection.execute(f"UPDATE {table} SET version_num = '{version}'")
        connection.commit()
    assert len(findings(home)) == before
    assert bad(home) == []


@pytest.mark.parametrize("name", ["isnad.db", "bot.db"])
def test_a_file_that_is_no_database_is_found(home: Path, name: str) -> None:
    """Restored from a backup, it is well."""
    with closing(a_store(home)):
        pass
    path = home / name
    whole = path.read_bytes()
    path.write_bytes(b"nothing of the kind" * 1000)
    (found,) = bad(home)
    assert "cannot be used" in found.what
    assert "isnad restore" in found.advice
    path.write_bytes(whole)
    assert bad(home) == []


def test_readers_that_point_at_nothing_are_found(home: Path) -> None:
    """SQLite's own look at itself."""
    with closing(a_store(home)):
        pass
    with closing(sqlite3.connect(home / "bot.db")) as connection:
        connection.execute("INSERT INTO holds (chat_id, until) VALUES (5, 'x')")
        connection.commit()
    (found,) = bad(home)
    assert "the readers' database is damaged" in found.what
    assert "isnad restore" in found.advice


def test_a_model_that_is_not_there_is_found(home: Path) -> None:
    """The readers are looked at all the same."""

    @contextmanager
    def archive() -> Iterator[Engine]:
        raise ModelError("there is no model of that name")
        yield

    found = list(examine(home, archive, now=now))
    (fault,) = [finding for finding in found if not finding.ok]
    assert "no model of that name" in fault.what
    assert "ISNAD_MODEL" in fault.advice
    assert "readers" in found[-1].what


async def test_letters_that_nobody_sends_are_found(home: Path) -> None:
    """Those due for an hour, unless Telegram told us to wait; once they are sent all is well."""
    with closing(a_store(home)) as store:
        await owe(store, 1, a_letter(), due_at=stamp(minutes=30))
        assert bad(home, quick=True) == []
        await owe(store, 2, a_letter(), due_at=stamp(hours=3))
        await owe(store, 3, a_letter(), due_at=stamp(hours=5))
        with store.db.write() as connection:
            connection.execute(holds.insert().values(chat_id=3, until=stamp(hours=-1)))
        for quick in (True, False):
            (found,) = bad(home, quick=quick)
            assert f"1 letters to readers were due since {stamp(hours=3)}" in found.what
            assert "isnad bot" in found.advice
        with store.db.write() as connection:
            connection.execute(outbox.update().values(state="sent"))
    assert bad(home) == []


def stamp(**ago: float) -> str:
    return (now() - timedelta(**ago)).isoformat(timespec="seconds")
