"""Inputs become stored articles: what is decided about each, and what becomes of bad ones."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from archive import BRIDGE, MATCH, MUSEUM, STORM, Item, item, long_item, write

from index import ingest, inputs, store
from index.db import Database
from index.ingest import Outcome, decide
from index.model import Draft, NotFoundError
from index.schema import revisions
from index.store import Head

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import AddReport
    from index.progress import Step

# --- decide -------------------------------------------------------------------------------------

HERE, ELSEWHERE = "https://a.example/1", "https://b.example/1"


def head(
    number: int,
    url: str | None = None,
    source: str | None = None,
    words: str = "old",
    of: int | None = None,
) -> Head:
    return Head(number, source, url, words, of)


@pytest.mark.parametrize(
    ("url", "source", "heads", "outcome", "article"),
    [
        # nothing like it
        (None, None, [], Outcome.NEW, None),
        (HERE, "أ", [], Outcome.NEW, None),
        # an address names an article for good
        (HERE, None, [head(1, HERE)], Outcome.SAME, 1),
        (HERE, "ب", [head(1, HERE, "أ")], Outcome.SAME, 1),
        (HERE, None, [head(1, HERE, words="other")], Outcome.REVISED, 1),
        (HERE, None, [head(1, ELSEWHERE), head(2, HERE, words="other")], Outcome.REVISED, 2),
        (HERE, None, [head(1, ELSEWHERE), head(2, HERE)], Outcome.SAME, 2),
        # without one, the words name it
        (None, None, [head(1)], Outcome.SAME, 1),
        (None, None, [head(1, HERE, "أ")], Outcome.SAME, 1),
        (None, "أ", [head(1, None, "أ")], Outcome.SAME, 1),
        (None, "أ", [head(1, HERE, "أ")], Outcome.SAME, 1),
        (None, "ب", [head(1, None, "أ"), head(2, None, "ب", of=1)], Outcome.SAME, 2),
        # the same words under another address or source
        (HERE, None, [head(1, ELSEWHERE)], Outcome.REPRINT, 1),
        (HERE, None, [head(1, None)], Outcome.REPRINT, 1),
        (None, "ب", [head(1, None, "أ")], Outcome.REPRINT, 1),
        (None, "ب", [head(1, None, None)], Outcome.REPRINT, 1),
        (HERE, "ب", [head(1, ELSEWHERE, "أ"), head(2, None, "ج", of=1)], Outcome.REPRINT, 1),
        (HERE, None, [head(5, ELSEWHERE, of=3)], Outcome.REPRINT, 3),
    ],
)
def test_what_becomes_of_a_draft(
    url: str | None, source: str | None, heads: list[Head], outcome: Outcome, article: int | None
) -> None:
    """Decided from its address, its words and its source alone."""
    found = decide(Draft("عنوان", "نص", source, url), "old", heads)
    assert (found.outcome, found.article) == (outcome, article)


# --- add ----------------------------------------------------------------------------------------


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'isnad.db'}")
    yield database
    database.close()


def add(db: Database, path: Path, *items: Item, source: str | None = None) -> AddReport:
    return ingest.add(db, [write(path / "articles.json", *items)], source=source)


def tally(report: AddReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.duplicates


def state(db: Database) -> tuple[object, ...]:
    with db.read() as connection:
        return (
            store.counts(connection),
            store.last_change(connection),
            [store.article(connection, ref.id) for ref in store.refs(connection)],
        )


def test_articles_are_added_with_what_is_known_of_them(db: Database, tmp_path: Path) -> None:
    """And the report names each with the input it came from."""
    report = add(db, tmp_path, MUSEUM, BRIDGE)
    assert tally(report) == (2, 0, 0, 0)
    first, second = report.articles
    assert first.input == second.input == str(tmp_path / "articles.json")
    assert (first.title, first.source) == (MUSEUM["title"], MUSEUM["source"])
    assert (first.url, first.published) == (MUSEUM["url"], MUSEUM["published"])
    assert (second.source, second.url) == (None, None)
    assert second.published == "--03-16"


def test_adding_twice_changes_nothing(db: Database, tmp_path: Path) -> None:
    """Not a row, and no index has anything to do."""
    add(db, tmp_path, MUSEUM, STORM, BRIDGE, long_item())
    before = state(db)
    report = add(db, tmp_path, MUSEUM, STORM, BRIDGE, long_item())
    assert tally(report) == (0, 0, 4, 0)
    assert [added.id for added in report.articles] == [1, 2, 3, 4]
    assert state(db) == before


def test_an_article_twice_in_one_input_is_one(db: Database, tmp_path: Path) -> None:
    """Later items see the earlier ones."""
    assert tally(add(db, tmp_path, MUSEUM, MUSEUM)) == (1, 0, 1, 0)


def test_other_words_under_an_address_are_a_revision(db: Database, tmp_path: Path) -> None:
    """The id stays, the earlier words are kept."""
    add(db, tmp_path, MUSEUM)
    changed = {**MUSEUM, "text": MUSEUM["text"].replace("12 مليون", "15 مليون")}
    assert tally(add(db, tmp_path, changed)) == (0, 1, 0, 0)
    with db.read() as connection:
        assert store.article(connection, 1).text == changed["text"]
        (kept,) = connection.execute(sa.select(revisions.c.article_id, revisions.c.text))
    assert tuple(kept) == (1, MUSEUM["text"])


def test_a_revision_is_no_other_than_its_words(db: Database, tmp_path: Path) -> None:
    """A revision told twice is told once."""
    add(db, tmp_path, MUSEUM)
    changed = {**MUSEUM, "title": "متحف الفلك يفتح أبوابه للزوار"}
    add(db, tmp_path, changed)
    assert tally(add(db, tmp_path, changed)) == (0, 0, 1, 0)


def test_the_same_words_elsewhere_are_a_reprint(db: Database, tmp_path: Path) -> None:
    """Of the first, however many there are."""
    add(db, tmp_path, MUSEUM)
    for name in ("b", "c"):
        copy = {**MUSEUM, "url": f"https://{name}.example/", "source": name}
        assert tally(add(db, tmp_path, copy)) == (0, 0, 0, 1)
    with db.read() as connection:
        assert [ref.source for ref in store.reprints(connection, [1])[1]] == ["b", "c"]
        assert [store.article(connection, n).passages for n in (2, 3)] == [(), ()]


@pytest.mark.parametrize("how", ["removed", "revised"])
def test_a_reprint_takes_the_place_of_its_original(db: Database, tmp_path: Path, how: str) -> None:
    """With passages of its own, so that it can be quoted."""
    add(db, tmp_path, MUSEUM, {**MUSEUM, "url": "https://b.example/"})
    if how == "removed":
        ingest.remove(db, 1)
    else:
        add(db, tmp_path, {**MUSEUM, "text": "ألغي افتتاح المتحف بسبب الأمطار الغزيرة أمس."})
    with db.read() as connection:
        heir = store.article(connection, 2)
        assert heir.passages
        assert heir.duplicates_of is None
        assert 2 in store.changed_articles(connection, 1)


def test_removing_what_is_not_there(db: Database) -> None:
    """Is told."""
    with pytest.raises(NotFoundError, match="no article 5"):
        ingest.remove(db, 5)


def test_a_source_given_wins_over_the_one_stated(db: Database, tmp_path: Path) -> None:
    """The operator knows."""
    report = add(db, tmp_path, MUSEUM, BRIDGE, source="أرشيفي")
    assert [added.source for added in report.articles] == ["أرشيفي"] * 2


def test_progress_is_told_input_by_input(db: Database, tmp_path: Path) -> None:
    """Bad ones too."""
    steps: list[tuple[str, int]] = []

    @contextmanager
    def progress(what: str, total: int) -> Iterator[Step]:
        steps.append((what, total))
        yield lambda more: steps.append((what, more))

    ingest.add(db, [write(tmp_path / "a.json", MUSEUM), str(tmp_path / "none")], progress=progress)
    assert steps == [("reading", 2), ("reading", 1), ("reading", 1)]


# --- reprints and revisions ---------------------------------------------------------------------

COPY = {
    **MUSEUM,
    "title": "افتتاح متحف الفلك في القمرية",
    "text": "القمرية - وكالات: " + MUSEUM["text"].replace("سلمى", "الدكتورة سلمى"),
    "source": "نقل",
    "url": "https://copy.example/1",
}


def test_an_edited_copy_is_a_reprint(db: Database, tmp_path: Path) -> None:
    """It has no passages to embed; the oldest is kept."""
    assert tally(add(db, tmp_path, MUSEUM, STORM, COPY)) == (2, 0, 0, 1)
    with db.read() as connection:
        copy = store.article(connection, 3)
    assert (copy.duplicates_of, copy.passages) == (1, ())
    assert tally(add(db, tmp_path, COPY)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("before", "after"), [("12 مليون", "15 مليون"), ("سلمى الحارثي", "ليلى النجار")]
)
def test_other_facts_are_no_reprint(db: Database, tmp_path: Path, before: str, after: str) -> None:
    """However few words differ."""
    other = {**COPY, "text": MUSEUM["text"].replace(before, after)}
    assert tally(add(db, tmp_path, MUSEUM, other)) == (2, 0, 0, 0)


def test_a_notice_that_comes_again_is_no_reprint(db: Database, tmp_path: Path) -> None:
    """The same words weeks later tell of another day; undated ones may be copies."""
    weeks_later = {**COPY, "published": "2023-04-16"}
    assert tally(add(db, tmp_path, MUSEUM, weeks_later)) == (2, 0, 0, 0)
    undated = {**COPY, "url": "https://copy.example/2", "published": None}
    assert tally(add(db, tmp_path, undated)) == (0, 0, 0, 1)


def test_a_small_correction_keeps_its_reprints(db: Database, tmp_path: Path) -> None:
    """They repeat the corrected words too; passages that did not change keep their ids."""
    item = long_item(url="https://a.example/", source="أ")
    copy = {**item, "url": "https://b.example/", "source": "ب"}
    add(db, tmp_path, item, copy)
    with db.read() as connection:
        before = store.passage_rows(connection, article_ids=[1])
    corrected = {**item, "text": item["text"] + " وشكر المدير العمال."}
    assert tally(add(db, tmp_path, corrected)) == (0, 1, 0, 0)
    with db.read() as connection:
        after = store.passage_rows(connection, article_ids=[1])
        assert store.article(connection, 2).duplicates_of == 1
    kept = {row.id for row in before} & {row.id for row in after}
    assert len(kept) == len(before) - 1
    assert {row.vector_key for row in before if row.id in kept} < {row.vector_key for row in after}


def test_what_a_correction_contradicts_stands_alone(db: Database, tmp_path: Path) -> None:
    """With the words that were corrected."""
    item = long_item(url="https://a.example/", source="أ")
    add(db, tmp_path, item, {**item, "url": "https://b.example/", "source": "ب"})
    corrected = {**item, "text": item["text"].replace("المرحلة 101", "المرحلة 999")}
    assert tally(add(db, tmp_path, corrected)) == (0, 1, 0, 0)
    with db.read() as connection:
        assert store.article(connection, 2).duplicates_of is None
        assert store.article(connection, 2).passages


def test_a_page_that_was_taken_back_is_withdrawn(db: Database, tmp_path: Path) -> None:
    """It says so under the article's address; a copy elsewhere takes its place."""
    add(db, tmp_path, MUSEUM, {**MUSEUM, "url": "https://b.example/", "source": "ب"})
    report = add(db, tmp_path, {**MUSEUM, "text": "تم حذف هذا الخبر."})
    assert (report.withdrawn, report.updated) == (1, 0)
    with db.read() as connection:
        gone, heir = (store.article(connection, n) for n in (1, 2))
    assert (gone.status, gone.passages, gone.text) == ("withdrawn", (), MUSEUM["text"])
    assert (heir.duplicates_of, bool(heir.passages)) == (None, True)


