"""`isnad topics try`: what it prints, and how it ends."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, MUSEUM, write
from fake_embedder import HashEmbedder

from bot import cli
from index.engine import Engine
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]

pytestmark = pytest.mark.usefixtures("lenient")


@pytest.fixture
def attempt(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    home: Path,
    tmp_path: Path,
) -> Run:
    """The command on an archive of some articles: its exit code and stdout."""
    with Engine(Settings(home=home), HashEmbedder()) as engine:
        engine.add([write(tmp_path / "a.json", *ARTICLES)])
    monkeypatch.setenv("ISNAD_READER", "off")
    monkeypatch.setattr("index.engine.load_embedder", lambda *_, **__: HashEmbedder())

    def run(*arguments: str) -> tuple[int, str]:
        given = ["isnad", "topics", "try", "--home", str(home), *arguments]
        monkeypatch.setattr(sys, "argv", given)
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, capsys.readouterr().out

    return run


def test_matches_are_one_document(attempt: Run) -> None:
    """As the contract names its parts."""
    code, out = attempt("متحف الفلك", "--json")
    assert code == 0
    told = json.loads(out)
    assert told.keys() == {"topic", "matches"}
    (match,) = told["matches"]
    assert match.keys() == {"article", "score", "quote"}
    assert match["article"].keys() == {"id", "title", "source", "url", "published"}
    assert match["quote"].keys() == {"text", "start", "end"}
    assert match["quote"]["text"] == MUSEUM["text"].split("\n")[0]


def test_matches_are_told_a_line_each(attempt: Run) -> None:
    """With what is quoted below."""
    code, out = attempt("متحف الفلك")
    assert code == 0
    assert MUSEUM["title"] in out
    assert f"« {MUSEUM['text'].split(chr(10))[0]} »" in out


def test_only_the_last_days_are_looked_at_where_asked(attempt: Run) -> None:
    """Counted back from now."""
    assert json.loads(attempt("متحف الفلك", "--days", "7", "--json")[1])["matches"] == []
    assert attempt("متحف الفلك", "--days", "0")[0] == 2
