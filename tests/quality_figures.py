"""What the archive makes of our own questions; and the command that moves the floors.

`python -m tests.quality_figures` prints the figures beside their floors. `--raise` lifts each floor
to what was measured, less what chance alone moves. A floor is lowered only by
`--lower NAME --reason "why"`, which writes the reason into CHANGELOG.md. `--unseen` asks the
questions that nothing was fitted to; they have no floors.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.demo import fill
from index import answer
from index.ablate import holds
from index.engine import Engine, embedder_of, reader_of
from index.metrics import auroc
from index.quotes import quotes
from index.settings import Settings, load_settings

QUALITY = Path(__file__).parent / "quality"
FLOORS = QUALITY / "floors.json"
CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
DIALECTS = ("egyptian", "levantine", "gulf", "iraqi", "sudanese", "maghrebi")
SLACK = 0.02  # of a floor below the figure: bfloat16 and float32 differ by a question or two


def measure(settings: Settings, questions: str = "questions.jsonl") -> dict[str, float]:
    """Ask every question of a new archive in `settings.home`; the figures, shares from 0 to 1."""
    lines = (QUALITY / questions).read_text(encoding="utf-8").splitlines()
    with Engine(settings, embedder_of(settings), reader_of(settings)) as engine:
        fill(engine)
        asked = [{**one, **_ask(engine, one)} for one in map(json.loads, lines)]
    answerable = [one for one in asked if one["answers"]]
    present = [one["confidence"] for one in answerable]
    absent = [one["confidence"] for one in asked if not one["answers"]]
    pairs: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for one in answerable:
        if "pair" in one:
            pairs[one["pair"]].append((one["kind"] in DIALECTS, one["first"]))
    dialect = [first for pair in pairs.values() for spoken, first in pair if spoken]
    # a pair's standard question counts once for each dialect question beside it
    standard = [
        next(first for spoken, first in pair if not spoken)
        for pair in pairs.values()
        for spoken, _ in pair
        if spoken
    ]
    figures = {
        "quote_hit@1": _share(one["first"] for one in answerable),
        "quote_hit@3": _share(one["three"] for one in answerable),
        "right_article@1": _share(one["article_found"] for one in answerable),
        "auroc": auroc(present, absent),
        "refused_when_absent": _share(c < answer.THRESHOLD for c in absent),
        "answered_when_present": _share(c >= answer.THRESHOLD for c in present),
    }
    if dialect:
        figures["dialect_quote_hit@1"] = _share(dialect)
        figures["dialect_gap"] = _share(dialect) - _share(standard)
    return figures


def _ask(engine: Engine, one: dict[str, Any]) -> dict[str, Any]:
    found = engine.find(one["question"])
    best = quotes(found.candidates, limit=3)
    held = [holds(quote.text, one["answers"]) for quote in best]
    titles = one["article"] if isinstance(one["article"], list) else [one["article"]]
    return {
        "confidence": answer.confidence(found.candidates),
        "first": any(held[:1]),
        "three": any(held),
        "article_found": bool(best)
        and any(title and best[0].article.title.startswith(title[:40]) for title in titles),
    }


def _share(values: Any) -> float:
    found = list(values)
    return sum(found) / len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raise", dest="lift", action="store_true")
    parser.add_argument("--lower", metavar="NAME")
    parser.add_argument("--reason")
    parser.add_argument("--unseen", action="store_true")
    arguments = parser.parse_args()
    if (arguments.lower is None) != (arguments.reason is None):
        parser.error("--lower and --reason go together")
    if arguments.unseen and (arguments.lift or arguments.lower):
        parser.error("questions that nobody saw have no floors")
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings().model_copy(update={"home": Path(home)})
        if arguments.unseen:
            for name, figure in measure(settings, "unseen.jsonl").items():
                print(f"{name:24} {figure:7.4f}")
            return
        figures = measure(settings)
    for name, figure in figures.items():
        reached = round(figure - SLACK, 2)
        if arguments.lift:
            floors[name] = max(reached, floors.get(name, reached))
        if arguments.lower == name and reached < floors[name]:
            note = (
                f"- The floor of {name} fell from {floors[name]} to {reached}: {arguments.reason}"
            )
            CHANGELOG.write_text(f"{CHANGELOG.read_text(encoding='utf-8').rstrip()}\n{note}\n")
            floors[name] = reached
        print(f"{name:24} {figure:7.4f}  floor {floors.get(name)}")
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
