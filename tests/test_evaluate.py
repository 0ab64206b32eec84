"""The figures of `isnad eval`, by hand and by brute force."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from fake_embedder import HashEmbedder
from hypothesis import given
from hypothesis import strategies as st

from index import answer
from index.evaluate import Tally, auroc, evaluate, holds, read_squad
from index.model import InputError

if TYPE_CHECKING:
    from pathlib import Path

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
                                "answers": [{"text": gold, "answer_start": context.index(gold)}],
                            }
                            for n, (question, gold) in enumerate(asked)
                        ],
                    }
                ],
            }
            for title, (context, asked) in paragraphs.items()
        ],
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "squad.json"
    path.write_text(json.dumps(squad(PARAGRAPHS), ensure_ascii=False), encoding="utf-8")
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


def test_impossible_questions_are_left_out(path: Path) -> None:
    """As SQuAD 2 marks them, or by having no answer; their paragraphs stay."""
    data = squad(PARAGRAPHS)
    data["data"][1]["paragraphs"][0]["qas"][0]["is_impossible"] = True
    data["data"][2]["paragraphs"][0]["qas"][0]["answers"] = []
    path.write_text("\ufeff" + json.dumps(data), encoding="utf-8")
    paragraphs, cases = read_squad(str(path))
    assert len(paragraphs) == 3
    assert {case.paragraph for case in cases} == {0}


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


# --- the figures --------------------------------------------------------------------------------


def test_figures_by_hand() -> None:
    """Four questions, worked out on paper."""
    tally = Tally(
        passages=9,
        ranks=[1, 2, 0, 11],
        first=[True, False, False, False],
        first_three=[True, True, False, False],
        strict=[True, False, False, False],
        lengths=[100, 200, 300, 50],
        present=[0.9, 0.8, 0.7, 0.0],
        absent=[0.0, 0.0, 0.0, 0.9],
        took_ms=[10, 20, 30, 40],
    )
    report = tally.report()
    assert report["questions"] == 4
    assert report["passages"] == 9
    assert report["passage_hit@1"] == 0.25
    assert report["passage_hit@5"] == 0.5
    assert report["mrr@10"] == pytest.approx((1 + 1 / 2) / 4)
    assert report["ndcg@10"] == pytest.approx((1 + 1 / math.log2(3)) / 4, abs=1e-4)
    assert report["quote_hit@1"] == 0.25
    assert report["quote_hit@3"] == 0.5
    assert report["quote_hit@1_right_paragraph"] == 0.25
    assert report["quote_chars_mean"] == 162.5
    assert report["quote_chars_max"] == 300
    assert report["latency_ms"] == {"p50": 25.0, "p95": 38.5}
    none = report["no_answer"]
    assert none["threshold"] == answer.THRESHOLD
    assert (none["answered_when_present"], none["refused_when_absent"]) == (0.75, 0.75)
    assert none["balanced_accuracy"] == 0.75
    assert none["auroc"] == 11 / 16  # 3.5 + 3 + 3 + 1.5 pairs of 4 × 4


certainties = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=12)


@given(certainties, certainties)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    """Ties count half."""
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs), abs=1e-4)


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
    path.write_text(json.dumps(squad(dict(list(PARAGRAPHS.items())[:1]))), encoding="utf-8")
    with pytest.raises(InputError):
        evaluate([str(path)], HashEmbedder(), half=2)