def test_an_old_export_brings_nothing_back(db: Database, tmp_path: Path) -> None:
    """What was withdrawn stays so until its page says something new."""
    add(db, tmp_path, MUSEUM)
    ingest.withdraw(db, 1)
    assert tally(add(db, tmp_path, MUSEUM)) == (0, 0, 1, 0)
    assert tally(add(db, tmp_path, COPY)) == (1, 0, 0, 0)  # nothing live that it repeats
    with db.read() as connection:
        assert store.article(connection, 1).status == "withdrawn"
    new = {**MUSEUM, "text": MUSEUM["text"] + " وصححت الصحيفة الخبر."}
    assert tally(add(db, tmp_path, new)) == (0, 1, 0, 0)
    with db.read() as connection:
        assert store.article(connection, 1).status == "live"
        assert store.article(connection, 1).passages


def test_what_is_restored_is_quoted_again(db: Database, tmp_path: Path) -> None:
    """Unless its words have been printed elsewhere meanwhile: then it is a reprint of them."""
    add(db, tmp_path, MUSEUM, STORM)
    for article in (1, 2):
        ingest.withdraw(db, article)
        ingest.withdraw(db, article)
    add(db, tmp_path, {**STORM, "url": "https://b.example/", "source": "ب"})
    for article in (1, 2):
        ingest.restore(db, article)
        ingest.restore(db, article)
    with db.read() as connection:
        museum, storm = (store.article(connection, n) for n in (1, 2))
    assert (museum.status, bool(museum.passages)) == ("live", True)
    assert (storm.status, storm.duplicates_of, storm.passages) == ("live", 3, ())


