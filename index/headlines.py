"""Questions that want the news of something, and the headlines that tell it. Pure.

«ماذا حدث في فندق مالي؟», «شو أخبار عدن», and bare keywords, «قناة السويس الجديدة»: no one thing is
asked for that a sentence could be seen to hold, so the signs of an answer are weak. What such a
question wants is an article about it, and an article says in its headline what it is about.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from index.arabic import normalise, stem, tokens
from index.asking import Kind, askers
from index.spelling import attached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.arabic import Token
    from index.asking import Asker
    from index.questions import Question
    from index.rank import Candidate

MOST_KEYWORDS = 6
"""Words without a question word that are keywords; more are a sentence that somebody wrote."""

A_DAY = 0.5
"""What each day that an article is older than the newest counts against it; of scores, which run
from some -10 to 10. News is the latest: of two headlines alike, last week's tells no news."""

MOST_DAYS = 14

LEAD, LEADING = 300, 2.0
"""Characters from the top of an article, and what a sentence among them gains: there the news is
told, further down what was before it and who said what."""

# What stands after «ماذا», and is in no headline.
_HAPPENED: Final = frozenset(
    normalise(
        "حدث حدثت يحدث حصل حصلت يحصل بيحصل جرى جرت يجري وقع وقعت صار صارت يصير بيصير صاير صايرة "
        "دار يدور تم"
    ).split()
)
_RELATIVE: Final = frozenset(normalise("الذي اللي إللي يلي قد").split())
_NEWS: Final = frozenset(
    normalise(
        "خبر خبرية أخبار الأخبار اخباره اخبارها قصة حكاية سالفة جديد الجديد مستجدات المستجدات "
        "تطورات التطورات تفاصيل وضع الوضع أوضاع الأوضاع أحوال حالة"
    ).split()
)
# What may stand before the news words or the subject, and names nothing.
_AROUND: Final = frozenset(
    normalise(
        "هو هي آخر أحدث أهم أبرز كل جميع قضية موضوع مسألة حادث حادثة واقعة شأن بشأن حول "
        "بخصوص عن على في من مع ال اليوم الآن أمس حاليا امبارح مبارح النهارده دلوقتي هلق هسا الحين"
    ).split()
)


def news_of(question: Question) -> tuple[Token, ...]:
    """Return the words for what a question wants the news of; none where it asks another thing."""
    if question.kind is not Kind.WHAT:
        return ()
    found = tokens(question.text)
    asked = askers(question.text, found)
    forms = [word.form for word in found]
    if not (_happened(forms, asked) or _names_news(forms) or _keywords(forms, asked)):
        return ()
    empty = _HAPPENED | _NEWS | _AROUND
    return tuple(word for word in question.words if word.form not in empty)


def told(question: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return a sentence of each article whose headline tells the news that is asked for.

    The newest articles are preferred, and of each what it says first. None where no news is asked.
    """
    topic = news_of(question)
    found = [c for c in candidates if tells(c.hit.row.article.title, topic, question)]
    days = {c.hit.row.article.id: _day(c.hit.row.article.published) for c in found}
    newest = max((day for day in days.values() if day), default=None)

    def worth(one: Candidate) -> float:
        day = days[one.hit.row.article.id]
        behind = (newest - day).days if newest and day else MOST_DAYS
        leads = one.hit.row.start + one.hit.row.units[one.unit][0] < LEAD
        return one.score - A_DAY * min(behind, MOST_DAYS) + (LEADING if leads else 0.0)

    again = [replace(one, score=worth(one)) for one in found]
    again.sort(key=lambda c: (-c.score, c.hit.row.id, c.unit))
    return list({c.hit.row.article.id: c for c in reversed(again)}.values())[::-1]


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:  # undated, or a day without its year
        return None


def tells(headline: str, topic: Sequence[Token], question: Question) -> bool:
    """Whether a headline holds every word of a `topic`, in any form or by a synonym."""
    said = {word.stem for word in tokens(headline)}
    return bool(topic) and all(
        not said.isdisjoint(
            {word.stem, *map(stem, (*attached(word.form), *question.synonyms.get(word.form, ())))}
        )
        for word in topic
    )


def _happened(forms: Sequence[str], asked: Sequence[Asker]) -> bool:
    """«ماذا حدث», «ايه اللي حصل»."""
    for one in asked:
        after = [form for form in forms[one.last : one.last + 2] if form not in _RELATIVE]
        if one.kind is Kind.WHAT and after[:1] and after[0] in _HAPPENED:
            return True
    return False


def _names_news(forms: Sequence[str]) -> bool:
    """«ما آخر أخبار», «أخبار», «شو قصة»: a word for news among the first, after nothing else."""
    return any(
        form in _NEWS
        and all(before in _AROUND or at == 0 for at, before in enumerate(forms[:place]))
        for place, form in enumerate(forms[:3])
    )


def _keywords(forms: Sequence[str], asked: Sequence[Asker]) -> bool:
    """No question word at all, and few words."""
    return not asked and len(forms) <= MOST_KEYWORDS and forms[:1] != ["ما"]
