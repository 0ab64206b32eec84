"""What the operator sets: the environment over the file, and errors that name the setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.server import Serving, secret_of
from bot.settings import BotSettings
from index.model import InputError

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("ISNAD_TELEGRAM_TOKEN", "ISNAD_TELEGRAM_BASE_URL", "ISNAD_ADMINS", "ISNAD_ZONE")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_is_fine(tmp_path: Path) -> None:
    """The token is asked for by the command that needs it."""
    settings = BotSettings.load(tmp_path)
    assert settings.telegram_token is None
    assert settings.telegram_base_url is None
    assert settings.admins == frozenset()


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's other settings, and those of other parts of Isnad, are left alone."""
    (tmp_path / "settings.toml").write_text(
        'telegram_token = "1:file"\nadmins = [1, 2]\nmodel = "other"\n', encoding="utf-8"
    )
    monkeypatch.setenv("ISNAD_TELEGRAM_TOKEN", " 2:env\n")
    settings = BotSettings.load(tmp_path)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "2:env"
    assert settings.admins == {1, 2}
    assert "2:env" not in repr(settings)


@pytest.mark.parametrize("written", ["", "/", "/bot", "/bot/"])
def test_a_server_address_with_or_without_bot(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """However it is written, it ends where the token is appended."""
    monkeypatch.setenv("ISNAD_TELEGRAM_BASE_URL", f"http://127.0.0.1:8081{written}")
    assert BotSettings.load().telegram_base_url == "http://127.0.0.1:8081/bot"


@pytest.mark.parametrize(
    ("written", "admins"), [("7", {7}), ("7, 8", {7, 8}), ("[7,8]", {7, 8}), ("", set())]
)
def test_admins(monkeypatch: pytest.MonkeyPatch, written: str, admins: set[int]) -> None:
    """With commas, as JSON, or none."""
    monkeypatch.setenv("ISNAD_ADMINS", written)
    assert BotSettings.load().admins == admins


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISNAD_ADMINS", "me"),
        ("ISNAD_ADMINS", "[7"),
        ("ISNAD_TELEGRAM_BASE_URL", "sesame"),
    ],
)
def test_an_error_names_the_setting_and_not_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The value may be a secret put into the wrong variable."""
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match=name) as raised:
        BotSettings.load()
    assert "sesame" not in str(raised.value)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    """The operator is told which file to look into."""
    (tmp_path / "settings.toml").write_text("telegram_token =\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"settings\.toml"):
        BotSettings.load(tmp_path)


def test_the_zone_of_readers_who_told_none_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a default, and one that does not exist is named."""
    assert BotSettings.load(tmp_path).zone == "Asia/Riyadh"
    monkeypatch.setenv("ISNAD_ZONE", " Africa/Cairo ")
    assert BotSettings.load(tmp_path).zone == "Africa/Cairo"
    monkeypatch.setenv("ISNAD_ZONE", "Cairo")
    with pytest.raises(InputError, match="ISNAD_ZONE"):
        BotSettings.load(tmp_path)


@pytest.mark.parametrize(
    ("written", "examples"),
    [("متى وقع؟\n\n أين؟ \n", ("متى وقع؟", "أين؟")), ("", ()), (" متى؟", ("متى؟",))],
)
def test_examples_are_a_question_a_line(
    monkeypatch: pytest.MonkeyPatch, written: str, examples: tuple[str, ...]
) -> None:
    """A list in the file."""
    monkeypatch.setenv("ISNAD_EXAMPLES", written)
    assert BotSettings.load().examples == examples


def test_examples_of_the_file_are_a_list(tmp_path: Path) -> None:
    """As TOML writes it."""
    (tmp_path / "settings.toml").write_text('examples = ["متى؟", "أين؟"]', encoding="utf-8")
    assert BotSettings.load(tmp_path).examples == ("متى؟", "أين؟")


@pytest.mark.parametrize(
    ("written", "listens_at"),
    [
        ("", None),
        ("127.0.0.1:9000", ("127.0.0.1", 9000)),
        (" localhost:80 ", ("localhost", 80)),
        ("[::1]:8080", ("::1", 8080)),
    ],
)
def test_where_to_listen(
    monkeypatch: pytest.MonkeyPatch, written: str, listens_at: tuple[str, int] | None
) -> None:
    """Nowhere unless told so, when polling."""
    monkeypatch.setenv("ISNAD_LISTEN", written)
    assert BotSettings.load().listens_at == listens_at


def test_a_webhook_listens_on_this_machine_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its secret is the operator's, or is made of the token; neither is ever shown."""
    monkeypatch.setenv("ISNAD_WEBHOOK_URL", " https://news.example/telegram/a-1 ")
    settings = BotSettings.load()
    assert settings.webhook_url == "https://news.example/telegram/a-1"
    assert settings.listens_at == ("127.0.0.1", 8080)
    serving = Serving.of(settings, "1:token", dict)
    assert serving is not None
    assert serving.webhook is not None
    assert serving.webhook.secret == secret_of("1:token")
    monkeypatch.setenv("ISNAD_WEBHOOK_SECRET", "open_sesame\n")
    (tmp_path / "settings.toml").write_text('listen = "0.0.0.0:81"\n', encoding="utf-8")
    serving = Serving.of(BotSettings.load(tmp_path), "1:token", dict)
    assert serving is not None
    assert (serving.host, serving.port) == ("0.0.0.0", 81)
    assert serving.webhook is not None
    assert serving.webhook.secret == "open_sesame"
    assert "sesame" not in repr(serving) + repr(BotSettings.load())


def test_polling_serves_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """And no path for Telegram where it is watched."""
    assert Serving.of(BotSettings.load(), "1:token", dict) is None
    monkeypatch.setenv("ISNAD_LISTEN", "127.0.0.1:8080")
    serving = Serving.of(BotSettings.load(), "1:token", dict)
    assert serving is not None
    assert serving.webhook is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISNAD_WEBHOOK_URL", "http://sesame.example/"),
        ("ISNAD_WEBHOOK_URL", "sesame.example/telegram"),
        ("ISNAD_WEBHOOK_URL", "https://sesame.example:8081/"),
        ("ISNAD_WEBHOOK_URL", "https://sesame.example:sesame/"),
        ("ISNAD_WEBHOOK_URL", "https://me:sesame@a.example/"),
        ("ISNAD_WEBHOOK_URL", "https://a.example/?sesame"),
        ("ISNAD_WEBHOOK_URL", "https://a.example/{sesame}"),
        ("ISNAD_WEBHOOK_URL", "https://a.example/سمسم"),
        ("ISNAD_WEBHOOK_URL", "https://a.example/health/sesame"),
        ("ISNAD_WEBHOOK_URL", "https://a.example/metrics"),
        ("ISNAD_WEBHOOK_URL", "https://[sesame/"),
        ("ISNAD_WEBHOOK_SECRET", "open sesame"),
        ("ISNAD_WEBHOOK_SECRET", "sesame" * 43),
        ("ISNAD_WEBHOOK_SECRET", "سمسم"),
        ("ISNAD_LISTEN", "sesame"),
        ("ISNAD_LISTEN", "8080"),
        ("ISNAD_LISTEN", ":8080"),
        ("ISNAD_LISTEN", "::1:8080"),
        ("ISNAD_LISTEN", "sesame:http"),
        ("ISNAD_LISTEN", "127.0.0.1:65536"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """By the setting's name, without its value."""
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError, match=name) as raised:
        BotSettings.load()
    assert "sesame" not in str(raised.value)
    assert "سمسم" not in str(raised.value)
