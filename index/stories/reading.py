"""The stories of a time, read from the archive; those of one event know of each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from index import store
from index.encoding import PassageEncoding
from index.stories import listing
from index.stories.cluster import DAY
from index.stories.events import COMPARED, Content, events
from index.stories.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from index.encoder import Encoder
    from index.model import Story

BEFORE: Final = 14 * DAY
"""Seconds before a time from which it is known how often a word is told."""

MOST: Final = 30_000
"""Articles whose terms are read, some 15 MB. A time that holds more is no day, nor a week; then no
events are looked for."""


def stories(
    connection: sa.Connection, encoder: Encoder, since: str | None, until: str | None
) -> list[Story]:
    """Return the stories of a time as it told them, most sources first.

    `since` and `until` are UTC instants as `dates.sort_key` writes them. Without a beginning there
    is no time before it to compare with, and no story knows its event.
    """
    found = listing.stories(store.told(connection, since=since, until=until))
    if since is None:
        return found
    start = _moment(since)
    now = store.terms_told(connection, start, None if until is None else _moment(until), MOST + 1)
    if len(now) > MOST:
        return found
    before = store.terms_told(connection, start - BEFORE, start, MOST)
    contents = _contents(connection, encoder, found[:COMPARED])
    event = events(contents, list(map(Terms.of, now)), list(map(Terms.of, before)))
    return [replace(story, event=event.get(story.id)) for story in found]


def _contents(connection: sa.Connection, encoder: Encoder, found: Sequence[Story]) -> list[Content]:
    """What is compared of stories; those of which this time tells reprints alone are left out."""
    articles = [article.id for story in found for article in story.articles]
    known = {one.article: one for one in store.subjects(connection, encoder.model_id, articles)}
    contents = []
    for story in found:
        told = [known[article.id] for article in story.articles if article.id in known]
        encodings = [PassageEncoding.from_bytes(one.encoding, encoder.dimension) for one in told]
        if told:
            contents.append(
                Content(
                    story.id,
                    [Terms.of(one.terms) for one in told],
                    [encoding.vector for encoding in encodings],
                )
            )
    return contents


def _moment(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp())
