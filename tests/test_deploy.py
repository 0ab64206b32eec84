"""What `deploy/` says of Isnad is so: settings, files and tests that it names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import BotSettings
from index.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def test_every_setting_is_explained() -> None:
    """Each once, and none that is not there."""
    named = re.findall(r"^#?ISNAD_(\w+)=", text("env.example"), re.M)
    assert sorted(named) == sorted(
        name.upper() for name in {*Settings.model_fields, *BotSettings.model_fields}
    )


def test_the_example_can_be_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a token is in it."""
    for name, value in re.findall(r"^(ISNAD_\w+)=(.*)$", text("env.example"), re.M):
        monkeypatch.setenv(name, value)
    assert BotSettings.load().telegram_token is None
    assert Settings().home == Path("/var/lib/isnad/home")


def test_the_tests_that_security_names_exist() -> None:
    """A claim without its test would be a wish."""
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", text("SECURITY.md"))
    assert len(named) > 25
    for file, test in named:
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^(async )?def {test}\(", source, re.M), (file, test)


def test_the_image_is_made_of_what_is_there() -> None:
    """And the build sees all of it."""
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text("Dockerfile"), re.M)
        for name in line.split()
    ]
    assert len(copied) == 6
    seen = re.findall(r"^!(\S+)$", text("Dockerfile.dockerignore"), re.M)
    assert sorted(seen) == sorted(copied)
    assert all((ROOT / name).exists() for name in copied)


@pytest.mark.parametrize("name", ["isnad.service", "isnad-backup.service", "compose.yaml"])
def test_services_run_commands_that_are_there(name: str) -> None:
    """Under the settings of one file."""
    runs = re.findall(r"bin/isnad (\w+)|command: \[\"(\w+)\"\]", text(name))
    assert {first or second for first, second in runs} <= {"bot", "backup"}
    assert runs
    assert "env_file: .env" in text(name) or "EnvironmentFile=/etc/isnad" in text(name)
