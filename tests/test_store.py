"""Every SQL statement of the archive, on a real database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from index import store
from index.chunk import chunk
from index.dates import sort_key
from index.db import Database
from index.model import Draft, NotFoundError
from index.schema import revisions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = "2024-05-01T10:00:00+00:00"
DRAFT = Draft(
    "افتتاح المتحف",
    "افتتحت الوزيرة المتحف أمس. وحضر ألف زائر.\n" + "وقال المدير إن العمل دام سنوات. " * 40,
    "صدى",
    "https://sada.example/1",
    "2023-03-16",
    "سلمى",
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.Connection]:
    db = Database(f"sqlite:///{tmp_path / 'isnad.db'}")
    with db.write() as connection:
        yield connection
    db.close()


def insert(connection: sa.Connection, draft: Draft, *, of: int | None = None) -> int:
    return store.insert(
        connection, draft, chunk(draft.text), input="a.txt", now=NOW, duplicates_of=of
    )


def texts(connection: sa.Connection, article: int) -> list[str]:
    return [row.text for row in store.passage_rows(connection, article_ids=[article])]


def test_an_article_comes_back_whole(connection: sa.Connection) -> None:
    """With its passages, in order, as spans of its text."""
    article = store.article(connection, insert(connection, DRAFT))
    assert (article.title, article.text, article.source) == (DRAFT.title, DRAFT.text, DRAFT.source)
    assert (article.url, article.published, article.byline) == (
        DRAFT.url,
        DRAFT.published,
        DRAFT.byline,
    )
    assert [(p.start, p.end) for p in article.passages] == [
        (c.start, c.end) for c in chunk(DRAFT.text)
    ]
    assert len(article.passages) > 1
    assert article.duplicates_of is None
    assert store.refs(connection) == [article.ref] == [store.ref(connection, article.id)]


def test_text_is_kept_to_the_byte(connection: sa.Connection) -> None:
    """Marks, controls and characters beyond the first plane too: offsets count on it."""
    text = "كِتَابٌ\u200fـ \u2067عزل\u2069 😀👍🏽 e\u0301 ﷺ \u00a0 نهاية."
    article = insert(connection, replace(DRAFT, text=text))
    assert store.article(connection, article).text == text
    assert texts(connection, article) == [text[c.start : c.end] for c in chunk(text)]


def test_an_unknown_article_is_not_found(connection: sa.Connection) -> None:
    """Named by its id."""
    for look in (store.article, store.remove):
        with pytest.raises(NotFoundError, match="7"):
            look(connection, 7)


def test_heads_are_those_of_the_address_or_the_words(connection: sa.Connection) -> None:
    """Oldest first; without an address, the words only."""
    first = insert(connection, DRAFT)
    second = insert(connection, replace(DRAFT, url="https://other.example/2"), of=first)
    insert(connection, replace(DRAFT, text="نص آخر تمامًا.", url=None))
    name = store.content_hash(DRAFT)
    assert [h.id for h in store.heads(connection, url=None, content_hash=name)] == [first, second]
    assert [h.id for h in store.heads(connection, url=DRAFT.url, content_hash="-")] == [first]
    (head,) = store.heads(connection, url="https://other.example/2", content_hash="-")
    assert (head.duplicates_of, head.source, head.content_hash) == (first, "صدى", name)
    assert store.heads(connection, url=None, content_hash="-") == []


def test_the_same_title_and_text_have_the_same_hash() -> None:
    """Whoever published them; and where one ends and the other begins counts."""
    assert store.content_hash(DRAFT) == store.content_hash(replace(DRAFT, source="آخر", url=None))
    assert store.content_hash(Draft("أ", "ب ج")) != store.content_hash(Draft("أ ب", "ج"))


def test_a_vector_is_named_by_all_that_the_model_reads() -> None:
    """Title, text and units."""
    keys = {
        store.vector_key("عنوان", "نص", [(0, 2)]),
        store.vector_key("عنوان آخر", "نص", [(0, 2)]),
        store.vector_key("عنوان", "نص", [(0, 1)]),
        store.vector_key("عنوان", "نصر", [(0, 2)]),
    }
    assert len(keys) == 4
    assert store.vector_key("عنوان", "نص", iter([(0, 2)])) in keys


def test_a_reprint_has_no_passages_and_no_change(connection: sa.Connection) -> None:
    """It is shown beside the original's quotes."""
    first = insert(connection, DRAFT)
    seen = store.last_change(connection)
    second = insert(
        connection, replace(DRAFT, url="https://other.example/2", source=None), of=first
    )
    assert texts(connection, second) == []
    assert store.last_change(connection) == seen
    found = store.reprints(connection, [first, second, 99])
    assert found == {first: [store.ref(connection, second)]}