def test_a_withdrawn_reprint_is_not_shown(db: Database, tmp_path: Path) -> None:
    """Beside the original's quotes; and it never stands in for what goes."""
    add(db, tmp_path, MUSEUM, {**MUSEUM, "url": "https://b.example/", "source": "ب"})
    ingest.withdraw(db, 2)
    with db.read() as connection:
        assert store.reprints(connection, [1]) == {}
    ingest.remove(db, 1)
    with db.read() as connection:
        assert store.article(connection, 2).passages == ()
    ingest.restore(db, 2)
    with db.read() as connection:
        assert store.article(connection, 2).passages


def test_withdrawing_what_is_not_there(db: Database) -> None:
    """Is told."""
    for act in (ingest.withdraw, ingest.restore):
        with pytest.raises(NotFoundError, match="no article 5"):
            act(db, 5)


def test_drafts_read_elsewhere_are_stored_alike(db: Database, tmp_path: Path) -> None:
    """By feeds, say; the input is named."""
    drafts = [Draft("عنوان", "نص الخبر كاملًا.", "أ", HERE), Draft("رموز", "… !")]
    report = ingest.add_drafts(db, drafts, input="https://a.example/feed")
    assert (report.added, report.rejected) == (1, 1)
    assert report.articles[0].input == report.rejections[0].input == "https://a.example/feed"
    assert ingest.add_drafts(db, drafts[:1], input="x").unchanged == 1


