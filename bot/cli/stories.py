"""The command `isnad stories`: what a time was about, by how many told it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli import console
from bot.cli.options import Home, Json, engine_at
from index.model import InputError


def stories(
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List the stories of a time, those of most sources first."""
    with engine_at(home) as engine:
        engine.sync(console.bars)
        try:
            found = engine.stories(since, until)
        except InputError as error:
            raise typer.BadParameter(error.reason, param_hint=error.where) from error
    if as_json:
        console.say_json([asdict(story) for story in found])
    else:
        console.show_stories(found)
