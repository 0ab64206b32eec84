"""The reader: spans in units, weights that are checked, passages dealt to threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from index import bundled, reader
from index.arabic import sentences
from index.embed.bert import cut
from index.model import ModelError
from index.reader import BundledReader, Page, header, read_weights
from index.training.export import export

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "افتتح وزير النقل سامر العطار صباح الأحد جسر الوادي بحضور مئات الأهالي."
SECOND = "وبلغت كلفة البناء 12 مليون دينار دفعتها البلدية على ثلاث دفعات."
THIRD = "وكان الجسر القديم قد انهار في فيضان عام 1987."
TEXT = f"{FIRST} {SECOND} {THIRD}"


@pytest.fixture(scope="module")
def shipped(model_cache: Path) -> BundledReader:
    """The reader as it ships."""
    return BundledReader(lambda: bundled.convert(model_cache), 2)


def page(text: str = TEXT, title: str = "افتتاح جسر الوادي") -> Page:
    return Page(header(title, "2031-05-12"), text, tuple(sentences(text)))


@pytest.mark.model
@pytest.mark.parametrize(
    ("question", "unit", "answer"),
    [
        ("من افتتح الجسر؟", 0, "سامر العطار"),
        ("كم كلف بناء الجسر؟", 1, "12 مليون دينار"),
        ("متى سقط الجسر القديم؟", 2, "1987"),
        ("الجسر اتكلف كام؟", 1, "12 مليون دينار"),
    ],
)
def test_the_unit_that_answers_scores_most(
    shipped: BundledReader, question: str, unit: int, answer: str
) -> None:
    """And the span in it holds the answer."""
    (reading,) = shipped.read(question, [page()])
    assert int(np.argmax(reading.scores)) == unit
    start, end = reading.spans[unit]
    assert answer in TEXT[start:end]


@pytest.mark.model
def test_a_passage_that_answers_is_told_from_one_that_does_not(shipped: BundledReader) -> None:
    """By its odds and by the best span against none."""
    other = page("فاز فريق الميناء على ضيفه بهدفين دون رد في ختام الدوري.", "ختام الدوري")
    right, wrong = shipped.read("كم كلف بناء الجسر؟", [page(), other])
    assert right.answerable > wrong.answerable
    assert right.scores.max() - right.none > wrong.scores.max() - wrong.none


@pytest.mark.model
def test_pages_are_read_alike_alone_and_together(shipped: BundledReader) -> None:
    """However they are dealt out to threads."""
    pages = [page(), page(FIRST), page(f"{SECOND} {THIRD}"), page(THIRD)]
    together = shipped.read("كم كلف بناء الجسر؟", pages)
    for one, reading in zip(pages, together, strict=True):
        (alone,) = shipped.read("كم كلف بناء الجسر؟", [one])
        assert np.allclose(alone.scores, reading.scores, atol=0.3)  # bfloat16 at best
        assert len(reading.spans) == len(one.units)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    ["", "؟", "ـــ", "😀 " * 50, "\u202e" + TEXT, "كلمة " * 900, TEXT.replace("ا", "اَ")],
)
def test_spans_lie_in_their_units_whatever_the_text(shipped: BundledReader, text: str) -> None:
    """Empty, very long, vowelled, with emoji and direction marks."""
    units = sentences(text) or [(0, len(text))]
    question = "من افتتح الجسر؟" * 60
    (reading,) = shipped.read(question, [Page(header("عنوان " * 90, ""), text, tuple(units))])
    assert len(reading.scores) == len(units)
    for (start, end), (a, b) in zip(units, reading.spans, strict=True):
        assert start <= a <= b <= end
    assert np.isfinite(reading.scores).all()


def test_nothing_to_read_gives_nothing() -> None:
    """And loads nothing."""

    def never() -> Path:
        raise AssertionError

    assert BundledReader(never, 1).read("من؟", []) == []


def test_the_best_span_runs_forward_and_is_not_too_long() -> None:
    """The highest start may come after the highest end."""
    scores = np.zeros((50, 2), np.float32)
    scores[40, 0] = 5  # the best start …
    scores[3, 1] = 5  # … stands after the best end
    scores[1, 0] = 4
    assert reader._best(scores) == (9.0, (1, 3))
    scores[1 + reader.LONGEST_ANSWER, 1] = 50
    assert reader._best(scores)[1] != (1, 1 + reader.LONGEST_ANSWER)


def test_a_span_loses_the_punctuation_around_it() -> None:
    """But not what stands inside."""
    text = "قال «فريق 1.5» أمس"
    assert reader._trimmed(text, 3, 15) == (5, 13)


@given(st.lists(st.integers(1, 300), max_size=20), st.integers(1, 8))
def test_shares_hold_every_place_once(sizes: list[int], shares: int) -> None:
    """None is empty, and none is longer than the others by more than one text."""
    dealt = reader._dealt(sizes, shares)
    assert sorted(i for share in dealt for i in share) == list(range(len(sizes)))
    assert all(dealt)
    sums = [sum(sizes[i] for i in share) for share in dealt]
    if sums and len(dealt) == shares:
        assert max(sums) - min(sums) <= max(sizes)


def test_weights_come_back_from_eight_bits(tmp_path: Path) -> None:
    """Within half a step of a row's scale."""
    rows = torch.randn(7, 16, generator=torch.Generator().manual_seed(1))
    weights = {
        "encoder.layer.3.output.dense.weight": rows,
        "encoder.layer.3.output.dense.bias": rows[0],
        "span.weight": rows[:2],
    }
    export(weights, tmp_path / "w.safetensors", seed=1)
    back = read_weights(tmp_path / "w.safetensors")
    assert back.keys() == weights.keys()
    step = rows.abs().amax(1, keepdim=True) / 127
    found = back["encoder.layer.3.output.dense.weight"]
    assert ((found - rows).abs() <= 0.51 * step + 1e-4).all()


