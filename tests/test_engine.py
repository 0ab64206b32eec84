"""The archive through its one door: adding, asking, and everything that can go wrong between."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from archive import (
    ARTICLES,
    BRIDGE,
    MATCH,
    MUSEUM,
    STORM,
    add,
    check,
    contents,
    item,
    long_item,
    open_at,
    write,
)
from fake_embedder import HashEmbedder, OutOfPowerError
from hypothesis import HealthCheck, given, settings
from strategies import anything, articles

from index import caches, ingest, vectors
from index import quotes as quotes_module
from index.doctor import examine
from index.engine import Engine, open_engine
from index.model import InputError, NotFoundError, StoreError
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import Answer

pytestmark = pytest.mark.usefixtures("sure")

QUESTION = "كم بلغت كلفة بناء متحف الفلك؟"


@pytest.fixture
def archive(engine: Engine, tmp_path: Path) -> Engine:
    add(engine, tmp_path, *ARTICLES)
    return engine


def titles(answer: Answer) -> list[str]:
    return [quote.article.title for quote in answer.quotes]


def well(engine: Engine) -> bool:
    return all(finding.ok for finding in examine(engine))


# --- asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("كم بلغت كلفة بناء متحف الفلك؟", "12 مليون دينار"),
        ("من افتتح متحف الفلك؟", "سلمى الحارثي"),
        ("كم سفينة تنتظر في عرض البحر؟", "ثماني سفن"),
        ("من سجل هدفين في الشوط الثاني؟", "زياد مرجان"),
        ("كم استمر ترميم جسر النخيل؟", "سبعة أشهر"),
        ("مين اللي سجل هدفين بالشوط الثاني؟", "زياد مرجان"),
        ("كم بلغت سرعه رياح العاصفه الرمليه؟", "90 كيلومتر"),
    ],
)
def test_a_question_is_answered_by_the_sentence_that_says_it(
    archive: Engine, question: str, said: str
) -> None:
    """First of all quotes, verbatim."""
    answer = archive.ask(question)
    assert answer.answered
    assert said in answer.quotes[0].text
    check(archive, answer.quotes)
    assert answer.question == question
    assert 0 <= answer.confidence <= 1
    assert answer.took_ms > 0


def test_a_quote_cites_its_article(archive: Engine) -> None:
    """Title, source, address and date."""
    quote = archive.ask(QUESTION).quotes[0]
    assert quote.article in archive.articles()
    assert quote.article.source == MUSEUM["source"]
    assert quote.article.published == MUSEUM["published"]
    highlighted = [quote.text[start:end] for start, end in quote.highlights]
    assert any("12 مليون" in text for text in highlighted)


def test_no_more_quotes_than_asked_for_best_first_and_different(
    archive: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contract's limit; here none is left out for being far below the first."""
    monkeypatch.setattr(quotes_module, "CUT", 1e9)
    for limit in (1, 2, 4):
        quotes = archive.ask("البلدية والجسر والميناء", limit=limit).quotes
        assert len(quotes) == limit
        assert [q.score for q in quotes] == sorted((q.score for q in quotes), reverse=True)
        assert len({(q.article.id, q.highlights, q.start) for q in quotes}) == limit


def test_a_source_that_the_question_names_is_the_only_one_quoted(archive: Engine) -> None:
    """As the speaker; as a word of the topic it is only a word."""
    for asked in ("ماذا قالت وكالة الساحل عن كلفة البناء؟", "بحسب وكالة الساحل، كم بلغت الكلفة؟"):
        found = archive.find(asked)
        assert {hit.row.article.source for hit in found.hits} == {"وكالة الساحل"}
    free = archive.find("كم بلغت كلفة بناء المتحف على الساحل؟")
    assert len({hit.row.article.source for hit in free.hits}) > 1


