"""The readers: chats, what they follow, what they are owed and were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("by", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chats",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lang", sa.Text),
        sa.Column("digits", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("zone", sa.Text),
        sa.Column("quotes", sa.Integer),
        sa.Column("quiet_from", sa.Text),
        sa.Column("quiet_until", sa.Text),
        sa.Column("digest_at", sa.Text),
        sa.Column("digest_days", sa.Integer, nullable=False),
        sa.Column("digest_quiet_day", sa.Text, nullable=False),
        sa.Column("next_digest", sa.Text),
        sa.Column("digest_done", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_chats"),
    )
    op.create_index("ix_chats_next_digest", "chats", ["next_digest"])
    op.create_table(
        "cursors",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_cursors"),
    )
    op.create_table(
        "unanswered",
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_at", sa.Text, nullable=False),
        sa.Column("last_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("question", name="pk_unanswered"),
    )
    op.create_table(
        "updates",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("payload", sa.JSON),
        sa.Column("sending", sa.Boolean, nullable=False),
        sa.Column("received_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_updates"),
    )
    op.create_index("ix_updates_received_at", "updates", ["received_at"])
    op.create_table(
        "dialogs",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_dialogs_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", name="pk_dialogs"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("follows", sa.Integer),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_at", sa.Text),
        sa.Column("message_ids", sa.JSON, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("finished_at", sa.Text),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_outbox_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["follows"], ["outbox.id"], name="fk_outbox_follows", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("chat_id", "kind", "key", name="uq_outbox_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_chat_id", "outbox", ["chat_id"])
    op.create_index("ix_outbox_claimed_at", "outbox", ["claimed_at"])
    op.create_index("ix_outbox_finished_at", "outbox", ["finished_at"])
    op.create_index("ix_outbox_follows", "outbox", ["follows"])
    op.create_index("ix_outbox_state_kind_due_at", "outbox", ["state", "kind", "due_at"])
    op.create_table(
        "holds",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_holds_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", name="pk_holds"),
    )
    op.create_table(
        "told",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("story", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("sources", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_told_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "story", name="pk_told"),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("muted_until", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_topics_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
        sa.UniqueConstraint("chat_id", "kind", "text", name="uq_topics_chat_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_topics_chat_id", "topics", ["chat_id"])
    op.create_index("ix_topics_text", "topics", ["text"])
    op.create_table(
        "topic_vectors",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", "model", name="pk_topic_vectors"),
    )
    op.create_table(
        "votes",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.Integer, nullable=False),
        sa.Column("vote", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_votes_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_votes"),
    )
    op.create_table(
        "alerts",
        sa.Column("topic_id", sa.Integer, nullable=False),
        sa.Column("story", sa.Integer, nullable=False),
        sa.Column("article", sa.Integer, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("outbox_id", sa.Integer),
        sa.Column("said", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_alerts_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name="fk_alerts_outbox_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name="fk_alerts_topic_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", "story", "article", name="pk_alerts"),
    )
    op.create_index("ix_alerts_chat_id", "alerts", ["chat_id"])
    op.create_index("ix_alerts_outbox_id", "alerts", ["outbox_id"])
    op.create_table(
        "quoted",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.Integer),
        sa.Column("article", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Column("outbox_id", sa.Integer),
        sa.Column("part", sa.Integer),
        sa.Column("at", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.chat_id"],
            name="fk_quoted_chat_id",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name="fk_quoted_outbox_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quoted"),
    )
    op.create_index("ix_quoted_article", "quoted", ["article"])
    op.create_index("ix_quoted_at", "quoted", ["at"])
    op.create_index("ix_quoted_chat_id", "quoted", ["chat_id"])
    op.create_index("ix_quoted_outbox_id", "quoted", ["outbox_id"])
