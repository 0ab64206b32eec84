"""What a bot is asked for that only quotes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.requests import is_request


@pytest.mark.parametrize(
    "written",
    [
        "احكيلي نكتة",
        "قل لي نكته",
        "بدي نكتة",
        "يا بوت ممكن تحكيلي نكتة؟",
        "ما رأيك في الحكومة؟",
        "شو رأيك بالحكومة",
        "ايش رأيكم؟",
        "برأيك من سيفوز بالكأس؟",
        "لخّص لي أخبار المترو",
        "لخصلي الأخبار",
        "ممكن تلخص لي الخبر",
        "اكتب مقالا عن المترو",
        "اكتبلي قصيدة",
        "ترجم هذا النص إلى الإنجليزية",
    ],
)
def test_a_request_is_known_by_how_it_begins(written: str) -> None:
    """In the spellings and dialects that people write."""
    assert is_request(written)


@pytest.mark.parametrize(
    "written",
    [
        "ما رأي الوزير في المترو؟",
        "لخّص الوزير نتائج الاجتماع",
        "ترجم الكاتب الرواية",
        "من لخّص التقرير؟",
        "قل لي متى وقع الزلزال",
        "هل يمكنك أن تقول متى وقع الزلزال؟",
        "بدي أعرف متى وقع الزلزال",
        "رأيك يهمنا: حملة البلدية",
        "اكتب",
        "من كتب الرواية؟",
        "",
    ],
)
def test_what_may_be_a_question_is_none(written: str) -> None:
    """It is searched for."""
    assert not is_request(written)


@given(st.text(max_size=100))
def test_anything_may_be_written(text: str) -> None:
    """It is a request or not."""
    is_request(text)
