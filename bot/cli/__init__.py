"""The command `isnad`. Each command opens the archive, does one thing, and prints it."""

from __future__ import annotations

import asyncio
import io
import sys
from dataclasses import asdict
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path  # noqa: TC003  typer reads it when a command runs
from typing import Annotated

import typer

from bot.cli import backup, bench, console, digest, feeds, outbox, running, stories, topics
from bot.cli.options import Home, Json
from bot.cli.options import engine_at as _engine
from index.arabic import normalise
from index.model import InputError, IsnadError

# The engine and the bot import torch and Telegram's library: commands import them when they run,
# so that `isnad --help` answers at once.

app = typer.Typer(
    name="isnad",
    help="Answers Arabic questions about the news by quoting the sentence that answers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(feeds.app, name="feeds")
app.command()(feeds.fetch)
app.command()(stories.stories)
app.add_typer(outbox.app, name="outbox")
app.command(name="unanswered")(outbox.list_unanswered)
app.add_typer(digest.app, name="digest")
app.add_typer(topics.app, name="topics")
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(bench.bench)

Id = Annotated[int, typer.Argument(metavar="ID", help="An article's number.")]
CLOSEST = 5
"""Names of sources told where the one asked for is unknown."""

Limit = Annotated[int, typer.Option(min=1, max=20, help="How many quotes at most.")]


def main() -> None:
    """Run the command line; an error of ours is one line on stderr and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what we print is UTF-8, whatever the terminal is
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except IsnadError as error:
        console.note(f"isnad: {error}")
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        sys.stderr.close()
        sys.exit(1)


def _say_version(asked: bool) -> None:
    if asked:
        console.say(f"isnad {metadata.version('isnad')}")
        raise typer.Exit


@app.callback()
def isnad(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Say which it is."),
    ] = False,
) -> None:
    """Take the options that are no command's."""


@app.command()
def add(
    inputs: Annotated[list[str], typer.Argument(metavar="PATH|URL|-...", show_default=False)],
    source: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    format: Annotated[  # noqa: A002  the contract's word
        str, typer.Option(help="auto, html, text, telegram, feed or json.")
    ] = "auto",
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Add pages, posts and JSON files to the archive."""
    if format not in ("auto", "html", "text", "telegram", "feed", "json"):
        raise typer.BadParameter(f"there is no format {format!r}", param_hint="--format")
    with _engine(home, makes=True) as engine:
        report = engine.add(inputs, source=source, format=format, progress=console.bars)
    if as_json:
        console.say_json(report)
    else:
        console.show_report(report)
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(show_default=False)] = None,
    batch: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask each line of a file.")
    ] = None,
    limit: Limit = 3,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day.")] = None,
    source: Annotated[str | None, typer.Option(help="Of this source only.")] = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Ask the archive a question."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("give a question, or --batch FILE")
    questions = [question] if question is not None else _lines(batch)
    _check_period(since, until)
    with _engine(home) as engine:
        engine.load(console.bars)
        if not as_json and not engine.caches.vectors.size:
            console.note(
                "the archive is empty: isnad add FILE, or isnad feeds add URL and isnad fetch"
            )
        if source is not None:
            _check_source(source, engine.topics.sources())
        for asked in questions:
            answer = engine.ask(asked, limit=limit, since=since, until=until, source=source)
            if as_json:
                console.say_json(answer)
                continue
            if batch is not None:
                console.say(asked)
            console.show_answer(answer)


@app.command()
def articles(home: Home = None, as_json: Json = False) -> None:
    """List the articles of the archive."""
    with _engine(home) as engine:
        refs = engine.articles()
    if as_json:
        console.say_json([asdict(ref) for ref in refs])
    else:
        console.show_articles(refs)


@app.command()
def show(article: Id, home: Home = None, as_json: Json = False) -> None:
    """Show an article as the archive holds it."""
    with _engine(home) as engine:
        found = engine.article(article)
    if as_json:
        console.say_json(found)
    else:
        console.show_article(found)


@app.command()
def remove(article: Id, home: Home = None, as_json: Json = False) -> None:
    """Remove an article, and all that was made of it."""
    with _engine(home) as engine:
        engine.remove(article)
    if as_json:
        console.say_json({"removed": article})
    else:
        console.say(f"removed {article}")


@app.command()
def rebuild(home: Home = None, as_json: Json = False) -> None:
    """Cut every article anew and make the search indexes again."""
    with _engine(home) as engine:
        engine.rebuild(console.bars)
        sizes = {"articles": len(engine.articles()), "passages": engine.caches.vectors.size}
    if as_json:
        console.say_json(sizes)
    else:
        console.say(f"{sizes['articles']} articles, {sizes['passages']} passages")


@app.command()
def doctor(
    quick: Annotated[
        bool, typer.Option("--quick", help="Only whether the bot is at work: no model is loaded.")
    ] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Look for what is wrong, and say what to do. A `note` is no fault."""
    from bot.doctor import examine

    findings = list(examine(home, lambda: _engine(home), quick=quick))
    well = all(finding.ok for finding in findings)
    if as_json:
        console.say_json({"ok": well, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            word = "BAD " if not finding.ok else "note" if finding.advice else "ok  "
            advice = f" -> {finding.advice}" if finding.advice else ""
            console.say(f"{word} {finding.what}{advice}")
    raise typer.Exit(0 if well else 1)


@app.command(name="eval")
def evaluate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", show_default=False)],
    half: Annotated[
        int | None, typer.Option(min=1, max=2, help="Ask only the first or second half.")
    ] = None,
    questions: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Ask a sample of N of each file's.")
    ] = None,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Add 95 % bootstrap intervals.")
    ] = False,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="Ask again with each stage turned off.")
    ] = False,
    errors: Annotated[int, typer.Option(min=0, metavar="N", help="Show the N worst misses.")] = 0,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Measure retrieval, quoting and refusal on SQuAD-format files, in a throw-away archive."""
    from index import evaluate as evaluation
    from index.engine import embedder_of, reader_of
    from index.settings import load_settings

    settings = load_settings(home)
    report = evaluation.evaluate(
        files,
        embedder_of(settings, console.bars),
        reader_of(settings),
        half=half,
        questions=questions,
        intervals=intervals,
        ablate=ablate,
        errors=errors,
        progress=console.bars,
    )
    if as_json:
        console.say_json(report)
        return
    for line in evaluation.lines(report):
        console.say(line)


app.command()(running.bot)


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = 8765,
    home: Home = None,
) -> None:
    """Chat with the bot in a browser, over a sample archive: no token, no Telegram."""
    from bot.demo import run

    asyncio.run(run(port=port, home=home))


def _check_period(since: str | None, until: str | None) -> None:
    from index.daterange import daterange

    try:
        daterange(since, until)
    except InputError as error:
        raise typer.BadParameter(error.reason, param_hint=error.where) from error


def _check_source(source: str, known: list[str]) -> None:
    """Say so where no article is of this source, with the names that may be meant."""
    if source in known:
        return
    folded = {normalise(name): name for name in known}
    asked = normalise(source)
    near = [name for form, name in folded.items() if asked and (asked in form or form in asked)]
    near += [folded[form] for form in get_close_matches(asked, folded)]
    names = "; ".join(dict.fromkeys(near[:CLOSEST]))
    console.note(
        f"there is no source {source!r}" + (f"; the closest are: {names}" if names else "")
    )


def _lines(path: Path | None) -> list[str]:
    """The lines of a file of questions, `-` for standard input."""
    assert path is not None
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        lines = raw.decode("utf-8-sig").split("\n")  # splitlines() ends lines at U+2028 too
        return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(str(path), "is not UTF-8 text") from error
