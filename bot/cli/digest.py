"""The command `isnad digest preview`: what a digest would tell a reader who follows nothing."""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import console
from bot.cli.options import Home, Json, engine_at
from bot.typography import unmarked

if TYPE_CHECKING:
    from pathlib import Path

    from bot.digest import Item
    from bot.press import Digest
    from index.engine import Engine

app = typer.Typer(help="The daily digest.", no_args_is_help=True)

_DAY = timedelta(days=1)
_TAG = re.compile(r"<[^>]*>")


@app.callback()
def digest() -> None:
    """The daily digest."""


@app.command()
def preview(
    on: Annotated[
        str | None,
        typer.Option("--date", metavar="DATE", help="Of this day, in UTC; else of the last 24 h."),
    ] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show the digest of a day, as it would be sent."""
    day, since, until = _period(on, home)
    with engine_at(home) as engine:
        found = asyncio.run(_set(engine, day, since, until))
    if as_json:
        console.say_json(
            {
                "date": day.isoformat(),
                "since": since.isoformat(),
                "until": until.isoformat(),
                "stories": [_told(item) for item in found.items],
                "messages": [message.html for message in found.messages],
            }
        )
        return
    stories, messages = len(found.items), len(found.messages)
    console.say(
        f"{day}: {stories} {'story' if stories == 1 else 'stories'}, "
        f"{messages} {'message' if messages == 1 else 'messages'}"
    )
    if not found.items:
        for message in found.messages:
            console.say(f"\n{unmarked(unescape(_TAG.sub('', message.html)))}")
    for item in found.items:
        console.say(f"\n{item.quote.article.title}")
        console.say(f"« {item.quote.text} »")
        console.say(f"  - {console.cited_source(item.quote.article)}")
        for other in item.quote.also_in:
            console.say(f"    ذُكر أيضًا في: {console.cited(other)}")
        for pick in item.named:
            console.say(f"    في السياق نفسه: {console.cited(pick.ref)}")


def _period(on: str | None, home: Path | None) -> tuple[date, datetime, datetime]:
    """The date above the digest, and from when until when it tells."""
    from bot.clock import local, zone_of
    from bot.settings import BotSettings
    from index.settings import load_settings

    if on is None:
        now = datetime.now(UTC)
        zone = zone_of(BotSettings.load(load_settings(home).home).zone)
        return local(now, zone).date(), now - _DAY, now
    try:
        day = date.fromisoformat(on)
    except ValueError:
        reason = f"{on!r} is not a date like 2023-03-16"
        raise typer.BadParameter(reason, param_hint="--date") from None
    start = datetime.combine(day, time(), UTC)
    return day, start, start + _DAY


async def _set(engine: Engine, day: date, since: datetime, until: datetime) -> Digest:
    from bot.bridge import Bridge
    from bot.digest import Known
    from bot.press import Press

    bridge = Bridge(engine, workers=1)
    try:
        return await Press(bridge).set(
            Known(), since=since, until=until, day=day, lang="ar", digits="latin"
        )
    finally:
        await bridge.close(1.0)


def _told(item: Item) -> dict[str, Any]:
    quote = item.quote
    return {
        "id": item.pick.story,
        "sources": item.pick.sources,
        "quote": {"text": quote.text, "start": quote.start, "end": quote.end},
        "article": asdict(quote.article),
        "also_in": [asdict(ref) for ref in quote.also_in],
        "related": [asdict(pick.ref) for pick in item.named],
    }
