"""Ranked sentences become quotes, and a decision whether they answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import article

from index import answer, questions
from index.chunk import chunk
from index.encoding import BITS, PassageEncoding, QueryEncoding
from index.lexical import Term
from index.rank import Candidate, rank
from index.search import Hit
from index.store import PassageRow

ASKED = questions.parse("كم بلغت الكلفة؟")
QUERY = QueryEncoding(np.array([1.0, 0.0], np.float32), np.zeros((0, BITS), np.float32))


def hit(
    text: str, number: int = 1, *, start: int = 0, title: str = "عنوان", score: float = 1
) -> Hit:
    """An article's text as one passage; its vectors say nothing."""
    units = tuple(unit for passage in chunk(text) for unit in passage.units)
    vectors = np.tile(np.array([0.0, 1.0], np.float32), (len(units), 1))
    encoding = PassageEncoding(
        vectors[0],
        vectors,
        np.zeros(len(units), np.uint16),
        np.zeros((0, BITS // 8), np.uint8),
    )
    row = PassageRow(number, article(number, title=title), None, start, text, units, f"k{number}")
    return Hit(row, encoding, score, 0.0, 0.0)


def ranked(*hits: Hit, question: questions.Question = ASKED) -> list[Candidate]:
    terms = [Term(w.form, w.stem, w.form, 1.0, 2.0) for w in question.words]
    return rank(question, terms, QUERY, hits)


def candidates(*texts: str) -> list[Candidate]:
    """The sentences of texts, in that order."""
    found = [c for n, text in enumerate(texts, 1) for c in ranked(hit(text, n))]
    return sorted(found, key=lambda c: (c.hit.row.id, c.unit))


LONG = "وبلغت الكلفة الإجمالية للمشروع الجديد نحو 12 مليون دينار دفعتها البلدية على ثلاث دفعات."
NEXT = "وقال المدير إن العمل بدأ قبل سبع سنوات واستمر بلا انقطاع حتى افتتاح المحطة الأخيرة أمس."


# --- ranking ------------------------------------------------------------------------------------


def test_the_sentence_with_the_questions_words_comes_first() -> None:
    """All else being equal."""
    first, *others = ranked(hit(f"{NEXT} {LONG}"))
    assert first.text == LONG
    assert [c.text for c in others] == [NEXT]
    assert first.score > others[0].score


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        ("كم راكبًا؟", "نقلت القطارات تسعين راكبًا.", "نقلت القطارات كل راكب."),
        ("متى افتتح الخط؟", "افتتح الخط يوم الأحد.", "افتتح الخط الوزير نادر."),
        ("لماذا أغلق الخط؟", "أغلق الخط بسبب الرياح.", "أغلق الخط الوزير نادر."),
    ],
)
def test_a_sentence_that_holds_what_is_asked_for_comes_first(
    asked: str, right: str, wrong: str
) -> None:
    """A number for «كم», a time for «متى», a reason for «لماذا»."""
    question = questions.parse(asked)
    assert ranked(hit(f"{wrong} {right}"), question=question)[0].text == right


def test_every_sentence_is_a_candidate_and_ties_keep_their_order() -> None:
    """Ranking loses nothing, and is the same every time."""
    text = "جملة أولى هنا. جملة ثانية هنا. جملة ثالثة هنا."
    question = questions.parse("xyz")
    found = [(c.hit.row.id, c.unit) for c in ranked(hit(text, 2), hit(text, 1), question=question)]
    assert found == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
    assert ranked() == []


# --- the decision -------------------------------------------------------------------------------


def test_a_confidence_above_the_threshold_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below it the nearest articles are named, each once."""
    found = candidates(LONG, NEXT, f"{NEXT} {LONG}")
    certainty = answer.confidence(found)
    assert 0 < certainty < 1
    monkeypatch.setattr(answer, "THRESHOLD", certainty)
    yes = answer.compose(ASKED, found, limit=1, reprints={})
    assert (yes.answered, len(yes.quotes), yes.nearest) == (True, 1, ())
    monkeypatch.setattr(answer, "THRESHOLD", certainty + 1e-9)
    no = answer.compose(ASKED, found, limit=1, reprints={})
    assert (no.answered, no.quotes) == (False, ())
    assert [ref.id for ref in no.nearest] == [1, 2, 3]
    assert yes.confidence == no.confidence == certainty
    assert yes.question == no.question == ASKED.text


def test_nothing_found_is_no_answer() -> None:
    """With no confidence at all."""
    found = answer.compose(ASKED, [], limit=3, reprints={})
    assert (found.answered, found.confidence, found.quotes, found.nearest) == (False, 0, (), ())


@pytest.mark.parametrize("name", ["context", "dense", "words", "cue", "person"])
def test_more_evidence_is_more_confidence(name: str) -> None:
    """Each sign speaks for an answer."""
    (first,) = candidates(LONG)
    more = replace(first, signs={**first.signs, name: first.signs[name] + 0.2})
    assert answer.confidence([more]) > answer.confidence([first])


def test_a_lead_is_more_confidence() -> None:
    """A sentence far before the others is likelier the answer."""
    first, second = candidates(LONG, NEXT)
    ahead = replace(first, score=second.score + 2)
    assert answer.confidence([ahead, second]) > answer.confidence(
        [replace(first, score=second.score), second]
    )
