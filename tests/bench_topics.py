"""How long a new article takes against many topics: `python -m tests.bench_topics`.

Topics are one to four words in a row out of real headlines, articles are real ones, of
SaudiNewsNet; the embedding is a stand-in, which costs no time and makes what shares words alike,
so that more topics come near than with a real model. Prints milliseconds, memory, and how far the
index agrees with matching topic by topic.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parent))

from fake_embedder import word_vector
from topic_reference import chances

from index.arabic import sentences, tokens
from index.topics.matcher import Background, TopicIndex
from index.topics.page import Page
from index.topics.score import WIDEST
from index.topics.words import wanted

DATA = Path(__file__).parents[2] / "shared" / "data" / "news" / "saudinewsnet"
DIMENSION = 384


def main() -> None:
    """Build, match, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--compared", type=int, default=10, help="articles matched both ways")
    options = parser.parse_args()
    threadpool_limits(1, user_api="blas")  # as the embedder has it
    chance = random.Random(7)
    articles = _articles()
    chance.shuffle(articles)
    topics = _topics(articles, options.topics, chance)
    pages = [_page(*article) for article in articles[: options.articles]]
    ordinary = np.concatenate([page.vectors for page in pages[:100]])

    before = _memory()
    started, begun = time.perf_counter(), time.thread_time()
    index = TopicIndex(Background.of(ordinary))
    for text, vector in topics.items():
        index.add(text, text, vector)
    building, own = time.perf_counter() - started, time.thread_time() - begun
    memory = _memory() - before

    index.match(pages[0])  # the words of the first article fill the analyser's memory
    times, work, matched = [], [], 0
    for page in pages:
        started, begun = time.perf_counter(), time.thread_time()
        matched += len(index.match(page))
        times.append(1000 * (time.perf_counter() - started))
        work.append(1000 * (time.thread_time() - begun))  # less what others took of the machine
    print(f"{len(index)} topics, {memory:.0f} MB, built in {building:.1f} s, of its own {own:.1f}")
    print(f"{len(pages)} articles, {matched / len(pages):.1f} topics matched each")
    for share in (50, 95, 99, 100):
        print(
            f"p{share} {np.percentile(times, share):.1f} ms, "
            f"of its own {np.percentile(work, share):.1f} ms"
        )
    agreed = expected = worst = 0.0
    for page in pages[: options.compared]:
        one_by_one = {
            text: score
            for text, score in chances(topics.items(), page, ordinary).items()
            if score >= WIDEST
        }
        together = {str(match.topic): match.score for match in index.match(page)}
        expected += len(one_by_one)
        agreed += len(one_by_one.keys() & together.keys())
        shared = one_by_one.keys() & together.keys()
        worst = max([worst, *(abs(one_by_one[text] - together[text]) for text in shared)])
    if expected:
        print(
            f"of {expected:.0f} matches one by one {100 * agreed / expected:.2f} % found together, "
            f"scores within {worst:.4f}"
        )


def _memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _articles() -> list[tuple[str, str]]:
    if not DATA.exists():
        sys.exit(f"the articles are not there: {DATA}")
    found = []
    for path in sorted(DATA.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            items = json.loads(archive.read(archive.namelist()[0]))
        said = ((item.get("title"), item.get("content")) for item in items)
        found += [(title, text) for title, text in said if title and text]
    return found


def _topics(
    articles: list[tuple[str, str]], count: int, chance: random.Random
) -> dict[str, np.ndarray]:
    """Words in a row out of headlines, then out of the articles' sentences."""
    texts: dict[str, None] = {}
    lines = [title for title, _ in articles]
    while len(texts) < count:
        words = chance.choice(lines).split()
        size = chance.choice((1, 2, 2, 2, 3, 3, 4))
        if len(words) >= size:
            at = chance.randrange(len(words) - size + 1)
            text = " ".join(words[at : at + size])
            if wanted(text).words:
                texts[text] = None
        if len(texts) == len(lines):  # headlines alone may not hold as many
            lines += [text[a:b] for _, text in articles[:5000] for a, b in sentences(text)[:5]]
    return {text: _vector(text).astype(np.float16) for text in texts}


def _page(title: str, text: str) -> Page:
    spans = sentences(text)
    vectors = np.array([_vector(f"{title} {text[a:b]}") for a, b in spans], np.float32)
    return Page(tokens(title), [tokens(text[a:b]) for a, b in spans], vectors)


def _vector(text: str) -> np.ndarray:
    words = tokens(text)
    total = sum((word_vector(word.form, DIMENSION) for word in words), np.zeros(DIMENSION, "f4"))
    return total / max(float(np.linalg.norm(total)), 1e-6)


if __name__ == "__main__":
    main()