# --- bad inputs ---------------------------------------------------------------------------------

MENU = "الرئيسية\nأخبار\nرياضة\nاتصل بنا\nمن نحن\n"


def bad_inputs(folder: Path) -> dict[str, str]:
    """Inputs that cannot be used, each with a word of the reason."""
    (folder / "folder").mkdir()
    (folder / "empty.txt").touch()
    (folder / "blank.txt").write_text(" \n\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(50 * 2**20)  # sparse: takes no room
    (folder / "menu.txt").write_text(MENU)
    (folder / "broken.txt").write_bytes("كلام عربي ".encode("utf-16-be")[1:] * 9)
    (folder / "broken.json").write_text('[{"title": "بلا نهاية"')
    (folder / "number.json").write_text("[3]")
    return {
        "missing.txt": "no such file",
        "folder": "is a folder",
        "empty.txt": "empty",
        "blank.txt": "empty",
        "binary.txt": "",
        "picture.txt": "image",
        "huge.txt": "larger than 32 MB",
        "menu.txt": "no article",
        "broken.txt": "",
        "broken.json": "JSON",
        "number.json": "an article must be an object",
    }


def test_bad_inputs_are_named_and_the_others_go_in(db: Database, tmp_path: Path) -> None:
    """Each with its reason, on one line; wherever it stands among the good ones."""
    bad = bad_inputs(tmp_path)
    inputs = [str(tmp_path / name) for name in bad]
    good = [write(tmp_path / "a.json", MUSEUM), write(tmp_path / "b.json", STORM)]
    report = ingest.add(db, [good[0], *inputs, good[1]])
    assert report.added == 2
    assert {failure.input for failure in report.failed} == set(inputs)
    for failure in report.failed:
        name = Path(failure.input).name
        assert bad[name] in failure.error, failure
        assert failure.error
        assert "\n" not in failure.error
        assert str(tmp_path) not in failure.error  # the input is named beside it already


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000, "//[/x.txt", "http://", "http://[/"])
def test_a_name_that_is_none_is_a_failure(
    db: Database, name: str, request: pytest.FixtureRequest
) -> None:
    """Whatever is typed."""
    (failure,) = ingest.add(db, [name]).failed
    assert failure.input == name
    assert failure.error


def test_bad_items_are_named_by_their_place(db: Database, tmp_path: Path) -> None:
    """The other items of the file go in."""
    path = tmp_path / "mixed.jsonl"
    lines = [json.dumps(MUSEUM), '{"title": ', json.dumps({"title": "x", "text": 3}), "{}"]
    path.write_text("\n".join([*lines, json.dumps(STORM)]))
    report = ingest.add(db, [str(path)])
    assert report.added == 2
    assert [failure.error.split(":")[0] for failure in report.failed] == [
        "line 2",
        "line 3",
        "line 4",
    ]
    assert {failure.input for failure in report.failed} == {str(path)}


