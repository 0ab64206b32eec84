"""The word index: BM25 as the formula has it, the kin of words, and what survives on disk."""

from __future__ import annotations

import json
import math
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import arabic
from index import lexical as module
from index.arabic import tokens
from index.lexical import LexicalIndex, Term
from index.model import ArticleRef, CacheError
from index.store import PassageRow

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "وزير متحف ميناء عاصفة جسر فريق مدينة سفينة مطر طريق".split()


def row(number: int, text: str, *, article: int | None = None, title: str = "") -> PassageRow:
    cited = ArticleRef(article or number, title, None, None, None)
    return PassageRow(number, cited, None, 0, text, ((0, len(text)),), f"key {number}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lexical"


def filled(folder: Path, rows: list[PassageRow]) -> LexicalIndex:
    index = LexicalIndex(folder)
    index.apply(sorted({row.article.id for row in rows}), rows, upto=len(rows))
    return index


def find(index: LexicalIndex, question: str, **options: list[int]) -> dict[int, float]:
    return index.search(index.expand(tokens(question)), 50, **options)


def stems(text: str) -> list[str]:
    return [token.stem for token in tokens(text)]


# --- scores -------------------------------------------------------------------------------------


def plain_bm25(texts: list[str], asked: list[str]) -> dict[int, float]:
    """The formula, k1 = 1.2 and b = 0.75, over stems; texts are numbered from 1."""
    held = [stems(text) for text in texts]
    mean = sum(map(len, held)) / len(held)
    scores: dict[int, float] = {}
    for stem in asked:
        n = sum(stem in words for words in held)
        idf = math.log(1 + (len(held) - n + 0.5) / (n + 0.5))
        for number, words in enumerate(held, 1):
            if count := words.count(stem):
                norm = 1.2 * (1 - 0.75 + 0.75 * len(words) / mean)
                score = idf * count * 2.2 / (count + norm)
                scores[number] = scores.get(number, 0.0) + score
    return scores


@given(st.integers(0, 10_000))
@settings(max_examples=5, deadline=None)
def test_scores_are_those_of_the_formula(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Of every passage that has one of the words, with and without a choice of passages."""
    chance = random.Random(seed)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 30))) for _ in range(25)]
    index = filled(
        tmp_path_factory.mktemp("bm25") / "lexical", [row(n, t) for n, t in enumerate(texts, 1)]
    )
    asked = stems(" ".join(chance.sample(WORDS, 3)))
    terms = [Term(stem, stem, None, 1.0, index.idf(stem)) for stem in asked]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FIELD_WEIGHTS", {"stems": 1.0})
        expected = plain_bm25(texts, asked)
        assert index.search(terms, 50) == pytest.approx(expected, rel=1e-4)
        among = chance.sample(range(1, 26), 10)
        assert index.search(terms, 50, among=among) == pytest.approx(
            {number: score for number, score in expected.items() if number in among}, rel=1e-4
        )
        best = sorted(expected.values(), reverse=True)[:3]
        assert sorted(index.search(terms, 3).values(), reverse=True) == pytest.approx(
            best, rel=1e-4
        )


def test_a_term_of_less_weight_counts_less(folder: Path) -> None:
    """In proportion."""
    index = filled(folder, [row(1, "متحف جديد"), row(2, "جسر قديم")])
    whole, half = (
        index.search([Term("متحف", "متحف", None, weight, 1.0)], 5)[1] for weight in (1.0, 0.5)
    )
    assert half == pytest.approx(whole / 2)


def test_a_word_of_the_title_counts(folder: Path) -> None:
    """Much of the news is about what only the title names."""
    index = filled(folder, [row(1, "افتتح أمس", title="متحف الفلك"), row(2, "افتتح أمس")])
    assert set(find(index, "متحف")) == {1}
    scores = find(index, "افتتح المتحف")
    assert scores[1] > scores[2]


@pytest.mark.parametrize("question", ["", "😀", "قطار"])
def test_nothing_known_nothing_found(folder: Path, question: str) -> None:
    """No passage is better than another."""
    index = filled(folder, [row(1, "متحف جديد")])
    assert find(index, question) == {}


def test_an_empty_index_is_searched_in_vain(folder: Path) -> None:
    """Without an error."""
    index = LexicalIndex(folder)
    assert (index.size, index.last_change, find(index, "متحف")) == (0, 0, {})


def test_no_passage_may_be_found(folder: Path) -> None:
    """Among none, or by a limit of none."""
    index = filled(folder, [row(1, "متحف جديد")])
    assert find(index, "متحف", among=[]) == {}
    assert find(index, "متحف", among=[99]) == {}
    assert index.search(index.expand(tokens("متحف")), 0) == {}


# --- kin ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ("وصل الوفد بموسكو", "موسكو"),
        ("وصل الوفد موسكو", "بموسكو"),
        ("زار لبنان", "بلبنان"),
        ("اجتماع بلبنان", "لبنان"),
        ("سافر لباريس", "باريس"),
        ("سافر إلى باريس", "لباريس"),
        ("قال الوزير", "للوزير"),
        ("أَحْمَد في المَدْرَسَة", "احمد"),
        ("في عام ٢٠٢٣", "2023"),
        ("لافرنتييف يصل", "لافرنتيف"),
        ("لافرنتييف يصل", "لافرينتيف"),
        ("لافرينتيف يصل", "لافرنتييف"),
        ("كوفالينكو يصل", "كوفلنكو"),
        ("بوتن يصل", "بوتين"),
    ],
)
def test_a_word_finds_its_kin(folder: Path, held: str, asked: str) -> None:
    """With or without an attached particle, and misspelt names."""
    index = filled(folder, [row(1, held), row(2, "شيء مختلف تمامًا")])
    assert set(find(index, asked)) == {1}


@pytest.mark.parametrize(("held", "asked"), [("بوتين يصل", "بوتن"), ("بوتين يصل", "بوتيين")])
def test_a_misspelt_name_is_found_whose_stem_is_short(folder: Path, held: str, asked: str) -> None:
    """It is the word's own letters that count."""
    index = filled(folder, [row(1, held), row(2, "شيء مختلف تمامًا")])
    assert set(find(index, asked)) == {1}


def test_a_known_word_is_not_respelt(folder: Path) -> None:
    """Guessing is for words that the archive does not know."""
    index = filled(folder, [row(1, "محمود يصل"), row(2, "محمودي يصل")])
    assert [term.stem for term in index.expand(tokens("محمود"))] == stems("محمود")


def test_kin_count_less_than_the_word_itself(folder: Path) -> None:
    """A guess is a guess."""
    index = filled(folder, [row(1, "كوفالينكو يصل")])
    weights = {term.stem: term.weight for term in index.expand(tokens("كوفلينكو"))}
    assert weights.pop(*stems("كوفلينكو")) == 1
    assert weights
    assert all(0 < weight < 1 for weight in weights.values())


def test_rare_words_weigh_more(folder: Path) -> None:
    """And a word the index has never seen most of all."""
    index = filled(folder, [row(n, "متحف" if n < 9 else "متحف جسر") for n in range(1, 10)])
    assert 0 < index.idf("متحف") < index.idf("جسر") < index.idf("قطار")


# --- changes ------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(1, 4), st.lists(st.sampled_from(WORDS), max_size=3)), max_size=8)
)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_index_kept_up_finds_what_a_new_one_does(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, list[str]]]
) -> None:
    """However often articles are replaced, shortened to nothing, or put back."""
    index = LexicalIndex(tmp_path_factory.mktemp("kept") / "lexical")
    number = 0
    current: dict[int, list[PassageRow]] = {}
    for change, (article, texts) in enumerate(edits, 1):
        rows = []
        for text in texts:
            number += 1
            rows.append(row(number, text, article=article))
        index.apply([article], rows, upto=change)
        current[article] = rows
    held = [row for rows in current.values() for row in rows]
    assert index.size == len(held)
    assert index.last_change == len(edits)
    for word in WORDS:
        expected = {row.id for row in held if row.text == word}
        assert set(index.search([Term(word, *stems(word), None, 1.0, 1.0)], 50)) == expected


