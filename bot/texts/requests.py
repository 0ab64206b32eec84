"""What is asked of a bot that writes, which this one does not: jokes, opinions, summaries. Pure."""

from __future__ import annotations

import re

from index.arabic import normalise


def _forms(words: str) -> frozenset[str]:
    return frozenset(normalise(words).split())


_WORD = re.compile(r"[^\W\d_]+")
_BEFORE = _forms("يا بوت إسناد ممكن لو سمحت من فضلك رجاء أرجوك طيب هل يمكنك أن تقدر بتقدر")
_ASKED_SO = {  # after «ممكن»
    "تلخص": "لخص",
    "تختصر": "اختصر",
    "تترجم": "ترجم",
    "تكتب": "اكتب",
    "تحكي": "احكي",
    "تقول": "قول",
}
_WRITE = _forms("اكتب اكتبي اكتبوا")
# Of these the past is written like the imperative: «لخّص الوزير النتائج» asks nothing of us.
_REDO = _forms("لخص لخصي لخصوا اختصر اختصري ترجم ترجمي ترجموا")
_TO_REDO = _forms(
    "لي لنا هذا هذه ذلك أخبار الأخبار خبر الخبر المقال المقالة مقال النص نص أهم آخر ما كل أبرز "
    "إلى للعربية للإنجليزية بالإنجليزية بالعربية"
)
_TELL = _forms("احك احكي قل قول قولي هات هاتي عطني أعطني أعطيني بدي أريد")
_JOKES = _forms("نكتة نكت نكات طرفة شعرا قصيدة أغنية")
_OPINION = _forms("رأيك رأيكم رأيكو برأيك برأيكم بنظرك")
_WHAT = _forms("ما ماهو شو إيش وش إيه شنو هو")
_OF = _forms("في عن بهذا")


def is_request(text: str) -> bool:
    """Whether `text` asks for a joke, an opinion, a summary, a translation, a text: not for news.

    Only where it is clear by how it begins: «ما رأي الوزير؟», «من لخّص التقرير؟» are questions.
    """
    words = _WORD.findall(normalise(text))
    asked = 0
    while asked < len(words) and words[asked] in _BEFORE:
        asked += 1
    if not (words := words[asked:]):
        return False
    first, second = words[0], words[1] if len(words) > 1 else ""
    if {first, second} & _OPINION:
        return first in _WHAT or not second or second in _WHAT | _OF or first.startswith("ب")
    told, for_us = _verb(first, politely=asked > 0)
    if told in _WRITE or (told in _REDO and (for_us or second in _TO_REDO)):
        return len(words) > 1
    return told in _TELL and not _JOKES.isdisjoint(words[1:4])


def _verb(form: str, *, politely: bool) -> tuple[str, bool]:
    """The imperative that `form` is, and whether «لي» or «لنا» is written onto it."""
    for ending in ("لي", "لنا", ""):
        told = form.removesuffix(ending)
        told = _ASKED_SO.get(told, told) if politely else told
        if (told != form or not ending) and told in _WRITE | _REDO | _TELL:
            return told, ending != ""
    return form, False
