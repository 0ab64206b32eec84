"""`isnad backup` and `isnad restore` on the command line: what they print, and their exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, add
from typer.testing import CliRunner

from bot.cli import app
from index.model import InputError, IsnadError

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from index.engine import Engine


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Path:
    """A home with articles, in use."""
    add(engine, tmp_path, *ARTICLES)
    return engine.home


def isnad(home: Path, *args: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, args), "--home", str(home)])


def test_a_backup_and_a_restore_as_json(filled: Path, tmp_path: Path) -> None:
    """What they hold, by table; where the earlier home is."""
    file, target = tmp_path / "isnad.zip", tmp_path / "target"
    saved = json.loads(isnad(filled, "backup", file, "--json").stdout)
    assert saved["file"] == str(file)
    assert saved["bytes"] == file.stat().st_size
    assert saved["rows"]["isnad.db"]["articles"] == 4
    restored = json.loads(isnad(target, "restore", file, "--json").stdout)
    assert (restored["home"], restored["earlier"]) == (str(target), None)
    assert (restored["made_at"], restored["rows"]) == (saved["made_at"], saved["rows"])
    again = json.loads(isnad(target, "restore", file, "--force", "--json").stdout)
    assert again["earlier"].startswith(f"{target}.before-")


def test_a_backup_and_a_restore_for_people(filled: Path, tmp_path: Path) -> None:
    """A line or two."""
    file, target = tmp_path / "isnad.zip", tmp_path / "target"
    assert "4 articles, 0 chats" in isnad(filled, "backup", file).stdout
    assert "4 articles" in isnad(target, "restore", file).stdout
    assert "until you delete it" in isnad(target, "restore", file, "--force").stdout
    refused = isnad(target, "restore", file)
    assert isinstance(refused.exception, InputError)
    assert "--force" in str(refused.exception)


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_server_has_its_own_tools(
    filled: Path, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are named, and nothing is written that could be taken for a backup."""
    monkeypatch.setenv("ISNAD_DATABASE_URL", "postgresql+psycopg://isnad@db/isnad")
    refused = isnad(filled, command, tmp_path / "isnad.zip")
    assert isinstance(refused.exception, IsnadError)
    assert "pg_dump" in str(refused.exception)
    assert not (tmp_path / "isnad.zip").exists()