def test_what_was_written_is_there_when_opened_again(folder: Path) -> None:
    """With the change it is up to."""
    filled(folder, [row(1, "متحف جديد"), row(2, "جسر قديم")])
    again = LexicalIndex(folder)
    assert (again.size, again.last_change, again.on_disk()) == (2, 2, 2)
    assert set(find(again, "جسر")) == {2}


def test_another_opening_sees_new_writing_after_a_reload(folder: Path) -> None:
    """As another process would."""
    writer = filled(folder, [row(1, "متحف جديد")])
    reader = LexicalIndex(folder)
    writer.apply([2], [row(2, "جسر قديم")], upto=2)
    assert (reader.size, reader.on_disk(), reader.last_change) == (1, 2, 1)
    reader.reload()
    assert (reader.size, reader.last_change) == (2, 2)


def test_a_crash_before_the_manifest_is_done_again_without_harm(folder: Path) -> None:
    """Passages are replaced, not doubled."""
    index = filled(folder, [row(1, "متحف جديد")])
    manifest = folder.with_suffix(".json")
    before = manifest.read_text()
    index.apply([1, 2], [row(3, "متحف قديم", article=1), row(2, "جسر قديم")], upto=2)
    manifest.write_text(before)  # the commit is on disk, the manifest is not
    again = LexicalIndex(folder)
    assert again.last_change < 2
    again.apply([1, 2], [row(3, "متحف قديم", article=1), row(2, "جسر قديم")], upto=2)
    assert again.size == 2
    assert set(find(again, "متحف")) == {3}


