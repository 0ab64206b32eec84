"""What the operator sets for the bot: the token, another Bot API server, who administers it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path  # noqa: TC003 - used by pydantic when the class is made
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr, ValidationError, field_validator
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

    @field_validator("telegram_token", mode="before")
    @classmethod
    def _trim_token(cls, value: object) -> object:
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
