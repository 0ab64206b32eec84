"""Which sentences are quoted, how much around them, and in what order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fakes import article
from hypothesis import given
from hypothesis import strategies as st
from strategies import articles
from test_answer import LONG, NEXT, candidates, hit, ranked

from index import questions
from index import quotes as module
from index.chunk import chunk
from index.model import Quote
from index.quotes import leans, quotes, timeline

if TYPE_CHECKING:
    from index.rank import Candidate

SHORT = "ودفعتها البلدية."


@given(articles(), st.integers(0, 50))
def test_a_quote_is_a_span_of_its_passage(text: str, start: int) -> None:
    """With its own offsets, short enough, its highlight the sentence that was found."""
    text = text.strip()
    if not chunk(text):
        return
    found = ranked(hit(text, start=start))
    for quote in quotes(found, limit=50):
        assert quote.text == text[quote.start - start : quote.end - start]
        assert 0 < len(quote.text) <= 400
        ((first, last),) = quote.highlights
        assert quote.text[first:last] in {c.text for c in found}


@given(articles(), st.integers(1, 5))
def test_no_sentence_is_shown_twice(text: str, limit: int) -> None:
    """Not even as another's neighbour."""
    text = text.strip()
    if not chunk(text):
        return
    found = ranked(hit(text))
    places = [(quote.start, quote.end) for quote in quotes(found, limit=limit)]
    for i, (start, end) in enumerate(places):
        assert all(end <= a or b <= start for a, b in places[i + 1 :])


def test_a_long_sentence_is_quoted_alone() -> None:
    """It can be understood so."""
    (quote,) = quotes(candidates(f"{LONG} {NEXT}")[:1], limit=1)
    assert quote.text == LONG
    assert quote.highlights == ((0, len(LONG)),)


def test_a_short_sentence_takes_its_neighbour_along() -> None:
    """The next, or else the one before; only the sentence itself is highlighted."""
    (quote,) = quotes(candidates(f"{SHORT} {NEXT}")[:1], limit=1)
    assert quote.text == f"{SHORT} {NEXT}"
    assert quote.highlights == ((0, len(SHORT)),)
    (quote,) = quotes(candidates(f"{LONG} {SHORT}")[1:], limit=1)
    assert quote.text == f"{LONG} {SHORT}"
    assert [quote.text[a:b] for a, b in quote.highlights] == [SHORT]


@pytest.mark.parametrize("between", ["\n", " " + "كلمة " * 75 + "."])
def test_but_not_over_a_paragraph_or_at_any_length(between: str) -> None:
    """A quote is of one paragraph and comfortable to read."""
    found = candidates(f"{LONG}{between}\n{SHORT}")
    (quote,) = quotes([c for c in found if c.text == SHORT], limit=9)
    assert quote.text == SHORT


@pytest.mark.parametrize(
    ("sentence", "leaning"),
    [
        ("وأضاف أن الأشغال تنتهي في الربيع.", True),
        ("وأضاف الوزير أن الأشغال تنتهي في الربيع.", False),
        ("وأضافَ: «انتهت الأشغال».", False),
        ("وأوضحت في تصريح للصحفيين أن الكلفة ارتفعت.", True),
        ("وهو أطول جسر في البلاد.", True),
        ("كما وعد بخفض الأسعار.", True),
        ("لكنها لم تذكر موعدا.", True),
        ("وقال.", True),
        ("بلغت الكلفة 12 مليونا.", False),
        ("", False),
    ],
)
def test_a_sentence_leans_where_it_names_nobody(sentence: str, leaning: bool) -> None:
    """By its first two words."""
    assert leans(sentence) == leaning


def test_a_leaning_sentence_takes_the_one_that_names_the_speaker() -> None:
    """However long it is itself; the highlight stays on it."""
    said = "وأضاف أن البلدية ستدفع ما بقي من ثمن المشروع على ثلاث دفعات حتى نهاية العام المقبل."
    (quote,) = quotes(candidates(f"{NEXT} {said}")[1:], limit=1)
    assert quote.text == f"{NEXT} {said}"
    assert [quote.text[a:b] for a, b in quote.highlights] == [said]