def test_a_revision_keeps_the_earlier_words(connection: sa.Connection) -> None:
    """And the article its id."""
    article = insert(connection, DRAFT)
    changed = replace(DRAFT, title="عنوان جديد", text="نص جديد كل الجدة.", published="2023-03-17")
    assert store.revise(connection, article, changed, chunk(changed.text), now=NOW) is None
    now = store.article(connection, article)
    assert (now.title, now.text, now.published) == (changed.title, changed.text, "2023-03-17")
    assert texts(connection, article) == ["نص جديد كل الجدة."]
    (kept,) = connection.execute(sa.select(revisions))
    assert (kept.article_id, kept.title, kept.text, kept.replaced_at) == (
        article,
        DRAFT.title,
        DRAFT.text,
        NOW,
    )


@pytest.mark.parametrize("how", ["remove", "revise"])
def test_the_oldest_reprint_takes_the_place_of_what_goes(
    connection: sa.Connection, how: str
) -> None:
    """The others are reprints of it from then on."""
    first = insert(connection, DRAFT)
    heir = insert(connection, replace(DRAFT, url="https://b.example"), of=first)
    other = insert(connection, replace(DRAFT, url="https://c.example"), of=first)
    if how == "remove":
        assert store.remove(connection, first) == heir
        assert [ref.id for ref in store.refs(connection)] == [heir, other]
    else:
        changed = replace(DRAFT, text="نص جديد كل الجدة.")
        assert store.revise(connection, first, changed, chunk(changed.text), now=NOW) == heir
    assert store.article(connection, heir).duplicates_of is None
    assert store.article(connection, other).duplicates_of == heir
    assert [article for article, _ in store.drafts(connection)] == (
        [heir] if how == "remove" else [first, heir]
    )


def test_removing_leaves_a_change_for_the_indexes(connection: sa.Connection) -> None:
    """They must forget it."""
    article = insert(connection, DRAFT)
    seen = store.last_change(connection)
    assert store.remove(connection, article) is None
    assert store.changed_articles(connection, seen) == [article]
    assert store.counts(connection)["passages"] == 0


def test_changes_are_numbered_from_one(connection: sa.Connection) -> None:
    """Each article once, however often it changed."""
    assert store.last_change(connection) == 0
    first, second = insert(connection, DRAFT), insert(connection, replace(DRAFT, url=None))
    store.rechunk(connection, first, DRAFT, chunk(DRAFT.text))
    assert store.last_change(connection) == 3
    assert store.changed_articles(connection, 0) == [first, second]
    assert store.changed_articles(connection, 2) == [first]
    assert store.changed_articles(connection, 3) == []


def test_passages_come_by_id_or_by_article(connection: sa.Connection) -> None:
    """In the order of their ids, with what is shown of their article."""
    article = insert(connection, DRAFT)
    rows = store.passage_rows(connection, article_ids=[article])
    assert store.passage_rows(connection, ids=[row.id for row in rows][::-1]) == rows
    assert [row.id for row in rows] == sorted(store.passage_ids(connection))
    assert store.passage_rows(connection, ids=[]) == []
    for row in rows:
        assert row.article == store.ref(connection, article)
        assert row.text == DRAFT.text[row.start : row.start + len(row.text)]
        assert all(row.text[start:end].strip() for start, end in row.units)
        assert row.published_at == sort_key(DRAFT.published)