def test_a_crash_in_the_middle_leaves_the_earlier_state(folder: Path) -> None:
    """Nothing of it is seen, and the index can be written again."""
    index = filled(folder, [row(1, "متحف جديد")])

    class Broken(list[PassageRow]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield row(2, "جسر قديم")
            raise MemoryError

    with pytest.raises(MemoryError):
        index.apply([1], Broken(), upto=2)
    again = LexicalIndex(folder)
    assert (again.size, again.last_change) == (1, 1)
    again.apply([2], [row(2, "جسر قديم")], upto=2)
    assert again.size == 2


# --- other versions, damage ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "manifest",
    [None, "", "{", "{}", '{"format": "0", "analyser": "1", "last_change": 9}', "null", "[]"],
)
def test_an_index_of_another_version_is_begun_anew(folder: Path, manifest: str | None) -> None:
    """Tokens of two analyses never mix."""
    filled(folder, [row(1, "متحف جديد")])
    path = folder.with_suffix(".json")
    path.unlink() if manifest is None else path.write_text(manifest)
    index = LexicalIndex(folder)
    assert (index.size, index.last_change) == (0, 0)


def test_a_new_analyser_begins_anew(folder: Path) -> None:
    """The manifest names the analyser that made the tokens."""
    filled(folder, [row(1, "متحف جديد")])
    path = folder.with_suffix(".json")
    manifest = json.loads(path.read_text())
    assert manifest["analyser"] == arabic.VERSION
    path.write_text(json.dumps({**manifest, "analyser": "another"}))
    assert LexicalIndex(folder).size == 0


@pytest.mark.parametrize("damage", [[1], 3, "x", {"last_change": None}, {"last_change": "x"}])
def test_a_manifest_of_another_shape_is_begun_anew(folder: Path, damage: object) -> None:
    """Nothing that stands in a cache's file may end the program."""
    filled(folder, [row(1, "متحف جديد")])
    path = folder.with_suffix(".json")
    if isinstance(damage, dict):
        damage = {**json.loads(path.read_text()), **damage}
    path.write_text(json.dumps(damage))
    index = LexicalIndex(folder)
    assert index.last_change == 0


@pytest.mark.parametrize("kind", ["idx", "term", "store", "fast", "fieldnorm", "meta.json"])
@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_damaged_files_are_a_cache_error(folder: Path, kind: str, damage: str) -> None:
    """Which says that making it again is safe."""
    filled(folder, [row(n, "متحف جديد") for n in range(1, 20)])
    (path,) = folder.glob(kind if "." in kind else f"*.{kind}")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] if damage == "cut" else b"garbage" * 20)
    with pytest.raises(CacheError, match="word index"):
        LexicalIndex(folder)
    LexicalIndex.erase(folder)
    assert LexicalIndex(folder).size == 0


def test_a_file_cut_to_a_few_bytes_is_a_cache_error(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """However the library takes it."""
    filled(folder, [row(1, "متحف جديد")])
    (path,) = folder.glob("*.idx")
    path.write_bytes(path.read_bytes()[:7])
    try:
        with pytest.raises(CacheError, match="word index"):
            LexicalIndex(folder)
    finally:
        capfd.readouterr()  # what Rust prints of a panic


def test_files_lost_behind_the_manifest_are_noticed(folder: Path) -> None:
    """An index that lost its contents must not find nothing for ever."""
    filled(folder, [row(1, "متحف جديد")])
    for path in folder.iterdir():
        path.unlink()
    try:
        assert LexicalIndex(folder).last_change == 0
    except CacheError:
        return


def test_opening_beside_the_first_writing_does_not_erase_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot may start while the first `isnad add` runs."""
    writer = LexicalIndex(folder)
    write_json = module.write_json

    def slowly(path: Path, value: object) -> None:
        LexicalIndex(folder)  # as another process, after the commit and before the manifest
        write_json(path, value)

    monkeypatch.setattr(module, "write_json", slowly)
    writer.apply([1], [row(1, "متحف جديد")], upto=1)
    monkeypatch.undo()
    again = LexicalIndex(folder)
    assert again.size == (1 if again.last_change else 0)


def test_erasing_what_is_not_there(folder: Path) -> None:
    """Is no error."""
    LexicalIndex.erase(folder)
    LexicalIndex.erase(folder)
