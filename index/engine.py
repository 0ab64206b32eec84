"""The one door to the archive: `open_engine(...)` gives an `Engine`.

SQL is the truth; the search indexes are caches, brought up to date before each question.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index import answer, bundled, channels, ingest, questions, store
from index.caches import Caches
from index.daterange import daterange
from index.db import Database
from index.embed import cores, load_embedder
from index.encoder import Encoder
from index.feeds import Feeds
from index.finding import Finder
from index.model import (
    AddReport,
    Answer,
    Article,
    ArticleRef,
    Change,
    StoreError,
    Story,
)
from index.progress import Progress, counted, silent
from index.reader import BundledReader
from index.recent import Recent
from index.settings import Settings, load_settings
from index.stories import reading
from index.timing import Laps, unwatched
from index.topics.service import Topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path
    from types import TracebackType

    from index.embed import Embedder
    from index.finding import Found
    from index.model import Post
    from index.reader import Reader
    from index.timing import Watch

STAGES = (
    "stems",
    "forms",
    "title",
    "spelling",
    "dense",
    "maxsim",
    "context",
    "cues",
    "reader",
)
"""What finds an answer, stage by stage; each can be turned off to see what it is worth."""

AT_ONCE = 32
"""Passages embedded while a question waits: about a second's work."""


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
            home.mkdir(mode=0o700, parents=True, exist_ok=True)  # readers are in it too
        except OSError as error:
            raise StoreError(f"the home {home} cannot be made: {error.strerror}") from error
        self.home = home
        self.db = Database(settings.database_url or home / "isnad.db")
        self.encoder = Encoder(embedder)
        self.reader = reader
        self._today = today
        self.watch: Watch = unwatched  # told of each step of `ask_many`, in the thread that asks
        self._sources: tuple[int, list[str]] = (-1, [])  # as of which change
        self.caches = Caches(self.db, home, self.encoder)
        self._finder = Finder(self.db, self.caches, self.encoder)
        self._recent = Recent()
        self.topics = Topics(self.db, self.caches, self.encoder)
        self.feeds = Feeds(self.db, sync=self.sync, lock=home / "fetch.lock")

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
        report = ingest.add(self.db, inputs, source=source, format=format, progress=progress)
        self.sync(progress)
        return report

    def add_posts(self, posts: Iterable[Post]) -> AddReport:
        """Add posts of a channel; those that say nothing, or not in Arabic, are passed over."""
        report = ingest.add_drafts(self.db, channels.articles(posts), input="telegram")
        self.sync()
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
        return _timed(self._compose([found], limit), started)[0]

    def ask_many(self, asked: Sequence[str], *, limit: int = 3) -> list[Answer]:
        """Return the answer to each question, as `ask` gives it, in less time than one by one.

        Questions asked again while neither the archive nor the day has changed are remembered.
        `took_ms` is that of all together.
        """
        started = time.perf_counter()
        laps = Laps(self.watch, len(asked))
        self.refresh()
        laps.over("refresh")
        basis = self.caches.lexical.last_change, self.caches.vectors.last_change, self._today()
        kept = {one: self._recent.get(basis, (one, limit)) for one in asked}
        said = {one: answer for one, answer in kept.items() if answer is not None}
        new = [one for one in kept if one not in said]
        found = self._find([questions.parse(one) for one in new])
        said |= zip(new, self._compose(found, limit), strict=True)
        self._recent.put(basis, {(one, limit): said[one] for one in new})
        return _timed([said[one] for one in asked], started)

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
        return self._find([questions.parse(question)], among, off)[0]

    def _find(
        self,
        asked: Sequence[questions.Question],
        among: Sequence[int] | None = None,
        off: frozenset[str] = frozenset(),
    ) -> list[Found]:
        return self._finder.find(
            asked,
            [self._of_source(one) if among is None else among for one in asked],
            reader=self.reader,
            today=self._today(),
            off=off,
            widen=among is None,
            watch=self.watch,
        )

    def _compose(self, found: Sequence[Found], limit: int) -> list[Answer]:
        laps = Laps(self.watch, len(found))
        cited = {c.hit.row.article.id for one in found for c in one.candidates}
        with self.db.read() as connection:
            reprints = store.reprints(connection, list(cited))
        composed = [
            answer.compose(one.question, one.candidates, limit=limit, reprints=reprints)
            for one in found
        ]
        laps.over("compose")
        return composed

    # --- reading --------------------------------------------------------------------------------

    def articles(self) -> list[ArticleRef]:
        """Return every article as it is cited, oldest first."""
        with self.db.read() as connection:
            return store.refs(connection)

    def article(self, article: int) -> Article:
        """Return an article whole. Raises `NotFoundError`."""
        with self.db.read() as connection:
            return store.article(connection, article)

    def stories(self, since: str | None = None, until: str | None = None) -> list[Story]:
        """Return the stories of a time as it told them, most sources first.

        `since` and `until` are dates, both inclusive. Raises `InputError` where one is no date.
        """
        start, end = daterange(since, until)
        with self.db.read() as connection:
            return reading.stories(connection, self.encoder, start, end)

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return up to `limit` changes to articles that readers see, after change `after`."""
        with self.db.read() as connection:
            return store.changes_since(connection, after, limit)

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

    def _of_source(self, asked: questions.Question) -> Sequence[int] | None:
        """The passages of the sources that the question names as the speaker, if it names any."""
        upto = self.caches.lexical.last_change
        if self._sources[0] != upto:
            with self.db.read() as connection:
                self._sources = (upto, store.sources(connection))
        named = questions.sources_asked(asked.text, self._sources[1])
        if not named:
            return None
        # a source of reprints alone has no passages of its own: then it is no filter
        return [id_ for one in named for id_ in self._among(None, None, one) or ()] or None

    def _among(
        self, since: str | None, until: str | None, source: str | None
    ) -> Sequence[int] | None:
        if since is None and until is None and source is None:
            return None
        start, end = daterange(since, until)
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


def _timed(answers: Iterable[Answer], started: float) -> list[Answer]:
    took = round(1000 * (time.perf_counter() - started), 1)
    return [replace(answer, took_ms=took) for answer in answers]