@pytest.mark.parametrize("harm", ["weights gone", "card gone", "one byte", "card no JSON"])
def test_damaged_weights_are_refused_with_advice(tmp_path: Path, harm: str) -> None:
    """With a way out."""
    path = tmp_path / "w.safetensors"
    export({"span.weight": torch.zeros(2, 4)}, path)
    match harm:
        case "weights gone":
            path.unlink()
        case "card gone":
            path.with_suffix(".json").unlink()
        case "card no JSON":
            path.with_suffix(".json").write_text("{")
        case _:
            path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="ISNAD_READER=off"):
        read_weights(path)


def test_a_base_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    """Its own error comes through."""

    def broken() -> Path:
        raise ModelError("the wheel is gone")

    with pytest.raises(ModelError, match="the wheel is gone"):
        BundledReader(broken, 1).read("من؟", [page()])


@pytest.mark.model
@pytest.mark.parametrize("question", ["😀" * 400, "𐍈 " * 200, "ঙ" * 400])
def test_a_question_of_many_rare_characters_leaves_no_room_and_no_error(
    shipped: BundledReader, question: str
) -> None:
    """It may fill the reader alone; then no unit holds an answer."""
    (reading,) = shipped.read(question, [page()])
    assert len(reading.scores) == 3
    assert np.isfinite(reading.scores).all()


@pytest.mark.model
def test_the_base_is_loaded_once(model_cache: Path, shipped: BundledReader) -> None:
    """Whoever asks for it, while one of them keeps it."""
    from index.embed.bert import fast_dtype, load

    base = load(bundled.convert(model_cache), fast_dtype())
    model = shipped.load()
    assert load(bundled.convert(model_cache), fast_dtype()) is base
    assert model._loaded is base
    assert model._bert._words is base.bert._words
    assert model._bert._layers[:3] == base.bert._layers[:3]
    assert model._bert._layers[3] is not base.bert._layers[3]


@given(st.lists(st.integers(), max_size=9), st.integers(2, 9))
def test_a_cut_keeps_the_first_and_the_last(tokens: list[int], limit: int) -> None:
    """And leaves what is short enough alone."""
    kept = cut(tokens, limit)
    assert len(kept) == min(len(tokens), limit)
    if len(tokens) > limit:
        assert kept == [*tokens[: limit - 1], tokens[-1]]
