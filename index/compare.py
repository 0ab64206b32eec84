"""New words against the archive's: signatures are kept here, and reprints found by them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from index import store
from index.dates import sort_key
from index.dedupe import BANDS, ROWS, VERSION, Words, bands, repeats, sketch
from index.stories.terms import same_subject, terms

if TYPE_CHECKING:
    import sqlalchemy as sa

    from index.db import Database

COMPARED = 5
"""Articles whose whole text is compared with a new one: those most alike by their sketches."""

ALIKE = 0.2
"""Jaccard similarity of sketches from which texts are compared; what was cut to a fifth has it."""

BATCH = 200
"""Articles signed in one transaction."""

WITHIN = 7 * 24 * 3600
"""Seconds between two printings of one text. What comes later in the same words is mostly a notice
that comes again: the weather, a ministry's report that there is nothing to report."""


def reprinted(connection: sa.Connection, words: Words, published: str | None) -> int | None:
    """Return the article that a text repeats without being the same, or None."""
    mine = sketch(words)
    moment = _moment(published)
    alike = [
        (-float(np.mean(mine == np.frombuffer(other.minhash, "<u4"))), other.article)
        for other in store.candidates(connection, bands(mine))
        if moment is None or other.moment is None or abs(moment - other.moment) <= WITHIN
    ]
    for likeness, article in sorted(alike)[:COMPARED]:
        if -likeness < ALIKE:
            break
        other = store.article(connection, article)
        if repeats(words, Words(other.title, other.text)):
            return article
    return None


def still_reprints(connection: sa.Connection, article: int, words: Words) -> list[int]:
    """Return the reprints of an article that repeat its new words too."""
    copies = store.reprints(connection, [article]).get(article, ())
    found = []
    for ref in copies:
        copy = store.article(connection, ref.id)
        if repeats(Words(copy.title, copy.text), words):
            found.append(ref.id)
    return found


def sign(connection: sa.Connection, article: int, words: Words, published: str | None) -> None:
    """Keep what later articles are compared by, of an article that has no signature."""
    minhash = sketch(words)
    moment = _moment(published)
    store.put_signature(
        connection,
        article,
        version=VERSION,
        minhash=minhash.astype("<u4").tobytes(),
        terms=terms(words),
        moment=store.moment_before(connection, article) if moment is None else moment,
        keys=bands(minhash),
    )


def sign_again(
    connection: sa.Connection, article: int, words: Words, published: str | None
) -> None:
    """Keep the signature of an article's new words. On another subject they leave its story."""
    before = store.signature(connection, article)
    if before is not None and not same_subject(before.terms, terms(words)):
        store.put_story(connection, article, None)
    unsign(connection, article)
    sign(connection, article, words, published)


def unsign(connection: sa.Connection, article: int) -> None:
    """Forget what an article is compared by."""
    before = store.signature(connection, article)
    if before is not None:
        minhash = np.frombuffer(before.minhash, "<u4")
        keys = bands(minhash) if len(minhash) == BANDS * ROWS else []
        store.drop_signature(connection, article, keys)


def sign_missing(db: Database) -> None:
    """Sign what is unsigned: articles from before there were signatures, or of another version."""
    with db.read() as connection:
        missing = store.unsigned(connection, VERSION)
    for first in range(0, len(missing), BATCH):
        with db.write() as connection:
            for article in missing[first : first + BATCH]:
                unsign(connection, article)
                found = store.article(connection, article)
                sign(connection, article, Words(found.title, found.text), found.published)


def _moment(published: str | None) -> int | None:
    """Seconds since 1970, where the date is full."""
    key = sort_key(published)
    return None if key is None else int(datetime.fromisoformat(key).timestamp())
