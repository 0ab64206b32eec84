"""What `isnad eval` asks, measures and prints, over archives of a few paragraphs."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from fake_embedder import HashEmbedder

from bot import cli
from index.ablate import ask_all, opened
from index.engine import STAGES, Engine
from index.evaluate import evaluate, holds, lines, read_squad
from index.metrics import COMPARED, HEADLINE
from index.model import InputError
from index.quotes import quotes
from index.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.finding import Found
    from index.model import Quote
    from index.reader import Page

PARAGRAPHS = {
    "متحف الفلك": (
        "افتتحت وزيرة الثقافة سلمى الحارثي متحف الفلك في القمرية. وبلغت كلفة البناء 12 مليونًا.",
        [("من افتتح متحف الفلك؟", "سلمى الحارثي"), ("كم بلغت كلفة بناء المتحف؟", "12 مليونًا")],
    ),
    "ميناء الصدف": (
        "أغلقت العاصفة ميناء الصدف يومين. وقال المدير ناصر العمري إن ثماني سفن تنتظر في البحر.",
        [("كم سفينة تنتظر في البحر؟", "ثماني سفن")],
    ),
    "كأس الجبل": (
        "فاز فريق نجوم الوادي بكأس الجبل. وسجل زياد مرجان هدفين في الشوط الثاني.",
        [("من سجل هدفين في الشوط الثاني؟", "زياد مرجان")],
    ),
}


def squad(paragraphs: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "1.1",
        "data": [
            {
                "title": title,
                "paragraphs": [
                    {
                        "context": context,
                        "qas": [
                            {
                                "id": f"{title}{n}",
                                "question": question,
                                "answers": [{"text": gold, "answer_start": context.find(gold)}],
                            }
                            for n, (question, gold) in enumerate(asked)
                        ],
                    }
                ],
            }
            for title, (context, asked) in paragraphs.items()
        ],
    }


def write(path: Path, data: dict[str, Any]) -> str:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return str(path)


def impossible(*asked: str) -> dict[str, Any]:
    """The paragraphs as ever, and questions about the first that they do not answer."""
    data = squad(PARAGRAPHS)
    data["data"][0]["paragraphs"][0]["qas"] += [
        {"question": question, "answers": [], "is_impossible": True} for question in asked
    ]
    return data


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "squad.json"
    write(path, squad(PARAGRAPHS))
    return path


# --- the file -----------------------------------------------------------------------------------


def test_paragraphs_and_questions_are_read(path: Path) -> None:
    """Each question with the number of its paragraph."""
    paragraphs, cases = read_squad(str(path))
    assert [title for title, _ in paragraphs] == list(PARAGRAPHS)
    assert [(case.paragraph, case.answers) for case in cases] == [
        (0, ("سلمى الحارثي",)),
        (0, ("12 مليونًا",)),
        (1, ("ثماني سفن",)),
        (2, ("زياد مرجان",)),
    ]


def test_impossible_questions_have_no_answers(path: Path) -> None:
    """As SQuAD 2 marks them, whatever they list; unmarked ones without answers are left out."""
    data = squad(PARAGRAPHS)
    data["data"][1]["paragraphs"][0]["qas"][0]["is_impossible"] = True
    data["data"][2]["paragraphs"][0]["qas"][0]["answers"] = []
    path.write_text("\ufeff" + json.dumps(data), encoding="utf-8")
    paragraphs, cases = read_squad(str(path))
    assert len(paragraphs) == 3
    assert [(case.paragraph, bool(case.answers)) for case in cases] == [
        (0, True),
        (0, True),
        (1, False),
    ]


@pytest.mark.parametrize(
    ("said", "start"),
    [({}, 4), ({"answer_start": 4}, 4), ({"answer_start": 28}, 28), ({"answer_start": 999}, 4)],
)
def test_an_answer_starts_where_the_file_says(path: Path, said: dict[str, int], start: int) -> None:
    """Where that is true; else where it stands first."""
    context = "قال ناصر إن السفن تنتظر. ثم ناصر عاد."
    qas = [{"question": "من قال؟", "answers": [{"text": "ناصر", **said}]}]
    write(path, {"data": [{"paragraphs": [{"context": context, "qas": qas}]}]})
    (case,) = read_squad(str(path))[1]
    assert case.start == start


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"data": {}}',
        '{"data": [{"paragraphs": [{"qas": [{"question": "q", "answers": ["text"]}]}]}]}',
        '{"data": [{"paragraphs": [{"qas": []}]}]}',
        '{"data": [3]}',
        '{"data": []}',
        '{"data": [{"paragraphs": [{"qas": [], "context": "c"}]}]}',
    ],
)
def test_a_file_of_another_shape_is_refused(path: Path, content: str) -> None:
    """Naming it."""
    path.write_text(content)
    with pytest.raises(InputError, match=r"squad\.json"):
        read_squad(str(path))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """Naming it."""
    with pytest.raises(InputError, match="No such file"):
        read_squad(str(tmp_path / "none.json"))


def test_a_bad_file_is_refused_before_another_is_asked(path: Path, tmp_path: Path) -> None:
    """Asking can take an hour."""
    embedder = HashEmbedder()
    with pytest.raises(InputError, match=r"none\.json"):
        evaluate([str(path), str(tmp_path / "none.json")], embedder)
    assert embedder.seen == []


# --- the figures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "golds", "held"),
    [
        ("بلغت الكلفة 12 مليون دينار.", ["١٢ مليون"], True),
        ("قال أحمد المدرّسة.", ["احمد المدرسه"], True),
        ("بلغت 120 مليونًا", ["12"], False),
        ("سلمى الحارثي", ["سلمى", "لا شيء"], True),
        ("سلمى الحارثي", ["الحارث"], False),
        ("سلمى الحارثي", ["", "…"], False),
        ("", ["سلمى"], False),
    ],
)
def test_a_quote_holds_an_answer_as_whole_words(quote: str, golds: list[str], held: bool) -> None:
    """However they are spelt."""
    assert holds(quote, golds) is held


def test_an_archive_is_measured_by_the_contracts_figures(path: Path) -> None:
    """In a throw-away home; the right sentences are found here."""
    report = evaluate([str(path)], HashEmbedder())
    assert report["questions"] == 4
    assert report["passages"] == 3
    assert report["passage_hit@1"] == report["mrr@10"] == report["ndcg@10"] == 1
    assert report["quote_hit@1"] == report["quote_hit@3"] == 1
    assert report["quote_hit@1_right_paragraph"] == 1
    assert 20 < report["quote_chars_mean"] <= 400
    assert report["no_answer"]["questions"] == 4
    assert 0 <= report["no_answer"]["auroc"] <= 1
    assert 0 < report["latency_ms"]["p50"] <= report["latency_ms"]["p95"]
    assert "files" not in report
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_several_files_are_pooled_and_told_apart(path: Path, tmp_path: Path) -> None:
    """Each in an archive of its own."""
    other = tmp_path / "other.json"
    other.write_text(json.dumps(squad(dict(list(PARAGRAPHS.items())[1:]))), encoding="utf-8")
    report = evaluate([str(path), str(other)], HashEmbedder())
    assert (report["questions"], report["passages"]) == (6, 5)
    assert {name: file["questions"] for name, file in report["files"].items()} == {
        str(path): 4,
        str(other): 2,
    }


def test_halves_share_the_questions_and_keep_the_passages(path: Path) -> None:
    """By the file's paragraphs."""
    first, second = (evaluate([str(path)], HashEmbedder(), half=half) for half in (1, 2))
    assert (first["questions"], second["questions"]) == (3, 1)
    assert first["passages"] == second["passages"] == 3