def test_what_a_named_source_does_not_answer_is_looked_up_in_all(
    archive: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what is found of others is taken only where it answers."""
    asked = "ماذا قالت وكالة الساحل عن كلفة بناء متحف الفلك؟"
    monkeypatch.setattr("index.answer.THRESHOLD", 2.0)
    found = archive.find(asked)
    assert {hit.row.article.source for hit in found.hits} == {"وكالة الساحل"}
    monkeypatch.setattr("index.answer.THRESHOLD", 0.5)
    monkeypatch.setattr(
        "index.answer.confidence",
        lambda ranked: float(any(c.hit.row.article.source == MUSEUM["source"] for c in ranked)),
    )
    answer = archive.ask(asked)
    assert answer.answered
    assert MUSEUM["title"] in {quote.article.title for quote in answer.quotes}


def test_a_source_of_reprints_alone_is_no_filter(archive: Engine, tmp_path: Path) -> None:
    """Its articles have no passages of their own, and the original answers."""
    copy = {**MUSEUM, "url": "https://copy.example/1", "source": "منبر الصدى"}
    add(archive, tmp_path, copy)
    assert archive.find("ماذا قالت منبر الصدى عن كلفة البناء؟").hits


def test_a_dialect_word_finds_its_standard_one(archive: Engine) -> None:
    """Though the archive has never seen it."""
    found = archive.find("مين اللي سكّر ميناء الصدف؟")
    assert found.candidates[0].text.startswith("أغلقت السلطات ميناء الصدف")
    assert found.candidates[0].signs["context"] == 1


def test_without_confidence_the_nearest_articles_are_named(
    archive: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is quoted."""
    monkeypatch.setattr("index.answer.THRESHOLD", 1.1)
    answer = archive.ask(QUESTION)
    assert (answer.answered, answer.quotes) == (False, ())
    assert answer.nearest[0].title == MUSEUM["title"]
    assert len(set(answer.nearest)) == len(answer.nearest) <= 3


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   \n ",
        "؟!",
        "😀👍🏽",
        "\u200f\u064e",
        "من",
        "xyzzy",
        "كلمة " * 400,
        "ب" * 2000,
        "\x00",
    ],
)
def test_any_question_gets_an_answer(archive: Engine, question: str) -> None:
    """Without words there is nothing to find; otherwise something is nearest."""
    answer = archive.ask(question)
    check(archive, answer.quotes)
    if not any(char.isalpha() for char in question):
        assert (answer.answered, answer.confidence, answer.nearest) == (False, 0, ())


def test_an_empty_archive_answers_nothing(engine: Engine) -> None:
    """And is well."""
    answer = engine.ask(QUESTION)
    assert (answer.answered, answer.quotes, answer.nearest) == (False, (), ())
    assert engine.articles() == []
    assert engine.add([]).added == 0
    assert well(engine)


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Path]]:
    """An archive that a property fills."""
    folder = tmp_path_factory.mktemp("growing")
    with open_at(folder / "home", HashEmbedder()) as engine:
        yield engine, folder


@given(text=articles(), question=anything)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_quote_is_verbatim(growing: tuple[Engine, Path], text: str, question: str) -> None:
    """`article.text[start:end]`, byte for byte, at most 400 characters, whatever was added."""
    engine, folder = growing
    add(engine, folder, item("عنوان", text + " نهاية النص كلمة"))
    for asked in (question, "كلمة ألف نهاية النص"):
        check(engine, engine.ask(asked, limit=5).quotes)


