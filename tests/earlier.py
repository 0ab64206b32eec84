"""Databases of earlier days: a schema as it was after any of its migrations, filled.

`ARCHIVE_ROWS` and `READER_ROWS` hold a value for every column that ever was; of these a database
gets what its time had. A migration that brings a table or a column is to be told of here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from archive import MUSEUM, STORM

from bot.store import READERS
from index.db import ARCHIVE, Schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Rows = tuple[tuple[str, dict[str, Any]], ...]

NOW = "2026-03-01T07:00:00+00:00"
EARLY, LATE = "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"
# Marks, presentation forms, controls, what lies beyond the first plane, quotes, and no end of line
STRANGE = "كِتَابٌ ـ\u200f\u2067عزل\u2069 ﷺ ﻻ 😀👍🏽 e\u0301 ١٢٣ 'a' \"b\" \\ % :x\t\u00a0نهاية"
BYTES = bytes(range(256))
CHAT, GROUP = 2**52 - 1, -(2**51)  # the largest that Telegram has, near enough


def _article(number: int, told: Mapping[str, Any], **more: Any) -> tuple[str, dict[str, Any]]:
    row = {
        "id": number,
        "title": told["title"],
        "text": told["text"],
        "source": told.get("source"),
        "url": told.get("url"),
        "published": told.get("published"),
        "published_at": f"{told['published'][:10]}T00:00:00+00:00",
        "byline": "سلمى",
        "content_hash": f"{number:064x}",
        "input": "-",
        "added_at": NOW,
        "duplicates_of": None,
        "status": "live",
        "status_at": None,
        "story": None,
    }
    return "articles", {**row, **more}


def _passage(number: int, article: int, text: str, line: int) -> tuple[str, dict[str, Any]]:
    """One that is a line of its article, quoted whole."""
    lines = text.split("\n")
    start = sum(len(above) + 1 for above in lines[:line])
    end = start + len(lines[line])
    row = {"id": number, "article_id": article, "start": start, "end": end}
    return "passages", {**row, "units": [[start, end]], "vector_key": f"key{number}"}


REMOVED = 900
"""The highest number that an article ever had; it was removed."""

ARCHIVE_ROWS: Rows = (
    ("stories", {"id": 5, "opened_at": EARLY}),
    _article(1, MUSEUM, story=5),
    _article(2, STORM, story=None),
    _article(3, MUSEUM, url=None, source=STRANGE, duplicates_of=1),
    _article(
        4,
        {"title": STRANGE, "text": f"{STRANGE}\n" * 3000, "published": LATE},
        url="https://a.example/?q=" + "x" * 2000,
        status="withdrawn",
        status_at=LATE,
        input="/tmp/ملف.html",
    ),
    _passage(1, 1, MUSEUM["text"], 0),
    _passage(2, 1, MUSEUM["text"], 1),
    _passage(3, 2, STORM["text"], 0),
    _passage(4, 2, STORM["text"], 1),
    ("revisions", {"id": 1, "article_id": 1, "title": "", "text": STRANGE, "replaced_at": EARLY}),
    ("vectors", {"key": "key1", "model": "of before", "data": BYTES}),
    ("vectors", {"key": "key1", "model": STRANGE, "data": b""}),
    *(("changes", {"seq": seq, "article_id": seq, "kind": "added"}) for seq in (1, 2, 3, 4)),
    ("changes", {"seq": 70, "article_id": REMOVED, "kind": None}),
    (
        "signatures",
        {"article_id": 1, "version": "0", "minhash": BYTES, "terms": b"", "moment": -(2**40)},
    ),
    ("bands", {"key": -(2**63), "article_id": 1}),
    ("bands", {"key": 2**63 - 1, "article_id": 1}),
    (
        "feeds",
        {
            "id": 3,
            "url": "https://sada.example/خلاصة",
            "kind": "feed",
            "title": STRANGE,
            "source": "صدى القمرية",
            "added_at": NOW,
            "next_try": LATE,
            "tried_at": NOW,
            "succeeded_at": NOW,
            "items_a_day": 0.1,
            "failures": 2,
            "failing_since": NOW,
            "error": STRANGE,
            "noticed_at": NOW,
            "etag": '"W/x"',
            "modified": NOW,
        },
    ),
    ("feed_items", {"feed_id": 3, "key": STRANGE, "fingerprint": "f", "seen_at": NOW}),
    (
        "pages",
        {
            "key": MUSEUM["url"],
            "url": MUSEUM["url"],
            "feed_id": 3,
            "fingerprint": "f",
            "title": STRANGE,
            "published": "2023-03-16",
            "byline": "سلمى",
            "next_try": LATE,
            "read_at": NOW,
            "failures": 1,
            "error": STRANGE,
            "missing_at": NOW,
            "article_id": 1,
        },
    ),
)


def _letter(html: str) -> dict[str, Any]:
    button = {"label": "فتح", "url": "https://sada.example/1"}
    return {"messages": [{"html": html, "keyboard": [[button]]}], "quotes": [[1, "عنوان", html]]}


def _chat(number: int, **more: Any) -> tuple[str, dict[str, Any]]:
    row = {
        "chat_id": number,
        "kind": "private",
        "state": "active",
        "lang": "ar",
        "digits": "arabic",
        "city": "القاهرة",
        "zone": "Africa/Cairo",
        "quotes": 5,
        "quiet_from": "22:00",
        "quiet_until": "06:30",
        "digest_at": "07:30",
        "digest_days": 127,
        "digest_quiet_day": "skip",
        "next_digest": "2026-03-02T05:30:00+00:00",
        "digest_done": "2026-03-01",
        "created_at": EARLY,
    }
    return "chats", {**row, **more}


def _owed(number: int, chat: int, **more: Any) -> tuple[str, dict[str, Any]]:
    row = {
        "id": number,
        "chat_id": chat,
        "kind": "alert",
        "key": f"5/{number}",
        "payload": _letter(STRANGE),
        "follows": None,
        "state": "pending",
        "due_at": NOW,
        "attempts": 0,
        "claimed_at": None,
        "message_ids": [],
        "error": None,
        "created_at": NOW,
        "finished_at": None,
    }
    return "outbox", {**row, **more}


READER_ROWS: Rows = (
    _chat(CHAT),
    _chat(GROUP, kind="supergroup", state="blocked", lang=None, zone=None, next_digest=None),
    ("dialogs", {"chat_id": CHAT, "state": {"for": "city", "said": STRANGE}, "expires_at": LATE}),
    (
        "topics",
        {
            "id": 7,
            "chat_id": CHAT,
            "kind": "text",
            "text": STRANGE,
            "width": -1,
            "muted_until": LATE,
            "created_at": NOW,
        },
    ),
    ("topic_vectors", {"key": "k", "model": "of before", "data": BYTES}),
    _owed(1, CHAT, state="sent", message_ids=[2**31 - 1], finished_at=NOW, error=STRANGE),
    _owed(2, CHAT, follows=1),
    _owed(3, GROUP, state="sending", claimed_at=NOW, attempts=1),
    ("holds", {"chat_id": GROUP, "until": LATE}),
    (
        "alerts",
        {
            "topic_id": 7,
            "story": 5,
            "article": 1,
            "chat_id": CHAT,
            "outbox_id": 1,
            "said": STRANGE,
            "at": NOW,
        },
    ),
    ("told", {"chat_id": CHAT, "story": 5, "sources": 2, "at": NOW}),
    (
        "quoted",
        {
            "id": 1,
            "chat_id": CHAT,
            "message_id": 2**31 - 1,
            "article": 1,
            "title": STRANGE,
            "quote": STRANGE,
            "outbox_id": 1,
            "part": 0,
            "at": NOW,
        },
    ),
    ("votes", {"chat_id": CHAT, "message_id": 12, "vote": -1, "at": NOW}),
    (
        "updates",
        {"update_id": 2**33, "payload": {"x": STRANGE}, "sending": True, "received_at": NOW},
    ),
    ("cursors", {"name": "alerts", "value": 70}),
    (
        "broadcasts",
        {
            "id": 1,
            "by": CHAT,
            "payload": _letter(STRANGE),
            "created_at": NOW,
            "confirmed_at": NOW,
        },
    ),
    ("unanswered", {"question": STRANGE, "count": 3, "first_at": EARLY, "last_at": LATE}),
)

ROWS = {ARCHIVE: ARCHIVE_ROWS, READERS: READER_ROWS}


def revisions(schema: Schema) -> list[str]:
    """The schema's revisions, oldest first."""
    script = ScriptDirectory(str(schema.migrations))
    return [revision.revision for revision in script.walk_revisions()][::-1]


