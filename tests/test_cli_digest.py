"""`isnad digest preview`: what it prints, and how it ends."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from archive import ARTICLES, write
from fake_embedder import HashEmbedder

from bot import cli
from index.engine import Engine
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def preview(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    home: Path,
    tmp_path: Path,
) -> Callable[..., tuple[int, str, str]]:
    """The command on an archive of some articles: its exit code, stdout and stderr."""
    with Engine(Settings(home=home), HashEmbedder()) as engine:
        engine.add([write(tmp_path / "a.json", *ARTICLES)])
    monkeypatch.setenv("ISNAD_READER", "off")
    monkeypatch.setattr("index.engine.load_embedder", lambda *_, **__: HashEmbedder())

    def run(*arguments: str) -> tuple[int, str, str]:
        given = ["isnad", "digest", "preview", "--home", str(home), *arguments]
        monkeypatch.setattr(sys, "argv", given)
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_a_day_is_told_as_it_would_be_sent(preview: Callable[..., tuple[int, str, str]]) -> None:
    """Its stories with their quotes, word for word in the messages."""
    day = max(str(article["published"])[:10] for article in ARTICLES)
    code, out, _ = preview("--date", day, "--json")
    assert code == 0
    told = json.loads(out)
    assert told.keys() == {"date", "since", "until", "stories", "messages"}
    assert (told["date"], told["since"]) == (day, f"{day}T00:00:00+00:00")
    assert told["stories"]
    for story in told["stories"]:
        assert story.keys() == {"id", "sources", "quote", "article", "also_in", "related"}
        assert story["article"]["published"][:10] == day
        assert any(story["quote"]["text"] in message for message in told["messages"])
    code, out, _ = preview("--date", day)
    assert code == 0
    assert f"« {told['stories'][0]['quote']['text']} »" in out


def test_the_last_day_may_be_quiet(preview: Callable[..., tuple[int, str, str]]) -> None:
    """Then one message says so."""
    code, out, _ = preview("--json")
    told = json.loads(out)
    assert (code, told["stories"], len(told["messages"])) == (0, [], 1)
    code, out, _ = preview()
    heading, _, message = out.partition("\n\n")
    assert code == 0
    assert heading.endswith(": 0 stories, 1 message")
    assert message.strip()
    assert "<" not in message


def test_what_is_no_date_is_wrong_usage(preview: Callable[..., tuple[int, str, str]]) -> None:
    """Named, with exit code 2."""
    code, out, err = preview("--date", "أمس")
    assert (code, out) == (2, "")
    assert "--date" in err
