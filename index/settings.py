"""What an operator can set about the archive: `ISNAD_…` variables and `settings.toml` in the home.

Nothing else reads the environment.
"""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.model import IsnadError


class SettingsError(IsnadError):
    """A setting has a value that cannot be used; the message names it."""


class Settings(BaseSettings):
    """The archive's settings. Arguments win over variables, variables over the file."""

    model_config = SettingsConfigDict(
        env_prefix="ISNAD_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=lambda: user_data_path("isnad", appauthor=False))
    """Where the database and its indexes are kept."""

    cache: Path = Field(default_factory=lambda: user_cache_path("isnad", appauthor=False))
    """Where the converted model is kept; shared by all homes, can be deleted."""

    model: str | None = None
    """A sentence-transformers name or folder; the bundled model where unset."""

    database_url: str | None = None
    """An SQLAlchemy address; SQLite in the home where unset."""

    threads: int | None = Field(default=None, ge=1)
    """Threads the model may use; as many as there are cores where unset."""

    reader: bool = True
    """Whether passages are read for the answer; `off` for the smallest servers, at a loss."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read `settings.toml` in the home after the arguments and the environment."""
        given = {**env_settings(), **init_settings()}
        home = Path(
            given.get("home") or cls.model_fields["home"].get_default(call_default_factory=True)
        )
        toml = TomlConfigSettingsSource(settings_cls, toml_file=home / "settings.toml")
        return init_settings, env_settings, toml


def plainly(error: ValidationError) -> str:
    """Return what is wrong with the first bad setting in words of ours; its value is not told."""
    first = error.errors(include_input=False, include_url=False)[0]
    sort = first["type"]
    if sort.startswith("bool_"):
        return "must be on or off"
    if sort.startswith("int_") or sort == "greater_than_equal":
        least = first.get("ctx", {}).get("ge")
        return "must be a whole number" + (f", {least} or more" if least is not None else "")
    return first["msg"].removeprefix("Value error, ")


def load_settings(home: str | Path | None = None) -> Settings:
    """Return the settings, of the home given or else the default one. Raises `SettingsError`."""
    try:
        return Settings() if home is None else Settings(home=Path(home))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"ISNAD_{name.upper()} (or {name} in settings.toml): {plainly(error)}"
        ) from error
    except OSError as error:
        raise SettingsError(f"settings.toml cannot be read: {error.strerror}") from error
    except ValueError as error:  # settings.toml is not TOML
        raise SettingsError(f"settings.toml cannot be read: {error}") from error
