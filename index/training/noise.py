"""Questions as people type them: without hamza or vowels, in dialect, with names misspelt. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_LETTERS = str.maketrans("أإآةىئؤ", "اااهييو")
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")

_DIALECT = [
    (re.compile(rf"(?<!\w)(?:{standard})(?!\w)"), others.split())
    for standard, others in (
        ("من هو|من هي|من الذي|من التي|من", "مين منو شكون مين_اللي"),
        ("متى", "إمتى إيمتى امتا وقتاش شوكت"),
        ("أين|اين", "فين وين فاين"),
        ("لماذا|لم", "ليه ليش علاش عشان_إيه"),
        ("كيف", "إزاي كيفاش شلون"),
        ("كم", "كام قديش قد_إيه شحال جم"),
        ("ما هو|ما هي|ماذا|ما", "إيه شو شنو واش وش ايش"),
    )
]
_SWAPS = ["سص", "تط", "ضظ", "دض", "ذز", "قك", "غج", "ثس", "هة"]


def noisy(question: str, rng: random.Random) -> str:
    """Return the question with, by chance, some of the noise of a phone keyboard."""
    question = _MARKS.sub("", question) if rng.random() < 0.8 else question
    if rng.random() < 0.25:
        question = _in_dialect(question, rng)
    if rng.random() < 0.3:
        question = question.translate(_LETTERS)
    if rng.random() < 0.15:
        question = _misspelt(question, rng)
    if rng.random() < 0.3:
        question = question.rstrip("؟? ")
    return question


def _in_dialect(question: str, rng: random.Random) -> str:
    for pattern, others in _DIALECT:
        if pattern.search(question):
            word = rng.choice(others).replace("_", " ")
            return pattern.sub(word, question, count=1)
    return question


def _misspelt(question: str, rng: random.Random) -> str:
    """The question with one letter of a longer word dropped, doubled or taken for its like."""
    words = question.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= 5 and i > 0]
    if not long:
        return question
    i = rng.choice(long)
    word = words[i]
    at = rng.randrange(2, len(word) - 1)
    like = [pair.replace(word[at], "") for pair in _SWAPS if word[at] in pair]
    how = rng.random()
    if how < 0.4:
        word = word[:at] + word[at + 1 :]
    elif how < 0.6 or not like:
        word = word[:at] + word[at] + word[at:]
    else:
        word = word[:at] + rng.choice(like) + word[at + 1 :]
    words[i] = word
    return " ".join(words)
