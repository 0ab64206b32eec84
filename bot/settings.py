"""What the operator sets for the bot: the token, another Bot API server, who administers it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path  # noqa: TC003 - used by pydantic when the class is made
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.clock import DEFAULT_ZONE
from index.model import InputError
from index.settings import plainly

WEBHOOK_PORTS = (443, 80, 88, 8443)
"""The only ones that Telegram posts to (core.telegram.org/bots/api#setwebhook)."""

LISTEN = ("127.0.0.1", 8080)
"""Where a proxy on the same machine finds the webhook, unless told otherwise."""

_PATH = re.compile(r"(/[\w.~-]*)*", re.ASCII)
_SECRET = re.compile(r"[\w-]{1,256}", re.ASCII)  # core.telegram.org/bots/api#setwebhook


class BotSettings(BaseSettings):
    """`ISNAD_TELEGRAM_TOKEN` and `_BASE_URL`, `ISNAD_ADMINS`, `_ZONE`, `_EXAMPLES`, and more below.

    Use `load`: it also reads `settings.toml`, and says plainly what is wrong.
    """

    model_config = SettingsConfigDict(env_prefix="ISNAD_", extra="ignore", frozen=True)

    telegram_token: SecretStr | None = None
    telegram_base_url: str | None = None
    admins: Annotated[frozenset[int], NoDecode] = frozenset()
    log_questions: bool = False  # count what was asked in vain, without who asked
    zone: str = DEFAULT_ZONE  # of readers who told none
    fetch: bool = True  # read the feeds beside the answers; off where `isnad fetch` runs apart
    examples: Annotated[tuple[str, ...], NoDecode] = ()  # questions that /start offers
    webhook_url: str | None = None  # where Telegram posts updates; they are polled where unset
    webhook_secret: SecretStr | None = None  # made from the token where unset
    listen: Annotated[tuple[str, int] | None, NoDecode] = None  # for the webhook and for /health

    log_format: Literal["pretty", "json"] = "pretty"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def listens_at(self) -> tuple[str, int] | None:
        """The host and port to listen at; None where nothing is served."""
        return self.listen or (LISTEN if self.webhook_url is not None else None)

    @field_validator("telegram_token", "webhook_secret", mode="before")
    @classmethod
    def _trim_secret(cls, value: object) -> object:
        """A token is pasted, often with a newline; an empty variable is an unset one."""
        if isinstance(value, str):
            return value.strip() or None
        return value

    @field_validator("telegram_base_url", mode="before")
    @classmethod
    def _with_bot(cls, value: object) -> object:
        """The address up to and with `/bot`, however much of that was written."""
        if not isinstance(value, str):
            return value
        url = value.strip().rstrip("/")
        if not url:
            return None
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http:// or https:// address")
        return url if url.endswith("/bot") else f"{url}/bot"

    @field_validator("webhook_url", mode="before")
    @classmethod
    def _for_telegram(cls, value: object) -> object:
        """An address that Telegram takes, with a path that is none of our own."""
        if not isinstance(value, str):
            return value
        url = value.strip()
        if not url:
            return None
        try:
            parts = urlsplit(url)
            port = parts.port or WEBHOOK_PORTS[0]
        except ValueError:  # its message repeats the address
            raise ValueError("must be an https:// address") from None
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            raise ValueError("must be an https:// address")
        if port not in WEBHOOK_PORTS:
            raise ValueError(f"its port must be one of {', '.join(map(str, WEBHOOK_PORTS))}")
        if parts.query or parts.fragment or not _PATH.fullmatch(parts.path):
            raise ValueError("after the host only a path of Latin letters, digits and -._~/")
        if parts.path.startswith(("/health", "/metrics")):
            raise ValueError("its path must not be /health or /metrics: those are ours")
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _for_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        """Of what Telegram allows."""
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
        return value

    @field_validator("listen", mode="before")
    @classmethod
    def _host_and_port(cls, value: object) -> object:
        """`127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`."""
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        host, _, port = value.strip().rpartition(":")
        named = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if not named or (":" in named) != (named != host):
            raise ValueError("must be host:port, such as 127.0.0.1:8080")
        if not (port.isascii() and port.isdigit() and int(port) <= 65535):
            raise ValueError("must be host:port, with a port up to 65535")
        return named, int(port)

    @field_validator("admins", mode="before")
    @classmethod
    def _split_admins(cls, value: object) -> object:
        """`1, 2`, `[1, 2]` or a TOML list."""
        if not isinstance(value, str):
            return value if isinstance(value, Iterable) else [value]
        if value.lstrip().startswith("["):
            return json.loads(value)
        return [part for part in value.replace(",", " ").split() if part]

    @field_validator("examples", mode="before")
    @classmethod
    def _split_examples(cls, value: object) -> object:
        """A question a line, or a TOML list."""
        if not isinstance(value, str):
            return value
        return tuple(line.strip() for line in value.splitlines() if line.strip())

    @field_validator("log_format", "log_level", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object, info: ValidationInfo) -> object:
        """However they are written; an empty variable is an unset one."""
        if not isinstance(value, str):
            return value
        assert info.field_name is not None
        return value.strip().lower() or cls.model_fields[info.field_name].default

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        """One that exists, so that no reader's digest fails on it."""
        try:
            ZoneInfo(name.strip())
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("must be an IANA time zone, such as Africa/Cairo") from None
        return name.strip()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what `load` read from the file."""
        return env_settings, init_settings

    @classmethod
    def load(cls, home: Path | None = None) -> BotSettings:
        """Read the environment, then `settings.toml` in `home`; the first to name a setting wins.

        Raises `InputError` naming the setting that cannot be used. Its value is not repeated:
        it may be the token.
        """
        path = home / "settings.toml" if home is not None else None
        try:
            return cls(**(TomlConfigSettingsSource(cls, path)() if path else {}))
        except ValidationError as err:
            first = err.errors(include_input=False, include_url=False)[0]
            name = f"{cls.model_config['env_prefix']}{first['loc'][0]}".upper()
            raise InputError(name, plainly(err)) from None
        except (OSError, ValueError) as err:  # unreadable or broken TOML
            raise InputError(str(path), str(err)) from None


class Supervisor(BaseSettings):
    """What systemd tells a service that it watches (sd_notify(3), sd_watchdog_enabled(3))."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    notify_socket: str | None = None
    watchdog_usec: int | None = None
    watchdog_pid: int | None = None

    def watchdog(self, pid: int) -> float | None:
        """Seconds of silence after which process `pid` is taken for dead; None where never."""
        if not self.watchdog_usec or self.watchdog_pid not in (None, pid):
            return None
        return self.watchdog_usec / 1e6


def under_journal() -> bool:
    """Whether stderr goes to systemd's journal, which dates each line itself (systemd.exec(5))."""
    journal = os.environ.get("JOURNAL_STREAM", "")
    try:
        stderr = os.fstat(2)
    except OSError:  # it is closed
        return False
    return journal == f"{stderr.st_dev}:{stderr.st_ino}"
