"""Retrieval and quoting measured on SQuAD-format files: each paragraph an article of its own."""

from __future__ import annotations

import json
import math
import tempfile
import time
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index import answer, store
from index.arabic import tokens
from index.engine import Engine
from index.model import InputError
from index.progress import Progress, silent
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.embed import Embedder
    from index.engine import Found


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its gold answers, and the number of the paragraph that holds them."""

    question: str
    answers: tuple[str, ...]
    paragraph: int


@dataclass(slots=True)
class Tally:
    """Sums over questions; `report` turns them into the contract's figures."""

    passages: int
    ranks: list[int] = field(default_factory=list)  # of the right paragraph, 0 where not found
    first: list[bool] = field(default_factory=list)
    first_three: list[bool] = field(default_factory=list)
    strict: list[bool] = field(
        default_factory=list
    )  # first quote right, and of the right paragraph
    lengths: list[int] = field(default_factory=list)
    present: list[float] = field(default_factory=list)  # confidence
    absent: list[float] = field(default_factory=list)  # the same with the gold paragraph gone
    took_ms: list[float] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """Return the figures, rounded; NaN-free: an empty file is refused before."""
        ranks = self.ranks
        return {
            "questions": len(ranks),
            "passages": self.passages,
            "passage_hit@1": _mean([rank == 1 for rank in ranks]),
            "passage_hit@5": _mean([0 < rank <= 5 for rank in ranks]),
            "mrr@10": _mean([1 / rank if 0 < rank <= 10 else 0 for rank in ranks]),
            "ndcg@10": _mean([1 / math.log2(rank + 1) if 0 < rank <= 10 else 0 for rank in ranks]),
            "quote_hit@1": _mean(self.first),
            "quote_hit@3": _mean(self.first_three),
            "quote_hit@1_right_paragraph": _mean(self.strict),
            "quote_chars_mean": _mean(self.lengths, 1),
            "quote_chars_max": max(self.lengths, default=0),
            "no_answer": self._no_answer(),
            "latency_ms": {
                "p50": _percentile(self.took_ms, 50),
                "p95": _percentile(self.took_ms, 95),
            },
        }

    def _no_answer(self) -> dict[str, Any]:
        answered = [score >= answer.THRESHOLD for score in self.present]
        refused = [score < answer.THRESHOLD for score in self.absent]
        return {
            "questions": len(self.absent),
            "threshold": answer.THRESHOLD,
            "auroc": auroc(self.present, self.absent),
            "answered_when_present": _mean(answered),
            "refused_when_absent": _mean(refused),
            "balanced_accuracy": round((_mean(answered) + _mean(refused)) / 2, 4),
        }


def read_squad(path: str) -> tuple[list[tuple[str, str]], list[Case]]:
    """Return the (title, paragraph) pairs and the answerable questions of a SQuAD-format file.

    Raises `InputError` where the file is missing or of another shape.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        paragraphs: list[tuple[str, str]] = []
        cases = []
        for article in data["data"]:
            for paragraph in article["paragraphs"]:
                for qa in paragraph["qas"]:
                    answers = tuple(a["text"] for a in qa.get("answers", ()))
                    if answers and not qa.get("is_impossible", False):
                        cases.append(Case(qa["question"], answers, len(paragraphs)))
                paragraphs.append((article.get("title", ""), paragraph["context"]))
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(path, f"is not in SQuAD format ({error!r})") from error
    if not cases:
        raise InputError(path, "has no question with an answer")
    return paragraphs, cases


def evaluate(
    paths: Sequence[str],
    embedder: Embedder,
    *,
    half: int | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return the contract's figures over `paths`, pooled, with each file's under `files`.

    `half` 1 or 2 keeps the questions of the first or second half of a file's paragraphs, in file
    order; all paragraphs stay in the archive.
    """
    tallies = {path: _evaluate_file(path, embedder, half, progress) for path in paths}
    pooled = Tally(sum(tally.passages for tally in tallies.values()))
    for tally in tallies.values():
        for column in fields(Tally)[1:]:
            getattr(pooled, column.name).extend(getattr(tally, column.name))
    report = pooled.report()
    if len(paths) > 1:
        report["files"] = {path: tally.report() for path, tally in tallies.items()}
    return report


