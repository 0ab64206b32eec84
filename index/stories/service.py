"""Stories kept up with the archive: what came is compared, placed, and stored.

It runs after embedding, article by article in the order in which they came, so that one by one and
in a batch the same stories come out. SQL holds the stories; what is in memory is a cache of some
days of it, loaded where it is needed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index import store
from index.compare import sign_missing
from index.dedupe import Words, rewords
from index.encoding import PassageEncoding
from index.stories.cluster import DAY, REACH, Clusterer, Item
from index.stories.terms import Terms
from index.stories.yardstick import TEXTS, Yardstick

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from index.db import Database
    from index.encoder import Encoder
    from index.progress import Progress
    from index.store import Subject
    from index.stories.cluster import Likeness

BATCH = 200
"""Articles placed in one transaction."""

HELD, DAYS = 150_000, 100
"""Articles in memory, at most, and their days: some 400 MB. Beyond, only the days around the next
are loaded anew."""

CAUGHT_UP = 2000
"""Articles changed by others from which loading anew is quicker than looking at each."""

NEAR = 7.5
"""Deviations of the leads' cosine from which an article may be another in other words. A day's news
has one pair in two thousand."""

WIRE = 48 * 3600
"""Seconds within which an agency's report is reworded; later it is the next report."""


class Stories:
    """Places articles. One writer at a time: the caller holds the lock of the indexes."""

    def __init__(self, db: Database, encoder: Encoder) -> None:
        self._db = db
        self._encoder = encoder
        self._known: Clusterer | None = None
        self._days: set[int] = set()
        self._signed = False
        self._seen = 0  # the last change that `_known` has

    def catch_up(self, progress: Progress) -> bool:
        """Sign what is unsigned, and place what is in no story. Every passage has its vector.

        Return whether articles were found to be reprints, of which the indexes must hear.
        """
        if not self._signed:  # what comes from now on is signed when it is stored
            sign_missing(self._db)
            self._signed = True
        with self._db.read() as connection:
            waiting = store.unplaced(connection)
        if not waiting:
            return False
        self._refresh()
        reprints = 0
        with progress("finding stories", len(waiting)) as step:
            for first in range(0, len(waiting), BATCH):
                batch = waiting[first : first + BATCH]
                try:
                    with self._db.write() as connection:
                        reprints += self._place_all(connection, batch)
                except BaseException:
                    self._forget()  # it has taken in what is not stored
                    raise
                step(len(batch))
        return reprints > 0

    def _refresh(self) -> None:
        """Take in what others have changed since."""
        with self._db.read() as connection:
            newest = store.last_change(connection)
            changed = store.changed_articles(connection, self._seen) if self._days else []
            if len(changed) > CAUGHT_UP:
                self._forget()
            elif changed and self._known is not None:
                for article in changed:
                    self._known.remove(article)
                for subject in store.subjects(connection, self._encoder.model_id, changed):
                    item = self._item(subject)
                    if subject.story is not None and item.moment // DAY in self._days:
                        self._known.add(item, subject.story)
        self._seen = newest

    def _place_all(self, connection: sa.Connection, articles: Sequence[int]) -> int:
        """Place articles, and return how many were found to be reprints."""
        reprints = 0
        now = datetime.now(UTC).isoformat(timespec="seconds")
        for subject in store.subjects(connection, self._encoder.model_id, articles):
            item = self._item(subject)
            known = self._around(connection, item.moment // DAY)
            like = known.like(item)
            original = self._reworded(connection, item, like)
            if original is not None:
                store.repeat(connection, item.article, original)
                reprints += 1
                continue
            story = known.place(item, like)
            if story is None:
                story = store.open_story(connection, now)
            store.put_story(connection, item.article, story)
            known.add(item, story)
        return reprints

    def _reworded(
        self, connection: sa.Connection, item: Item, like: Sequence[Likeness]
    ) -> int | None:
        """The earlier article that says the same in other words, if one does."""
        near = [one for one in like if one.nearness >= NEAR and one.apart <= WIRE]
        if not near:
            return None
        mine = store.article(connection, item.article)
        words = Words(mine.title, mine.text)
        for one in near[:3]:
            other = store.article(connection, one.article)
            if rewords(words, Words(other.title, other.text)):
                return one.article
        return None

    def _around(self, connection: sa.Connection, day: int) -> Clusterer:
        """What is known of the days around one, loaded where it is not yet."""
        if self._known is not None and (len(self._known) > HELD or len(self._days) > DAYS):
            self._forget()
        if self._known is None:
            whole = [[(0, len(text))] for text in TEXTS]
            vectors = [e.vector for e in self._encoder.encode_passages(TEXTS, whole)]
            self._known = Clusterer(self._encoder.dimension, Yardstick.of(vectors))
        for near in range(day - REACH, day + REACH + 1):
            if near in self._days:
                continue
            self._days.add(near)
            found = store.placed_subjects(
                connection, self._encoder.model_id, near * DAY, (near + 1) * DAY
            )
            for subject in found:
                self._known.add(self._item(subject), subject.story or 0)
        return self._known

    def _item(self, subject: Subject) -> Item:
        encoding = PassageEncoding.from_bytes(subject.encoding, self._encoder.dimension)
        # undated, with no dated article before it: such are compared with one another
        moment = subject.moment or 0
        return Item(subject.article, Terms.of(subject.terms), encoding.vector, moment)

    def _forget(self) -> None:
        self._known = None
        self._days = set()
