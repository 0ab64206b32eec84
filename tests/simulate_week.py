"""A week of the whole bot at many times its speed: is its memory flat, and every promise kept?

    python -m tests.simulate_week [--days 7] [--speed 300] [--readers 2000] [--home DIR] [--json]

The real bot (`tests/week/life.py`) runs as a process of its own against the strict local Bot API
server: forty feeds bring invented news, readers ask, press, follow, have digests, erase their data
and block; there are 429s, 502s, dead feeds, restarts and kills. After the first `--restless` days
one process lives to the end, and that one's memory counts. Exit code 1 where anything is wrong.
"""

# ruff: noqa: T201  (printing is what it is for)

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import tempfile
import time
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))  # as pytest's `pythonpath` does

from week.gauge import GROWTH
from week.plan import Plan
from week.world import simulate

if TYPE_CHECKING:
    from week.world import Week


def run(plan: Plan, home: Path | None, *, quiet: bool = False) -> Week:
    """Simulate a plan, in a folder that is thrown away where none is given."""

    def tell(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    report = (lambda _line: None) if quiet else tell
    if home is not None:
        home.mkdir(parents=True, exist_ok=True)
        return asyncio.run(simulate(plan, home, report))
    with tempfile.TemporaryDirectory(prefix="isnad-week-") as folder:
        return asyncio.run(simulate(plan, Path(folder), report))


def figures(week: Week, plan: Plan) -> dict[str, Any]:
    """Everything that was measured and judged, for people and programs."""
    grown = week.grown
    return {
        "plan": asdict(plan),
        **week.verdict.figures,
        "answered in (real seconds)": week.latency,
        "lives": [asdict(life) for life in week.lives],
        "archive": week.sizes,
        "memory at the end of each day of the last life, MB": grown.days,
        "of it no file backs": grown.anonymous,
        "a day there is (days)": grown.length,
        "growth after its first day": f"{grown.most:+.1%}",
        "flat": grown.most <= GROWTH,
        "log": {"levels": week.book.levels, "explained": week.book.explained},
        "log below warnings": dict(week.book.notes.most_common(30)),
        "doctor": [f"{'ok' if one.ok else 'BAD'} {one.what}" for one in week.findings],
        "samples": [asdict(one) for one in week.samples],
        "wrong": week.wrong,
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags = {"fake", "reader"}
    for each in fields(Plan):
        if each.name not in flags:
            kind = type(each.default)
            parser.add_argument(f"--{each.name}", type=kind, default=each.default)
    parser.add_argument("--fake", action="store_true", help="without the embedding model")
    parser.add_argument("--reader", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--home", type=Path, help="an empty folder, kept; else a temporary one")
    parser.add_argument("--json", action="store_true")
    given = vars(parser.parse_args())
    home, as_json = given.pop("home"), given.pop("json")
    # A client that is killed while it asks is no fault of the server's.
    logging.getLogger("uvicorn.error").disabled = True
    plan, began = Plan(**given), time.monotonic()
    week = run(plan, home)
    found = figures(week, plan) | {"took (real seconds)": round(time.monotonic() - began)}
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1, default=dict))
    else:
        for name, value in found.items():
            if name not in ("samples", "wrong"):
                print(f"{name:<50} {value}")
        for line in week.wrong[:40]:
            print(f"WRONG {line}")
    sys.exit(1 if week.wrong or not found["flat"] else 0)


if __name__ == "__main__":
    main()
