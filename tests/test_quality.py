"""The quality gate: our own questions over the sample archive, against committed floors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.demo import fill
from index import answer
from index.engine import Engine, embedder_of
from index.evaluate import auroc, holds
from index.settings import Settings

QUALITY = Path(__file__).parent / "quality"


@pytest.fixture(scope="module")
def figures(model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """What the archive makes of every question, with the bundled model."""
    settings = Settings(home=tmp_path_factory.mktemp("quality"), cache=model_cache)
    lines = (QUALITY / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    first, three, article, present, absent = [], [], [], [], []
    with Engine(settings, embedder_of(settings)) as engine:
        fill(engine)
        for asked in map(json.loads, lines):
            found = engine.find(asked["question"])
            confidence = answer.confidence(found.candidates)
            if not asked["answers"]:
                absent.append(confidence)
                continue
            present.append(confidence)
            quotes = answer.quotes(found.candidates, limit=3)
            held = [holds(quote.text, asked["answers"]) for quote in quotes]
            first.append(held[0])
            three.append(any(held))
            titles = asked["article"]
            titles = [titles] if isinstance(titles, str) else titles
            article.append(any(quotes[0].article.title.startswith(t[:40]) for t in titles))
    return {
        "quote_hit@1": sum(first) / len(first),
        "quote_hit@3": sum(three) / len(three),
        "right_article@1": sum(article) / len(article),
        "auroc": auroc(present, absent),
        "refused_when_absent": sum(c < answer.THRESHOLD for c in absent) / len(absent),
        "answered_when_present": sum(c >= answer.THRESHOLD for c in present) / len(present),
    }


@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "floor"), json.loads((QUALITY / "floors.json").read_text(encoding="utf-8")).items()
)
def test_figure_holds_its_floor(figures: dict[str, float], name: str, floor: float) -> None:
    """No change may make answers worse than the floor that earlier ones reached."""
    assert figures[name] >= floor, f"{name} is {figures[name]:.4f}: {figures}"
