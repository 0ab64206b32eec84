"""What comparing articles reads of them, and which may say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from index.schema import articles, bands, signatures
from index.store.articles import standing

if TYPE_CHECKING:
    from collections.abc import Sequence

CANDIDATES: Final = 20
"""Articles compared with a new one: those that share most bands with it."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What comparing reads of an article; `moment` in seconds since 1970, as in the schema."""

    article: int
    minhash: bytes
    terms: bytes
    moment: int | None


_SHARED: Final = (
    sa.select(bands.c.article_id)
    .where(bands.c.key.in_(sa.bindparam("keys", expanding=True)))
    .group_by(bands.c.article_id)
    .order_by(sa.func.count().desc(), bands.c.article_id)
    .limit(CANDIDATES)
    .subquery()
)
_SIGNATURE: Final = (
    signatures.c.article_id,
    signatures.c.minhash,
    signatures.c.terms,
    signatures.c.moment,
)
_CANDIDATES: Final = (
    sa.select(*_SIGNATURE)
    .join(_SHARED, _SHARED.c.article_id == signatures.c.article_id)
    .join(articles, articles.c.id == signatures.c.article_id)
    .where(*standing())
    .order_by(signatures.c.article_id)
)
_LATEST: Final = (
    sa.select(signatures.c.moment)
    .where(signatures.c.moment.is_not(None), signatures.c.article_id < sa.bindparam("before"))
    .order_by(signatures.c.article_id.desc())
    .limit(1)
)


def put_signature(
    connection: sa.Connection,
    article_id: int,
    *,
    version: str,
    minhash: bytes,
    terms: bytes,
    moment: int | None,
    keys: Sequence[int],
) -> None:
    """Store what comparing reads of an article that has no signature."""
    row = {"article_id": article_id, "version": version, "minhash": minhash, "terms": terms}
    connection.execute(sa.insert(signatures), {**row, "moment": moment})
    connection.execute(
        sa.insert(bands), [{"key": key, "article_id": article_id} for key in sorted(set(keys))]
    )


def drop_signature(connection: sa.Connection, article_id: int, keys: Sequence[int]) -> None:
    """Forget an article's signature and its bands, whose keys are these."""
    mine = bands.c.article_id == article_id
    connection.execute(sa.delete(bands).where(bands.c.key.in_(keys), mine))
    connection.execute(sa.delete(signatures).where(signatures.c.article_id == article_id))


def signature(connection: sa.Connection, article_id: int) -> Signature | None:
    """Return an article's signature, if it has one."""
    query = sa.select(*_SIGNATURE).where(signatures.c.article_id == article_id)
    row = connection.execute(query).one_or_none()
    return Signature(*row) if row else None


def candidates(connection: sa.Connection, keys: Sequence[int]) -> list[Signature]:
    """Return the standing articles that share most of these bands, oldest first."""
    return [Signature(*row) for row in connection.execute(_CANDIDATES, {"keys": keys})]


def moment_before(connection: sa.Connection, article_id: int) -> int | None:
    """Return the moment of the nearest earlier article that has one."""
    return connection.execute(_LATEST, {"before": article_id}).scalar_one_or_none()


def unsigned(connection: sa.Connection, version: str) -> list[int]:
    """Return the standing articles without a signature of this version, by id."""
    mine = sa.and_(signatures.c.article_id == articles.c.id, signatures.c.version == version)
    query = sa.select(articles.c.id).outerjoin(signatures, mine)
    query = query.where(signatures.c.article_id.is_(None), *standing())
    return list(connection.execute(query.order_by(articles.c.id)).scalars())