def test_a_paragraph_printed_twice_stays_two(path: Path) -> None:
    """As the benchmark counts them."""
    data = squad(PARAGRAPHS)
    data["data"].append({**data["data"][2], "title": "كأس الجبل"})
    path.write_text(json.dumps(data), encoding="utf-8")
    report = evaluate([str(path)], HashEmbedder())
    assert report["passages"] == 4
    assert report["questions"] == 5
    assert report["quote_hit@1"] == 1


def test_a_half_without_questions_is_refused(path: Path) -> None:
    """Rather than reported as NaN, which is not JSON."""
    write(path, squad(dict(list(PARAGRAPHS.items())[:1])))
    with pytest.raises(InputError):
        evaluate([str(path)], HashEmbedder(), half=2)


def test_a_sample_is_the_same_each_time(path: Path) -> None:
    """And says of how many it is; the archive is whole."""
    first, again = (evaluate([str(path)], HashEmbedder(), questions=2) for _ in range(2))
    assert first["sample"] == {"questions": 2, "of": 4}
    assert (first["questions"], first["passages"]) == (2, 3)
    assert {**first, "latency_ms": None} == {**again, "latency_ms": None}
    whole = evaluate([str(path)], HashEmbedder(), questions=9)
    assert whole["sample"] == {"questions": 4, "of": 4}


