"""What a bot counts of itself, as a page for Prometheus.

Labels are words of small closed sets: no chat, question, token or address is ever one. What SQL
knows is not counted twice: `bot.metrics.states` reads it when the page is asked for.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import metadata
from typing import TYPE_CHECKING, Final, Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.bridge import BusyError
from bot.metrics.states import ArchiveStates, ReaderStates
from index.timing import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from prometheus_client.metrics_core import Metric

    from bot.store import Store
    from index.engine import Engine
    from index.model import AddReport, Answer

log = logging.getLogger(__name__)

Where = Literal["private", "group", "inline"]
Outcome = Literal["answered", "refused", "busy", "error"]

STAGES: Final = ("turn", "queue", *STEPS, "send", "total")
"""Where an answer's time goes: the chat's turn, a free thread, the archive's steps, the sending."""

INGESTED: Final = {
    "added": "added",
    "updated": "updated",
    "unchanged": "unchanged",
    "duplicates": "reprint",
    "rejected": "rejected",
    "withdrawn": "withdrawn",
}
"""What may become of an article that comes in: the counts of an `AddReport`, and their names."""

METHODS: Final = ("poll", "send", "edit", "answer", "other")
OUTCOMES: Final = ("ok", "refused", "flood", "server_error", "unreachable")

BEGUN: ContextVar[float | None] = ContextVar("when the update at hand came", default=None)
"""As `time.perf_counter` says it."""

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

_KEPT = 1.0
_SHARE = 0.05  # of one core's time, at most, for pages however often they are asked for


class Metrics:
    """One bot's. Its methods may be called from any thread."""

    def __init__(self) -> None:
        """Count from nothing, in a registry of its own."""
        self.registry = _Registry()
        Info("isnad_build", "Which Isnad this is.", registry=self.registry).info(
            {"version": version()}
        )
        ProcessCollector(registry=self.registry)
        self.updates = Counter(
            "isnad_updates",
            "Updates taken from Telegram, each once.",
            registry=self.registry,
        )
        self._questions = Counter(
            "isnad_questions",
            "Questions, by where they were asked and what became of them.",
            ("where", "outcome"),
            registry=self.registry,
        )
        seconds = Histogram(
            "isnad_answer_seconds",
            "Seconds that a question spends in each stage on the way to its answer.",
            ("stage",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._ingested = Counter(
            "isnad_ingested_articles",
            "Articles that came in through this process, by what became of them.",
            ("outcome",),
            registry=self.registry,
        )
        self._calls = Counter(
            "isnad_telegram_calls",
            "Calls of the Bot API, by the class of their method and their outcome.",
            ("method", "outcome"),
            registry=self.registry,
        )
        self._told_to_wait = Counter(
            "isnad_telegram_flood_wait_seconds",
            "Seconds that Telegram's 429s have told the bot to wait, all added up.",
            registry=self.registry,
        )
        # Made now, so that they stand at 0 and not nowhere before the first.
        self._seconds = {stage: seconds.labels(stage) for stage in STAGES}
        for where in get_args(Where):
            for outcome in get_args(Outcome):
                self._questions.labels(where, outcome)
        for name in INGESTED.values():
            self._ingested.labels(name)
        for method in METHODS:
            for answer in OUTCOMES:
                self._calls.labels(method, answer)
        self._rendering = threading.Lock()
        self._page, self._good_until = b"", 0.0

    def of_archive(self, engine: Engine) -> None:
        """Tell how this archive fares as well, and how long its steps take. Once."""
        engine.watch = self.stage
        self.registry.register(ArchiveStates(engine))

    def of_readers(self, store: Store, now: Callable[[], datetime]) -> None:
        """Tell what these readers are owed as well. Once."""
        self.registry.register(ReaderStates(store, now))

    def page(self) -> tuple[bytes, str]:
        """The page and its content type. It reads SQL: to be called off the event loop.

        It is kept for a second or so, longer where an archive is so large that it takes long.
        """
        with self._rendering:
            begun = time.monotonic()
            if begun >= self._good_until:
                self._page = generate_latest(self.registry)
                now = time.monotonic()
                self._good_until = now + max(_KEPT, (now - begun) / _SHARE)
            return self._page, CONTENT_TYPE_LATEST

    @contextmanager
    def question(self, where: Where) -> Iterator[Question]:
        """Count the question that is answered in the block, and note how long it took.

        Not one that ends without an answer or an error: it was given up, or refused as `busy`.
        """
        now = time.perf_counter()
        asked = Question(BEGUN.get() or now)
        self.stage("turn", 1, now - asked.begun)
        try:
            yield asked
        except BusyError:
            raise
        except Exception:
            self._over(where, "error", asked.begun)
            raise
        if asked.outcome is not None:
            self.stage("send", 1, time.perf_counter() - asked.answered_at)
            self._over(where, asked.outcome, asked.begun)

    def _over(self, where: Where, outcome: Outcome, begun: float) -> None:
        took = time.perf_counter() - begun
        self.stage("total", 1, took)
        self._questions.labels(where, outcome).inc()
        log.debug("a question (%s) was over after %.0f ms: %s", where, 1000 * took, outcome)

    def busy(self, where: Where) -> None:
        """Count a question that was not taken: there was no room for it."""
        self._questions.labels(where, "busy").inc()

    def stage(self, stage: str, questions: int, seconds: float) -> None:
        """Note how long one of `STAGES` took questions that went through it together."""
        seconds_of = self._seconds[stage]
        for _ in range(questions):
            seconds_of.observe(seconds)

    def ingested(self, report: AddReport) -> None:
        """Count what came into the archive."""
        for field, name in INGESTED.items():
            self._ingested.labels(name).inc(getattr(report, field))

    def called(self, method: str, outcome: str, wait: float = 0.0) -> None:
        """Count a call of the Bot API (`METHODS`, `OUTCOMES`); `wait` is what a 429 asks for."""
        self._calls.labels(method, outcome).inc()
        self._told_to_wait.inc(wait)


class Question:
    """A question on the way to its answer."""

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.outcome: Outcome | None = None
        self.answered_at = begun

    def answered(self, answer: Answer) -> None:
        """The archive has said this; what follows is sending it."""
        self.outcome = "answered" if answer.answered else "refused"
        self.answered_at = time.perf_counter()


class _Registry(CollectorRegistry):
    """Without the moments at which each counter was made: half as many series again, unused."""

    def collect(self) -> Iterator[Metric]:
        for metric in super().collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


def version() -> str:
    """The version of Isnad that is installed."""
    return metadata.version("isnad")
