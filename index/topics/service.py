"""Topics over the archive: what of it would have been news to a follower, and what is now."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index import store
from index.arabic import tokens
from index.encoding import PassageEncoding
from index.model import Quote, TopicMatch
from index.questions import OUTLETS, parse, source_asked
from index.quotes import surrounded
from index.topics.background import SENTENCES
from index.topics.matcher import Background, TopicIndex
from index.topics.page import Page
from index.topics.words import ABOUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.caches import Caches
    from index.db import Database
    from index.encoder import Encoder
    from index.model import Article
    from index.store import PassageRow
    from index.topics.matcher import Match

SAMPLE = 600
"""Passages from which ordinary sentences are taken, spread evenly over the archive. With 100 the
signs tell nearly as much as with all."""

CANDIDATES = 200
"""Passages taken from each index for a preview; an article that is in neither is hardly told of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as matching and quoting read it; `places` are (passage, unit) of its sentences."""

    article: Article
    rows: tuple[PassageRow, ...]
    page: Page
    places: tuple[tuple[int, int], ...]


class Topics:
    """Safe to use from several threads; an index it gave is its owner's alone."""

    def __init__(self, db: Database, caches: Caches, encoder: Encoder) -> None:
        self._db = db
        self._caches = caches
        self._encoder = encoder
        self._lock = threading.Lock()
        self._background: tuple[int, Background] | None = None

    @property
    def model(self) -> str:
        """Names what embeds topics; an embedding of another is worth nothing."""
        return self._encoder.model_id

    def encode(self, text: str) -> bytes:
        """Return the embedding of a topic, float16, as it is kept. Raises `ModelError`."""
        return self._encoder.encode_query(text).vector.astype("<f2").tobytes()

    def index(self) -> TopicIndex:
        """Return an index without any topics yet."""
        return TopicIndex(self._ordinary())

    def put(self, index: TopicIndex, topics: Mapping[str, bytes]) -> None:
        """Add topics to an index: texts, each with what `encode` made of it."""
        for text, data in topics.items():
            index.add(text, text, np.frombuffer(data, "<f2"))

    def read(self, article_id: int) -> Reading | None:
        """Return an article ready for matching; None as long as it is not embedded.

        Raises `NotFoundError`. One without passages of its own (a reprint) has no sentences.
        """
        (reading,) = self._read([article_id])
        return reading

    def matches(self, index: TopicIndex, reading: Reading) -> list[tuple[str, TopicMatch]]:
        """Return the topics of an index that an article is about, each with what it quotes."""
        found = index.match(reading.page)
        return [(str(match.topic), quoted(reading, match)) for match in found]

    def preview(
        self, text: str, *, since: str | None = None, until: str | None = None
    ) -> list[TopicMatch]:
        """Return what of the archive a follower of `text` would have been sent, likeliest first.

        However unlikely: `score.WIDTHS` says what each width takes. Only articles from the instant
        `since` up to before `until`, where given. Raises `ModelError`.
        """
        data = self.encode(text)
        among = self._published(since, until)
        terms = self._caches.lexical.expand(parse(text).words)
        hits = self._caches.lexical.search(terms, CANDIDATES, among=among)
        query = np.frombuffer(data, "<f2").astype(np.float32)
        hits |= self._caches.vectors.search(query, CANDIDATES, among=among)
        with self._db.read() as connection:
            rows = store.passage_rows(connection, ids=list(hits))
        index = self.index()
        self.put(index, {text: data})
        found = [
            match
            for reading in self._read(sorted({row.article.id for row in rows}))
            if reading is not None
            for _, match in self.matches(index, reading)
        ]
        return sorted(found, key=lambda match: (-match.score, match.article.id))

    def sources(self) -> list[str]:
        """Return the name of every source that has an article."""
        with self._db.read() as connection:
            return store.sources(connection)

    def source(self, text: str) -> str | None:
        """Return the source, as the archive has it, that a reader names by `text`, if it is one.

        «أخبار سانا» and «وكالة سانا» name a source as «سانا» does; «سانا والحكومة» names none.
        """
        known = self.sources()
        named = [word.form for word in tokens(text) if word.form not in ABOUT]
        found = source_asked(f"وفق {' '.join(named)}", known)
        if found is None or not {*named} <= {*OUTLETS, *(word.form for word in tokens(found))}:
            return None
        return found

    def _published(self, since: str | None, until: str | None) -> Sequence[int] | None:
        if since is None and until is None:
            return None
        with self._db.read() as connection:
            return store.matching(connection, since=since, until=until)

    def _read(self, article_ids: Sequence[int]) -> list[Reading | None]:
        with self._db.read() as connection:
            articles = [store.article(connection, article_id) for article_id in article_ids]
            rows = store.passage_rows(connection, article_ids=article_ids)
            keys = [row.vector_key for row in rows]
            blobs = store.get_vectors(connection, self._encoder.model_id, keys)
        own: dict[int, list[PassageRow]] = {article_id: [] for article_id in article_ids}
        for row in rows:
            own[row.article.id].append(row)
        return [self._reading(article, own[article.id], blobs) for article in articles]

    def _reading(
        self, article: Article, rows: Sequence[PassageRow], blobs: Mapping[str, bytes]
    ) -> Reading | None:
        if any(row.vector_key not in blobs for row in rows):
            return None
        dimension = self._encoder.dimension
        encodings = [PassageEncoding.from_bytes(blobs[row.vector_key], dimension) for row in rows]
        places = [(i, unit) for i, row in enumerate(rows) for unit in range(len(row.units))]
        page = Page(
            title=tokens(article.title),
            sentences=[tokens(rows[i].text[slice(*rows[i].units[unit])]) for i, unit in places],
            vectors=np.concatenate(
                [np.zeros((0, dimension), np.float32), *(encoding.units for encoding in encodings)]
            ),
        )
        return Reading(article, tuple(rows), page, tuple(places))

    def _ordinary(self) -> Background:
        """What ordinary sentences of this archive are like; looked at anew when it has doubled.

        Sentences of our own stand beside the archive's: one that is small, or all about one thing,
        does not know what is ordinary.
        """
        with self._lock:
            size = self._caches.vectors.size
            if self._background is None or size > 2 * self._background[0]:
                units = [[(0, len(text))] for text in SENTENCES]
                own = self._encoder.encode_passages(SENTENCES, units)
                vectors = [encoding.units for encoding in (*own, *self._sample())]
                self._background = (size, Background.of(np.concatenate(vectors)))
            return self._background[1]

    def _sample(self) -> list[PassageEncoding]:
        with self._db.read() as connection:
            ids = store.passage_ids(connection)
            chosen = ids[:: -(-len(ids) // SAMPLE)] if ids else []
            rows = store.passage_rows(connection, ids=chosen)
            keys = [row.vector_key for row in rows]
            blobs = store.get_vectors(connection, self._encoder.model_id, keys)
        dimension = self._encoder.dimension
        return [PassageEncoding.from_bytes(data, dimension) for data in blobs.values()]


def quoted(reading: Reading, match: Match) -> TopicMatch:
    """Return the sentence that tells most of a topic, with the one before where it leans on it."""
    passage, unit = reading.places[match.sentence]
    row = reading.rows[passage]
    start, end = row.units[unit]
    a, b = surrounded(row.text, row.units, unit)
    article = reading.article.ref
    text = row.text[a:b]
    marks = ((start - a, end - a),)
    quote = Quote(text, row.start + a, row.start + b, marks, match.score, article)
    return TopicMatch(article, match.score, quote, reading.article.story)
