"""Topics judged by eye: what each of them would have brought from an archive.

    python -m tests.judge_topics HOME [--since DATE] [--until DATE] > alerts.jsonl
    python -m tests.judge_topics --judged alerts.jsonl

The first prints a seeded sample of the alerts of tests/quality/topics.jsonl, one a topic and
story, as lines of JSON whose `right` is to be set to true or false; on stderr how many each topic
brought, and what just missed, among which are the misses. The second counts what was judged.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from index.dates import sort_key
from index.engine import open_engine
from index.topics.score import WIDEST, WIDTHS

if TYPE_CHECKING:
    from index.model import TopicMatch

TOPICS = Path(__file__).parent / "quality" / "topics.jsonl"


def main() -> None:
    """Sample, or count what was judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", nargs="?", type=Path)
    parser.add_argument("--since")
    parser.add_argument("--until")
    parser.add_argument("--topics", type=Path, default=TOPICS)
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", type=int, default=5, help="near misses shown of each topic")
    parser.add_argument("--judged", type=Path)
    options = parser.parse_args()
    if options.judged:
        _count(options.judged)
    elif options.home:
        _sample(options)
    else:
        parser.error("give the home of an archive, or --judged FILE")


def _sample(options: argparse.Namespace) -> None:
    alerts: list[tuple[str, TopicMatch]] = []
    with open_engine(options.home) as engine:
        for line in options.topics.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["topic"]
            found = engine.topics.preview(
                text, since=sort_key(options.since), until=sort_key(options.until)
            )
            own = _by_story([match for match in found if match.score >= WIDTHS[0]])
            alerts += [(text, match) for match in own]
            told = {match.story for match in own}
            missed = _by_story([m for m in found if WIDEST <= m.score < WIDTHS[0]])
            print(f"{text}: {len(own)} alerts", file=sys.stderr)
            for match in [m for m in missed if m.story not in told][: options.missed]:
                print(f"    missed {match.score:.2f} {match.article.title}", file=sys.stderr)
    chosen = random.Random(options.seed).sample(alerts, min(options.sample, len(alerts)))
    print(f"{len(alerts)} alerts, {len(chosen)} of them to be judged", file=sys.stderr)
    for text, match in sorted(chosen, key=lambda alert: alert[0]):
        line = {
            "topic": text,
            "right": None,
            "title": match.article.title,
            "quote": match.quote.text,
            "score": match.score,
            "article": match.article.id,
        }
        print(json.dumps(line, ensure_ascii=False))


def _by_story(matches: list[TopicMatch]) -> list[TopicMatch]:
    """The likeliest of each story; what is in none is one of its own."""
    stories: dict[int, TopicMatch] = {}
    for match in matches:
        stories.setdefault(match.story or -match.article.id, match)
    return list(stories.values())


def _count(path: Path) -> None:
    judged = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    right = Counter(line["right"] for line in judged)
    for line in judged:
        if line["right"] is False:
            print(f"wrong: {line['topic']}: {line['title']}")
    if right[None]:
        print(f"{right[None]} are not judged")
    print(f"precision {right[True] / max(1, right[True] + right[False]):.3f} of {right.total()}")


if __name__ == "__main__":
    main()