def test_quotes_are_checked_to_the_character(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the article's text: one that is a letter off is counted."""
    assert evaluate([str(path)], HashEmbedder())["quotes_exact"] == 1

    def shifted(*arguments: Any, **options: Any) -> list[Quote]:
        return [replace(one, start=one.start + 1) for one in quotes(*arguments, **options)]

    monkeypatch.setattr("index.ablate.quotes", shifted)
    assert evaluate([str(path)], HashEmbedder())["quotes_exact"] == 0


# --- questions without an answer ----------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, Found]]:
    """What was found for each question; whether it was asked of the whole archive."""
    seen: list[tuple[bool, Found]] = []
    find = Engine.find

    def spied(engine: Engine, question: str, **options: Any) -> Found:
        found = find(engine, question, **options)
        seen.append((options.get("among") is None, found))
        return found

    monkeypatch.setattr(Engine, "find", spied)
    return seen


@pytest.mark.parametrize("title", ["كأس الجبل", "عنوان آخر"])
def test_every_copy_of_the_gold_paragraph_is_taken_out(
    path: Path, asked: list[tuple[bool, Found]], title: str
) -> None:
    """Under the same title or another: it would answer as well, and is as right."""
    data = squad(PARAGRAPHS)
    data["data"].append({**data["data"][2], "title": title})
    write(path, data)
    report = evaluate([str(path)], HashEmbedder())
    assert report["passage_hit@1"] == 1
    whole, without = asked[-2:]
    assert (whole[0], without[0]) == (True, False)
    texts = [[hit.row.text for hit in found.hits] for _, found in (whole, without)]
    gold = PARAGRAPHS["كأس الجبل"][0]
    assert gold in texts[0]
    assert len(texts[1]) == 2
    assert gold not in texts[1]


@pytest.mark.parametrize(
    ("other", "repeated"),
    [
        ("وذُكر أن زياد مرجان أحرز الجائزة؛ وسجل زياد مرجان هدفين في الشوط الثاني أمس", True),
        ("وسجل سامر الخطيب هدفين في الشوط الثاني", False),
        ("زياد مرجان لاعب ولد عام 1999", False),
    ],
)
def test_a_paragraph_that_repeats_the_gold_sentence_is_no_missing_answer(
    path: Path, asked: list[tuple[bool, Found]], other: str, repeated: bool
) -> None:
    """The archive still answers without the gold one: it is asked again without both."""
    data = squad(PARAGRAPHS)
    data["data"].append({"title": "صحيفة", "paragraphs": [{"context": other, "qas": []}]})
    write(path, data)
    report = evaluate([str(path)], HashEmbedder())
    left = [{hit.row.text for hit in found.hits} for whole, found in asked if not whole]
    assert report["no_answer"]["questions"] == report["no_answer_unsaid"]["questions"] == 4
    assert len(left) == 4 + repeated
    assert other in left[3]
    assert (other in left[-1]) is not repeated


def test_a_question_about_a_reprint_finds_its_first_print(path: Path) -> None:
    """A paragraph under the same title is stored once."""
    data = squad(PARAGRAPHS)
    data["data"].append(data["data"][2])
    write(path, data)
    assert evaluate([str(path)], HashEmbedder())["passage_hit@1"] == 1


def test_impossible_questions_are_asked_as_they_are(
    path: Path, asked: list[tuple[bool, Found]]
) -> None:
    """Once, of the whole archive."""
    write(path, impossible("من صمم متحف الفلك؟", "متى هدم المتحف؟"))
    report = evaluate([str(path)], HashEmbedder())
    assert (report["questions"], report["impossible"]) == (4, 2)
    assert report["no_answer"]["questions"] == 6
    assert report["quote_hit@1"] == 1
    assert [whole for whole, _ in asked].count(True) == 6
    assert [whole for whole, _ in asked].count(False) == 4


def test_a_file_of_impossible_questions_only(path: Path) -> None:
    """Has refusals and no hits; beside another file it is pooled."""
    data = squad({title: (text, []) for title, (text, _) in PARAGRAPHS.items()})
    qas = [{"question": "متى هدم المتحف؟", "is_impossible": True}]
    data["data"][0]["paragraphs"][0]["qas"] = qas
    only = write(path.with_name("only.json"), data)
    report = evaluate([only], HashEmbedder(), intervals=True, ablate=True, errors=3)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert report["quote_hit@1"] is report["no_answer"]["auroc"] is report["intervals"] is None
    assert report["no_answer"]["hallucination_rate"] in (0, 1)
    assert report["ablation"] == report["errors"] == []
    assert any(line.startswith("no_answer hallucination_rate") for line in lines(report))
    both = evaluate([str(path), only], HashEmbedder())
    assert both["quote_hit@1"] == 1
    assert both["no_answer"]["questions"] == 5
    (row,) = (line for line in lines(both) if line.startswith("quote_hit@1 "))
    assert row.split() == ["quote_hit@1", "1.0", "1.0", "-"]


# --- stages -------------------------------------------------------------------------------------


class LastReader:
    """Takes the last sentence of every passage for the answer."""

    def read_many(self, asked: Sequence[tuple[str, Sequence[Page]]]) -> list[list[Reading]]:
        """Sure of it."""
        return [
            [
                Reading(np.linspace(0, 1e6, len(page.units)), tuple(page.units), 0.0, 0.0)
                for page in pages
            ]
            for _, pages in asked
        ]


def test_what_the_reader_points_at_is_held_against_the_answer(path: Path) -> None:
    """In the gold paragraph, which is read whole; without a reader there is no such figure."""
    write(path, squad(PARAGRAPHS))
    report = evaluate([str(path)], HashEmbedder(), LastReader())  # type: ignore[arg-type]
    # the last sentences have 5, 5, 10 and 7 words; three hold their answers, of 2 words each
    assert report["span_f1"] == pytest.approx((0 + 4 / 7 + 4 / 12 + 4 / 9) / 4, abs=1e-4)
    assert report["answers_marked"] > 0
    assert 0 < report["answers_marked_right"] < 1
    report = evaluate([str(path)], HashEmbedder())
    assert report["span_f1"] is report["answers_marked_right"] is None


def test_each_stage_is_turned_off_in_turn(
    path: Path, asked: list[tuple[bool, Found]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive is made once; a stage is worth what is lost without it."""
    filled = []
    add = Engine.add
    monkeypatch.setattr(Engine, "add", lambda *a, **o: filled.append(1) or add(*a, **o))
    long = "في حفل كبير حضره المئات من أهل المدينة ومن زوارها يوم الخميس"
    text = f"افتتحت الوزيرة سلمى الحارثي المتحف {long}. وعزفت الفرقة ألحان البلاد {long}."
    write(path, squad({"متحف": (text, [("من الوزيرة التي افتتحت المتحف؟", "سلمى الحارثي")])}))
    report = evaluate([str(path)], HashEmbedder(), LastReader(), ablate=True)
    assert len(filled) == 1
    assert len(asked) == 2 * (1 + len(STAGES))
    rows = {row["stage"]: row for row in report["ablation"]}
    assert tuple(rows) == STAGES
    assert all(
        set(row["difference"]) == set(row["interval"]) == set(COMPARED) for row in rows.values()
    )
    assert all(row["quotes_exact"] == 1 for row in rows.values())
    assert report["quote_hit@1"] == rows["title"]["quote_hit@1"] == 0
    assert rows["reader"]["quote_hit@1"] == rows["reader"]["difference"]["quote_hit@1"] == 1
    assert rows["reader"]["interval"]["quote_hit@1"] == [1, 1]
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_intervals_of_each_file_and_of_all(path: Path, tmp_path: Path) -> None:
    """Around the figures they are of."""
    other = write(tmp_path / "other.json", squad(dict(list(PARAGRAPHS.items())[1:])))
    report = evaluate([str(path), other], HashEmbedder(), intervals=True)
    for one in (report, *report["files"].values()):
        assert tuple(one["intervals"]) == HEADLINE
        low, high = one["intervals"]["auroc"]
        assert 0 <= low <= one["no_answer"]["auroc"] <= high <= 1
        assert one["intervals"]["quote_hit@1"] == [1, 1]


# --- misses -------------------------------------------------------------------------------------


@pytest.fixture
def missed(path: Path) -> Path:
    """Two questions that the words of another paragraph draw away, and two that are answered."""
    data = squad(PARAGRAPHS)
    museum, _, cup = (article["paragraphs"][0] for article in data["data"])
    cup["qas"].append(
        {
            "question": "من افتتح متحف الفلك في القمرية؟",
            "answers": [{"text": "زياد مرجان"}, {"text": "مرجان"}],
        }
    )
    museum["qas"].append(
        {"question": "من فاز بكأس الجبل؟", "answers": [{"text": "لا يقوله أحد", "answer_start": 0}]}
    )
    write(path, data)
    return path


def test_misses_are_shown_beside_what_was_right(missed: Path) -> None:
    """The lowest first: a sentence that is not there, then one that is."""
    report = evaluate([str(missed)], HashEmbedder(), errors=5)
    nowhere, low = report["errors"]
    assert nowhere["file"] == low["file"] == str(missed)
    assert nowhere["question"] == "من فاز بكأس الجبل؟"
    assert nowhere["answers"] == ["لا يقوله أحد"]
    assert (nowhere["gold_sentence"], nowhere["sentence_rank"]) == ("", None)
    assert nowhere["signs"]["right"] is None
    assert nowhere["paragraph_rank"] in (2, 3)
    assert low["answers"] == ["زياد مرجان", "مرجان"]
    assert low["gold_sentence"] == "وسجل زياد مرجان هدفين في الشوط الثاني."
    assert "سلمى الحارثي" in low["quoted"]
    assert low["quoted_title"] == "متحف الفلك"
    assert low["paragraph_rank"] in (2, 3)
    assert 0 <= low["confidence"] <= 1
    assert low["signs"]["right"].keys() == low["signs"]["quoted"].keys()
    assert low["signs"]["right"]["context"] < low["signs"]["quoted"]["context"]
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert evaluate([str(missed)], HashEmbedder(), errors=1)["errors"] == [nowhere]
    assert "errors" not in evaluate([str(missed)], HashEmbedder())


def test_the_rank_of_the_right_sentence_is_its_place_among_the_candidates(
    missed: Path, asked: list[tuple[bool, Found]]
) -> None:
    """Counted from 1."""
    paragraphs, cases = read_squad(str(missed))
    case = next(one for one in cases if "القمرية" in one.question)
    with opened(paragraphs, HashEmbedder()) as archive:
        _, (miss,) = ask_all(archive, [case])
    candidates = asked[0][1].candidates
    assert miss.sentence_rank is not None
    assert candidates[miss.sentence_rank - 1].text == miss.gold_sentence
    assert miss.sentence_rank > 1


def test_the_gold_sentence_is_the_one_that_the_file_points_at(path: Path) -> None:
    """Of several that hold the answer's words."""
    text = "وصل ناصر إلى البلدة صباحًا. وقال إن ناصر سيعود."
    gold = {"text": "ناصر", "answer_start": text.rindex("ناصر")}
    about = {"context": text, "qas": [{"question": "من افتتح متحف الفلك؟", "answers": [gold]}]}
    data = squad(PARAGRAPHS)
    data["data"].append({"title": "", "paragraphs": [about]})
    write(path, data)
    (miss,) = evaluate([str(path)], HashEmbedder(), errors=9)["errors"]
    assert miss["gold_sentence"] == "وقال إن ناصر سيعود."


# --- for people ---------------------------------------------------------------------------------


def test_a_report_of_one_file_is_a_column(path: Path) -> None:
    """A figure a line."""
    report = evaluate([str(path)], HashEmbedder(), questions=3, intervals=True)
    said = list(lines(report))
    assert said[0] == "a sample: 3 of 4 questions"
    rows = dict(line.rsplit("  ", 1) for line in said[1:])
    figures = {name.strip(): figure for name, figure in rows.items()}
    assert figures["quote_hit@1"] == "1.0"
    assert figures["no_answer auroc"] == str(report["no_answer"]["auroc"])
    assert figures["intervals quote_hit@3"] == "[1.0, 1.0]"
    assert not any(name.startswith("sample") for name in figures)


def test_a_report_of_several_files_has_a_column_each(path: Path, tmp_path: Path) -> None:
    """Under their names, in line."""
    other = write(tmp_path / "other.json", squad(dict(list(PARAGRAPHS.items())[1:])))
    heading, first, *_ = lines(evaluate([str(path), other], HashEmbedder()))
    assert heading.split() == ["all", "squad.json", "other.json"]
    assert first.split() == ["questions", "6", "4", "2"]
    assert [first.index(n) for n in "642"] == [heading.index(name) for name in heading.split()]


def test_stages_and_misses_are_printed_after_the_figures(missed: Path) -> None:
    """A line a stage; a miss with both sentences and their signs."""
    report = evaluate([str(missed)], HashEmbedder(), ablate=True, errors=2)
    said = list(lines(report))
    at = said.index("") + 1
    assert said[at].split() == ["turned", "off", *COMPARED]
    assert [line.split()[0] for line in said[at + 1 : at + 1 + len(STAGES)]] == list(STAGES)
    row = next(one for one in report["ablation"] if one["stage"] == "dense")
    change = row["difference"]["quote_hit@1"]
    assert f"{row['quote_hit@1']:.3f} {change:+.3f} [" in said[at + 1 + STAGES.index("dense")]
    text = "\n".join(said)
    for miss in report["errors"]:
        for part in (miss["question"], miss["answers"][0], miss["gold_sentence"], miss["quoted"]):
            assert part in text
    assert "sentence ranked -" in text
    assert f"sentence ranked {report['errors'][1]['sentence_rank']}" in text
    assert [line.split()[0] for line in said[-3:]] == ["signs", "right", "quoted"]


def test_the_command_passes_its_options_on(
    missed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And prints one JSON document, or text."""
    monkeypatch.setattr("index.engine.load_embedder", lambda *_, **__: HashEmbedder())
    monkeypatch.setattr("index.engine.reader_of", lambda _: LastReader())
    options = ["--questions", "5", "--intervals", "--ablate", "--errors", "1"]
    for form in (["--json"], []):
        monkeypatch.setattr(sys, "argv", ["isnad", "eval", str(missed), *options, *form])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code == 0
    document, text = capsys.readouterr().out.split("\n", 1)
    report = json.loads(document)
    assert report["sample"] == {"questions": 5, "of": 6}
    assert {"intervals", "ablation"} <= report.keys()
    assert len(report["errors"]) == 1
    assert "answerable" in report["errors"][0]["signs"]["quoted"]  # the reader has read
    assert text.startswith("a sample: 5 of 6 questions\n")