def test_an_article_without_a_word_is_rejected(db: Database, tmp_path: Path) -> None:
    """There is nothing to quote; that is no failure."""
    report = add(db, tmp_path, item("رموز لا غير", "… 😀 … !"), MUSEUM)
    assert (report.rejected, report.added, report.failed) == (1, 1, ())
    (rejection,) = report.rejections
    assert (rejection.title, rejection.error) == ("رموز لا غير", "there is no sentence to quote")


def test_an_empty_item_is_rejected_by_name(db: Database, tmp_path: Path) -> None:
    """Or by its place, where it has none; in an input that holds nothing else, that has failed."""
    report = add(db, tmp_path, item("عنوان بلا نص", " "), MUSEUM, {"title": " ", "text": "<p></p>"})
    assert (report.added, report.rejected, report.failed) == (1, 2, ())
    assert [one.title for one in report.rejections] == ["عنوان بلا نص", "item 3"]
    assert all("empty" in one.error for one in report.rejections)
    (failure,) = add(db, tmp_path, item("عنوان بلا نص", " ")).failed
    assert failure.error == 'item 1: the article\'s "text" is empty'


def test_a_zip_is_one_input(db: Database, tmp_path: Path) -> None:
    """Its bad files are named inside it, and its articles have a progress of their own."""
    path = tmp_path / "days.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.json", json.dumps([MUSEUM, item("بلا نص", "")]))
        archive.writestr("2.json", "[3]")
        archive.writestr("3.json", json.dumps([STORM]))
    report = ingest.add(db, [str(path)])
    assert (report.added, report.rejected) == (2, 1)
    assert {one.input for one in (*report.articles, *report.failed)} == {str(path)}
    (failure,) = report.failed
    assert failure.error.startswith("2.json")
    assert tally(ingest.add(db, [str(path)])) == (0, 0, 2, 0)


def test_many_articles_show_how_far_they_are(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch by batch, under the input's name."""
    monkeypatch.setattr(ingest, "BATCH", 2)
    steps: list[tuple[str, int]] = []

    @contextmanager
    def progress(what: str, total: int) -> Iterator[Step]:
        yield lambda more: steps.append((f"{what} of {total}", more))

    path = write(tmp_path / "a.json", MUSEUM, STORM, MATCH)
    ingest.add(db, [path], progress=progress)
    assert steps == [("adding a.json of 3", 2), ("adding a.json of 3", 1), ("reading of 1", 1)]


def test_a_file_name_of_any_bytes(db: Database, tmp_path: Path) -> None:
    """Arabic, spaces, and marks that mean something to an address."""
    path = tmp_path / "مقال #1?x=%20 (نسخة).json"
    report = ingest.add(db, [write(path, MUSEUM)])
    assert report.added == 1
    assert report.articles[0].input == str(path)


def test_a_file_name_that_is_not_utf8(db: Database, tmp_path: Path) -> None:
    """Old archives have such names; the articles in them go in."""
    path = tmp_path / "\udce3\udcc7.json"
    report = ingest.add(db, [write(path, MUSEUM)])
    assert report.added == 1


def test_lone_surrogates_in_json_do_not_stop_an_add(db: Database, tmp_path: Path) -> None:
    """They can be stored nowhere, and are lost."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{**MUSEUM, "text": MUSEUM["text"] + " \ud800 نهاية."}, STORM]))
    report = ingest.add(db, [str(path)])
    assert (report.added, report.failed) == (2, ())


# --- standard input -----------------------------------------------------------------------------


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_an_input(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named `-`, in any format that a file may have."""
    feed(monkeypatch, json.dumps([MUSEUM, MATCH]).encode())
    report = ingest.add(db, ["-"])
    assert [added.input for added in report.articles] == ["-", "-"]


def test_too_much_standard_input_is_refused(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is read than can be used."""
    monkeypatch.setattr(inputs, "SIZE_LIMIT", 1000)
    feed(monkeypatch, b"x" * 2000)
    (failure,) = ingest.add(db, ["-"]).failed
    assert failure.input == "-"
    assert "larger" in failure.error
    assert sys.stdin.buffer.read() == b"x" * 999


# --- cutting anew -------------------------------------------------------------------------------


def test_rechunking_gives_the_same_passages(db: Database, tmp_path: Path) -> None:
    """Under new ids, with the same vectors; reprints stay without."""
    add(db, tmp_path, long_item(), MUSEUM, {**MUSEUM, "url": "https://b.example/"})

    def rows() -> list[tuple[int, int, str, str]]:
        with db.read() as connection:
            found = store.passage_rows(connection, ids=store.passage_ids(connection))
        return [(row.article.id, row.start, row.text, row.vector_key) for row in found]

    before = rows()
    ingest.rechunk(db)
    assert rows() == before
