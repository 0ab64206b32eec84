"""The command `isnad topics try`: what a follower of a topic would have been sent."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from bot.cli import console
from bot.cli.options import Home, Json, engine_at

app = typer.Typer(help="What readers can follow.", no_args_is_help=True)


@app.callback()
def topics() -> None:
    """Keep `try` a command of its own, though it is the only one."""


@app.command(name="try")
def attempt(
    text: Annotated[str, typer.Argument(metavar="TEXT", show_default=False)],
    days: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Published in the last N days.")
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show which articles a topic would bring, likeliest first, and what each quotes."""
    from index.topics.score import WIDTHS

    since = None
    if days is not None:
        since = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    with engine_at(home) as engine:
        engine.load(console.bars)
        found = [m for m in engine.topics.preview(text, since=since) if m.score >= WIDTHS[0]]
    if as_json:
        matches = [
            {
                "article": asdict(match.article),
                "score": match.score,
                "quote": {
                    "text": match.quote.text,
                    "start": match.quote.start,
                    "end": match.quote.end,
                },
            }
            for match in found
        ]
        console.say_json({"topic": text, "matches": matches})
        return
    if not found:
        when = "" if days is None else f" published in the last {days} days"
        console.note(f"no articles on that topic{when}")
    for match in found:
        console.say(f"{match.score:.2f}  {console.cited(match.article)}")
        console.say(f"      « {match.quote.text} »")
