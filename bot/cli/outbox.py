"""The commands `isnad outbox …` and `isnad unanswered`: what was sent, and what was not found."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli import console
from bot.cli.options import Home, Json, store_at
from bot.outbox.promises import KINDS, STATES, State

# The database is imported by the commands when they run, so that `isnad --help` answers at once.

app = typer.Typer(help="What is sent without being asked for.", no_args_is_help=True)

_SET_ASIDE: tuple[State, ...] = ("failed", "unconfirmed")


@app.command(name="list")
def list_letters(
    failed: Annotated[
        bool, typer.Option("--failed", help="Those set aside: refused, or not known to arrive.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The latest N.")] = 50,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List letters that wait, or with --failed those set aside and why; never their words."""
    from bot.store import ledger

    states: tuple[State, ...] = _SET_ASIDE if failed else ("pending", "sending")
    with store_at(home) as store, store.db.read() as connection:
        found = ledger.entries(connection, states, limit=limit)
    if as_json:
        console.say_json([asdict(entry) for entry in found])
        return
    if not found:
        console.note("no letters were set aside" if failed else "no letters wait")
    for entry in found:
        console.say(
            f"{entry.id:>6}  {entry.kind:<10}  {entry.state:<11}  chat {entry.chat_id}  "
            f"due {entry.due_at}  {entry.error or ''}".rstrip()
        )


@app.command(name="ledger")
def show_ledger(
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, with a header.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Count what was sent, failed, gone and waits, by kind; of the last thirty days."""
    from bot.store import ledger

    with store_at(home) as store, store.db.read() as connection:
        counts = ledger.counts(connection)
    rows = [{"kind": kind} | {s: counts.get((kind, s), 0) for s in STATES} for kind in KINDS]
    if as_json:
        console.say_json(rows)
    elif as_csv:
        page = io.StringIO()
        writer = csv.DictWriter(page, ["kind", *STATES], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        console.say(page.getvalue().rstrip("\n"))
    else:
        console.say("  ".join([f"{'kind':<10}", *(f"{state:>11}" for state in STATES)]))
        for row in rows:
            shown = (f"{row[state]:>11}" for state in STATES)
            console.say("  ".join([f"{row['kind']:<10}", *shown]))


@app.command()
def retry(
    number: Annotated[int, typer.Argument(metavar="ID", show_default=False)], home: Home = None
) -> None:
    """Send a letter that was set aside once more; one that may have arrived may come twice."""
    from bot.store import ledger

    now = datetime.now(UTC).isoformat(timespec="seconds")
    with store_at(home) as store, store.db.write() as connection:
        ledger.retry(connection, number, now=now)
    console.say(f"letter {number} is due again")


def list_unanswered(
    by_word: Annotated[
        bool, typer.Option("--words", help="Count words, to see what the archive lacks.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="The N most asked.")] = 50,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """List what was asked in vain, where ISNAD_LOG_QUESTIONS is on; nobody's name is kept."""
    from bot.store import unanswered

    with store_at(home) as store, store.db.read() as connection:
        asked = unanswered.listed(connection)
    if not asked and not as_json:
        console.note("no unanswered questions (they are counted where ISNAD_LOG_QUESTIONS is on)")
    if by_word:
        counted: Counter[str] = Counter()
        for question, count, _ in asked:
            for word in set(question.split()):
                counted[word] += count
        words = counted.most_common(limit)
        if as_json:
            console.say_json([{"word": word, "count": count} for word, count in words])
        else:
            for word, count in words:
                console.say(f"{count:>6}  {word}")
        return
    if as_json:
        console.say_json(
            [{"question": q, "count": count, "last": last} for q, count, last in asked[:limit]]
        )
        return
    for question, count, last in asked[:limit]:
        console.say(f"{count:>6}  {last[:10]}  {question}")
