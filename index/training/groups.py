"""Examples as what one training step sees: a question with a right window and wrong ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.reader import header
from index.training import windows
from index.training.noise import noisy

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from index.training.examples import Example
    from index.training.windows import Window

MAX_TOKENS = 288


@dataclass(frozen=True, slots=True)
class Text:
    """A question and a window as tokens; the window's own begin at `body`.

    `answer` holds the first and last token of the answer, or is None.
    """

    ids: list[int]
    body: int
    answer: tuple[int, int] | None


def group(
    tokenizer: Tokenizer,
    examples: Sequence[Example],
    nearest: Sequence[Sequence[int]],
    at: int,
    negatives: int,
    rng: random.Random,
    *,
    noise: bool = True,
) -> list[Text]:
    """Return the texts of one question: the right one first, where there is one.

    The wrong ones are other sentences of its own text, or of its look-alikes, the nearer the
    likelier.
    """
    example = examples[at]
    question = noisy(example.question, rng) if noise and example.arabic else example.question
    shown = [windows.around(example, rng)] if example.answer is not None else []
    for _ in range(negatives):
        own = rng.random() < 0.35 or not nearest[at] or not shown
        wrong = windows.beside(example, rng) if own else None
        if wrong is None and nearest[at]:
            place = int(len(nearest[at]) * rng.random() ** 2)
            wrong = _anywhere(examples[nearest[at][place]], rng)
        if wrong is not None and all(wrong.text != other.text for other in shown):
            shown.append(wrong)
    return [tokenize(tokenizer, question, window) for window in shown]


def _anywhere(example: Example, rng: random.Random) -> Window:
    window = windows.around(example, rng) if example.answer else windows.beside(example, rng)
    if window is None:
        return windows.Window(example.title, example.date, example.text, None)
    return windows.Window(window.title, window.date, window.text, None)


def tokenize(tokenizer: Tokenizer, question: str, window: Window) -> Text:
    """Return the tokens of a question and a window; an answer past the limit is no answer."""
    head = header(window.title, window.date)
    encoded = tokenizer.encode(question, head + window.text)
    places = [
        (start - len(head), end - len(head)) if sequence == 1 else (-1, -1)
        for (start, end), sequence in zip(encoded.offsets, encoded.sequence_ids, strict=True)
    ]
    body = next((i for i, (_, end) in enumerate(places) if end > 0), len(places))
    answer = None
    if window.answer is not None:
        # a token's last character says where it belongs (see `index.encoding.encode`)
        start, end = window.answer
        inside = [i for i, (_, e) in enumerate(places) if start < e <= end]
        # a word's last token may reach past an answer that ends inside it
        across = [i for i, (s, e) in enumerate(places) if s < end < e and s >= 0]
        inside += across if not inside or across[:1] == [inside[-1] + 1] else []
        answer = (inside[0], inside[-1]) if inside else None
    ids = encoded.ids[:MAX_TOKENS]
    if answer is not None and answer[1] >= len(ids) - 1:
        answer = None
    return Text(ids, min(body, len(ids) - 1), answer)
