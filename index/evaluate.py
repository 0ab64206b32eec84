"""Retrieval and quoting measured on SQuAD-format files: each paragraph an article of its own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index import metrics
from index.ablate import Case, Miss, ask_all, holds, opened
from index.engine import STAGES
from index.metrics import SEED, Tally, auroc
from index.model import InputError
from index.progress import Progress, silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from index.embed import Embedder
    from index.reader import Reader

__all__ = ["Case", "auroc", "evaluate", "holds", "lines", "read_squad"]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of the questions of a file, or of several: as shipped, and with each stage off."""

    tally: Tally
    asked: int
    there: int  # questions there are; those asked may be a sample
    stages: Mapping[str, Tally]
    misses: Mapping[str, Sequence[Miss]]  # by file

    @classmethod
    def pooled(cls, runs: Sequence[Run]) -> Run:
        """Return several files' runs as one."""
        return cls(
            Tally.pooled([run.tally for run in runs]),
            sum(run.asked for run in runs),
            sum(run.there for run in runs),
            {stage: Tally.pooled([run.stages[stage] for run in runs]) for stage in runs[0].stages},
            {path: misses for run in runs for path, misses in run.misses.items()},
        )

    def worst(self, limit: int) -> list[dict[str, Any]]:
        """Return so many misses, the right sentence ranked lowest first, then the paragraph."""
        misses = [(path, miss) for path, missed in self.misses.items() for miss in missed]
        misses.sort(key=lambda one: one[1].depth, reverse=True)
        return [
            {"file": path, **asdict(miss), "answers": list(miss.answers)}
            for path, miss in misses[:limit]
        ]


def read_squad(path: str) -> tuple[list[tuple[str, str]], list[Case]]:
    """Return the (title, paragraph) pairs and the questions of a SQuAD-format file.

    Questions marked `is_impossible` have no answers; unmarked ones without an answer are left
    out. Raises `InputError` where the file is missing, of another shape, or without a question.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        paragraphs: list[tuple[str, str]] = []
        cases: list[Case] = []
        for article in data["data"]:
            for paragraph in article["paragraphs"]:
                text = paragraph["context"]
                found = (_case(qa, text, len(paragraphs)) for qa in paragraph["qas"])
                cases += [case for case in found if case is not None]
                paragraphs.append((article.get("title", ""), text))
    except OSError as error:
        raise InputError(path, f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(path, f"is not in SQuAD format ({error!r})") from error
    if not cases:
        raise InputError(path, "has no question that is answered or marked impossible")
    return paragraphs, cases


def _case(qa: Mapping[str, Any], text: str, paragraph: int) -> Case | None:
    if qa.get("is_impossible", False):
        return Case(qa["question"], (), paragraph)
    golds = qa.get("answers", [])
    if not golds:
        return None
    answers = tuple(gold["text"] for gold in golds)
    start = golds[0].get("answer_start", 0)  # often missing, sometimes wrong
    start = start if text.startswith(answers[0], start) else text.find(answers[0])
    return Case(qa["question"], answers, paragraph, start)


def evaluate(
    paths: Sequence[str],
    embedder: Embedder,
    reader: Reader | None = None,
    *,
    half: int | None = None,
    questions: int | None = None,
    intervals: bool = False,
    ablate: bool = False,
    errors: int = 0,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Return the contract's figures over `paths`, pooled, with each file's under `files`.

    Every answerable question is asked twice: with its paragraph in the archive, and with it taken
    out together with any other of the same words, which would answer as well. Then it counts as
    having no answer (`no_answer`), even where another paragraph repeats the sentence that answers,
    as often in ARCD; for `no_answer_unsaid` those are taken out too. Questions marked impossible
    are asked as they are. A paragraph of the same words as the gold one is right as well. For what
    the figures mean see `metrics.Tally`.

    `half` 1 or 2 keeps the questions of the first or second half of a file's paragraphs, in file
    order; all paragraphs stay in the archive. `questions` keeps a seeded sample of at most so many
    a file; `sample` then says how many of how many. `intervals` adds what `metrics.intervals`
    gives; `ablate` asks all again without each of `engine.STAGES` and adds, as `ablation`, what
    `metrics.differences` gives; `errors` adds so many of the worst `ablate.Miss`es.
    Raises `InputError` naming a file that cannot be used.
    """
    stages = STAGES if ablate else ()
    files = {path: _read_half(path, half) for path in paths}  # a bad one is told before the work
    runs = {}
    for path, (paragraphs, cases) in files.items():
        asked = _sample(cases, questions)
        with opened(paragraphs, embedder, reader, progress) as archive:
            tally, misses = ask_all(archive, asked, progress=progress)
            without = {stage: ask_all(archive, asked, stage, progress)[0] for stage in stages}
        runs[path] = Run(tally, len(asked), len(cases), without, {path: misses})

    def report(run: Run) -> dict[str, Any]:
        figures = run.tally.report()
        if questions is not None:
            figures["sample"] = {"questions": run.asked, "of": run.there}
        if intervals:
            figures["intervals"] = metrics.intervals(run.tally)
        if ablate:
            figures["ablation"] = metrics.differences(run.tally, run.stages)
        return figures

    pooled = Run.pooled(list(runs.values()))
    figures = report(pooled)
    if errors:
        figures["errors"] = pooled.worst(errors)
    if len(runs) > 1:
        figures["files"] = {path: report(run) for path, run in runs.items()}
    return figures


