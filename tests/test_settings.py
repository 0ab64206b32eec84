"""Settings: arguments over variables over the file in the home."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from index.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_arguments_win_over_variables_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each can be set where it is handiest."""
    (tmp_path / "settings.toml").write_text('model = "file"\nthreads = 2\ndatabase_url = "x://"')
    monkeypatch.setenv("ISNAD_MODEL", "variable")
    monkeypatch.setenv("ISNAD_THREADS", "3")
    monkeypatch.setenv("ISNAD_HOME", "/elsewhere")
    settings = Settings(home=tmp_path, threads=4)
    assert settings.home == tmp_path
    assert (settings.threads, settings.model, settings.database_url) == (4, "variable", "x://")


def test_the_file_is_found_in_the_home_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`ISNAD_HOME` is enough to choose an archive with its settings."""
    (tmp_path / "settings.toml").write_text("threads = 2")
    monkeypatch.setenv("ISNAD_HOME", str(tmp_path))
    assert load_settings().threads == 2
    assert load_settings().home == tmp_path


def test_nothing_need_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a default for everything."""
    for name in [name for name in os.environ if name.startswith("ISNAD_")]:
        monkeypatch.delenv(name)
    settings = load_settings()
    assert settings.home.name == "isnad"
    assert settings.model is settings.database_url is settings.threads is None


def test_what_isnad_does_not_know_is_let_be(tmp_path: Path) -> None:
    """The bot's settings stand in the same file."""
    (tmp_path / "settings.toml").write_text('telegram_token = "123:abc"\nthreads = 1')
    assert load_settings(tmp_path).threads == 1


@pytest.mark.parametrize("value", ["many", "0", "-1", "1.5"])
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """By the variable that the operator can change."""
    monkeypatch.setenv("ISNAD_THREADS", value)
    with pytest.raises(SettingsError, match="ISNAD_THREADS"):
        load_settings()


@pytest.mark.parametrize("content", [b"threads = ", b"threads", b"\xff\xfe"])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    """Not a traceback."""
    (tmp_path / "settings.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("READER", "perhaps", "must be on or off"),
        ("THREADS", "many", "must be a whole number"),
        ("THREADS", "0", "must be a whole number, 1 or more"),
    ],
)
def test_a_bad_value_is_explained_in_our_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """Not in those of the library that found it."""
    monkeypatch.setenv(f"ISNAD_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    told = f"ISNAD_{name} (or {name.lower()} in settings.toml): {said}"
    assert str(caught.value) == told


def test_a_file_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where its owner is another user."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "settings.toml"))

    (tmp_path / "settings.toml").write_text("threads = 1")
    monkeypatch.setattr("index.settings.TomlConfigSettingsSource", refuse)
    with pytest.raises(SettingsError, match=r"settings\.toml cannot be read: Permission denied"):
        load_settings(tmp_path)


def test_settings_do_not_change(tmp_path: Path) -> None:
    """What an engine was opened with stays so."""
    settings = load_settings(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.threads = 3


@pytest.mark.parametrize("name", ["ISNAD_HOME", "ISNAD_THREADS", "ISNAD_MODEL", "ISNAD_CACHE"])
def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Compose files and units pass on variables that were never set as empty ones."""
    monkeypatch.delenv("ISNAD_HOME")
    monkeypatch.delenv("ISNAD_CACHE")
    expected = load_settings()
    monkeypatch.setenv(name, "")
    assert load_settings() == expected
