"""`isnad outbox …` and `isnad unanswered`: what an operator sees, and that it names no words."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from fakes import a_store
from outbox_world import NOW, START, a_letter, owe
from typer.testing import CliRunner

from bot.cli import app
from bot.outbox.outcome import Refused, Sent
from bot.store import chats, unanswered
from bot.store.deliveries import claim, settle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two letters: one sent to chat 1, one to chat 2 that Telegram refused."""
    store = a_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
async def filled(store: Store) -> Store:
    for chat, outcome in ((1, Sent(5)), (2, Refused("BadRequest: …"))):
        await owe(store, chat, a_letter("سر مكتوم"))
        (mine,) = await store.write(claim, limit=1, now=NOW)
        await store.write(settle, mine, outcome, now=START)
    return store


def isnad(folder: Path, *args: str, code: int = 0) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, [*args, "--home", str(folder)])
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.mark.usefixtures("filled")
def test_what_was_set_aside_is_listed_with_its_reason(tmp_path: Path) -> None:
    """And without its words."""
    shown = isnad(tmp_path, "outbox", "list", "--failed")
    assert "BadRequest" in shown
    assert "مكتوم" not in shown
    (entry,) = json.loads(isnad(tmp_path, "outbox", "list", "--failed", "--json"))
    assert (entry["chat_id"], entry["state"]) == (2, "failed")
    assert isnad(tmp_path, "outbox", "list") == ""


@pytest.mark.usefixtures("filled")
def test_the_ledger_counts_by_kind(tmp_path: Path) -> None:
    """As a table, as CSV, as JSON."""
    rows: list[dict[str, Any]] = json.loads(isnad(tmp_path, "outbox", "ledger", "--json"))
    alerts = next(row for row in rows if row["kind"] == "alert")
    assert (alerts["sent"], alerts["failed"], alerts["pending"]) == (1, 1, 0)
    page = isnad(tmp_path, "outbox", "ledger", "--csv")
    assert [row["sent"] for row in csv.DictReader(page.splitlines()) if row["kind"] == "alert"] == [
        "1"
    ]
    assert "alert" in isnad(tmp_path, "outbox", "ledger")


@pytest.mark.usefixtures("filled")
def test_a_letter_that_was_set_aside_can_be_sent_again(tmp_path: Path) -> None:
    """Once; then it waits like any other."""
    isnad(tmp_path, "outbox", "retry", "2")
    assert "chat 2" in isnad(tmp_path, "outbox", "list")
    isnad(tmp_path, "outbox", "retry", "2", code=1)


async def test_what_was_asked_in_vain_is_counted(store: Store, tmp_path: Path) -> None:
    """One question however it is spelt; by its words where asked for; never by whom."""
    await store.write(chats.meet, 7, kind="private", now=NOW)
    for question in ("متى يُفتتح المترو؟", "متى يفتتح  المترو", "من بنى المترو؟", "؟!"):
        await store.write(unanswered.count, question, NOW)
    asked = json.loads(isnad(tmp_path, "unanswered", "--json"))
    assert [(row["question"], row["count"]) for row in asked] == [
        ("متي يفتتح المترو", 2),
        ("من بني المترو", 1),
    ]
    assert isnad(tmp_path, "unanswered").split()[0] == "2"
    words = json.loads(isnad(tmp_path, "unanswered", "--words", "--json"))
    assert words[0] == {"word": "المترو", "count": 3}
    assert isnad(tmp_path, "unanswered", "--words", "--limit", "1").split() == ["3", "المترو"]
