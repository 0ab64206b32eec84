"""Topics: what chats follow, and what the embedding model made of their texts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from bot.schema import topic_vectors, topics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["text", "source"]

MOST = 50
"""Topics of one chat. Whoever follows more follows everything."""

_BIND_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Topic:
    """What a chat follows: a text, or a source by its name; `width` as in `index.topics.score`."""

    id: int
    chat_id: int
    kind: Kind
    text: str
    width: int
    muted_until: str | None
    created_at: str


def add(
    connection: sa.Connection, chat_id: int, *, kind: Kind, text: str, width: int, now: str
) -> Topic | None:
    """Follow something for a chat, which must be known; followed already, its width changes.

    None where the chat follows as much as it may.
    """
    mine = topics.c.chat_id == chat_id
    same = sa.and_(mine, topics.c.kind == kind, topics.c.text == text)
    known = sa.select(topics.c.id).where(same)
    found = connection.execute(known).scalar_one_or_none()
    if found is not None:
        change(connection, chat_id, found, width=width, muted_until=None)
    else:
        count = connection.execute(sa.select(sa.func.count()).where(mine)).scalar_one()
        if count >= MOST:
            return None
        values = {"chat_id": chat_id, "kind": kind, "text": text, "width": width}
        connection.execute(sa.insert(topics).values(**values, created_at=now))
    return get(connection, chat_id, connection.execute(known).scalar_one())


def get(connection: sa.Connection, chat_id: int, topic_id: int) -> Topic | None:
    """Return a topic of a chat, or None where it has none of that number (any more)."""
    row = connection.execute(sa.select(topics).where(_this(chat_id, topic_id))).one_or_none()
    return None if row is None else Topic(**row._mapping)


def of_chat(connection: sa.Connection, chat_id: int) -> list[Topic]:
    """Return all that a chat follows, in the order in which it began to."""
    query = sa.select(topics).where(topics.c.chat_id == chat_id).order_by(topics.c.id)
    return [Topic(**row._mapping) for row in connection.execute(query)]


def change(connection: sa.Connection, chat_id: int, topic_id: int, /, **values: Any) -> bool:
    """Set columns of a topic of a chat by their names; false where it is not there."""
    this = sa.update(topics).where(_this(chat_id, topic_id))
    return connection.execute(this.values(**values)).rowcount > 0


def drop(connection: sa.Connection, chat_id: int, topic_id: int) -> bool:
    """Follow a topic no longer; false where it was not followed."""
    this = sa.delete(topics).where(_this(chat_id, topic_id))
    return connection.execute(this).rowcount > 0


def begun_after(
    connection: sa.Connection, topic_id: int, *, limit: int
) -> list[tuple[int, Kind, str]]:
    """Return number, kind and text of the next topics of all chats, by their numbers."""
    query = sa.select(topics.c.id, topics.c.kind, topics.c.text).where(topics.c.id > topic_id)
    rows = connection.execute(query.order_by(topics.c.id).limit(limit))
    return [(row.id, row.kind, row.text) for row in rows]


def vectors(connection: sa.Connection, model: str, texts: Sequence[str]) -> dict[str, bytes]:
    """Return what is stored of these texts' embeddings by a model."""
    texts_of = {_key(text): text for text in texts}
    keys, found = list(texts_of), dict[str, bytes]()
    for first in range(0, len(keys), _BIND_LIMIT):
        part = topic_vectors.c.key.in_(keys[first : first + _BIND_LIMIT])
        query = sa.select(topic_vectors).where(topic_vectors.c.model == model, part)
        found.update((texts_of[row.key], row.data) for row in connection.execute(query))
    return found


def put_vectors(connection: sa.Connection, model: str, data: Mapping[str, bytes]) -> None:
    """Store embeddings by their texts; those that are there stay."""
    known = vectors(connection, model, list(data))
    rows = [
        {"key": _key(text), "model": model, "data": blob}
        for text, blob in data.items()
        if text not in known
    ]
    if rows:
        connection.execute(sa.insert(topic_vectors), rows)


def sweep(connection: sa.Connection, model: str) -> None:
    """Delete the embeddings of other models, and of texts that nobody follows any more."""
    connection.execute(sa.delete(topic_vectors).where(topic_vectors.c.model != model))
    kept = connection.execute(sa.select(topic_vectors.c.key)).scalars()
    followed = sa.select(topics.c.text).where(topics.c.kind == "text").distinct()
    used = {_key(text) for text in connection.execute(followed).scalars()}
    unused = [key for key in kept if key not in used]
    for first in range(0, len(unused), _BIND_LIMIT):
        part = unused[first : first + _BIND_LIMIT]
        connection.execute(sa.delete(topic_vectors).where(topic_vectors.c.key.in_(part)))


def _this(chat_id: int, topic_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(topics.c.chat_id == chat_id, topics.c.id == topic_id)


def _key(text: str) -> str:
    """Names a text without telling it: what is left of a topic for a while after `/forget`."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
