"""The training questions written for Isnad: articles and questions in a plain text format. Pure.

    = title | source | 2031-05-12
    a paragraph
    another paragraph
    ? a question in Standard Arabic => its answer, as it stands in the text
    ?eg the same in a dialect => answer
    ! a question that the article does not answer

An article ends where the next one begins. Dialects: eg (Egyptian), lv (Levantine), gl (Gulf),
mg (Maghrebi). `python -m index.training.written FILE...` checks files and counts what they hold.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from index.model import InputError

VARIETIES = ("", "eg", "lv", "gl", "mg")
_LINE = re.compile(rf"([?!])({'|'.join(VARIETIES)}) (.+)")


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question; `answer` is None where the article does not answer it."""

    text: str
    variety: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """An article as written, its paragraphs joined by line ends."""

    title: str
    source: str
    date: str
    text: str
    questions: list[WrittenQuestion] = field(default_factory=list)


def parse(path: str, content: str) -> list[WrittenArticle]:
    """Read the articles of a file. Raises InputError naming the line that is wrong."""
    articles: list[WrittenArticle] = []
    head: list[str] = []
    paragraphs: list[str] = []
    questions: list[WrittenQuestion] = []

    def close() -> None:
        if head:
            title, source, date = head
            text = "\n".join(paragraphs)
            articles.append(WrittenArticle(title, source, date, text, list(questions)))
        paragraphs.clear()
        questions.clear()

    for number, raw in enumerate(content.splitlines(), 1):
        line = raw.strip()
        where = f"{path}:{number}"
        if line.startswith("= "):
            close()
            head = [part.strip() for part in line[2:].split("|")]
            if len(head) != 3 or not re.fullmatch(r"\d{4}-\d\d-\d\d", head[2]):
                raise InputError(where, "expected «= title | source | YYYY-MM-DD»")
        elif line.startswith(("?", "!")):
            questions.append(_question(where, line, "\n".join(paragraphs)))
        elif line:
            if questions or not head:
                raise InputError(where, "a paragraph must stand between a title and its questions")
            paragraphs.append(line)
    close()
    return articles


def _question(where: str, line: str, text: str) -> WrittenQuestion:
    match = _LINE.fullmatch(line)
    if match is None:
        raise InputError(where, f"expected a mark of {', '.join(VARIETIES[1:])} or none: {line}")
    kind, variety, rest = match.groups()
    question, arrow, answer = (part.strip() for part in rest.partition("=>"))
    if kind == "!":
        if arrow:
            raise InputError(where, "a question without an answer has an answer")
        return WrittenQuestion(question, variety, None)
    if not answer or answer not in text:
        raise InputError(where, f"the answer does not stand in the article: «{answer}»")
    return WrittenQuestion(question, variety, answer)


def read(path: Path) -> list[WrittenArticle]:
    """Read the articles of the file at `path`. Raises InputError."""
    try:
        return parse(path.name, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}") from error


if __name__ == "__main__":
    for name in sys.argv[1:]:
        found = read(Path(name))
        marks = Counter(
            ("? " if q.answer is not None else "! ") + q.variety for a in found for q in a.questions
        )
        counts = ", ".join(f"{count} {mark}".strip() for mark, count in sorted(marks.items()))
        print(f"{name}: {len(found)} articles; {counts}")
