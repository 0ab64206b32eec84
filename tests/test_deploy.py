"""What `deploy/` says of Isnad is so: settings, files and tests that it names are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import BotSettings
from index.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE = sorted(path.name for path in DEPLOY.glob("compose*.yaml"))


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


def test_every_file_is_told_of() -> None:
    """In the page that one reads first, or where it is used."""
    told = text("README.md") + text("Dockerfile") + (ROOT / "Makefile").read_text(encoding="utf-8")
    files = {path.name for path in DEPLOY.iterdir() if not path.name.startswith(".")}
    untold = {name for name in files if name not in told}
    assert untold <= {"README.md", "Dockerfile.dockerignore", "backups"}


def compose(name: str) -> dict[str, Any]:
    """A compose file's services by their names."""
    services: dict[str, Any] = yaml.safe_load(text(name))["services"]
    return services


@pytest.mark.parametrize("name", COMPOSE)
def test_compose_sets_what_is_there(name: str) -> None:
    """Settings that exist, volumes that are declared, and no secret."""
    whole = yaml.safe_load(text(name))
    known = {
        f"ISNAD_{field.upper()}" for field in (*Settings.model_fields, *BotSettings.model_fields)
    }
    for service in whole["services"].values():
        variables = service.get("environment", {})
        assert {name for name in variables if name.startswith("ISNAD_")} <= known
        for secret in (name for name in variables if "PASSWORD" in name):
            assert variables[secret].startswith("${POSTGRES_PASSWORD:?")
        mounted = {volume.split(":")[0] for volume in service.get("volumes", ())}
        assert {name for name in mounted if not name.startswith(".")} <= {*whole.get("volumes", ())}


def test_the_database_is_reached_by_the_bot_alone() -> None:
    """On a network without a way out or in, and once it can be used."""
    services = compose("compose.postgresql.yaml")
    assert services["bot"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["database"]["healthcheck"]
    assert "ports" not in services["database"]
    assert services["database"]["networks"] == ["database"]
    assert yaml.safe_load(text("compose.postgresql.yaml"))["networks"]["database"]["internal"]


def test_nothing_is_published_beyond_the_host() -> None:
    """What the world reaches is the proxy."""
    ports = {
        port
        for name in COMPOSE
        for service in compose(name).values()
        for port in service.get("ports", ())
    }
    assert ports == {"127.0.0.1:8080:8080"}


def test_the_proxies_pass_on_the_webhook_alone() -> None:
    """A POST to its path, no larger than the bot takes; of all else they know nothing."""
    nginx, caddy = (re.sub(r"#.*", "", text(name)) for name in ("nginx.conf", "Caddyfile"))
    assert re.findall(r"location (.*) \{", nginx) == ["= /telegram", "/"]
    passed, rest = nginx.split("location / {")
    assert "limit_except POST" in passed
    assert "client_max_body_size  1m;" in passed
    assert rest.split() == ["return", "404;", "}", "}"]
    assert re.findall(r"^\thandle (.*)\{", caddy, re.M) == ["@telegram ", ""]
    assert re.search(r"@telegram \{\s+method POST\s+path /telegram\s+\}", caddy)
    assert "max_size 1MiB" in caddy
    assert caddy.split("handle {")[1].split() == ["respond", "404", "}", "}"]
    for proxy in (nginx, caddy):
        assert proxy.count("127.0.0.1:8080") == 1
        assert "/health" not in proxy
        assert "/metrics" not in proxy
