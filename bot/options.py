"""What the commands of `isnad` share: their options, and the archive they open."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import console

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
def engine_at(home: Path | None) -> Iterator[Engine]:
    """Open the archive; its engine imports torch, so only a command that runs does this."""
    from index.engine import open_engine

    with open_engine(home, progress=console.bars) as engine:
        yield engine


@contextmanager
def store_at(home: Path | None) -> Iterator[Store]:
    """Open what the bot knows of its readers; nothing of the archive is."""
    from bot.store import open_store
    from index.settings import load_settings

    with closing(open_store(load_settings(home))) as store:
        yield store
