"""The tables of the archive. `migrations/` creates them; a test holds the two equal."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("source", sa.Text, index=True),
    sa.Column("url", sa.Text, unique=True),
    sa.Column("published", sa.Text),
    # `published` as a UTC instant where it is a full date, for ranges; else null
    sa.Column("published_at", sa.Text, index=True),
    sa.Column("byline", sa.Text),
    sa.Column("content_hash", sa.Text, nullable=False, index=True),
    sa.Column("input", sa.Text, nullable=False),
    sa.Column("added_at", sa.Text, nullable=False),
    sa.Column("duplicates_of", sa.Integer, sa.ForeignKey("articles.id"), index=True),
    sqlite_autoincrement=True,  # an id is never given twice, so no link ever points elsewhere
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "article_id",
        sa.Integer,
        sa.ForeignKey("articles.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("replaced_at", sa.Text, nullable=False),
)

passages = sa.Table(
    "passages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "article_id",
        sa.Integer,
        sa.ForeignKey("articles.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    # [[start, end], …] of the sentences that can be quoted, offsets into the article's text
    sa.Column("units", sa.JSON, nullable=False),
    sa.Column("vector_key", sa.Text, nullable=False, index=True),
    sqlite_autoincrement=True,
)

# What an embedding model makes of a passage, by a hash of what it reads: nothing is embedded twice.
# `data` is float16, little-endian, of shape (1 + number of units, dimension): the passage's vector,
# then one for each unit.
vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

# Append-only: the search indexes drain it. A row says "look at this article again".
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("article_id", sa.Integer, nullable=False),
    sqlite_autoincrement=True,
)
