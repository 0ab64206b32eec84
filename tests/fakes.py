"""Stand-ins for the slow and the outside, written by hand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.clock import EVERY_DAY
from bot.store import READERS, Store
from bot.store.chats import Chat
from index.db import Database
from index.model import (
    Answer,
    Article,
    ArticleRef,
    Change,
    NotFoundError,
    Quote,
    Story,
    TopicMatch,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def a_store(folder: Path) -> Store:
    """The readers' database in a folder; whoever asks for it closes it."""
    return Store(Database(folder / "bot.db", READERS))


def chat(number: int = 7) -> Chat:
    """A person of whom nothing is known; `dataclasses.replace` sets what they chose."""
    unset = "lang digits city zone quotes quiet_from quiet_until digest_at next_digest digest_done"
    return Chat(
        number,
        "private",
        "active",
        digest_days=EVERY_DAY,
        digest_quiet_day="say",
        created_at="2026-01-01T00:00:00+00:00",
        **dict.fromkeys(unset.split()),  # type: ignore[arg-type]
    )


def article(number: int = 1, **changes: object) -> ArticleRef:
    """An article to cite."""
    given: dict[str, object] = {
        "id": number,
        "title": f"عنوان المقال رقم {number}",
        "source": "وكالة الأنباء",
        "url": f"https://example.org/news/{number}",
        "published": "2023-03-16",
    }
    return ArticleRef(**{**given, **changes})  # type: ignore[arg-type]


def quote(
    text: str = "وقع الزلزال فجرًا. كانت قوته 7.8 درجات. وشعر به السكان.",
    *highlights: tuple[int, int],
    of: ArticleRef | None = None,
    also_in: tuple[ArticleRef, ...] = (),
) -> Quote:
    """A quote; its middle sentence is highlighted where `highlights` are not given."""
    start = text.find("كانت")
    spans = highlights or (((start, text.index(".", start + 15) + 1),) if start >= 0 else ())
    return Quote(text, 0, len(text), spans, 1.0, of or article(), also_in)


def answered(*quotes: Quote) -> Answer:
    """An answer of these quotes."""
    return Answer("سؤال", True, 0.9, quotes or (quote(),))


def refused(*nearest: ArticleRef) -> Answer:
    """«لا أجد جوابًا», with the nearest articles."""
    return Answer("سؤال", False, 0.1, nearest=nearest)


class Stored(dict[int, Article]):
    """Articles by number; called, as they are cited."""

    def __call__(self) -> list[ArticleRef]:
        return [article.ref for article in self.values()]


class NoTopics:
    """What is followed over an archive of which nothing is known."""

    model = "none"

    def source(self, _text: str) -> None:
        return None

    def sources(self) -> list[str]:
        return []

    def encode(self, _text: str) -> bytes:
        return b""

    def index(self) -> None:
        return None

    def put(self, _index: None, _topics: object) -> None:
        return None

    def preview(self, _text: str, **_period: str) -> list[TopicMatch]:
        return []


@dataclass
class FakeAsker:
    """An archive that answers from a script, waits to be released, or fails.

    A question in `holds` waits in its thread until its event is set (10 s at most, so that a
    failing test ends).
    """

    answers: dict[str, Answer | Exception] = field(default_factory=dict)
    holds: dict[str, threading.Event] = field(default_factory=dict)
    articles: Stored = field(default_factory=Stored)
    asked: list[str] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)  # how many questions came at a time
    started: threading.Event = field(default_factory=threading.Event)
    log: list[Change] = field(default_factory=list)
    told: list[Story] = field(default_factory=list)
    topics: NoTopics = field(default_factory=NoTopics)

    def refresh(self) -> None:
        """There is nothing to embed."""

    def release(self) -> None:
        """Let every question go that waits."""
        for hold in self.holds.values():
            hold.set()

    def ask(self, question: str, *, limit: int = 3) -> Answer:
        self.asked.append(question)
        self.started.set()
        if question in self.holds:
            self.holds[question].wait(10)
        answer = self.answers.get(question) or answered()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def ask_many(self, asked: Sequence[str], *, limit: int = 3) -> list[Answer]:
        self.batches.append(len(asked))
        return [self.ask(question, limit=limit) for question in asked]

    def changes(self, after: int, limit: int) -> list[Change]:
        return [change for change in self.log if change.seq > after][:limit]

    def stories(self, since: str | None = None, until: str | None = None) -> list[Story]:
        return [one for one in self.told if (one.last or "") >= (since or "")]

    def article(self, article: int) -> Article:
        if article not in self.articles:
            raise NotFoundError(f"no article {article}")
        return self.articles[article]
