"""The questions the reader learns from: TyDi QA, the first half of ARCD, and those we wrote.

What is set aside for measuring is never read here: ARCD's second half (nor paragraphs of the
first half that the second repeats), MLQA, AQAD, and the product's own test questions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.model import InputError
from index.training import written

Span = tuple[int, int]

HELD_OUT = 10
"""Every so manieth article of ARCD is kept from training, to choose by."""

_HELD_OUT = {  # and so are these files of ours
    *("lives-09", "lives-10", "topics-09", "topics-10"),
    *("places-09", "said-09", "siblings-09", "works-09"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a text; `answer` is where the answer stands in it, None where it does not."""

    question: str
    title: str
    date: str  # ISO, or empty
    text: str
    answer: Span | None
    group: str  # texts of one group are searched for look-alikes
    held_out: bool = False

    @property
    def arabic(self) -> bool:
        """Whether the question is in Arabic."""
        return self.group == "ar"


def languages(qa: Path) -> list[Example]:
    """Return the first stage's examples below the folder `qa`. Raises InputError."""
    return tydi(qa / "tydi") + arcd(qa / "arcd.json")


def arabic(qa: Path) -> list[Example]:
    """Return the second stage's examples. Raises InputError."""
    return arcd(qa / "arcd.json") + ours("first")


def closer(qa: Path) -> list[Example]:
    """Return the third stage's examples. Raises InputError."""
    return arcd(qa / "arcd.json") + ours("second")


def tydi(folder: Path) -> list[Example]:
    """Return TyDi QA GoldP in every language there is; it holds no Arabic here."""
    examples = []
    for path in sorted(folder.glob("*.json")):
        group = path.name.split("_")[0]
        for _, found in _squad(path, group):
            examples += found
    return examples


def arcd(path: Path) -> list[Example]:
    """Return the questions of the first half of ARCD's articles, MIT-licensed by its authors."""
    articles = _squad(path, "ar")
    middle = len(articles) // 2
    # halves are counted by articles here and by paragraphs in `isnad eval`: keep to both
    paragraphs = sum(number for number, _ in articles)
    later = {example.text for _, found in articles[middle:] for example in found}
    examples, seen = [], 0
    for place, (number, found) in enumerate(articles[:middle]):
        seen += number
        if seen > paragraphs // 2:
            break
        examples += [
            replace(example, held_out=place % HELD_OUT == 0)
            for example in found
            if example.text not in later
        ]
    return examples


def ours(part: str = "*") -> list[Example]:
    """Return the questions written for Isnad, which lie beside this file in two parts."""
    examples = []
    for path in sorted((Path(__file__).parent / "written").glob(f"{part}/*.txt")):
        for place, article in enumerate(written.read(path)):
            for asked in article.questions:
                answer = None
                if asked.answer is not None:
                    start = article.text.index(asked.answer)
                    answer = (start, start + len(asked.answer))
                examples.append(
                    Example(
                        asked.text,
                        article.title,
                        article.date,
                        article.text,
                        answer,
                        "ar",
                        held_out=path.stem in _HELD_OUT
                        or (place == 0 and path.stem.endswith(("-01", "-06"))),
                    )
                )
    return examples


def _squad(path: Path, group: str) -> list[tuple[int, list[Example]]]:
    """Each article of a SQuAD-format file: the number of its paragraphs, and its examples."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))["data"]
        return [
            (
                len(article["paragraphs"]),
                [
                    _example(article.get("title", ""), paragraph["context"], qa, group)
                    for paragraph in article["paragraphs"]
                    for qa in paragraph["qas"]
                    if qa["answers"]
                ],
            )
            for article in data
        ]
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(str(path), f"is not in SQuAD format ({error!r})") from error


def _example(title: str, text: str, qa: dict[str, Any], group: str) -> Example:
    first = qa["answers"][0]
    start = first["answer_start"]
    if text[start : start + len(first["text"])] != first["text"]:
        start = text.find(first["text"])  # ARCD has a few offsets that are off
    answer = (start, start + len(first["text"])) if start >= 0 else None
    return Example(
        str(qa["question"]).strip(" -"), title.replace("_", " "), "", text, answer, group
    )
