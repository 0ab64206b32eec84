"""What the bot logged in all its lives, and which of it an injected fault explains."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_NUMBERS = re.compile(r"\b[0-9a-f]{8}\b|\d+(?:\.\d+)?")
_LONGEST = 300

_HELD, _UNTOLD = "a chat was held", "nobody could be told"
SILENT = (_HELD, _UNTOLD)
"""Causes that leave a question without a word."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A line that an injected fault brings about: which one, and how often it may."""

    name: str
    pattern: re.Pattern[str]
    at_most: int


@dataclass(slots=True)
class Logbook:
    """Lines by their pattern: how often, by level, and those that nothing explains."""

    levels: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)  # what is below a warning


def causes(
    faults: Mapping[str, int], *, kills: int, stops: int, failing: Iterable[str]
) -> list[Cause]:
    """What may stand in the log: `faults` by kind as they were ordered, `failing` hosts of feeds.

    Who is stopped while there is much to do hands back what is not begun, and says so; so does who
    is stopped amid a question, which the next start answers. A lost or refused message can be
    logged twice: the error itself, and that its reader or an administrator could not be told of it,
    where that met a fault as well.
    """
    bad = faults["refused"] + faults["lost"] + faults["outage"]
    hosts = "|".join(re.escape(host) for host in failing) or "$^"
    given = [
        ("a failed poll", r"polling failed, trying again: ", faults["poll"] + kills),
        ("an answer met a 502", r"^error \w{8}: Telegram failed: NetworkError$", bad),
        (_UNTOLD, r"^error \w{8}: could not be told of: NetworkError$", bad),
        ("three 502s in a row", r"^the outbox waits: Telegram does not answer", faults["outage"]),
        ("a stop with much to do", r"^stopping: \d+ answers are left for the next start", stops),
        ("a stop amid a question", r"^stopping: a question still runs$", stops),
        (_HELD, r"^a reply was dropped: Telegram asks to wait \d s", faults["flood"]),
        ("a menu met a 502", r"^the menu of commands was not set", bad),
        ("a feed is dead", rf"^the feed http://(?:{hosts})\S* has failed since", 9),
        ("a feed is gone", rf"^the feed http://(?:{hosts})\S* is gone for good", 9),
    ]
    return [Cause(name, re.compile(pattern), most) for name, pattern, most in given]


def read(paths: Iterable[Path], known: Iterable[Cause]) -> Logbook:
    """Sort every line of the logs. One that is no record (a crash's) is unexplained."""
    book = Logbook()
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            _take(book, line, list(known))
    return book


def _take(book: Logbook, line: str, known: list[Cause]) -> None:
    if not line.strip():
        return
    try:
        record = json.loads(line)
        level, name, text = record["level"], record["name"], record["text"]
    except (ValueError, KeyError, TypeError):
        book.levels["raw"] += 1
        book.unexplained.append(line[:_LONGEST])
        return
    book.levels[level] += 1
    if level in ("DEBUG", "INFO"):
        book.notes[f"{name}: {_NUMBERS.sub('…', text)[:80]}"] += 1
        return
    for cause in known:
        if cause.pattern.search(text) and book.explained[cause.name] < cause.at_most:
            book.explained[cause.name] += 1
            return
    shown = text if len(text) <= 2 * _LONGEST else f"{text[:_LONGEST]} … {text[-_LONGEST:]}"
    book.unexplained.append(f"{level} {name}: {shown}")