def test_a_quote_does_not_end_inside_brackets() -> None:
    """Where a full stop in them ended the sentence, and they are closed near by."""
    cut = "قالت الشركة إن الحطام الذي عثر عليه على شاطئ الجزيرة يعود إلى الرحلة رقم (إم."
    rest = "إتش 370) التي اختفت فوق المحيط الهندي قبل نحو عام ونصف العام."
    (quote,) = quotes(candidates(f"{cut} {rest}")[:1], limit=1)
    assert quote.text == f"{cut} {rest}"
    assert [quote.text[a:b] for a, b in quote.highlights] == [cut]
    for between in ("\n", f" {'كلمة ' * 75}. "):
        (quote,) = quotes(candidates(f"{cut}{between}{rest}")[:1], limit=1)
        assert quote.text == cut


def test_a_headline_over_again_is_no_further_quote() -> None:
    """It stands under the quotes of its article; where it is the best, it is quoted."""
    title = "افتتاح المحطة الأخيرة بعد سبع سنوات من العمل"
    again = f"رابط الخبر بصحيفة الأفق: {title}."
    found = ranked(hit(f"{LONG}\n{again}", title=title))
    found.sort(key=lambda c: c.unit)
    alike = [replace(one, score=1.0) for one in found]
    assert [quote.text for quote in quotes(alike, limit=3)] == [LONG]
    (quote,) = quotes(alike[::-1], limit=3)
    assert quote.text == f"{LONG}\n{again}"
    assert [quote.text[a:b] for a, b in quote.highlights] == [again]


def placed(text: str, *scores: float, title: str = "عنوان") -> list[Candidate]:
    """The sentences of one text, the scores in the order of the text, best first."""
    found = sorted(ranked(hit(text, title=title)), key=lambda c: c.unit)
    given = [replace(c, score=s) for c, s in zip(found, scores, strict=True)]
    return sorted(given, key=lambda c: -c.score)


def test_a_neighbour_that_may_be_the_answer_too_is_quoted_with_it() -> None:
    """Then it is no quote of its own; the highlight stays on the likelier of the two."""
    (quote,) = quotes(placed(f"{LONG} {NEXT}", 5.0, 5.0 - module.NEAR), limit=3)
    assert quote.text == f"{LONG} {NEXT}"
    assert [quote.text[a:b] for a, b in quote.highlights] == [LONG]
    first, second = quotes(placed(f"{LONG} {NEXT}", 5.0, 4.9 - module.NEAR), limit=3)
    assert (first.text, second.text) == (LONG, NEXT)


def test_of_two_neighbours_the_better_is_taken() -> None:
    """Only one; what is quoted already is not shown twice."""
    before = "وحضر الافتتاح وزير النقل وعدد من سكان الأحياء المجاورة ومهندسي المشروع."
    text = f"{before} {LONG} {NEXT}"
    assert [quote.text for quote in quotes(placed(text, 3.0, 5.0, 4.0), limit=3)] == [
        f"{LONG} {NEXT}",
        before,
    ]
    assert quotes(placed(text, 4.0, 5.0, 3.0), limit=1)[0].text == f"{before} {LONG}"


@pytest.mark.parametrize("between", ["\n\n", f" {'كلمة ' * 60}. "])
def test_but_none_of_another_paragraph_or_beyond_the_limit(between: str) -> None:
    """Nor one that only says its headline again."""
    found = placed(f"{LONG}{between}{NEXT}", 5.0, *([4.0] * (1 + ("كلمة" in between))))
    assert quotes(found, limit=1)[0].text.startswith(LONG)
    assert NEXT not in quotes(found, limit=1)[0].text
    (quote,) = quotes(placed(f"{LONG} {NEXT}", 5.0, 4.0, title=NEXT), limit=3)
    assert quote.text == LONG


def test_the_same_sentence_is_quoted_once() -> None:
    """However it is vowelled; the other article stands beside it."""
    vowelled = LONG.replace("الكلفة", "الكُلفة").replace("12", "١٢")
    (quote,) = quotes(candidates(LONG, vowelled, LONG), limit=3)
    assert quote.text == LONG
    assert [ref.id for ref in quote.also_in] == [2, 3]


def test_reprints_stand_beside_the_quotes_of_their_article() -> None:
    """And of no other."""
    copy = article(9)
    found = quotes(candidates(LONG, NEXT), limit=3, reprints={2: [copy]})
    assert [quote.also_in for quote in found] == [(), (copy,)]


def test_no_more_than_the_limit() -> None:
    """But sentences after it still add where else the quotes stand."""
    found = quotes(candidates(LONG, NEXT, LONG), limit=1)
    assert len(found) == 1
    assert [ref.id for ref in found[0].also_in] == [3]


# --- which come first ---------------------------------------------------------------------------


