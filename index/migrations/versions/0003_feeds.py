"""Feeds, what they said of their items, and the pages behind these."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("added_at", sa.Text, nullable=False),
        sa.Column("next_try", sa.Text),
        sa.Column("tried_at", sa.Text),
        sa.Column("succeeded_at", sa.Text),
        sa.Column("items_a_day", sa.Float),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("noticed_at", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("modified", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("url", name="uq_feeds_url"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feeds_next_try", "feeds", ["next_try"])
    op.create_table(
        "feed_items",
        sa.Column("feed_id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("seen_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "key", name="pk_feed_items"),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_feed_items_feed_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_feed_items_seen_at", "feed_items", ["seen_at"])
    op.create_table(
        "pages",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("feed_id", sa.Integer),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("published", sa.Text),
        sa.Column("byline", sa.Text),
        sa.Column("next_try", sa.Text),
        sa.Column("read_at", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("missing_at", sa.Text),
        sa.Column("article_id", sa.Integer),
        sa.PrimaryKeyConstraint("key", name="pk_pages"),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name="fk_pages_feed_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_pages_article_id", ondelete="SET NULL"
        ),
    )
    for column in ("feed_id", "next_try", "article_id"):
        op.create_index(f"ix_pages_{column}", "pages", [column])
