"""What the commands of `isnad` share: their options, and the archive they open."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store import Store
    from index.engine import Engine

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Where the archive is kept.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@contextmanager
def engine_at(home: Path | None, *, makes: bool = False) -> Iterator[Engine]:
    """Open the archive; its engine imports torch, so only a command that runs does this.

    Where there is none yet an empty one is made. Only a command that `makes` one does so unsaid:
    to any other it may be a mistyped home.
    """
    from index.engine import open_engine
    from index.settings import load_settings

    settings = load_settings(home)
    new = settings.database_url is None and not (settings.home / "isnad.db").exists()
    with open_engine(settings=settings, progress=console.bars) as engine:
        if new and not makes:
            console.note(f"there was no archive in {settings.home}; made an empty one")
        yield engine


@contextmanager
def store_at(home: Path | None) -> Iterator[Store]:
    """Open what the bot knows of its readers; nothing of the archive is."""
    from bot.store import open_store
    from index.settings import load_settings

    with closing(open_store(load_settings(home))) as store:
        yield store
