"""What a running command says of itself, and that nobody's words are in it."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from heard import logging_as_set
from telegram.error import BadRequest, InvalidToken

from bot.logs import Json, Pretty, private_logs, private_traceback
from bot.settings import BotSettings, under_journal
from index.model import InputError, StoreError

if TYPE_CHECKING:
    from pathlib import Path

OURS = logging.getLogger("bot.handlers.ask")
THEIRS = logging.getLogger("httpx")
TOKEN = "12345:" + "Secret_part-of_the_token_1234567890"


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_json_is_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Time in UTC, level, logger, message: the same keys in each."""
    with logging_as_set(log_format="json"):
        OURS.info("fetched: %d feeds\n«%s»", 3, "سطر")
    [line] = lines(capsys)
    said = json.loads(line)
    assert said | {"time": ""} == {
        "time": "",
        "level": "info",
        "logger": "bot.handlers.ask",
        "message": "fetched: 3 feeds\n«سطر»",
    }
    age = datetime.now(UTC) - datetime.fromisoformat(said["time"])
    assert age.total_seconds() < 60
    assert said["time"].endswith("+00:00")


def test_pretty_is_a_line_for_people() -> None:
    """Dated, unless who takes it notes the time as well."""
    record = logging.LogRecord("bot.app", logging.WARNING, "", 0, "said %s", ("so",), None)
    record.created = datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp()
    assert Pretty().format(record) == "2026-03-01 12:00:00Z warning bot.app: said so"
    assert Pretty(dated=False).format(record) == "warning bot.app: said so"


@pytest.mark.parametrize("form", ["json", "pretty"])
def test_an_exception_is_told_by_its_place(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And by its kind; its message may be what somebody wrote, unless it is for operators."""
    secret = KeyError("سؤال سري")
    with logging_as_set(log_format=form):
        try:
            try:
                raise secret
            except KeyError as error:
                raise StoreError("the disk is full") from error
        except StoreError:
            OURS.exception("failed")
    text = capsys.readouterr().err
    if form == "json":
        text = json.loads(text)["exception"]
    assert "test_logs.py" in text
    assert "builtins.KeyError" in text
    assert "StoreError: the disk is full" in text
    assert "سري" not in text


def test_a_message_of_telegrams_is_kept_without_what_it_quotes() -> None:
    """The reason is needed; a word of a message, or a chat's number, is not."""
    told = private_traceback(
        BadRequest('Can\'t parse entities: unsupported tag "سري" of -1001234567')
    )
    assert "BadRequest" in told
    assert "parse entities" in told
    assert "سري" not in told
    assert "1234567" not in told


@pytest.mark.parametrize("level", ["debug", "info"])
def test_other_libraries_are_heard_from_warnings_on(
    level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """At lower levels they log addresses with the token, updates, what goes into SQL."""
    with logging_as_set(log_level=level):
        for name in ("httpx", "telegram.ext", "sqlalchemy.engine", "uvicorn.access", "asyncio"):
            logging.getLogger(name).debug("سري")
            logging.getLogger(name).info("سري")
        THEIRS.warning("heard")
        OURS.debug("ours")
    said = [line.split(": ")[-1] for line in lines(capsys)]
    assert said == (["heard", "ours"] if level == "debug" else ["heard"])


def test_nor_is_telegrams_library_while_a_bot_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """What keeps it quiet then lets through no more than was set."""
    with logging_as_set(log_level="debug"), private_logs(TOKEN):
        logging.getLogger("telegram.ext.Application").info("started")
        logging.getLogger("telegram.ext.Application").warning("heard")
    [line] = lines(capsys)
    assert line.endswith("heard")


def test_what_asyncio_adds_below_its_first_line_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is the exception with its message."""
    with logging_as_set():
        error = ValueError("سؤال سري")
        logging.getLogger("asyncio").error(
            "Task exception was never retrieved\nfuture: <Task %r>", error, exc_info=error
        )
    text = capsys.readouterr().err
    assert "Task exception was never retrieved" in text
    assert "ValueError" in text
    assert "سري" not in text


def test_a_line_that_cannot_be_written_does_not_print_its_arguments(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Logging itself would."""
    with logging_as_set():
        OURS.warning("%d", "سؤال سري")
        OURS.warning("the next")
    text = capsys.readouterr().err
    assert "a line of bot.handlers.ask could not be logged" in text
    assert "the next" in text
    assert "سري" not in text


def test_warnings_are_logged_and_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """So that each line is of the form that was set."""
    with logging_as_set(log_format="json"):
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    [line] = lines(capsys)
    assert json.loads(line)["logger"] == "py.warnings"


@pytest.mark.parametrize("formatter", [Json(), Pretty()])
def test_the_token_is_in_no_line(
    formatter: logging.Formatter, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither in a message nor in an exception, which is told without its words all the same."""
    with logging_as_set(), private_logs(TOKEN):
        logging.getLogger().handlers[0].setFormatter(formatter)
        THEIRS.warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        for error in (InvalidToken(f"The token {TOKEN} was rejected"), ValueError(f"{TOKEN} سري")):
            try:
                raise error
            except (InvalidToken, ValueError):
                OURS.exception("failed")
    text = capsys.readouterr().err
    assert "InvalidToken" in text
    assert "ValueError" in text
    assert TOKEN.partition(":")[2] not in text
    assert "سري" not in text


def test_lines_go_where_stderr_goes(capsys: pytest.CaptureFixture[str]) -> None:
    """Even when that changes: a progress bar takes it over while it is shown."""
    with logging_as_set():
        OURS.info("one")
        sys.stderr, before = sys.stdout, sys.stderr
        try:
            OURS.info("two")
        finally:
            sys.stderr = before
    said = capsys.readouterr()
    assert "one" in said.err
    assert "two" in said.out


def test_settings_are_read_however_they_are_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An empty one is an unset one; another word is refused by its name."""
    for form, level in (("", ""), (" JSON ", "Debug")):
        monkeypatch.setenv("ISNAD_LOG_FORMAT", form)
        monkeypatch.setenv("ISNAD_LOG_LEVEL", level)
        settings = BotSettings.load(tmp_path)
    assert (settings.log_format, settings.log_level) == ("json", "debug")
    monkeypatch.setenv("ISNAD_LOG_FORMAT", "")
    assert BotSettings.load(tmp_path).log_format == "pretty"
    monkeypatch.setenv("ISNAD_LOG_LEVEL", "loud")
    with pytest.raises(InputError, match="ISNAD_LOG_LEVEL"):
        BotSettings.load(tmp_path)


def test_the_journal_is_known_by_its_stream(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A variable that a parent left behind is not enough."""
    assert not under_journal()
    monkeypatch.setenv("JOURNAL_STREAM", "1:2")
    assert not under_journal()
    journal = tmp_path.stat()
    monkeypatch.setattr("bot.settings.os.fstat", lambda _number: journal)
    monkeypatch.setenv("JOURNAL_STREAM", f"{journal.st_dev}:{journal.st_ino}")
    assert under_journal()
    assert os.environ["JOURNAL_STREAM"]
