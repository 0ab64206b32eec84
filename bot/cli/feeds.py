"""The commands `isnad feeds …` and `isnad fetch`: what is followed, and reading it."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path  # noqa: TC003  typer reads it when a command runs
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import console
from bot.cli.options import Home, Json, engine_at
from index.model import InputError

if TYPE_CHECKING:
    from index.feeds import Feed, FetchReport

app = typer.Typer(help="What the archive follows.", no_args_is_help=True)


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", show_default=False)],
    source: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Follow a feed, a sitemap, or the feed of a site's address."""
    with engine_at(home, makes=True) as engine:
        feed, new = engine.feeds.add(url, source=source)
    if as_json:
        console.say_json(_told(feed))
    else:
        console.say(f"{feed.id:>4}  {'new  ' if new else 'known'}  {feed.title or ''}  {feed.url}")


@app.command(name="list")
def list_feeds(home: Home = None, as_json: Json = False) -> None:
    """List what is followed, and how it fares."""
    with engine_at(home) as engine:
        feeds = engine.feeds.all()
    if as_json:
        console.say_json([_told(feed) for feed in feeds])
        return
    if not feeds:
        console.note("no feeds: isnad feeds add URL follows one")
    for feed in feeds:
        rate = "?" if feed.items_a_day is None else f"{feed.items_a_day:.0f}"
        console.say(
            f"{feed.id:>4}  {feed.state:<7}  {rate:>4}/day  last {_short(feed.succeeded_at)}  "
            f"next {_short(feed.next_try)}  {feed.source or feed.title or ''}  {feed.url}"
        )
        if feed.error:
            console.say(f"      {feed.error} ({feed.failures} in a row)")


@app.command()
def remove(
    which: Annotated[str, typer.Argument(metavar="ID|URL", show_default=False)],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Follow a feed no more; its articles stay."""
    with engine_at(home) as engine:
        feed = engine.feeds.remove(which)
    if as_json:
        console.say_json({"removed": feed.id})
    else:
        console.say(f"removed {feed.url}")


@app.command(name="import")
def take_in(
    opml: Annotated[Path, typer.Argument(metavar="OPML", help="A file, or -.", show_default=False)],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Follow the feeds of a list that another feed reader wrote (OPML)."""
    try:
        data = sys.stdin.buffer.read() if str(opml) == "-" else opml.read_bytes()
    except OSError as error:
        raise InputError(str(opml), f"cannot be read: {error.strerror}") from error
    with engine_at(home, makes=True) as engine:
        added, known = engine.feeds.take_in(data, str(opml))
    if as_json:
        console.say_json({"added": added, "known": known})
    else:
        console.say(f"{added} added, {known} known")


@app.command(name="export")
def give_out(home: Home = None) -> None:
    """Print what is followed as a list that feed readers take (OPML)."""
    with engine_at(home) as engine:
        console.say(engine.feeds.give_out().rstrip("\n"))


def fetch(
    once: Annotated[bool, typer.Option("--once", help="Read what is due now, and end.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Read what is followed: whenever it is due, until interrupted; or once."""
    from bot import logs
    from bot.settings import BotSettings

    def show(report: FetchReport) -> None:
        if as_json:
            console.say_json(report)
        else:
            _show(report)

    stop = _told_to_stop()
    with engine_at(home, makes=True) as engine:
        fetcher = engine.feeds.fetcher()
        if not once:
            logs.set_up(BotSettings.load(engine.home))
            fetcher.run_forever(stop, console.bars, show)
            return
        report = fetcher.run_once(console.bars, stop)
    show(report)
    raise typer.Exit(1 if report.failed else 0)


def _told_to_stop() -> threading.Event:
    """An event that Ctrl-C or the service manager sets; the second time, they end us at once."""
    stop = threading.Event()

    def tell(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return stop


def _show(report: FetchReport) -> None:
    for article in report.articles:
        console.say(f"{article.id:>6}  {article.title}")
    for rejection in report.rejections:
        console.note(f"rejected: {rejection.input}: {rejection.error}")
    for failure in report.failed:
        console.note(f"failed: {failure.input}: {failure.error}")
    console.say(
        f"{report.feeds} feeds and {report.pages} pages read: {report.added} added, "
        f"{report.updated} updated, {report.unchanged} unchanged, {report.duplicates} reprints, "
        f"{report.rejected} rejected, {report.withdrawn} withdrawn, {len(report.failed)} failed"
    )


def _told(feed: Feed) -> dict[str, Any]:
    """A feed as `--json` shows it."""
    return {
        "id": feed.id,
        "url": feed.url,
        "kind": feed.kind,
        "title": feed.title,
        "source": feed.source,
        "state": feed.state,
        "last_success": feed.succeeded_at,
        "next_try": feed.next_try,
        "last_error": feed.error,
        "failures": feed.failures,
        "items_a_day": feed.items_a_day,
    }


def _short(moment: str | None) -> str:
    """A stored moment, to the minute."""
    return "never           " if moment is None else moment[:16].replace("T", " ")
