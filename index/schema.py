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
    sa.Column("duplicates_of", sa.Integer, sa.ForeignKey("articles.id")),
    # live, or withdrawn by who published it: kept, never quoted. `status_at`: since when, null
    # where it has been live from the start
    sa.Column("status", sa.Text, nullable=False, server_default=sa.text("'live'")),
    sa.Column("status_at", sa.Text),
    # no foreign key: SQLite cannot add one to a table that has rows
    sa.Column("story", sa.Integer, index=True),
    # what stands and where, without reading past the texts
    sa.Index("ix_articles_standing", "duplicates_of", "status", "story"),
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

# Append-only: the search indexes drain it. A row says "look at this article again"; `kind` says
# what readers see changed (added, revised, withdrawn, removed), and is null where they see nothing.
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("article_id", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text),
    sqlite_autoincrement=True,
)

# Articles that tell of the same event name it in `articles.story`.
stories = sa.Table(
    "stories",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("opened_at", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)

# What comparing articles reads of one, by `index.dedupe` and `index.stories` of this `version`.
# `moment` is in seconds since 1970, UTC: when it was published, else when its neighbour was.
signatures = sa.Table(
    "signatures",
    metadata,
    sa.Column(
        "article_id",
        sa.Integer,
        sa.ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("minhash", sa.LargeBinary, nullable=False),
    sa.Column("terms", sa.LargeBinary, nullable=False),
    sa.Column("moment", sa.BigInteger, index=True),
)

# Articles with a band of their MinHash in common may be near-duplicates.
bands = sa.Table(
    "bands",
    metadata,
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("article_id", sa.Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What the operator follows. `kind` says how it is read: feed, sitemap, channel. All moments are
# UTC, ISO, to the second, so that they compare as text. `next_try` is null for one that is gone.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text),  # its own
    sa.Column("source", sa.Text),  # the operator's name for its articles' source
    sa.Column("added_at", sa.Text, nullable=False),
    sa.Column("next_try", sa.Text, index=True),
    sa.Column("tried_at", sa.Text),
    sa.Column("succeeded_at", sa.Text),
    sa.Column("items_a_day", sa.Float),
    sa.Column("failures", sa.Integer, nullable=False),  # since the last success
    sa.Column("failing_since", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("noticed_at", sa.Text),  # when the operator was told that it is dead
    sa.Column("etag", sa.Text),
    sa.Column("modified", sa.Text),
    sqlite_autoincrement=True,
)

# What a feed said of each item when it was last read, to see what is new or changed.
feed_items = sa.Table(
    "feed_items",
    metadata,
    sa.Column(
        "feed_id", sa.Integer, sa.ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Text, nullable=False, index=True),
)

# The pages behind items, each once however many feeds name it. `next_try` is null for one that
# need not be read (again); title, published and byline are what the feed said.
pages = sa.Table(
    "pages",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("feed_id", sa.Integer, sa.ForeignKey("feeds.id", ondelete="SET NULL"), index=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("published", sa.Text),
    sa.Column("byline", sa.Text),
    sa.Column("next_try", sa.Text, index=True),
    sa.Column("read_at", sa.Text),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("error", sa.Text),
    sa.Column("missing_at", sa.Text),  # since when the page of a known article is not there
    sa.Column(
        "article_id", sa.Integer, sa.ForeignKey("articles.id", ondelete="SET NULL"), index=True
    ),
)
