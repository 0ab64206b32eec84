"""Fits the confidence of `index.answer`: `python -m tests.calibrate ARCD.json [--reader off]`.

Asks questions of the first half of a SQuAD-format file, each also with its paragraph taken out (and
those that repeat it), and our own questions over the sample archive; fits logistic models of
`answer.evidence` to "one of three quotes holds the answer" and to "the answer is there" and prints
the mean of their weights, with what ten-fold cross-validation says of them; with the reader half of
the models know no `words`. Then only those paragraphs are asked about that its training leaves out,
and a sample of the questions written for it that it leaves out too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.demo import fill
from index import answer
from index.ablate import Archive, Case, holds, opened
from index.engine import Engine, embedder_of, reader_of
from index.evaluate import read_squad
from index.metrics import auroc, expected_calibration_error
from index.quotes import quotes
from index.settings import Settings, load_settings
from index.training import examples
from tests.quality_figures import QUALITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.embed import Embedder
    from index.finding import Found
    from index.reader import Reader

Row = tuple[
    dict[str, float], bool, bool
]  # evidence, the answer is there, one of three quotes holds it

UNREAD = ["context", "dense", "words", "lead", "cue", "person"]
READ = ["answerable", "margin", "context", "dense", "cue", "words"]


SAMPLE = 400  # of 1,469 written questions


def row(found: Found, answers: tuple[str, ...]) -> list[Row]:
    """What a question tells the model; nothing where nothing was found at all."""
    if not found.candidates:
        return []
    held = any(holds(quote.text, answers) for quote in quotes(found.candidates, limit=3))
    return [(answer.evidence(found.candidates), bool(answers), held)]


def own_rows(embedder: Embedder, reader: Reader | None) -> list[Row]:
    lines = (QUALITY / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    with (
        tempfile.TemporaryDirectory() as home,
        Engine(Settings(home=Path(home)), embedder, reader) as engine,
    ):
        fill(engine)
        asked = map(json.loads, lines)
        return [
            r for one in asked for r in row(engine.find(one["question"]), tuple(one["answers"]))
        ]


def written_rows(embedder: Embedder, reader: Reader) -> list[Row]:
    """A sample of the questions that were written for the reader and kept from its training.

    As in ARCD each paragraph is an article: without the one that answers, others of the same
    subject are left.
    """
    paragraphs: dict[tuple[str, str], int] = {}
    asked = []
    for one in examples.ours():
        if not one.held_out:
            continue
        lines = one.text.split("\n")
        places = [paragraphs.setdefault((one.title, line), len(paragraphs)) for line in lines]
        if one.answer is None:
            asked.append(Case(one.question, (), places[0]))
        else:
            before = one.text[: one.answer[0]]
            start = len(before) - (before.rfind("\n") + 1)
            answer_ = one.text[slice(*one.answer)]
            asked.append(Case(one.question, (answer_,), places[before.count("\n")], start))
    chosen = np.random.default_rng(0).choice(len(asked), SAMPLE, replace=False)
    with opened(list(paragraphs), embedder, reader) as archive:
        return rows_of(archive, [asked[i] for i in sorted(chosen)])


def squad_rows(path: str, embedder: Embedder, reader: Reader | None) -> list[Row]:
    paragraphs, cases = read_squad(path)
    left_out = {one.text for one in examples.arcd(Path(path)) if one.held_out}
    asked = [
        case
        for case in cases
        if case.paragraph < len(paragraphs) / 2
        and (reader is None or paragraphs[case.paragraph][1] in left_out)
    ]
    with opened(paragraphs, embedder, reader) as archive:
        return rows_of(archive, asked)


def rows_of(archive: Archive, asked: Sequence[Case]) -> list[Row]:
    """What each question tells, and what an answerable one tells without its paragraph."""
    found = []
    for case in asked:
        found += row(archive.engine.find(case.question), case.answers)
        if case.answers:
            others = archive.passages_but(archive.repeats(case))
            found += row(archive.engine.find(case.question, among=others), ())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("arcd")
    parser.add_argument("--reader", choices=["on", "off"], default="on")
    arguments = parser.parse_args()
    settings = load_settings()
    embedder = embedder_of(settings)
    reader = reader_of(settings) if arguments.reader == "on" else None
    parts = {
        "ARCD": squad_rows(arguments.arcd, embedder, reader),
        "own": own_rows(embedder, reader),
    }
    if reader is not None:
        parts["written"] = written_rows(embedder, reader)
    rows = [one for part in parts.values() for one in part]
    # the parts count alike, however many questions they have
    shares = np.concatenate([np.full(len(part), len(rows) / len(part)) for part in parts.values()])
    held = np.array([one[2] for one in rows])
    there = np.array([one[1] for one in rows])
    sets = [UNREAD] if reader is None else [READ, READ[:-1]]
    fits = [fitted(rows, names, aim, shares) for names in sets for aim in (held, there)]
    print({k: round(sum(w.get(k, 0.0) for w, _ in fits) / len(fits), 2) for k in fits[0][0]})
    chance = 1 / (1 + np.exp(-np.mean([logits for _, logits in fits], axis=0)))
    begin = 0
    for name, part in parts.items():
        own = slice(begin, begin + len(part))
        begin += len(part)
        tell(name, chance[own], there[own], held[own])


def fitted(
    rows: Sequence[Row], names: Sequence[str], aim: np.ndarray, shares: np.ndarray
) -> tuple[dict[str, float], np.ndarray]:
    """A model of `aim` by these names: its weights with the bias, and cross-validated logits."""
    evidence = np.array([[one[0][name] for name in names] for one in rows])
    model = LogisticRegression(C=1, max_iter=5000)
    logits = cross_val_predict(
        model, evidence, aim, cv=10, method="decision_function", params={"sample_weight": shares}
    )
    model.fit(evidence, aim, sample_weight=shares)
    weights = dict(zip(names, model.coef_[0].tolist(), strict=True))
    return {**weights, "bias": float(model.intercept_[0])}, logits


def tell(name: str, chance: np.ndarray, there: np.ndarray, held: np.ndarray) -> None:
    present, absent = chance[there], chance[~there]
    print(name, f"AUROC {auroc(list(present), list(absent)):.3f}", end=" ")
    print(f"ECE {expected_calibration_error(chance, held):.3f}")
    for threshold in np.arange(0.2, 0.61, 0.05):
        answered, refused = (present >= threshold).mean(), (absent < threshold).mean()
        right = held[chance >= threshold].mean()
        print(
            f"  from {threshold:.2f}: answered {answered:.3f}, refused {refused:.3f}, balanced "
            f"{(answered + refused) / 2:.3f}, right when answered {right:.3f}"
        )


if __name__ == "__main__":
    main()