def test_many_ids_are_asked_for_in_parts(connection: sa.Connection) -> None:
    """More than SQLite takes in one statement."""
    for n in range(1100):
        insert(connection, Draft(f"خبر {n}", f"نص الخبر رقم {n} قصير."))
    ids = store.passage_ids(connection)
    assert len(store.passage_rows(connection, ids=ids)) == 1100
    assert len(store.passage_rows(connection, article_ids=range(1, 1101))) == 1100
    keys = [row.vector_key for row in store.passage_rows(connection, ids=ids)]
    store.put_vectors(connection, "m", dict.fromkeys(keys, b"x"))
    assert len(store.get_vectors(connection, "m", keys)) == 1100
    assert store.reprints(connection, ids) == {}


def test_vectors_belong_to_a_model_and_are_kept_once(connection: sa.Connection) -> None:
    """Storing one again changes nothing, and each model has its own."""
    article = insert(connection, DRAFT)
    rows = store.passage_rows(connection, article_ids=[article])
    keys = list(dict.fromkeys(row.vector_key for row in rows))
    assert len(store.unembedded(connection, "m")) == len(keys)
    store.put_vectors(connection, "m", {keys[0]: b"one"})
    store.put_vectors(connection, "m", dict.fromkeys(keys, b"two"))
    store.put_vectors(connection, "m", {})
    assert store.get_vectors(connection, "m", keys)[keys[0]] == b"one"
    assert store.unembedded(connection, "m") == []
    assert len(store.unembedded(connection, "other")) == len(keys)
    assert store.get_vectors(connection, "other", keys) == {}


def test_one_vector_serves_equal_passages(connection: sa.Connection) -> None:
    """Nothing is embedded twice, and it goes when the last that needs it has gone."""
    draft = Draft("عنوان واحد", "نص واحد في مقالين.")
    first, second = insert(connection, draft), insert(connection, draft)
    (missing,) = store.unembedded(connection, "m")
    (row,) = store.passage_rows(connection, ids=[missing])
    store.put_vectors(connection, "m", {row.vector_key: b"x"})
    assert store.unembedded(connection, "m") == []
    store.remove(connection, first)
    assert store.drop_unused_vectors(connection) == 0
    store.remove(connection, second)
    assert store.drop_unused_vectors(connection) == 1


def test_misplaced_passages_are_found(connection: sa.Connection) -> None:
    """Those that reach outside their article's text; characters count, not bytes."""
    insert(connection, Draft("عنوان", "نص قصير 😀 فيه رمز."))
    assert store.misplaced_passages(connection) == []
    connection.exec_driver_sql('UPDATE passages SET "end" = "end" + 1')
    assert store.misplaced_passages(connection) == store.passage_ids(connection)


@pytest.mark.parametrize(
    ("since", "until", "source", "expected"),
    [
        (None, None, None, ["a", "b", "c", "d"]),
        ("2023-03-16", None, None, ["a", "b"]),
        ("2023-03-17", None, None, ["b"]),
        (None, "2023-03-17", None, ["a"]),
        ("2023-03-16", "2023-03-17", None, ["a"]),
        (None, None, "صدى", ["a", "c"]),
        ("2023-01-01", None, "صدى", ["a"]),
        (None, None, "مجهول", []),
    ],
)
def test_passages_by_date_and_source(
    connection: sa.Connection,
    since: str | None,
    until: str | None,
    source: str | None,
    expected: list[str],
) -> None:
    """From `since` up to before `until`; an article without a full date is in no range."""
    for title, published, name in (
        ("a", "2023-03-16", "صدى"),
        ("b", "2023-03-17T23:00:00+03:00", "آخر"),
        ("c", "--03-16", "صدى"),
        ("d", None, None),
    ):
        insert(connection, Draft(title, f"نص {title} قصير.", name, None, published))
    ids = store.matching(connection, since=sort_key(since), until=sort_key(until), source=source)
    found = store.passage_rows(connection, ids=ids)
    assert [row.article.title for row in found] == expected


def test_counts(connection: sa.Connection) -> None:
    """Of the archive's tables."""
    insert(connection, DRAFT)
    counts = store.counts(connection)
    assert counts["articles"] == 1
    assert counts["passages"] == len(chunk(DRAFT.text))
    assert counts["vectors"] == counts["revisions"] == 0
