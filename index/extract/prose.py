"""How much a unit reads like a sentence of a report, rather than a headline or a link.

Hand-set weights, in the order of what tells most: how it ends, how long it is, then clauses,
function words and the verbs news reports run on. Calibrated on page dumps we wrote and checked
against SaudiNewsNet bodies wrapped in furniture (tests/test_extract_wrapped.py).
"""

from __future__ import annotations

import re
from typing import Final

from index.extract.lines import Unit, ends_sentence, fold

_VERBS: Final = frozenset(
    fold(
        "قال قالت قالوا يقول تقول أعلن أعلنت يعلن أكد أكدت أكدوا يؤكد تؤكد أضاف أضافت أضافوا "
        "أوضح أوضحت يوضح أشار أشارت يشير تشير ذكر ذكرت يذكر تذكر كشف كشفت يكشف نقل نقلت أفاد "
        "أفادت تابع تابعت بحث ناقش ناقشت التقى التقت استقبل استقبلت زار زارت وصل وصلت شدد "
        "شددت دعا دعت طالب طالبت رفض رفضت أعرب أعربت اعتبر اعتبرت رأى رأت بين بينت لفت لفتت "
        "نوه أشاد أشادت حذر حذرت شهد شهدت تشهد يشهد بدأ بدأت عقد عقدت شارك شاركت تناول "
        "تناولت تطرق تطرقت اتفق وقع وقعت قتل قتلت أصيب أصيبت لقي لقيت كان كانت يكون تكون "
        "كانوا ليس ليست جاء جاءت جرى جرت تم يتم تمكن تمكنت سجل سجلت بلغ بلغت ارتفع ارتفعت "
        "انخفض انخفضت قرر قررت قدم قدمت أجرى أجرت عبر عبرت حصل حصلت فاز فازت انتقل واصل "
        "واصلت يواصل تواصل أصدر أصدرت أطلق أطلقت انطلق انطلقت يعتزم تعتزم يسعى تسعى يعد تعد "
        "يستهدف تستهدف يأتي تأتي ينتظر وافق وافقت نفى نفت نشر نشرت حدد رسم ظهر ظهرت عاد عادت "
        "استعرض ترأس افتتح تفقد وجه أمر صرح صرحت زعم زعمت ادعى اتهم اتهمت هدد هددت تعرض "
        "تعرضت أسفر أسفرت أدى أدت يبلغ تبلغ حض حضت يبقى ظل ظلت صار يرى ترى يمكن"
    ).split()
)
_OPENERS: Final = frozenset(
    fold(
        "من جانبه جهته جهتها في المقابل كما ويذكر الجدير بالذكر وبحسب بحسب ووفق وفقا وفق "
        "السياق وفي ولم ولا لكن غير أن هذا وقد فيما بدوره بدورها ومن ويأتي وجاء لافتا مشيرا "
        "مضيفا مؤكدا موضحا وعن وعلى أما إلى ذلك يشار"
    ).split()
)
FUNCTION_WORDS: Final = frozenset(
    fold(
        "أن إن التي الذي الذين اللذين اللتين حيث كما لكن قد لم لن كان كانت وكان وكانت هو هي "
        "هذا هذه ذلك تلك وأن وإن بأن أنه أنها إنه إنها بأنه منها منه فيها فيه إليه إليها "
        "عليه عليها له لها به بها بعد قبل عند عندما بينما منذ حتى إذا ما كل بعض أي أو وفي "
        "ومن وعلى ثم إذ كونه لأن"
    ).split()
)
# Nouns whose first or last letter looks like a conjunction, a prefix or a verb's ending.
_NOUNS: Final = frozenset(
    fold(
        "وزير وزيرة وزراء وزارة وزارات وفاة وفيات وفد وفود وكالة وكالات وكيل والي والد والدة "
        "واشنطن ورشة ورش وسط وسائل وسيط وثيقة وثائق وحدة وحدات وضع وقف وقفة وقود وعد ولي "
        "ولاية ولاد وقائع وفق ولادة واقع واقعة وجه وجوه وجبة وجبات ورق ورقة وردة ورود وصول "
        "وصية وظائف وظيفة ولد وادي واحد واحة والدا ويكيليكس واتساب يوم يومي يوسف ياسر يونس "
        "يحيى يمني يمنية يمنيون يهود يهودي يوتيوب يورو يابان ياباني يونان يوناني يونيسف "
        "يوفنتوس يسار يمين بيت وقت صوت زيت بنت كويت بيروت انترنت إنترنت مايكروسوفت حوت موت "
        "قوت بيوت ثابت صامت ميت توقيت تثبيت حضرموت"
    ).split()
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_BREAK: Final = re.compile(r"(?<![.])[.؟!](?=[\s\"”»])\s*\S|(?<=[^\W\d_])\.(?=[^\W\d_])")
# Letters after what ends a word: teh marbuta mid-word, or no space after closing punctuation.
_GLUED: Final = re.compile(
    r"[ةى][\u0621-\u064a]|[؟!”»][\u0621-\u064a0-9]|[\u0621-\u063a\u0641-\u064a]{2}[“«\d]|\d[\u0621-\u064a]{3}"
)
_HEADLINE: Final = re.compile(
    r"\.\.(?!\.)|\((?:صور|صوره|فيديو|شاهد|بالصور|بالفيديو|انفوجراف\w*|تفاصيل|تحديث)\)|^(?:بالصور|بالفيديو|شاهد|عاجل|فيديو|صور)\b"
)
_LEAD_IN: Final = re.compile(r"^[\"']?\S+(?:\s+\S+){0,4}\s?:\s")

PROSE = 1.5
"""Units that score this much are taken for sentences of a report."""


def score(unit: Unit) -> float:
    """How much the unit reads like running text; about −4 (a menu entry) to 7 (a paragraph)."""
    text, words = unit.text, unit.words
    if not words:
        return -3.0
    tokens = _WORD.findall(unit.folded)
    commas = text.count("،") + text.count("؛") + text.count(", ")
    breaks = len(_BREAK.findall(text))
    glue = sum(1 for token in tokens if token in FUNCTION_WORDS)
    total = _by_length(words) + min(0.5 * commas, 1.5) + min(0.7 * breaks, 1.4)
    total += min(0.3 * glue, 1.2)
    if tokens[0] not in _VERBS and _is_verb(tokens[0]):
        total += 2.0  # «وأكد…»: no headline goes on from another sentence
    elif tokens[0] in _VERBS or tokens[0] in _OPENERS:
        total += 1.0
    elif _opens_a_sentence(tokens[0]):
        total += 0.8
    elif any(_is_verb(token) for token in tokens[1:12]):
        total += 0.4
    if ends_sentence(text):
        # Headlines ask and exclaim; they do not close with a full stop.
        total += 2.0 if text.rstrip("\"'»”’)] ").endswith(".") else 0.6
        if text.rstrip().endswith(("..", "…")):
            total -= 0.8
    elif text.endswith(":"):
        total += 1.0  # it announces a quote or a list, as headlines never do
    elif _HEADLINE.search(unit.folded):
        total -= 1.2
    elif words < 20 and _LEAD_IN.match(unit.folded):
        total -= 0.7
    if unit.bullet:
        total -= 1.0
    latin = sum(1 for token in tokens if token.isascii())
    if latin * 2 > len(tokens):
        total -= 1.0
    if is_ticker(unit, commas, breaks):
        total -= 8.0
    return total


def is_ticker(unit: Unit, commas: int, breaks: int) -> bool:
    """Many headlines on one line, often glued to one another: long, and with hardly a clause.

    A paragraph of 45 words has commas or stops; 25 words to each of them is beyond any reporter.
    """
    if unit.text.count("»«") >= 2:  # headlines in quotes, one straight after the other
        return True
    if unit.words < 45 or unit.text.rstrip("\"'»”’)] ").endswith("."):
        return False
    glued = len(_GLUED.findall(unit.text))
    if glued >= 4 and glued * 4 > commas + breaks and glued * 50 > unit.words:
        return True
    if glued and unit.words > 45 * (commas + breaks) and not ends_sentence(unit.text):
        return True
    return unit.words > 22 * (commas + breaks) and (glued >= 3 or unit.text.count("..") >= 3)


def sentence_like(unit: Unit) -> bool:
    """Whether a unit without a full stop still is a sentence: it has a verb where one opens."""
    tokens = _WORD.findall(unit.folded)
    return bool(tokens) and (
        _is_verb(tokens[0])
        or (tokens[0] in _OPENERS and len(tokens) > 5)
        or sum(1 for token in tokens if token in FUNCTION_WORDS) >= 3
    )


def _opens_a_sentence(token: str) -> bool:
    """Whether a first word has the shape of a verb or carries «and»: headlines open with a noun."""
    if token in _NOUNS or token.startswith("ال") or len(token) < 4:
        return False
    if token[0] in "وف" and token[1:] in _NOUNS:
        token = token[1:]
        return len(token) > 2
    return token[0] in "وي" or (token[-1] == "ت" and token[-2] not in "او")


def _is_verb(token: str) -> bool:
    return token in _VERBS or (token[:1] in ("و", "ف") and token[1:] in _VERBS)


def _by_length(words: int) -> float:
    for least, worth in ((35, 2.5), (24, 1.8), (18, 1.0), (13, 0.2), (8, -0.6), (5, -1.2)):
        if words >= least:
            return worth
    return -2.0
