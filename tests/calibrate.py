"""Fits the confidence of `index.answer`: `python -m tests.calibrate ARCD.json`.

Asks the questions of the first half of a SQuAD-format file, each also with its paragraph taken
out, and our own questions over the sample archive; fits a logistic model of `answer.evidence` to
"one of three quotes holds the answer" and prints its weights, with figures for both and, where the
file's second half is asked, for questions it has not seen.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.demo import fill
from index import answer, store
from index.engine import Engine, Found, embedder_of
from index.evaluate import auroc, holds, read_squad
from index.metrics import expected_calibration_error
from index.settings import Settings, load_settings

OWN = Path(__file__).parent / "quality" / "questions.jsonl"
OWN_TIMES = 4  # how often each of our own questions counts beside one of the file's

Row = tuple[
    dict[str, float], bool, bool
]  # evidence, the answer is there, one of three quotes holds it


def row(found: Found, answers: list[str]) -> Row | None:
    """What a question tells the model; None where nothing was found at all."""
    if not found.candidates:
        return None
    held = any(holds(quote.text, answers) for quote in answer.quotes(found.candidates, limit=3))
    return answer.evidence(found.candidates), bool(answers), held


def own_rows(embedder) -> list[Row]:
    with tempfile.TemporaryDirectory() as home, Engine(Settings(home=Path(home)), embedder) as e:
        fill(e)
        asked = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
        rows = [row(e.find(one["question"]), one["answers"]) for one in asked]
    return [one for one in rows if one]


def squad_rows(path: str, embedder) -> tuple[list[Row], list[Row]]:
    paragraphs, cases = read_squad(path)
    halves: tuple[list[Row], list[Row]] = ([], [])
    with tempfile.TemporaryDirectory() as home, Engine(Settings(home=Path(home)), embedder) as e:
        items = [
            {"title": title, "text": text, "url": f"squad:{number}"}
            for number, (title, text) in enumerate(paragraphs)
        ]
        file = Path(home) / "paragraphs.json"
        file.write_text(json.dumps(items), encoding="utf-8")
        e.add([str(file)])
        with e.db.read() as connection:
            ids = [ref.id for ref in store.refs(connection)]
            passages = [
                (one.id, int(str(one.article.url).removeprefix("squad:")))
                for one in store.passage_rows(connection, article_ids=ids)
            ]
        for case in cases:
            half = halves[case.paragraph >= len(paragraphs) / 2]
            others = [id_ for id_, paragraph in passages if paragraph != case.paragraph]
            for one in (
                row(e.find(case.question), list(case.answers)),
                row(e.find(case.question, among=others), []),
            ):
                if one:
                    half.append(one)
    return halves


def main(path: str) -> None:
    embedder = embedder_of(load_settings())
    first, second = squad_rows(path, embedder)
    own = own_rows(embedder)
    fitted = first + OWN_TIMES * own
    names = list(fitted[0][0])

    def matrix(rows: list[Row]) -> np.ndarray:
        return np.array([[one[0][name] for name in names] for one in rows])

    model = LogisticRegression(C=10, max_iter=1000)
    model.fit(matrix(fitted), [one[2] for one in fitted])
    print({name: round(float(w), 2) for name, w in zip(names, model.coef_[0], strict=True)})
    print("BIAS", round(float(model.intercept_[0]), 2))
    for name, rows in (("first half", first), ("second half", second), ("own", own)):
        chance = model.predict_proba(matrix(rows))[:, 1]
        there = np.array([one[1] for one in rows])
        held = np.array([one[2] for one in rows])
        print(name, "AUROC", auroc(list(chance[there]), list(chance[~there])), end=" ")
        print("of the right quote", auroc(list(chance[held]), list(chance[~held])), end=" ")
        print("ECE", round(expected_calibration_error(chance, held), 3))
        for threshold in (0.25, 0.3, 0.33, 0.36, 0.4, 0.45):
            answered, refused = chance[there] >= threshold, chance[~there] < threshold
            right = held[chance >= threshold]
            print(
                f"  from {threshold}: answered {answered.mean():.3f}, refused "
                f"{refused.mean():.3f}, balanced {(answered.mean() + refused.mean()) / 2:.3f}, "
                f"right when answered {right.mean():.3f}"
            )


if __name__ == "__main__":
    main(sys.argv[1])
