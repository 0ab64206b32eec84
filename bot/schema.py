"""The bot's tables: who reads, what they follow, what they are owed, what they were sent.

They are apart from the archive's: by default in a file of their own (`bot.db`), so that a long
`isnad add` never keeps a reader waiting and an archive can be handed on without its readers.
`migrations/` creates them; a test holds the two equal. Instants are UTC, as
`datetime.isoformat(timespec="seconds")` writes them, so that they compare as text.
"""

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


def _chat(*, primary_key: bool = False) -> sa.Column[int]:
    """A chat whose row goes, and changes its number, with the chat's."""
    return sa.Column(
        "chat_id",
        sa.BigInteger,
        sa.ForeignKey("chats.chat_id", ondelete="CASCADE", onupdate="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        index=not primary_key,
    )


# One row a chat that has ever written to us: a person, or a group.
chats = sa.Table(
    "chats",
    metadata,
    sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),  # private, group, supergroup, channel
    sa.Column("state", sa.Text, nullable=False),  # active, blocked, gone
    sa.Column("lang", sa.Text),  # ar, en; null: as Telegram says
    sa.Column("digits", sa.Text),  # latin, arabic; null: latin
    sa.Column("city", sa.Text),  # as chosen, for showing
    sa.Column("zone", sa.Text),  # an IANA time zone; null: the operator's
    sa.Column("quotes", sa.Integer),  # quotes an answer; null: 3
    sa.Column("quiet_from", sa.Text),  # "22:00" local time; null: no quiet hours
    sa.Column("quiet_until", sa.Text),
    sa.Column("digest_at", sa.Text),  # "07:30" local time; null: no digest
    sa.Column("digest_days", sa.Integer, nullable=False),  # a bit a weekday, Monday the lowest
    sa.Column("digest_quiet_day", sa.Text, nullable=False),  # say, skip
    sa.Column("next_digest", sa.Text, index=True),  # the instant the next one is due
    # The last local date that had its digest or was passed over: "2026-03-16"
    sa.Column("digest_done", sa.Text),
    sa.Column("created_at", sa.Text, nullable=False),
)

# What a chat waits for us to be told: «اكتب الموضوع» and the like.
dialogs = sa.Table(
    "dialogs",
    metadata,
    _chat(primary_key=True),
    sa.Column("state", sa.JSON, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),
)

topics = sa.Table(
    "topics",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _chat(),
    sa.Column("kind", sa.Text, nullable=False),  # text, source
    sa.Column("text", sa.Text, nullable=False, index=True),
    sa.Column("width", sa.Integer, nullable=False),  # 0 as calibrated, + wider, - narrower
    sa.Column("muted_until", sa.Text),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.UniqueConstraint("chat_id", "kind", "text"),
    sqlite_autoincrement=True,  # a button of a dropped topic never means another
)

# What an embedding model makes of a followed text, by a hash of it: see `bot.store.topics`.
topic_vectors = sa.Table(
    "topic_vectors",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

# Everything sent that nobody just asked for; `bot.outbox` is the only sender.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _chat(),
    sa.Column("kind", sa.Text, nullable=False),  # see bot.outbox.promises
    # What it is about, so that it is owed once: a topic and story, a local date, an article …
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),  # see bot.outbox.letter
    sa.Column("follows", sa.Integer, sa.ForeignKey("outbox.id", ondelete="SET NULL")),
    # pending, sending, sent, unconfirmed (it may have arrived), failed, gone, cancelled
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("claimed_at", sa.Text, index=True),  # while a worker has it in hand
    sa.Column("message_ids", sa.JSON, nullable=False),  # of its messages that were sent, in order
    sa.Column("error", sa.Text),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("finished_at", sa.Text, index=True),
    sa.UniqueConstraint("chat_id", "kind", "key"),
    sa.Index("ix_outbox_state_kind_due_at", "state", "kind", "due_at"),
    sa.Index("ix_outbox_follows", "follows"),
    sqlite_autoincrement=True,
)

# Until when Telegram has told us not to write to a chat (its 429).
holds = sa.Table(
    "holds",
    metadata,
    _chat(primary_key=True),
    sa.Column("until", sa.Text, nullable=False),
)

# Which story a topic has brought to a chat, for «one alert a story» and «nothing twice».
alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column(
        "topic_id", sa.Integer, sa.ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("story", sa.Integer, primary_key=True),
    sa.Column("article", sa.Integer, primary_key=True),  # of the archive
    _chat(),
    sa.Column("outbox_id", sa.Integer, sa.ForeignKey("outbox.id", ondelete="SET NULL"), index=True),
    sa.Column("said", sa.Text),  # what was quoted, by which a later report is judged
    sa.Column("at", sa.Text, nullable=False),
)

# Which story a digest has brought to a chat, and how many sources told it then.
told = sa.Table(
    "told",
    metadata,
    _chat(primary_key=True),
    sa.Column("story", sa.Integer, primary_key=True, autoincrement=False),  # of the archive
    sa.Column("sources", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

# Which quotes stand in which of our messages, to correct them when their article changes.
quoted = sa.Table(
    "quoted",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _chat(),
    sa.Column("message_id", sa.Integer),  # null while it is owed
    sa.Column("article", sa.Integer, nullable=False, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    # The letter it was sent in and which of its messages; null where it was an answer.
    sa.Column("outbox_id", sa.Integer, sa.ForeignKey("outbox.id", ondelete="CASCADE"), index=True),
    sa.Column("part", sa.Integer),
    sa.Column("at", sa.Text, nullable=False, index=True),
)

votes = sa.Table(
    "votes",
    metadata,
    _chat(primary_key=True),
    sa.Column("message_id", sa.Integer, primary_key=True),
    sa.Column("vote", sa.Integer, nullable=False),  # 1, -1
    sa.Column("at", sa.Text, nullable=False),
)

# Updates taken from Telegram and not yet worked off, then their numbers for a day.
updates = sa.Table(
    "updates",
    metadata,
    sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("payload", sa.JSON),  # null once it is done: nobody's question is kept
    sa.Column("sending", sa.Boolean, nullable=False),  # an answer has left, or was about to
    sa.Column("received_at", sa.Text, nullable=False, index=True),
)

# How far into the archive's log of changes each of our readers of it has come.
cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

broadcasts = sa.Table(
    "broadcasts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("by", sa.BigInteger, nullable=False),  # the administrator
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
    sa.Column("confirmed_at", sa.Text),
    sqlite_autoincrement=True,
)

# Where the operator switched it on: what was asked in vain, without who asked.
unanswered = sa.Table(
    "unanswered",
    metadata,
    sa.Column("question", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("first_at", sa.Text, nullable=False),
    sa.Column("last_at", sa.Text, nullable=False),
)