def _evaluate_file(path: str, embedder: Embedder, half: int | None, progress: Progress) -> Tally:
    paragraphs, cases = read_squad(path)
    if half is not None:
        middle = len(paragraphs) / 2
        cases = [case for case in cases if (case.paragraph >= middle) == (half == 2)]
        if not cases:
            raise InputError(path, f"has no question in its half {half}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        items = [
            # an address of its own keeps a paragraph that is printed twice two articles
            {"title": title, "text": text, "url": f"squad:{number}"}
            for number, (title, text) in enumerate(paragraphs)
        ]
        squad = home / "paragraphs.json"
        squad.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
        with Engine(Settings(home=home), embedder) as engine:
            engine.add([str(squad)], progress=progress)
            return _ask_all(engine, paragraphs, cases, progress)


def _ask_all(
    engine: Engine, paragraphs: Sequence[tuple[str, str]], cases: Sequence[Case], progress: Progress
) -> Tally:
    numbers = {ref.id: int(str(ref.url).removeprefix("squad:")) for ref in engine.articles()}
    with engine.db.read() as connection:
        rows = store.passage_rows(connection, article_ids=list(numbers))
    homes = [(row.id, numbers[row.article.id]) for row in rows]
    tally = Tally(len(paragraphs))
    with progress("asking", len(cases)) as step:
        for case in cases:
            started = time.perf_counter()
            found = engine.find(case.question)
            quotes = answer.quotes(found.candidates, limit=3)
            tally.took_ms.append(1000 * (time.perf_counter() - started))
            _judge(tally, case, found, [quote.text for quote in quotes], numbers)
            others = [id_ for id_, number in homes if number != case.paragraph]
            without = engine.find(case.question, among=others)
            tally.absent.append(answer.confidence(without.candidates))
            step(1)
    return tally


def _judge(
    tally: Tally, case: Case, found: Found, quotes: Sequence[str], numbers: dict[int, int]
) -> None:
    # articles in the order of their best sentence, then those retrieved but not compared
    order = [candidate.hit for candidate in found.candidates] + list(found.hits)
    ranking = list(dict.fromkeys(numbers[hit.row.article.id] for hit in order))
    tally.ranks.append(ranking.index(case.paragraph) + 1 if case.paragraph in ranking else 0)
    held = [holds(quote, case.answers) for quote in quotes]
    first = any(held[:1])
    tally.first.append(first)
    tally.first_three.append(any(held))
    tally.strict.append(first and ranking[0] == case.paragraph)
    tally.lengths += [len(quote) for quote in quotes[:1]]
    tally.present.append(answer.confidence(found.candidates))


def holds(quote: str, answers: Sequence[str]) -> bool:
    """Whether a quote holds one of the answers, after light normalisation (words only)."""
    said = _words(quote)
    return any(_words(gold) in said for gold in answers if _words(gold).strip())


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half.

    The Mann–Whitney U statistic over the number of pairs.
    """
    ranked = np.sort(np.asarray(negative))
    below = np.searchsorted(ranked, positive, side="left")
    upto = np.searchsorted(ranked, positive, side="right")
    return round(float((below + upto).mean() / 2 / max(1, len(ranked))), 4)


def _words(text: str) -> str:
    return f" {' '.join(token.form for token in tokens(text))} "


def _mean(values: Sequence[float], digits: int = 4) -> float:
    return round(sum(values) / len(values), digits) if values else 0.0


def _percentile(values: Sequence[float], percent: int) -> float:
    return round(float(np.percentile(values, percent)), 1) if values else 0.0
