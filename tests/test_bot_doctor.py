"""What can be wrong with an installation is found, and after the remedy all is well."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, add, open_at
from botapi import playground
from fake_embedder import HashEmbedder
from fakes import a_store
from outbox_world import a_letter, owe

from bot.connecting import Heard, hear_of
from bot.doctor import examine
from bot.schema import holds, outbox
from bot.store import open_store
from index import doctor
from index.doctor import Finding
from index.model import ModelError, StoreError
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

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


def known(_base_url: str | None, _token: str) -> Heard:
    """Telegram, which knows the token and whose clock is right."""
    return Heard("isnad_bot", now())


def findings(
    home: Path, *, quick: bool = False, hear: Callable[[str | None, str], Heard] = known
) -> list[Finding]:
    archive = lambda: open_at(home, HashEmbedder())  # noqa: E731
    return list(examine(home, archive, quick=quick, now=now, hear=hear))


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


def test_a_token_that_telegram_does_not_know_is_found(home: Path) -> None:
    """As one that was revoked; not asked about with `quick`, nor where none can be one."""
    for other in (Heard(date=now()), Heard(trouble="api.telegram.org (ConnectError)")):
        assert all(finding.ok for finding in findings(home, quick=True, hear=lambda *_, o=other: o))
    (found,) = [f for f in findings(home, hear=lambda *_: Heard(date=now())) if not f.ok]
    assert "does not know the token" in found.what
    assert "@BotFather" in found.advice
    away = Heard(trouble="api.telegram.org (ConnectError)")
    (found,) = [f for f in findings(home, hear=lambda *_: away) if not f.ok]
    assert found.what == "Telegram cannot be asked: api.telegram.org (ConnectError)"
    assert "check the network" in found.advice
    assert any("@isnad_bot" in finding.what for finding in findings(home))


@pytest.mark.parametrize(("hours", "side"), [(-1, "ahead of"), (1, "behind")])
def test_a_clock_that_is_off_is_found_either_way(home: Path, hours: int, side: str) -> None:
    """Beside Telegram's; a few seconds between the two are none."""
    off = Heard("isnad_bot", now() + timedelta(hours=hours))
    (found,) = [f for f in findings(home, hear=lambda *_: off) if not f.ok]
    assert found.what == f"the clock is 60 minutes {side} Telegram's"
    assert "timedatectl" in found.advice
    near = Heard("isnad_bot", now() + timedelta(seconds=5))
    assert all(finding.ok for finding in findings(home, hear=lambda *_: near))


async def test_telegram_is_asked_who_the_bot_is() -> None:
    """And what it says without a name, or not at all, is told without the token."""
    async with playground() as server:
        knows = await asyncio.to_thread(hear_of, server.base_url, server.token)
        assert knows.name == server.world.me.username
        other = await asyncio.to_thread(hear_of, server.base_url, TOKEN)
        assert (other.name, other.trouble) == (None, None)
        strange = await asyncio.to_thread(hear_of, f"{server.page_url}api/state?", TOKEN)
        assert strange.trouble == f"{server.page_url.split('/')[2]} (KeyError)"
    gone = await asyncio.to_thread(hear_of, server.base_url, TOKEN)
    assert gone.trouble is not None
    assert gone.trouble.endswith("(ConnectError)")
    assert "A" * 35 not in gone.trouble


class Dated(BaseHTTPRequestHandler):
    """A Bot API server that says when it answers, as Telegram's does."""

    def do_GET(self) -> None:
        self.send_response(200)  # with a Date
        self.end_headers()
        self.wfile.write(b'{"ok": true, "result": {"username": "isnad_bot"}}')

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def test_telegram_is_asked_for_the_time_too() -> None:
    """By the date of its answer."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Dated) as server:
        threading.Thread(target=server.serve_forever).start()
        knows = hear_of(f"http://127.0.0.1:{server.server_port}/bot", TOKEN)
        server.shutdown()
    assert knows.name == "isnad_bot"
    assert knows.date is not None
    assert abs(knows.date - now()) < timedelta(minutes=1)


def test_a_new_home_is_its_owner_s_alone(tmp_path: Path) -> None:
    """Readers are in it; whichever of the two databases is opened first."""
    with (
        open_at(tmp_path / "one", HashEmbedder()),
        closing(open_store(Settings(home=tmp_path / "two", database_url=None))),
    ):
        assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("one", "two")] == [
            0o700,
            0o700,
        ]


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


def test_a_home_that_all_can_read_is_a_warning(home: Path) -> None:
    """Once it holds readers; chmod ends it."""
    home.chmod(0o755)
    assert not any(finding.advice for finding in findings(home))
    open_store(Settings(home=home, database_url=None)).close()
    (home / "bot.db").chmod(0o644)
    assert bad(home) == []
    (warning,) = [finding for finding in findings(home) if finding.advice]
    assert warning.advice == f"chmod 700 {home}"
    home.chmod(0o700)
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


def test_a_disk_that_is_mounted_read_only_is_told_apart(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No chown helps there."""
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    (found,) = bad(home)
    assert "mounted read-only" in found.what
    assert "dmesg" in found.advice


def test_a_database_that_a_full_disk_keeps_shut_is_told_of_as_such(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says only that it cannot read or write; restoring would need room too."""
    monkeypatch.setattr(doctor, "disk", lambda _: Finding(False, "1 MB are free", "make room"))

    @contextmanager
    def archive() -> Iterator[Engine]:
        raise StoreError("the database refused: disk I/O error")
        yield

    found = [f for f in examine(home, archive, now=now, hear=known) if not f.ok]
    assert [f.advice for f in found] == ["make room", "make room first"]


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


def test_a_server_that_does_not_answer_is_no_matter_for_restore(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`isnad restore` refuses where the database is not in the home."""
    monkeypatch.setenv("ISNAD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    @contextmanager
    def archive() -> Iterator[Engine]:
        raise StoreError("the database refused: connection refused")
        yield

    found = [f for f in examine(home, archive, now=now, hear=known) if not f.ok]
    assert [f.advice for f in found] == [
        "see that the server of ISNAD_DATABASE_URL runs and lets this user in"
    ] * 2


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

    found = list(examine(home, archive, now=now, hear=known))
    (fault,) = [finding for finding in found if not finding.ok]
    assert "no model of that name" in fault.what
    assert "ISNAD_MODEL" in fault.advice
    assert "readers" in found[-1].what


async def test_letters_that_nobody_sends_are_found(home: Path) -> None:
    """Those due for an hour, unless Telegram told us to wait; once they are sent all is well."""
    with closing(a_store(home)) as store:
        await owe(store, 1, a_letter(), due_at=stamp(minutes=30))
        assert bad(home, quick=True) == []
        since = stamp(hours=3)
        await owe(store, 2, a_letter(), due_at=since)
        await owe(store, 3, a_letter(), due_at=stamp(hours=5))
        with store.db.write() as connection:
            connection.execute(holds.insert().values(chat_id=3, until=stamp(hours=-1)))
        for quick in (True, False):
            (found,) = bad(home, quick=quick)
            assert f"1 letters to readers were due since {since}" in found.what
            assert "isnad bot" in found.advice
        with store.db.write() as connection:
            connection.execute(outbox.update().values(state="sent"))
    assert bad(home) == []


def stamp(**ago: float) -> str:
    return (now() - timedelta(**ago)).isoformat(timespec="seconds")