def _read_half(path: str, half: int | None) -> tuple[list[tuple[str, str]], list[Case]]:
    paragraphs, cases = read_squad(path)
    if half is not None:
        middle = len(paragraphs) / 2
        cases = [case for case in cases if (case.paragraph >= middle) == (half == 2)]
        if not cases:
            raise InputError(path, f"has no question in its half {half}")
    return paragraphs, cases


def _sample(cases: Sequence[Case], limit: int | None) -> Sequence[Case]:
    if limit is None or limit >= len(cases):
        return cases
    chosen = np.random.default_rng(SEED).choice(len(cases), limit, replace=False)
    return [cases[i] for i in sorted(chosen)]


# --- for people ---------------------------------------------------------------------------------


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a report of `evaluate` as text: a column a file, then the stages, then the misses."""
    if sample := report.get("sample"):
        yield f"a sample: {sample['questions']} of {sample['of']} questions"
    files = report.get("files", {})
    columns = [dict(_flat(one)) for one in (report, *files.values())]
    names = list(dict.fromkeys(name for column in columns for name in column))
    rows = [[name, *(column.get(name, "-") for column in columns)] for name in names]
    heading = [["", "all", *(Path(path).name for path in files)]] if files else []
    yield from _table(heading + rows)
    if stages := report.get("ablation"):
        yield ""
        yield from _table([["turned off", *metrics.COMPARED], *map(_stage, stages)])
    for number, miss in enumerate(report.get("errors", ()), 1):
        yield ""
        yield from _miss(number, miss)


def _flat(report: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, figure in report.items():
        if name in ("sample", "ablation", "errors", "files"):
            continue
        if isinstance(figure, dict):
            yield from _flat(figure, f"{prefix}{name} ")
        elif figure is not None:
            yield f"{prefix}{name}", str(figure)


def _stage(row: Mapping[str, Any]) -> list[str]:
    """The figure without a stage, its difference to the full run's, and that one's interval."""
    cells = [row["stage"]]
    for name in metrics.COMPARED:
        low, high = row["interval"][name]
        cells.append(f"{row[name]:.3f} {row['difference'][name]:+.3f} [{low:+.3f}, {high:+.3f}]")
    return cells


def _miss(number: int, miss: Mapping[str, Any]) -> Iterator[str]:
    yield f"{number}. {miss['question']}"
    yield f"   {Path(miss['file']).name}, confidence {miss['confidence']}"
    yield f"   answer    {' | '.join(miss['answers'])}"
    ranks = [miss["sentence_rank"] or "-", miss["paragraph_rank"] or "-"]
    yield f"   right     {miss['gold_sentence']}"
    yield f"             (sentence ranked {ranks[0]}, paragraph {ranks[1]})"
    if miss["quoted"] is not None:
        yield f"   quoted    {miss['quoted']}"
        yield f"             ({miss['quoted_title']})"
    signs = {name: one for name, one in miss["signs"].items() if one}
    names = list(dict.fromkeys(name for one in signs.values() for name in one))
    rows = [[which, *(str(one.get(name, "-")) for name in names)] for which, one in signs.items()]
    yield from (f"   {line}" for line in _table([["signs", *names], *rows]) if signs)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