# --- filters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {MUSEUM["title"], STORM["title"], MATCH["title"], BRIDGE["title"]}),
        ({"since": "2023-03-16"}, {MUSEUM["title"], STORM["title"], MATCH["title"]}),
        ({"since": "2023-03-17"}, {STORM["title"], MATCH["title"]}),
        ({"until": "2023-03-16"}, {MUSEUM["title"]}),
        ({"until": "2023-03-15"}, set()),
        ({"since": "2023-03-16", "until": "2023-03-16"}, {MUSEUM["title"]}),
        ({"since": "2023-03-20", "until": "2023-03-20"}, {STORM["title"]}),
        ({"since": "2024-01-01"}, {MATCH["title"]}),
        ({"source": "وكالة الساحل"}, {STORM["title"], MATCH["title"]}),
        ({"source": "وكالة الساحل", "until": "2023-12-31"}, {STORM["title"]}),
        ({"source": "لا أحد"}, set()),
        ({"since": "2024-02-01", "until": "2024-01-01"}, set()),
        ({"since": "2023-03-20T19:30:00+00:00", "until": "2023-12-31"}, {STORM["title"]}),
        ({"since": "2023-03-20T19:30:01+00:00", "until": "2023-12-31"}, set()),
    ],
)
def test_days_are_inclusive_and_dates_without_a_year_in_no_range(
    archive: Engine, filters: dict[str, str], expected: set[str]
) -> None:
    """Only what was published in the range, by the source, is quoted."""
    answer = archive.ask("المتحف والميناء والفريق والجسر", limit=20, **filters)
    assert set(titles(answer)) == expected


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("value", ["yesterday", "2023-13-01", "--03-16", "2023", "", "16/03/2023"])
def test_a_date_that_is_none_is_refused(archive: Engine, name: str, value: str) -> None:
    """Naming the option."""
    with pytest.raises(InputError, match=f"--{name}"):
        archive.ask(QUESTION, **{name: value})  # type: ignore[arg-type]


def test_until_the_end_of_time(archive: Engine) -> None:
    """The last date there is, is one."""
    assert archive.ask(QUESTION, until="9999-12-31").answered


# --- revisions, reprints, removal ---------------------------------------------------------------


def test_adding_twice_changes_nothing(archive: Engine, tmp_path: Path) -> None:
    """Neither rows nor vectors nor indexes."""
    before = contents(archive)
    files = {path: path.stat().st_mtime_ns for path in archive.home.glob("vectors*")}
    report = add(archive, tmp_path, *ARTICLES)
    assert (report.added, report.unchanged) == (0, 4)
    assert contents(archive) == before
    assert {path: path.stat().st_mtime_ns for path in archive.home.glob("vectors*")} == files
    assert well(archive)


def test_a_revision_embeds_only_what_changed(
    engine: Engine, embedder: HashEmbedder, tmp_path: Path
) -> None:
    """And its new words are quoted, never the old ones."""
    article = long_item(24, url="https://a.example/")
    add(engine, tmp_path, article)
    embedder.seen.clear()
    changed = {**article, "text": article["text"].replace("خلال 25 أسابيع", "بعد خمسين يومًا")}
    assert changed != article
    assert add(engine, tmp_path, changed).updated == 1
    assert len(embedder.seen) == 1
    assert "خمسين يومًا" in embedder.seen[0]
    answer = engine.ask("متى تصل معدات المرحلة 124؟", limit=20)
    assert any("خمسين يومًا" in quote.text for quote in answer.quotes)
    assert not any("خلال 25 أسابيع" in quote.text for quote in answer.quotes)
    check(engine, answer.quotes)
    assert well(engine)


def test_a_reprint_is_shown_beside_the_quote(archive: Engine, tmp_path: Path) -> None:
    """Once, with where else it stands."""
    copy = {**MUSEUM, "url": "https://copy.example/", "source": "الناسخ"}
    assert add(archive, tmp_path, copy).duplicates == 1
    answer = archive.ask(QUESTION)
    assert titles(answer).count(MUSEUM["title"]) <= 2
    assert [ref.source for ref in answer.quotes[0].also_in] == ["الناسخ"]
    assert archive.article(5).duplicates_of == 1


def test_a_reprint_takes_the_place_of_its_removed_original(
    archive: Engine, embedder: HashEmbedder, tmp_path: Path
) -> None:
    """It is found in its stead, and costs no embedding."""
    add(archive, tmp_path, {**MUSEUM, "url": "https://copy.example/", "source": "الناسخ"})
    embedder.seen.clear()
    archive.remove(1)
    quote = archive.ask(QUESTION).quotes[0]
    assert (quote.article.id, quote.article.source) == (5, "الناسخ")
    assert "12 مليون دينار" in quote.text
    assert quote.also_in == ()
    check(archive, [quote])
    assert well(archive)


