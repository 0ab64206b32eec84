"""Pages that say no more than that their article was taken back. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.arabic import normalise, tokens

if TYPE_CHECKING:
    from index.model import Draft

LONGEST: Final = 15
"""Words of a notice, at most: a report that something was removed is longer."""

_WHAT: Final = (
    r"(?:ال)?(?:خبر|مقاله?|موضوع|منشور|محتوي|صفحه|تقرير|ماده|تدوينه|تغريده|رساله|فيديو)(?!\w)"
)
_THIS: Final = r"(?:هذا |هذه )?"
_GONE: Final = r"(?:متاح|متوفر|متوافر|موجود)(?:ا|ه)?(?!\w)"
_NOTICE: Final = re.compile(
    rf"(?<!\w)(?:تم|تمت|جري|جرت) (?:حذف|سحب|ازاله|شطب) {_THIS}{_WHAT}"
    rf"|^(?:حذفت?|سحبت?|ازيلت?)(?: {_THIS}{_WHAT}|$)"
    rf"|(?<!\w){_WHAT} (?:محذوفه?|(?:غير|لم يعد|لم تعد) {_GONE})"
    rf"|(?<!\w)(?:لم يعد|لم تعد) {_THIS}{_WHAT} {_GONE}"
)


def is_notice(draft: Draft) -> bool:
    """Whether a draft is no article but the word that there is none any more: «حُذف هذا الخبر»."""
    words = tokens(draft.text)
    if len(words) > LONGEST:
        return False
    return bool(_NOTICE.search(" ".join(word.form for word in words))) or bool(
        _NOTICE.search(normalise(draft.title)) and len(words) <= 3
    )
