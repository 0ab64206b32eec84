"""Greetings and thanks: whole messages that ask nothing, and what is said to them. Pure.

A message is one where it is made of the phrases below and of nothing else, whatever is said
around them («يا», «جدًا»): «السلام عليكم، متى وقع الزلزال؟» is a question.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from index.arabic import normalise

if TYPE_CHECKING:
    from bot.typography import Lang

Courtesy = Literal["salam", "hello", "morning", "evening", "thanks", "bye", "how", "who", "laugh"]

_LONGEST = 80
"""Letters beyond which nobody only greets."""

_PHRASES: dict[Courtesy, str] = {  # set apart by commas, in any spelling
    "salam": "السلام عليكم, سلام عليكم, السلام عليك, سلام عليك, وعليكم السلام, سلام, سلامات, "
    "salam, salam alaikum, assalamu alaikum, السلام عليكم ورحمة الله, "
    "السلام عليكم ورحمة الله وبركاته, سلام عليكم ورحمة الله وبركاته, "
    "وعليكم السلام ورحمة الله وبركاته",
    "hello": "مرحبا, مرحبتين, مراحب, أهلا, أهلين, أهلا وسهلا, أهلا بك, أهلا بكم, هلا, هلا والله, "
    "يا هلا, هلو, هاي, ألو, حياك الله, تحياتي, تحية طيبة, hi, hello, hey, hi there, hello there",
    "morning": "صباح الخير, صباح النور, صباح الورد, صباح الفل, صباحو, صبحك الله بالخير, "
    "good morning",
    "evening": "مساء الخير, مساء النور, مساء الورد, مساء الفل, مساك الله بالخير, "
    "مساكم الله بالخير, good evening, good afternoon",
    "thanks": "شكرا, شكرا لك, شكرا لكم, شكرا جزيلا, ألف شكر, كل الشكر, جزيل الشكر, مشكور, مشكورة, "
    "مشكورين, متشكر, متشكرة, متشكرين, أشكرك, أشكركم, نشكركم, تسلم, تسلمي, تسلموا, يسلمو, يسلموا, "
    "يعطيك العافية, الله يعطيك العافية, يعطيكم العافية, الله يعافيك, عاشت ايدك, تسلم ايدك, "
    "جزاك الله خيرا, جزاكم الله خيرا, جزاك الله كل خير, بارك الله فيك, بارك الله فيكم, "
    "ربنا يخليك, الله يخليك, ميرسي, ثانكس, ثانكيو, thanks, thank you, thank you so much, thank u, "
    "thank you very much, thanks a lot, many thanks, thx, ty",
    "bye": "مع السلامة, إلى اللقاء, وداعا, في أمان الله, باي, تصبح على خير, تصبحون على خير, bye, "
    "goodbye, good bye, good night, bye bye",
    "how": "كيف حالك, كيف حالكم, كيف الحال, كيف الأحوال, كيفك, كيفكم, كيف أنت, شلونك, شلونكم, "
    "شلونج, إزيك, إزيكم, إزي حالك, عامل ايه, عاملة ايه, عاملين ايه, أخبارك, شخبارك, شو أخبارك, "
    "وش أخبارك, إيش أخبارك, كيف أخبارك, ما أخبارك, أخبارك ايه, لاباس, لا باس عليك, لاباس عليك, "
    "واش راك, كي راك, كيداير, كيف داير, how are you, how are you doing, how is it going",
    "who": "من أنت, من أنتم, من تكون, مين أنت, مين إنت, مين أنتم, أنت مين, إنت مين, منو أنت, "
    "أنت منو, منو انت, شكون أنت, شكون نتا, شنو أنت, وش أنت, إيش أنت, ايه أنت, ما أنت, "
    "ما هذا البوت, ما اسمك, شو اسمك, ايش اسمك, وش اسمك, شنو اسمك, اسمك ايه, هل أنت إنسان, "
    "هل أنت روبوت, هل أنت بوت, هل أنت آلي, أنت إنسان, أنت روبوت, أنت بوت, "
    "who are you, what are you, what is your name, are you a bot, are you human",
}
_AROUND = normalise(
    "يا بوت البوت إسناد روبوت صديقي صديقتي أخي أختي أستاذ أستاذة حبيبي جميعا لك لكم جدا جزيلا "
    "كثيرا كتير كثير وايد أوي خالص الله والله bot isnad dear everyone so very much"
).split()

_LAUGHTER = re.compile(r"ه{2,}|(?:ها){2,}ه*|خ{3,}|(?:ha){2,}h?|lo+l+|(?:he){2,}")
_WORD = re.compile(r"[^\W\d_]+")
_DRAWN = re.compile(r"(.)\1{2,}")  # «شكراااا»


def courtesy_of(text: str) -> Courtesy | None:
    """What `text` is where it only greets, thanks or laughs; `None` where it may be a question."""
    if len(text) > _LONGEST:
        return None
    folded = normalise(text)
    if any(c.isdecimal() for c in folded):
        return None
    found: list[Courtesy] = []
    said = [word for word in _WORD.findall(folded) if not _LAUGHTER.fullmatch(word)]
    laughs = len(said) < len(_WORD.findall(folded))
    words = [_DRAWN.sub(r"\1", word) for word in said]
    at = 0
    while at < len(words):
        size = min(_MOST_WORDS, len(words) - at)
        while size and tuple(words[at : at + size]) not in _KNOWN:
            size -= 1
        if size:
            found.append(_KNOWN[tuple(words[at : at + size])])
        elif words[at] not in _AROUND:
            return None
        at += size or 1
    return found[0] if found else "laugh" if laughs and not said else None


def reply_to(courtesy: Courtesy, lang: Lang) -> str:
    """A kind line, and how to ask."""
    return f"{_REPLIES[lang][courtesy]} {_HOW_TO_ASK[lang]}"


_KNOWN: dict[tuple[str, ...], Courtesy] = {
    tuple(_WORD.findall(normalise(phrase))): courtesy
    for courtesy, phrases in _PHRASES.items()
    for phrase in phrases.split(",")
}
_MOST_WORDS = max(map(len, _KNOWN))

_REPLIES: dict[Lang, dict[Courtesy, str]] = {
    "ar": {
        "salam": "وعليكم السلام ورحمة الله وبركاته.",
        "hello": "أهلًا بك.",
        "morning": "صباح النور.",
        "evening": "مساء النور.",
        "thanks": "العفو، على الرحب والسعة.",
        "bye": "في أمان الله.",
        "how": "بخير، شكرًا لسؤالك.",
        "who": "أنا «إسناد»، بوت يجيب باقتباسات من أرشيف الأخبار، بمصدرها وتاريخها.",
        "laugh": "أضحك الله سنّك.",
    },
    "en": {
        "salam": "Peace be upon you too.",
        "hello": "Hello.",
        "morning": "Good morning.",
        "evening": "Good evening.",
        "thanks": "You are welcome.",
        "bye": "Goodbye.",
        "how": "I’m well, thank you.",
        "who": "I’m Isnad, a bot that answers with quotes from a news archive, with source and "
        "date.",
        "laugh": "Glad you are laughing.",
    },
}
_HOW_TO_ASK: dict[Lang, str] = {
    "ar": "اسألني عن أي خبر، مثل: متى وقع الزلزال؟",
    "en": "Ask me about any news, e.g. متى وقع الزلزال؟",
}
