"""Greetings, thanks, complaints: whole messages that ask no news, and what is said to them. Pure.

A message is one where it is made of the phrases below and of nothing else, whatever is said
around them («يا», «جدًا»): «السلام عليكم، متى وقع الزلزال؟» is a question.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

from bot.typography import isolate
from index.arabic import normalise

if TYPE_CHECKING:
    from bot.typography import Lang

Courtesy = Literal[
    "salam",
    "hello",
    "morning",
    "evening",
    "thanks",
    "bye",
    "how",
    "who",
    "laugh",
    "smile",
    "occasion",
    "praise",
    "agreed",
    "ready",
    "help",
    "headlines",
    "wrong",
    "rude",
]

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
    "من صنعك, من برمجك, من طورك, مين صنعك, مين برمجك, مين عملك, مين سواك, منو سواك, منو صنعك, "
    "who are you, what are you, what is your name, are you a bot, are you human, who made you",
    "occasion": "جمعة مباركة, جمعة طيبة, رمضان كريم, رمضان مبارك, مبارك عليكم الشهر, عيد مبارك, "
    "عيد سعيد, عيدكم مبارك, كل عام وأنتم بخير, كل عام وأنت بخير, كل سنة وأنت طيب, "
    "كل سنة وأنتم طيبين, كل سنة وانتو طيبين, عساكم من عواده, ينعاد عليك, ينعاد عليكم, "
    "سنة سعيدة, ramadan kareem, ramadan mubarak, eid mubarak, happy eid, happy new year",
    "praise": "ممتاز, ممتازة, رائع, رائعة, جميل, حلو, عظيم, أحسنت, أحسنتم, برافو, كفو, شاطر, "
    "بحبك, أحبك, بحبكم, أحبكم, بموت فيك, good, nice, great, cool, bravo, well done, good bot, "
    "i love you",
    "agreed": "نعم, لا, أيوه, أيوا, إيوه, اه, آه, لأ, تمام, طيب, ماشي, أوكي, أوك, اوكيه, حسنا, "
    "حاضر, مفهوم, فهمت, أكيد, صح, صحيح, جيد, كويس, زين, تمام التمام, ok, okay, yes, no, yep, nope",
    "ready": "عندي سؤال, لدي سؤال, ممكن سؤال, ممكن أسأل, ممكن أسألك, بدي أسأل, بدي أسألك, "
    "أبي أسأل, أبغى أسأل, أبغى أسألك, عايز أسأل, عايز أسألك, عاوز أسأل, أريد أن أسأل, "
    "أريد أن أسألك, أريد السؤال, هل يمكنني السؤال, هل أستطيع أن أسأل, can i ask",
    "help": "كيف أسأل, كيف أسألك, كيف أستخدمك, كيف أستعملك, كيف أستخدم, كيف أشتغل, كيف تعمل, "
    "كيف يعمل, كيف تشتغل, كيف بتشتغل, ازاي أستخدمك, ازاي أسأل, ازاي بتشتغل, شلون أسأل, ماذا تفعل, "
    "ماذا تستطيع, ماذا تستطيع أن تفعل, ما الذي تستطيعه, ماذا يمكنك أن تفعل, ما وظيفتك, "
    "ما هي وظيفتك, ما فائدتك, ما هذا, ما هذه, تعمل ايه, بتعمل ايه, بتعرف تعمل ايه, "
    "تعرف تعمل ايه, ايه ده, ايش تسوي, وش تسوي, شنو تسوي, ايش هذا, وش هذا, شو هاد, شو بتعمل, "
    "شو بتعرف تعمل, شو بتقدر تعمل, ايش تقدر تسوي, ايش فايدتك, شو فايدتك, what can you do, "
    "how does this work, how do i use you, what do you do",
    "headlines": "الأخبار, أخبار, أخبار اليوم, ما الأخبار, ما أخبار اليوم, ما هي أخبار اليوم, "
    "آخر الأخبار, ما آخر الأخبار, ما هي آخر الأخبار, أهم الأخبار, ما أهم الأخبار, أبرز الأخبار, "
    "ما أبرز الأخبار, ما أهم أخبار اليوم, ما أبرز أخبار اليوم, آخر أخبار اليوم, شو الأخبار, "
    "شو آخر الأخبار, شو أخبار اليوم, شو في أخبار, شو فيه أخبار, شو في جديد, شو الجديد, "
    "ايش الأخبار, ايش آخر الأخبار, ايش الجديد, وش الأخبار, وش آخر الأخبار, وش الجديد, "
    "وش جديد اليوم, ايه الأخبار, ايه آخر الأخبار, ايه أخبار النهارده, ايه الجديد, شنو الأخبار, "
    "شنو الجديد, في جديد, فيه جديد, ما الجديد, ماذا حدث اليوم, شو صار اليوم, ايش صار اليوم, "
    "وش صار اليوم, ايه اللي حصل النهارده, news, latest news, the news, what is new",
    "wrong": "غلط, الجواب غلط, جواب غلط, جوابك غلط, جواب خاطئ, الجواب خاطئ, الجواب خطأ, "
    "إجابة خاطئة, إجابة غلط, الإجابة خاطئة, الإجابة غلط, هذا غلط, هذا خطأ, ده غلط, مو صح, مش صح, "
    "مش صحيح, مو صحيح, غير صحيح, هذا غير صحيح, مش ده, مش هيك, مو هذا, ليس هذا, ليس هذا سؤالي, "
    "مش ده اللي قصدته, مش هيك قصدي, مو قصدي, مش قصدي, ما فهمت, ما فهمت علي, مافهمت, لم تفهم, "
    "لم تفهمني, لم تفهم سؤالي, لم أفهم, مش فاهم, مش فاهمة, ما فهمتني, ليش ما ترد, ليش ما بترد, "
    "ليه مش بترد, لماذا لا ترد, لماذا لا تجيب, رد, رد علي, جاوب, جاوبني, أجبني, وين الجواب, "
    "فين الجواب, أين الجواب, ما استفدت, wrong, wrong answer, that is wrong, not what i asked",
    "rude": "غبي, غبية, تافه, سخيف, أحمق, حقير, فاشل, فاشلة, وقح, زفت, كذاب, حمار, حيوان, "
    "يا كلب, انت كلب, كلب ابن كلب, يا ابن الكلب, يلعن ابوك, يلعن أبوك, الله يلعنك, لعنك الله, "
    "انقلع, اخرس, طز, طز فيك, تبا لك, stupid, idiot, you are stupid, shut up, useless",
}
_AROUND = normalise(
    "يا بوت البوت إسناد روبوت صديقي صديقتي أخي أختي أستاذ أستاذة حبيبي جميعا لك لكم جدا جزيلا "
    "كثيرا كتير كثير وايد أوي خالص الله والله أنت إنت انتي انتو هذا "
    "bot isnad dear everyone so very much"
).split()

_LAUGHTER = re.compile(r"ه{2,}|(?:ها){2,}ه*|خ{3,}|(?:ha){2,}h?|lo+l+|(?:he){2,}")
_WORD = re.compile(r"[^\W\d_]+")
_DRAWN = re.compile(r"(.)\1{2,}")  # «شكراااا»


def courtesy_of(text: str) -> Courtesy | None:
    """What `text` is where it only greets, thanks, laughs …; `None` where it may be a question."""
    if len(text) > _LONGEST:
        return None
    if _is_drawn(text):
        return "smile"
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


def reply_to(courtesy: Courtesy, lang: Lang, example: str) -> str:
    """A kind line; to who only greets also how to ask: as in `example`, a question."""
    said = _REPLIES[lang][courtesy]
    return f"{said} {_HOW_TO_ASK[lang]} {example}" if courtesy in _OPENS else said


def _is_drawn(text: str) -> bool:
    """Whether `text` is emoji and nothing else: «🌹», «👍🏽»."""
    drawn = [char for char in text if not char.isspace()]
    kinds = {unicodedata.category(char) for char in drawn}
    return "So" in kinds and kinds <= {"So", "Sk", "Mn", "Me", "Cf"}


_KNOWN: dict[tuple[str, ...], Courtesy] = {
    tuple(_WORD.findall(normalise(phrase))): courtesy
    for courtesy, phrases in _PHRASES.items()
    for phrase in phrases.split(",")
}
_MOST_WORDS = max(map(len, _KNOWN))

_DIGEST, _HELP = isolate("/digest"), isolate("/help")
_OPENS: frozenset[Courtesy] = frozenset(("salam", "hello", "morning", "evening", "how", "who"))
"""With these a talk begins; later an example would be one too many."""

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
        "smile": "على الرحب والسعة.",
        "occasion": "ولك بمثل ما دعوت.",
        "praise": "هذا من لطفك.",
        "agreed": "حسنًا.",
        "ready": "تفضّل، اكتب سؤالك وسأبحث عنه في الأرشيف.",
        "help": "أبحث في أرشيف الأخبار وأجيب بنصّ ما نُشر، بمصدره وتاريخه. اكتب سؤالك كما تقوله، "
        f"وكل ما أستطيعه في {_HELP}.",
        "headlines": f"أبرز الأخبار في الموجز: اكتب لي {_DIGEST} في محادثة خاصة. أو اسألني عن خبر "
        "بعينه.",
        "wrong": "أعتذر. اكتب السؤال بكلمات أخرى، أو زده اسمًا أو مكانًا أو تاريخًا، "
        "واضغط 👎 تحت الجواب الذي لم ينفعك.",
        "rude": "أعتذر إن لم أُفدك.",
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
        "smile": "My pleasure.",
        "occasion": "The same to you.",
        "praise": "That is kind of you.",
        "agreed": "All right.",
        "ready": "Go ahead: write your question and I will search the archive.",
        "help": "I search a news archive and answer with what was published, word for word, with "
        f"source and date. Write your question as you would say it; all I can do is in {_HELP}.",
        "headlines": f"The top stories are in the digest: write me {_DIGEST} in a private chat. Or "
        "ask me about one of them.",
        "wrong": "I’m sorry. Put the question in other words, or add a name, a place or a date, "
        "and tap 👎 under the answer that did not help.",
        "rude": "I’m sorry if I was of no use.",
    },
}
_HOW_TO_ASK: dict[Lang, str] = {
    "ar": "اسألني عن أي خبر، مثل:",
    "en": "Ask me about any news, e.g.",
}
