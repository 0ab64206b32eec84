"""How fast the embedder is beside plain sentence-transformers, on this machine, in one run.

    python -m tests.throughput --file articles.json [--file more.zip] [--passages 600]

A file holds a JSON array of articles with `content` or `text`, or is a zip of such files. Both
sides embed the same passages with the same folder and threads, taking turns, because the speed of
a shared machine changes from minute to minute.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from index.bundled import convert
from index.embed import load_embedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np

LENGTH = 800  # characters of a passage


def passages(path: Path) -> Iterator[str]:
    """Stretches of whole words, about `LENGTH` characters each, of a file's articles."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            files = [archive.read(name) for name in archive.namelist() if name.endswith(".json")]
    else:
        files = [path.read_bytes()]
    for data in files:
        for article in json.loads(data):
            text = article.get("content") or article.get("text") or ""
            while len(text) >= LENGTH:
                end = text.rfind(" ", LENGTH - 100, LENGTH + 1)
                end = end if end > 0 else LENGTH
                yield text[:end]
                text = text[end:].lstrip()


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of about a sentence, which cost what sentences cost."""
    return [(start, min(start + 160, len(text))) for start in range(0, len(text), 160)]


def main() -> None:
    """Print both rates round by round, their ratio and how far the vectors differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", action="append", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    texts = [text for path in given.file for text in passages(path)][: given.passages]
    spans = [sentences(text) for text in texts]

    with tempfile.TemporaryDirectory() as temporary:
        cache = given.cache or Path(temporary)
        embedder = load_embedder(None, cache, threads=given.threads)
        embedder.encode_passages(texts[:8])

        import torch
        from sentence_transformers import SentenceTransformer

        plain = SentenceTransformer(str(convert(cache)), device="cpu")

        def reference(part: slice) -> np.ndarray:
            # Our own threads each set torch's number of threads to one.
            torch.set_num_threads(given.threads)
            return plain.encode(texts[part], prompt_name="passage", show_progress_bar=False)

        def ours(part: slice) -> np.ndarray:
            return embedder.encode_spans(texts[part], spans[part])[0]

        sides: dict[str, Callable[[slice], np.ndarray]] = {"plain": reference, "ours": ours}
        reference(slice(0, 8))
        size = -(-len(texts) // given.rounds)
        rates: dict[str, list[float]] = {name: [] for name in sides}
        worst = 1.0
        for start in range(0, len(texts), size):
            part, vectors = slice(start, start + size), []
            for name, encode in sides.items():
                began = time.perf_counter()
                vectors.append(encode(part))
                rates[name].append(len(vectors[-1]) / (time.perf_counter() - began))
            worst = min(worst, float((vectors[0] * vectors[1]).sum(1).min()))
            print(*(f"{name} {rate[-1]:6.1f}/s" for name, rate in rates.items()), sep="   ")
        ratios = [ours / plain for plain, ours in zip(rates["plain"], rates["ours"], strict=True)]
        print(
            f"ratio {statistics.median(ratios):.2f}  (rounds: {min(ratios):.2f}-{max(ratios):.2f})"
        )
        print(f"{len(texts)} passages, least cosine between the two {worst:.5f}")


if __name__ == "__main__":
    main()
