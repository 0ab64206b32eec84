"""The one door to the archive: `open_engine(...)` gives an `Engine`.

SQL is the truth; the search indexes are caches, brought up to date before each question.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TYPE_CHECKING

from index import answer, bundled, ingest, periods, questions, rank, search, store
from index.caches import Caches
from index.dates import sort_key
from index.db import Database
from index.embed import cores, load_embedder
from index.encoder import Encoder
from index.model import AddReport, Answer, Article, ArticleRef, InputError, StoreError
from index.progress import Progress, counted, silent
from index.reader import BundledReader, Page, header
from index.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    from index.embed import Embedder
    from index.reader import Reader, Reading

STAGES = (
    "stems",
    "forms",
    "title",
    "spelling",
    "dense",
    "maxsim",
    "topic",
    "context",
    "cues",
    "reader",
)
"""What finds an answer, stage by stage; each can be turned off to see what it is worth."""

AT_ONCE = 32
"""Passages embedded while a question waits: about a second's work."""

RETRIEVED = 12
"""Passages fetched for a question; the first `answer.PASSAGES` are read sentence by sentence."""


READ = 4
"""Passages that the reader reads, which takes four fifths of the time of a question. Reading 3 to 6
is alike to two points on our own questions."""


@dataclass(frozen=True, slots=True)
class Found:
    """A question as understood, the passages retrieved, and their sentences; each best first."""

    question: questions.Question
    hits: tuple[search.Hit, ...]
    candidates: tuple[rank.Candidate, ...]


class Engine:
    """An open archive. Safe to use from several threads; several processes may share a home."""

    def __init__(
        self,
        settings: Settings,
        embedder: Embedder,
        reader: Reader | None = None,
        *,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        """Open the archive of the settings; `today` is from when «أمس» in a question counts."""
        home = settings.home
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the home {home} cannot be made: {error.strerror}") from error
        self.home = home
        self.db = Database(settings.database_url or home / "isnad.db")
        self.encoder = Encoder(embedder)
        self.reader = reader
        self._today = today
        self._sources: tuple[int, list[str]] = (-1, [])  # as of which change
        self.caches = Caches(self.db, home, self.encoder)

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def load(self, progress: Progress = silent) -> None:
        """Load the model and finish what an interrupted `add` left, before the first question.

        Raises `ModelError`.
        """
        self.encoder.load()
        if self.reader is not None:
            self.reader.load()
        self.sync(progress)

    def close(self) -> None:
        """Close the database. What was stored stays."""
        self.db.close()

    # --- feeding --------------------------------------------------------------------------------

    def add(
        self,
        inputs: Iterable[str],
        *,
        source: str | None = None,
        format: str = "auto",  # noqa: A002  the contract's word
        progress: Progress = silent,
    ) -> AddReport:
        """Add files, addresses or standard input (`-`); bad ones are named in the report.

        Adding what is there changes nothing. After a kill, adding again resumes.
        """
        inputs = list(inputs)
        with progress("reading", len(inputs)) as step:
            report = ingest.add(
                self.db, inputs, source=source, format=format, on_input=lambda _: step(1)
            )
        self.sync(progress)
        return report

    def remove(self, article: int) -> None:
        """Delete an article and all that was made of it. Raises `NotFoundError`."""
        ingest.remove(self.db, article)
        self.sync()

    def rebuild(self, progress: Progress = silent) -> None:
        """Cut every article anew and make both indexes again from SQL.

        Vectors of passages that come out the same are kept.
        """
        ingest.rechunk(self.db)
        self.caches.erase()
        self.sync(progress)
        with self.db.write() as connection:
            store.drop_unused_vectors(connection)

    # --- asking ---------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        limit: int = 3,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
    ) -> Answer:
        """Return quotes that answer, or none and the nearest articles.

        `since` and `until` are dates, both inclusive. Raises `InputError` where one is no date.
        """
        started = time.perf_counter()
        found = self.find(question, among=self._among(since, until, source))
        with self.db.read() as connection:
            articles = list({c.hit.row.article.id for c in found.candidates})
            reprints = store.reprints(connection, articles)
        said = answer.compose(found.question, found.candidates, limit=limit, reprints=reprints)
        return replace(said, took_ms=round(1000 * (time.perf_counter() - started), 1))

    def find(
        self,
        question: str,
        *,
        among: Sequence[int] | None = None,
        off: frozenset[str] = frozenset(),
    ) -> Found:
        """Return what is considered before deciding; only `among` these passages, where given.

        `off` names `STAGES` to leave out, to measure what each is worth.
        """
        self.refresh()
        asked = questions.parse(question)
        if among is None:
            among = self._of_source(asked)
        if not asked.words or (among is not None and not among):
            return Found(asked, (), ())
        query = self.encoder.encode_query(asked.wording)
        terms = self.caches.lexical.expand(
            asked.words, synonyms=asked.synonyms, guess="spelling" not in off
        )
        hits = search.search(
            self.db,
            self.caches.lexical,
            self.caches.vectors,
            terms=terms,
            query=query,
            model=self.encoder.model_id,
            limit=RETRIEVED,
            among=among,
            off=off,
        )
        compared = hits[: answer.PASSAGES]
        when = periods.find(asked.text, self._today())
        readings = {} if "reader" in off else self._read(asked, compared[:READ])
        ranked = rank.rank(asked, terms, query, compared, when=when, readings=readings, off=off)
        return Found(asked, tuple(hits), tuple(ranked))

    # --- reading --------------------------------------------------------------------------------

    def articles(self) -> list[ArticleRef]:
        """Return every article as it is cited, oldest first."""
        with self.db.read() as connection:
            return store.refs(connection)

    def article(self, article: int) -> Article:
        """Return an article whole. Raises `NotFoundError`."""
        with self.db.read() as connection:
            return store.article(connection, article)

    # --- the caches -----------------------------------------------------------------------------

    def refresh(self, progress: Progress = silent) -> None:
        """See what other processes have added, without waiting for one that is adding.

        What an interrupted `add` left is finished here only where it is little; `load` and
        `sync` finish all of it.
        """
        self.caches.catch_up(progress, wait=False, at_most=AT_ONCE)

    def sync(self, progress: Progress = silent) -> None:
        """Embed what has no vector yet and bring both indexes up to date with SQL."""
        self.caches.catch_up(progress)

    def _read(self, asked: questions.Question, hits: Sequence[search.Hit]) -> dict[int, Reading]:
        if self.reader is None or not hits:
            return {}
        rows = [hit.row for hit in hits]
        pages = [
            Page(
                header(row.article.title, (row.article.published or "")[:10]),
                row.text,
                tuple(row.units),
            )
            for row in rows
        ]
        read = self.reader.read(asked.wording, pages)
        return {row.id: reading for row, reading in zip(rows, read, strict=True)}

    def _of_source(self, asked: questions.Question) -> Sequence[int] | None:
        """The passages of the source that the question names as the speaker, if it names one."""
        upto = self.caches.lexical.last_change
        if self._sources[0] != upto:
            with self.db.read() as connection:
                self._sources = (upto, store.sources(connection))
        source = questions.source_asked(asked.text, self._sources[1])
        if source is None:
            return None
        # a source of reprints alone has no passages of its own: then it is no filter
        return self._among(None, None, source) or None

    def _among(
        self, since: str | None, until: str | None, source: str | None
    ) -> Sequence[int] | None:
        if since is None and until is None and source is None:
            return None
        start, end = period(since, until)
        with self.db.read() as connection:
            return store.matching(
                connection,
                since=start,
                until=end,
                source=source,
            )


