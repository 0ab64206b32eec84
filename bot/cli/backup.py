"""The commands `isnad backup` and `isnad restore`: archive and readers in one file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import console
from bot.cli.options import Home, Json  # noqa: TC001  typer reads them when a command runs
from index.model import InputError

if TYPE_CHECKING:
    from index.backup import Part, Saved

# The database is imported by the commands when they run, so that `isnad --help` answers at once.

File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


def backup(file: File, home: Home = None, as_json: Json = False) -> None:
    """Write archive and readers to one file, while the bot runs; settings.toml is not in it."""
    from index import backup as backups

    where = _home(home)
    saved = backups.backup(where, _parts(), file)
    size = file.stat().st_size
    if as_json:
        console.say_json({"file": str(file), "bytes": size, **asdict(saved)})
    else:
        console.say(f"{_summary(saved)}, {size / 1e6:.1f} MB, read again and whole: {file}")


def restore(
    file: File,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a home; what is there is set aside.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Make the home what a backup holds; the search indexes are made again when it is next used."""
    from index import backup as backups

    where = _home(home)
    saved, aside = backups.restore(file, _parts(), where, force=force)
    if as_json:
        earlier = None if aside is None else str(aside)
        console.say_json({"home": str(where), "earlier": earlier, **asdict(saved)})
        return
    console.say(f"{_summary(saved)} of {saved.made_at}: {where}")
    console.say("the search indexes are made again by the next question or start of the bot")
    if aside is not None:
        console.say(f"the earlier home is kept until you delete it: {aside}")


def _parts() -> tuple[Part, ...]:
    """The databases of a home: the readers' first, since it notes how far it read the other."""
    from bot.store import READERS
    from index.backup import Part
    from index.db import ARCHIVE

    return Part("bot.db", READERS), Part("isnad.db", ARCHIVE)


def _home(home: Path | None) -> Path:
    from index.settings import load_settings

    settings = load_settings(home)
    if settings.database_url is not None:
        raise InputError(
            "ISNAD_DATABASE_URL",
            "names a database outside the home, which this command does not reach; "
            "for PostgreSQL use pg_dump and pg_restore",
        )
    return settings.home


def _summary(saved: Saved) -> str:
    articles = saved.rows.get("isnad.db", {}).get("articles", 0)
    chats = saved.rows.get("bot.db", {}).get("chats", 0)
    return f"{articles} articles, {chats} chats"