def test_a_sentence_of_two_articles_is_quoted_once(archive: Engine, tmp_path: Path) -> None:
    """With the other article beside it."""
    other = item("تقرير الأسبوع", MATCH["text"] + "\nوفي أخبار أخرى هدأت الرياح في الميناء كثيرًا.")
    add(archive, tmp_path, other)
    answer = archive.ask("من سجل هدفين في الشوط الثاني؟")
    (quote,) = [quote for quote in answer.quotes if "زياد مرجان" in quote.text]
    assert {quote.article.title, *(ref.title for ref in quote.also_in)} == {
        MATCH["title"],
        "تقرير الأسبوع",
    }


def test_what_is_removed_is_never_quoted_again(archive: Engine) -> None:
    """Nor listed, nor shown, nor kept in any index or vector."""
    archive.remove(1)
    assert MUSEUM["title"] not in titles(archive.ask(QUESTION, limit=20))
    assert 1 not in [ref.id for ref in archive.articles()]
    with pytest.raises(NotFoundError):
        archive.article(1)
    with pytest.raises(NotFoundError, match="no article 1"):
        archive.remove(1)
    assert well(archive)


def test_removing_everything_leaves_an_empty_archive(archive: Engine) -> None:
    """Which can be filled again, under new ids."""
    for ref in archive.articles():
        archive.remove(ref.id)
    assert not archive.ask(QUESTION).answered
    assert contents(archive) == {"articles": [], "passages": []}
    assert well(archive)
    add(archive, archive.home, MUSEUM)
    assert [ref.id for ref in archive.articles()] == [5]
    assert archive.ask(QUESTION).answered


def test_an_article_comes_with_its_passages(engine: Engine, tmp_path: Path) -> None:
    """As they are retrieved."""
    add(engine, tmp_path, long_item(24))
    article = engine.article(1)
    assert len(article.passages) > 2
    assert "".join(article.text[p.start : p.end] for p in article.passages).replace(
        "\n", ""
    ) == article.text.replace("\n", "")


# --- rebuilding, damage -------------------------------------------------------------------------


def test_rebuilding_keeps_articles_answers_and_vectors(
    archive: Engine, embedder: HashEmbedder
) -> None:
    """Nothing is embedded again where nothing is cut otherwise."""
    before = [archive.ask(q, limit=5).quotes for q in (QUESTION, "كم سفينة تنتظر؟")]
    refs = archive.articles()
    embedder.seen.clear()
    archive.rebuild()
    assert embedder.seen == []
    assert archive.articles() == refs
    after = [archive.ask(q, limit=5).quotes for q in (QUESTION, "كم سفينة تنتظر؟")]
    assert [[q.text for q in quotes] for quotes in after] == [
        [q.text for q in quotes] for quotes in before
    ]
    assert well(archive)


def damage_vectors(home: Path) -> None:
    (home / "vectors.faiss").write_bytes(b"garbage")


def lose_vectors(home: Path) -> None:
    (home / "vectors.faiss").unlink()


