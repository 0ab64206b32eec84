"""The one door to the archive: `open_engine(...)` gives an `Engine`.

SQL is the truth; the search indexes are caches, brought up to date before each question.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import MAXYEAR, datetime, timedelta
from typing import TYPE_CHECKING

from index import answer, ingest, questions, rank, search, store
from index.caches import Caches
from index.dates import sort_key
from index.db import Database
from index.embed import load_embedder
from index.encoder import Encoder
from index.model import AddReport, Answer, Article, ArticleRef, InputError, StoreError
from index.progress import Progress, counted, silent
from index.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from index.embed import Embedder

AT_ONCE = 32
"""Passages embedded while a question waits: about a second's work."""

RETRIEVED = 12
"""Passages fetched for a question; the first `answer.PASSAGES` are read sentence by sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """A question as understood, the passages retrieved, and their sentences; each best first."""

    question: questions.Question
    hits: tuple[search.Hit, ...]
    candidates: tuple[rank.Candidate, ...]


class Engine:
    """An open archive. Safe to use from several threads; several processes may share a home."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        home = settings.home
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the home {home} cannot be made: {error.strerror}") from error
        self.home = home
        self.db = Database(settings.database_url or home / "isnad.db")
        self.encoder = Encoder(embedder)
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

    def find(self, question: str, *, among: Sequence[int] | None = None) -> Found:
        """Return what is considered before deciding; only `among` these passages, where given."""
        self.refresh()
        asked = questions.parse(question)
        if not asked.words or (among is not None and not among):
            return Found(asked, (), ())
        query = self.encoder.encode_query(asked.wording)
        terms = self.caches.lexical.expand(asked.words)
        hits = search.search(
            self.db,
            self.caches.lexical,
            self.caches.vectors,
            terms=terms,
            query=query,
            model=self.encoder.model_id,
            limit=RETRIEVED,
            among=among,
        )
        ranked = rank.rank(asked, terms, query, hits[: answer.PASSAGES])
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
    progress: Progress = silent,
) -> Engine:
    """Open the archive in `home` (the default one where None), making it where there is none.

    Raises `SettingsError`, `ModelError`, `StoreError`, `SchemaError`.
    """
    settings = settings or load_settings(home)
    return Engine(settings, embedder or embedder_of(settings, progress))


def embedder_of(settings: Settings, progress: Progress = silent) -> Embedder:
    """Return the embedding model of the settings, not yet loaded. Raises `ModelError`."""
    return load_embedder(
        settings.model,
        settings.cache,
        threads=settings.threads,
        progress=counted(progress, "converting the model"),
    )


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
