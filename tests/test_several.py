"""Messages of several questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from strategies import texts as anything

from index.several import several


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        (
            "من هو وزير النقل؟ كم طول خط المترو الجديد؟",
            ("من هو وزير النقل؟", "كم طول خط المترو الجديد؟"),
        ),
        ("من بنى الجسر؟ ومتى افتتح؟", ("من بنى الجسر؟", "متى افتتح؟ (بنى الجسر)")),
        ("ما سبب الحريق؟ أين وقع الحريق", ("ما سبب الحريق؟", "أين وقع الحريق")),
        ("من افتتح المتحف؟ ومتى؟", ()),
        ("ممكن سؤال؟ من افتتح المتحف؟", ()),
        ("من كتب «أين أنت؟» ومتى صدر؟", ()),
        ("متى وقع الزلزال؟؟", ()),
        ("متى وأين وقع الزلزال؟", ()),
        ("؟؟", ()),
    ],
)
def test_each_question_has_its_mark_and_its_question_word(
    text: str, questions: tuple[str, ...]
) -> None:
    """What has not is no question of its own."""
    assert several(text) == questions


@given(anything)
def test_any_text_is_several_questions_or_not(text: str) -> None:
    """Never one."""
    assert len(several(text)) != 1