def half_of_vectors(home: Path) -> None:
    data = (home / "vectors.faiss").read_bytes()
    (home / "vectors.faiss").write_bytes(data[: len(data) // 2])


def lose_manifests(home: Path) -> None:
    for path in home.glob("*.json"):
        path.unlink()


def other_versions(home: Path) -> None:
    for path in home.glob("*.json"):
        path.write_text(path.read_text().replace('"format": "1"', '"format": "0"'))


def lose_words(home: Path) -> None:
    shutil.rmtree(home / "lexical")
    (home / "lexical.json").unlink()


def damage_words(home: Path) -> None:
    for path in (home / "lexical").glob("*.idx"):
        path.write_bytes(b"garbage" * 9)


def damage_words_list(home: Path) -> None:
    (home / "lexical" / "meta.json").write_text("{}")


def lose_both(home: Path) -> None:
    lose_words(home)
    lose_vectors(home)
    lose_manifests(home)


@pytest.mark.parametrize(
    "harm",
    [
        damage_vectors,
        lose_vectors,
        half_of_vectors,
        lose_manifests,
        other_versions,
        lose_words,
        damage_words,
        damage_words_list,
        lose_both,
    ],
)
def test_damaged_caches_are_made_again(
    archive: Engine, embedder: HashEmbedder, home: Path, harm: object
) -> None:
    """By the next that opens them; nothing is embedded again, and the answers are right."""
    expected = archive.ask(QUESTION, limit=5).quotes
    archive.close()
    embedder.seen.clear()
    harm(home)  # type: ignore[operator]
    with open_at(home, embedder) as engine:
        assert [q.text for q in engine.ask(QUESTION, limit=5).quotes] == [q.text for q in expected]
        assert well(engine)
    with open_at(home, embedder) as engine:
        assert well(engine)


def test_another_model_embeds_everything_anew(
    archive: Engine, home: Path, embedder: HashEmbedder
) -> None:
    """And going back costs nothing: both models' vectors are kept."""
    other = HashEmbedder("other", dimension=32)
    with open_at(home, other) as engine:
        assert "12 مليون" in engine.ask(QUESTION).quotes[0].text
        assert well(engine)
    assert any("متحف" in text for text in other.seen)
    embedder.seen.clear()
    with open_at(home, embedder) as engine:
        assert "12 مليون" in engine.ask(QUESTION).quotes[0].text
    assert not [text for text in embedder.seen if "متحف" in text]


# --- interruption -------------------------------------------------------------------------------


def test_what_was_stored_but_not_indexed_is_caught_up(
    engine: Engine, home: Path, tmp_path: Path, embedder: HashEmbedder
) -> None:
    """A crash between the two loses nothing."""
    ingest.add(engine.db, [write(tmp_path / "a.json", *ARTICLES)])
    engine.close()
    with open_at(home, embedder) as again:
        again.load()
        assert well(again)
        assert "12 مليون" in again.ask(QUESTION).quotes[0].text


def test_power_lost_while_embedding(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was embedded stays so, adding again does the rest, and no passage is done twice."""
    monkeypatch.setattr(caches, "EMBED_BATCH", 3)
    path = write(tmp_path / "a.json", *ARTICLES, long_item(40), long_item(30, topic="النفق"))
    first = HashEmbedder(fail_after=9)
    with open_at(home, first) as engine, pytest.raises(OutOfPowerError):
        engine.add([path])
    second = HashEmbedder()
    with open_at(home, second) as engine:
        report = engine.add([path])
        assert (report.added, report.unchanged) == (0, 6)
        assert well(engine)
        engine_contents = contents(engine)
    passages = [text for text in first.seen + second.seen if "\n" in text]
    done_twice = len(passages) - len(set(passages))
    assert done_twice <= 3 + 5  # the batch that was lost, and the doctor's samples
    with open_at(tmp_path / "other", HashEmbedder()) as never:
        never.add([path])
        assert contents(never) == engine_contents


def test_a_question_does_not_wait_for_much_embedding(
    engine: Engine, home: Path, tmp_path: Path
) -> None:
    """A large backlog is left to `load` and `sync`; a question sees what is ready."""
    add(engine, tmp_path, *ARTICLES)
    ingest.add(engine.db, [write(tmp_path / "big.json", long_item(400))])
    asked = HashEmbedder()
    with open_at(home, asked) as other:
        assert "12 مليون" in other.ask(QUESTION).quotes[0].text
        assert len(asked.seen) < 10
        other.load()
        assert well(other)


def run_killed(home: Path, path: str, after: float) -> bool:
    """Add in another process, kill it `after` seconds past its opening; whether it got through."""
    with subprocess.Popen(
        [sys.executable, Path(__file__).with_name("slow_add.py"), home, "0.02", path],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent,
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        time.sleep(after)
        process.kill()
        return process.stdout.read() == "done\n"


def test_an_archive_killed_again_and_again_is_the_one_never_killed(
    home: Path, tmp_path: Path
) -> None:
    """kill -9 at random moments of `add`, then `add`: the same articles, ids and passages."""
    path = write(
        tmp_path / "a.json",
        *(long_item(9, topic=f"المشروع {n}", url=f"https://a.example/{n}") for n in range(10)),
    )
    chance = random.Random()
    through = [run_killed(home, path, chance.uniform(0, 0.3)) for _ in range(4)]
    assert not all(through)
    with open_at(home, HashEmbedder()) as killed, open_at(tmp_path / "b", HashEmbedder()) as never:
        report = killed.add([path])
        assert report.added + report.unchanged == 10
        never.add([path])
        assert contents(killed) == contents(never)
        assert [f.what for f in examine(killed) if not f.ok] == []
        question = "متى تصل معدات المرحلة 105 من المشروع 7؟"
        assert [q.text for q in killed.ask(question).quotes] == [
            q.text for q in never.ask(question).quotes
        ]
    assert not [path for path in home.rglob("*.tmp") if path.stat().st_size == 0]


# --- several at once ----------------------------------------------------------------------------


def test_another_engine_sees_new_articles_with_its_next_question(
    archive: Engine, home: Path, tmp_path: Path
) -> None:
    """And removed ones no more."""
    with open_at(home, HashEmbedder()) as other:
        assert MUSEUM["title"] in titles(other.ask(QUESTION))
        add(archive, tmp_path, item("حريق في السوق القديم", "التهم حريق السوق القديم فجر أمس."))
        assert "التهم حريق" in other.ask("ماذا التهم الحريق في السوق القديم؟").quotes[0].text
        archive.remove(1)
        assert MUSEUM["title"] not in titles(other.ask(QUESTION, limit=20))
        archive.rebuild()
        assert "التهم حريق" in other.ask("ماذا التهم الحريق في السوق القديم؟").quotes[0].text
        assert well(other)


def test_threads_ask_at_once(archive: Engine) -> None:
    """Each gets its own answer."""
    questions = {
        "كم بلغت كلفة بناء متحف الفلك؟": "12 مليون",
        "كم سفينة تنتظر في عرض البحر؟": "ثماني سفن",
        "من سجل هدفين في الشوط الثاني؟": "زياد مرجان",
    }
    with ThreadPoolExecutor(6) as pool:
        asked = list(questions) * 10
        for question, answer in zip(asked, pool.map(archive.ask, asked), strict=True):
            assert answer.question == question
            assert questions[question] in answer.quotes[0].text


def test_threads_ask_while_another_adds_and_removes(archive: Engine, tmp_path: Path) -> None:
    """Every quote holds at the moment it is given, and all is well afterwards."""
    over = threading.Event()

    def ask() -> int:
        count = 0
        while not over.is_set():
            for quote in archive.ask("متى تصل معدات المرحلة 105؟").quotes:
                assert len(quote.text) <= 400
                assert quote.text.strip() == quote.text
                count += 1
        return count

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            for n in range(6):
                add(archive, tmp_path, long_item(10, topic=f"الطريق {n}"))
                archive.remove(5 + n)
        finally:
            over.set()
        assert all(asked.result() for asked in asking)
    assert well(archive)


def test_two_processes_may_add_at_once(home: Path, tmp_path: Path) -> None:
    """To one home; all their articles go in, and both indexes are whole."""
    with open_at(home, HashEmbedder()) as engine:
        add(engine, tmp_path, MUSEUM)
    paths = [write(tmp_path / f"{n}.json", long_item(6, topic=f"المشروع {n}")) for n in range(2)]

    def run(path: str) -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, Path(__file__).with_name("slow_add.py"), home, "0.002", path],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent,
            env={"PYTHONPATH": str(Path(__file__).parents[1])},
            timeout=60,
            check=False,
        )
        return done.stdout, done.stderr

    with ThreadPoolExecutor(2) as pool:
        for out, err in pool.map(run, paths):
            assert (out, "Traceback" in err) == ("open\ndone\n", False), err
    with open_at(home, HashEmbedder()) as engine:
        assert len(engine.articles()) == 3
        engine.sync()
        assert well(engine)


def test_an_engine_opened_while_another_saves_harms_nothing(
    archive: Engine,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A bot that starts during `isnad add` answers, and leaves the files alone."""
    write_json = vectors.write_json
    answers: list[Answer] = []

    def ask() -> None:
        with open_at(home, HashEmbedder()) as reader:
            answers.append(reader.ask(QUESTION))

    reading = threading.Thread(target=ask)

    def slowly(path: Path, value: object) -> None:
        if reading.ident is None:
            reading.start()
            reading.join(0.5)  # it may wait for this one to be done
        write_json(path, value)

    monkeypatch.setattr(vectors, "write_json", slowly)
    add(archive, tmp_path, item("خبر جديد", "هطلت أمطار غزيرة على القمرية صباح اليوم."))
    reading.join()
    assert "12 مليون" in answers[0].quotes[0].text
    assert [record.message for record in caplog.records if "made again" in record.message] == []
    assert (home / "vectors.faiss").is_file()


# --- opening ------------------------------------------------------------------------------------


def test_an_engine_is_opened_by_its_home(home: Path, embedder: HashEmbedder) -> None:
    """Which is made where there is none, parents too."""
    with open_engine(home / "a" / "b", embedder=embedder) as engine:
        assert engine.articles() == []
    assert (home / "a" / "b").is_dir()


def test_a_home_of_any_name(tmp_path: Path, embedder: HashEmbedder) -> None:
    """Spaces, Arabic, and what means something in an address."""
    home = tmp_path / "أرشيفي #1 100%"
    with open_at(home, embedder) as engine:
        add(engine, tmp_path, MUSEUM)
        assert engine.ask(QUESTION).answered
    assert (home / "isnad.db").is_file()


def test_a_home_with_a_question_mark(tmp_path: Path, embedder: HashEmbedder) -> None:
    """Is a home like any other."""
    with open_at(tmp_path / "which?", embedder):
        assert (tmp_path / "which?" / "isnad.db").is_file()


def test_a_home_that_cannot_be_made_is_a_store_error(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    """With the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        open_at(tmp_path / "file" / "home", embedder)


def test_another_database_may_be_named(tmp_path: Path, embedder: HashEmbedder) -> None:
    """The caches stay in the home."""
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    with Engine(Settings(home=tmp_path / "home", database_url=url), embedder) as engine:
        add(engine, tmp_path, MUSEUM)
        assert engine.ask(QUESTION).answered
    assert (tmp_path / "elsewhere.db").is_file()
    assert not (tmp_path / "home" / "isnad.db").exists()


def test_opening_loads_no_model(home: Path) -> None:
    """Listing the articles needs none."""
    with open_at(home, HashEmbedder(fail_after=0)) as engine:
        assert engine.articles() == []


def test_progress_is_shown_for_each_piece_of_work(engine: Engine, tmp_path: Path) -> None:
    """Reading, embedding, indexing; each to its end."""
    done: dict[str, list[int]] = {}

    @contextmanager
    def watch(what: str, total: int):  # type: ignore[no-untyped-def]
        done[what] = [total, 0]

        def step(more: int) -> None:
            done[what][1] += more

        yield step

    paths = [write(tmp_path / "a.json", *ARTICLES), str(tmp_path / "missing")]
    engine.add(paths, progress=watch)
    stages = ("reading", "embedding", "finding stories", "indexing")
    assert done == dict(zip(stages, ([2, 2], [4, 4], [4, 4], [4, 4]), strict=True))