def open_engine(
    home: str | Path | None = None,
    *,
    settings: Settings | None = None,
    embedder: Embedder | None = None,
    reader: Reader | None = None,
    progress: Progress = silent,
) -> Engine:
    """Open the archive in `home` (the default one where None), making it where there is none.

    Without an `embedder` those of the settings are taken, the reader too.
    Raises `SettingsError`, `ModelError`, `StoreError`, `SchemaError`.
    """
    settings = settings or load_settings(home)
    if embedder is None:
        embedder, reader = embedder_of(settings, progress), reader or reader_of(settings)
    return Engine(settings, embedder, reader)


def embedder_of(settings: Settings, progress: Progress = silent) -> Embedder:
    """Return the embedding model of the settings, not yet loaded. Raises `ModelError`."""
    return load_embedder(
        settings.model,
        settings.cache,
        threads=settings.threads,
        progress=counted(progress, "converting the model"),
    )


def reader_of(settings: Settings) -> Reader | None:
    """Return the reader of the settings, not yet loaded, or None where it is turned off."""
    if not settings.reader:
        return None
    return BundledReader(lambda: bundled.convert(settings.cache), settings.threads or cores())


def period(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """Return the UTC instants from which and before which two dates, both inclusive, reach.

    Raises `InputError` naming the option that is no date.
    """
    return _instant("since", since), _instant("until", until, end=True)


def _instant(name: str, day: str | None, *, end: bool = False) -> str | None:
    if day is None:
        return None
    key = sort_key(day)
    if key is None:
        raise InputError(f"--{name}", f"{day!r} is not a date like 2023-03-16")
    if end and "T" not in day:  # the whole of that day
        last = datetime.fromisoformat(key)
        return None if last.year == MAXYEAR else (last + timedelta(days=1)).isoformat()
    return key