def make(connection: sa.Connection, schema: Schema, revision: str) -> None:
    """Make the tables of a schema as they were after `revision`, and fill every column of them."""
    config = Config()
    config.set_main_option("script_location", str(schema.migrations))
    with connection.begin():
        config.attributes["connection"] = connection
        config.attributes["version_table"] = schema.versions
        command.upgrade(config, revision)
        _fill(connection, ROWS[schema])


def _fill(connection: sa.Connection, rows: Rows) -> None:
    tables = {table.name: table for table in _tables(connection)}
    for name, row in rows:
        if (table := tables.get(name)) is not None:
            had = {column: value for column, value in row.items() if column in table.c}
            connection.execute(sa.insert(table).values(had))
    for name, table in tables.items():
        filled = {
            column
            for of, row in rows
            if of == name
            for column, held in row.items()
            if held is not None
        }
        assert filled >= set(table.c.keys()), f"{name} has a column without a value"
        for column in {"id", "seq"} & {*table.c.keys()}:
            _number_on(connection, name, column, REMOVED)


def _number_on(connection: sa.Connection, table: str, column: str, last: int) -> None:
    """Let the next row of a table get a number above `last`, as after many that were removed."""
    if connection.dialect.name == "sqlite":
        said = f"UPDATE sqlite_sequence SET seq = {last} WHERE name = '{table}'"
    else:
        said = f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {last})"
    connection.exec_driver_sql(said)


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """The tables that are there, but for Alembic's."""
    return [
        sa.Table(name, sa.MetaData(), autoload_with=connection)
        for name in sorted(sa.inspect(connection).get_table_names())
        if not name.startswith("alembic_")
    ]