def scored(
    *scores: float, texts: tuple[str, ...] = (f"{LONG}\n\n{NEXT}", "جملة من مصدر آخر تماما.")
) -> list[Candidate]:
    """The sentences of `texts`, with these scores, best first."""
    found = [replace(c, score=s) for c, s in zip(candidates(*texts), scores, strict=True)]
    return sorted(found, key=lambda c: -c.score)


def test_another_article_comes_before_a_second_quote_of_the_same() -> None:
    """Where it is about as good, and not where it is much worse."""
    near = scored(5.0, 4.0, 4.0 - module.REPEAT / 2)
    assert [quote.article.id for quote in quotes(near, limit=3)] == [1, 2, 1]
    far = scored(5.0, 4.0, 4.0 - 2 * module.REPEAT)
    assert [quote.article.id for quote in quotes(far, limit=3)] == [1, 1, 2]


def test_what_is_far_below_the_first_is_not_quoted() -> None:
    """Two good quotes beat three with one beside the point."""
    found = quotes(scored(5.0, 4.0, 5.0 - module.CUT - 0.1), limit=3)
    assert len(found) == 2
    assert len(quotes(scored(5.0, 4.0, 5.0 - module.CUT + 0.1), limit=3)) == 3


def test_the_answer_inside_the_sentence_is_marked_where_the_reader_is_sure() -> None:
    """As a second highlight, and not otherwise."""
    (first,) = candidates(LONG)
    at = LONG.index("12 مليون دينار")
    read = replace(first, span=(at, at + 14))
    sure = replace(read, signs={**first.signs, "margin": module.SURE + 0.1})
    unsure = replace(read, signs={**first.signs, "margin": module.SURE - 0.1})
    (quote,) = quotes([sure], limit=1)
    assert [quote.text[a:b] for a, b in quote.highlights] == [LONG, "12 مليون دينار"]
    (quote,) = quotes([unsure], limit=1)
    assert [quote.text[a:b] for a, b in quote.highlights] == [LONG]


# --- timeline -----------------------------------------------------------------------------------


def dated(number: int, day: str | None, text: str, answer: str | None) -> Quote:
    marks = [(0, len(text))]
    if answer:
        marks.append((text.index(answer), text.index(answer) + len(answer)))
    ref = replace(article(number), published=day)
    return Quote(text, 0, len(text), tuple(marks), 1.0, ref)


OLD = dated(1, "2019-04-02", "عين سالم الدرعي رئيسا للبلدية.", "سالم الدرعي")
NEW = dated(2, "2023-05-01T10:00:00+00:00", "تولت هند الزياني رئاسة البلدية.", "هند الزياني")
WHO = questions.parse("من رئيس البلدية؟")


def test_answers_that_differ_by_date_come_newest_first() -> None:
    """Each with its day; a quote without an answer of its own is left out."""
    beside = dated(3, "2022-01-01", "قالت البلدية إن الطريق مغلق.", None)
    assert timeline(WHO, [OLD, beside, NEW]) == [NEW, OLD]


def test_a_timeline_is_of_one_subject() -> None:
    """Every quote holds the words that name it; those that mean the day of asking name nothing."""
    assert timeline(questions.parse("من رئيس البلدية الحالي؟"), [OLD, NEW]) == [NEW, OLD]
    other = dated(2, "2023-05-01", "تولت هند الزياني رئاسة الميناء.", "هند الزياني")
    assert timeline(WHO, [OLD, other]) == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("من رئيس البلدية؟", [OLD]),
        ("لماذا استقال؟", [OLD, NEW]),
        ("من رئيس البلدية؟", [OLD, replace(NEW, article=replace(NEW.article, published=None))]),
        (
            "من رئيس البلدية؟",
            [OLD, replace(NEW, article=replace(NEW.article, published="--05-01"))],
        ),
        ("من رئيس البلدية؟", [OLD, dated(2, "2023-05-01", "قال سالم الدرعي إنه باق.", "سالم")]),
        ("من رئيس البلدية؟", [dated(4, "2020-01-01", "نص آخر.", None), OLD, NEW]),
        ("من رئيس بلدية تل الزعفران؟", [OLD, NEW]),
    ],
)
def test_no_timeline_where_answers_do_not_differ_by_date(asked: str, found: list[Quote]) -> None:
    """One answer, another sort of question, no full date, a doubtful first, another subject."""
    assert timeline(questions.parse(asked), found) == []
