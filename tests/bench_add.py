"""What adding and asking cost at a newsroom's size: `python -m tests.bench_add FILE.zip`.

Adds the first 2,000 articles of a JSON file (or a zip of one) to a fresh archive and prints the
time spent embedding and the rest; the rate of plain `SentenceTransformer.encode` in float32 over a
sample of the same passages, measured before and after, since shared machines change speed; then
the time of a question in the same process, asking the articles' own titles, and the peak memory.
"""

# ruff: noqa: T201  (printing is what it is for)

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
import zipfile
from pathlib import Path

from sentence_transformers import SentenceTransformer

from index import store
from index.bench import Clock, memory
from index.bundled import convert
from index.engine import Engine, embedder_of
from index.settings import Settings

SAMPLE = 300  # passages for plain encode, each round
QUESTIONS = 300


def articles(path: Path, count: int) -> list[dict[str, str]]:
    """The first `count` articles with a body."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            data = archive.read(archive.namelist()[0])
    else:
        data = path.read_bytes()
    return [one for one in json.loads(data) if one.get("content", "").strip()][:count]


def plain_rate(model: SentenceTransformer, passages: list[str]) -> float:
    """Passages a second of plain encode."""
    started = time.perf_counter()
    model.encode(passages, prompt_name="passage", show_progress_bar=False)
    return len(passages) / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    arguments = parser.parse_args()
    chosen = articles(arguments.file, arguments.articles)
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = home / "articles.json"
        file.write_text(json.dumps(chosen, ensure_ascii=False), encoding="utf-8")
        clock = Clock()
        embedder = embedder_of(settings)
        with Engine(settings.model_copy(update={"home": home / "archive"}), embedder) as engine:
            engine.load()
            started = time.perf_counter()
            report = engine.add([str(file)], progress=clock)
            total = time.perf_counter() - started
            with engine.db.read() as connection:
                rows = store.passage_rows(connection, ids=store.passage_ids(connection))
            embedding = clock.seconds["embedding"]
            rate = len(rows) / embedding
            print(f"{report.added} articles, {len(rows)} passages, {total:.1f} s in all")
            print(f"embedding {embedding:.1f} s, {rate:.1f} passages/s; peak {memory()[1]} MB")
            print(f"the rest {total - embedding:.1f} s, {1 - embedding / total:.1%} of all")
            took = []
            for article in chosen[:: max(1, len(chosen) // QUESTIONS)]:
                began = time.perf_counter()
                engine.ask(article["title"])
                took.append(1000 * (time.perf_counter() - began))
            centiles = statistics.quantiles(took, n=100)
            print(
                f"ask: {len(took)} questions, p50 {centiles[49]:.1f} ms, p95 {centiles[94]:.1f} ms"
            )
            print(f"peak memory after asking {memory()[1]} MB")
        sample = [row.text for row in random.Random(7).sample(rows, min(2 * SAMPLE, len(rows)))]
        model = SentenceTransformer(str(convert(settings.cache)), device="cpu")
        model.float()
        rates = []
        for part in (sample[:SAMPLE], sample[SAMPLE:]):
            ours = time.perf_counter()
            embedder.tokens(part)
            ours = len(part) / (time.perf_counter() - ours)
            plain = plain_rate(model, part)
            rates.append(plain)
            print(f"plain float32 encode {plain:.1f}/s, ours beside it {ours:.1f}/s")
        print(f"add embeds {rate / statistics.mean(rates):.2f} times as fast as plain encode")


if __name__ == "__main__":
    main()