def contents(connection: sa.Connection) -> dict[str, Sequence[dict[str, Any]]]:
    """Every row of every table but those of Alembic, by table, in the order of its key."""
    return {
        table.name: [
            dict(row._mapping)
            for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
        ]
        for table in _tables(connection)
    }


def shape(connection: sa.Connection) -> dict[str, Any]:
    """What the tables are, however they came to be so: fit to compare with another database's."""
    seen = sa.inspect(connection)
    return {
        table.name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], str(column["default"]))
                for column in seen.get_columns(table.name)
            },
            "key": seen.get_pk_constraint(table.name)["constrained_columns"],
            "references": sorted(map(_plain, seen.get_foreign_keys(table.name))),
            "unique": sorted(map(_plain, seen.get_unique_constraints(table.name))),
            "indexes": sorted(map(_plain, seen.get_indexes(table.name))),
            "options": _options(connection, table.name),
        }
        for table in _tables(connection)
    }


def _plain(described: Mapping[str, Any]) -> str:
    return str(sorted((key, str(value)) for key, value in described.items()))


def _options(connection: sa.Connection, table: str) -> list[bool]:
    """What SQLite tells of a table nowhere but in the statement that made it."""
    if connection.dialect.name != "sqlite":
        return []
    query = sa.text("SELECT sql FROM sqlite_schema WHERE name = :table")
    made: str = connection.execute(query, {"table": table}).scalar_one()
    return [option in made for option in ("AUTOINCREMENT", "WITHOUT ROWID")]
