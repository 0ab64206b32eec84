"""The words that name times, and the patterns they make. Pure.

Words are in normal form, as `index.arabic.normalise` writes them; in tables a _ stands for a space.
Patterns read text as `flatten` gives it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.arabic import normalise, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _table(rows: Mapping[int, str]) -> dict[str, int]:
    return {
        name.replace("_", " "): number
        for number, names in rows.items()
        for name in normalise(names).split()
    }


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")(?!\w)"


MONTHS: Final = _table(
    {
        1: "يناير كانون_الثاني كانون_ثاني جانفي ينار january",
        2: "فبراير شباط فيفري فبرار february",
        3: "مارس آذار march",
        4: "أبريل نيسان أفريل april",
        5: "مايو أيار ماي may",
        6: "يونيو يونية حزيران جوان june",
        7: "يوليو يولية يوليوز تموز جويلية july",
        8: "أغسطس آب أوت غشت august",
        9: "سبتمبر أيلول شتنبر september",
        10: "أكتوبر تشرين_الأول تشرين_أول october",
        11: "نوفمبر تشرين_الثاني تشرين_ثاني نونبر november",
        12: "ديسمبر كانون_الأول كانون_أول دجنبر december",
    }
)
"""Months as Egypt and the Gulf, the Levant and Iraq, Tunisia and Algeria, and Morocco name them."""

HIJRI: Final = _table(
    {
        1: "محرم",
        2: "صفر",
        3: "ربيع_الأول",
        4: "ربيع_الثاني ربيع_الآخر",
        5: "جمادى_الأولى جمادى_الأول",
        6: "جمادى_الآخرة جمادى_الثانية جمادى_الثاني",
        7: "رجب",
        8: "شعبان",
        9: "رمضان",
        10: "شوال",
        11: "ذو_القعدة ذي_القعدة",
        12: "ذو_الحجة ذي_الحجة",
    }
)
WEAK: Final = frozenset("مارس اب ماي اوت جوان نيسان اذار march may".split()) | {
    name for name in HIJRI if " " not in name
}
"""Months that are also a verb, a father, a car or a first name: the words around must decide."""

WEEKDAYS: Final = _table(
    {
        0: "الاثنين الاتنين",
        1: "الثلاثاء الثلاثا يوم_التلات",
        2: "الأربعاء الأربعا يوم_الأربع",
        3: "الخميس",
        4: "الجمعة",
        5: "السبت",
        6: "الأحد يوم_الحد",
    }
)
"""Monday is 0, as in `datetime`."""

DAYS: Final = _table(
    {
        -2: "أول_أمس قبل_أمس أول_امبارح أول_مبارح أول_البارحة أول_البارح",
        -1: "أمس بالأمس امبارح مبارح انبارح البارحة البارح",
        0: "النهارده انهارده هاليوم الليلة الليلادي",
        1: "غدا الغد بكرا بكرة بكره",
        2: "بعد_غد بعد_بكرا بعد_بكرة بعد_بكره",
    }
)
"""Days counted from today; «اليوم» has a pattern of its own."""

UNITS: Final = {
    **dict.fromkeys("يوم ايام".split(), 1),
    **dict.fromkeys("اسبوع اسابيع".split(), 7),
    **dict.fromkeys("شهر اشهر شهور".split(), 30),
    **dict.fromkeys("سنه سنوات سنين عام اعوام".split(), 365),
}
"""Days in a unit of time, roughly."""

PLURALS: Final = frozenset("ايام اسابيع اشهر شهور سنوات سنين اعوام".split())
"""Units that say nothing without a number: «قبل أيام»."""

DUALS: Final = {"يومين": 1, "اسبوعين": 7, "شهرين": 30, "سنتين": 365, "عامين": 365}
NUMBERS: Final = {
    form: number
    for number, stem in enumerate("ثلاث اربع خمس ست سبع ثماني تسع عشر".split(), 3)
    for form in (stem, stem + "ه")
}
_ORDER: Final = "اول ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر".split()
_OVER_TEN: Final = ("حادي", *_ORDER[1:9])
ORDINALS: Final = {
    **{f"ال{name}": number for number, name in enumerate(_ORDER, 1)},
    **{f"ال{name} عشر": number for number, name in enumerate(_OVER_TEN, 11)},
    **{f"ال{name} والعشرين": number for number, name in enumerate(_OVER_TEN, 21)},
    **{"اول": 1, "فاتح": 1, "العشرين": 20, "الثلاثين": 30, "الحادي والثلاثين": 31},
}
"""Days of the month spelt out: «الثاني عشر من فبراير»."""

_TENS = "ثلاثين اربعين خمسين ستين سبعين ثمانين تسعين"
DECADES: Final = {name: 30 + 10 * number for number, name in enumerate(_TENS.split())}

PARTICLES: Final = frozenset(
    "في من علي عن الي و او هل كم متي اين ماذا لماذا كيف مع بين قبل بعد ما لم ثم هو هي".split()
)
"""Words that no number counts."""

NEWEST: Final = frozenset(
    normalise(
        "أحدث الأحدث الآن حاليا الحالي الحالية الأخير الأخيرة مؤخرا حديثا مستجدات "
        "المستجدات دلوقتي دلوقت هلق هلقيت هسه هسا هسع دابا دروك الحين هالحين ذحين توا النهارده "
        "النهاردة انهارده هاليوم"
    ).split()
)
"""Words that ask for the newest, whatever stands around them."""

LATEST_OF: Final = frozenset(
    normalise(
        "مرة زيارة خبر أخبار لقاء اجتماع مباراة ماتش انتخابات ظهور تصريح تصريحات هجوم حصيلة تقرير "
        "تحديث تطورات جلسة حلقة نسخة إصدار فيلم كتاب هدف قرار زلزال سعر بيان خطاب أسبوع شهر عام سنة"
    ).split()
)
"""What «آخر» nearly always is the latest of, not another of."""

BEFORE_LATEST: Final = PARTICLES | frozenset(
    normalise(
        "شو ايه إيش شنو وش مين منو شكون امتى إيمتى وقتاش فين وين أي كانت كان تكون هذا هذه منذ حتى "
        "خلال حصل صار جرى حدث وقع"
    ).split()
)
"""Words that «آخر» describes never, so that what follows is the latest."""

_PAST = (
    r"(?P<past>(?:الماضيه?|المنصرمه?|الفايته?|السابقه?"
    r"|(?:اللي|يلي|الذي|التي) (?:فاتت?|مضي|مضت|راحت?|عدي|عدت))(?!\w))"
)
_NEXT = r"(?P<next>(?:المقبله?|القادمه?|الجايه?|(?:اللي|يلي) جايه?)(?!\w))"
_THIS = r"(?P<this>(?:الحاليه?|الجاريه?|دي|ده)(?!\w))"
_YEAR = r"(?P<year>(?:1\d|20|21)\d\d)(?!\d)(?! ?(?:ه(?!\w)|[%٪]))"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?!\d)"
_START = r"(?<![\w/.,:٫-])"
_MONTH = rf"(?P<month>{_any(MONTHS)})(?: ?[/|(-] ?(?P<twin>{_any(MONTHS)})(?: ?\))?)?"
_OF_YEAR = (
    rf"(?:(?: ?[,،/-] ?| )(?:من )?(?:(?:ال|لل|ل)?عام |(?:ال)?سنه )?{_YEAR}"
    rf"| (?P<of>(?:من |في )?(?:العام|السنه|هذا العام|هذه السنه) ?)?(?:{_PAST}|{_NEXT}|{_THIS}))?"
)
_LEAD = r"(?:شهر|في|خلال|منذ|حتي|مطلع|بدايه|اوايل|منتصف|اواخر|نهايه|قبل|بعد|الي|بين)"
_UNIT = (
    rf"(?:(?P<dual>{'|'.join(DUALS)})"
    rf"|(?:(?P<count>\d{{1,4}}|{'|'.join(NUMBERS)}) )?(?P<unit>{'|'.join(UNITS)}))(?!\w)"
)
# «قبل يومين من الانتخابات» counts from the elections, «منذ عام 2018» from a year.
_NO_OTHER_START = rf"(?! (?:\d|ال|من (?!(?:الان|اليوم)(?!\w))|{_any([*MONTHS, *HIJRI])}))"

NUMERIC: Final = (
    re.compile(rf"{_START}{_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?![\d/-])"),
    re.compile(rf"{_START}(?P<day>\d\d?) ?[-/.] ?(?P<month>\d\d?) ?[-/.] ?{_YEAR}"),
    re.compile(rf"{_START}(?P<month>\d\d?)[/-]{_YEAR}"),
    re.compile(rf"{_START}{_YEAR}[/-](?P<month>\d\d?)(?![\d/-])"),
    re.compile(rf"{_START}(?P<day>\d\d?)/(?P<month>\d\d?)(?![\d/-])(?P<year>(?!))?"),
)
"""12/2/2023 and its like, the day first as everywhere Arabic is written."""

_FIRST = r"(?:عامي |عام |سنتي |سنه )?(?P<first>(?:1\d|20|21)\d\d)"
YEARS: Final = (
    re.compile(rf"(?<!\w)بين {_FIRST} و ?(?:عام |سنه )?{_YEAR}"),
    re.compile(rf"(?<!\w)(?:من )?{_FIRST}(?: ?- ?| (?:الي|حتي) (?:عام |سنه )?){_YEAR}(?!-)"),
)
IN_MONTH: Final = (
    re.compile(
        rf"{_START}(?:[بفلو] ?)?(?P<day>{_DAY})(?:(?: ?[-،] ?| و ?| (?:الي|حتي) )(?P<last>{_DAY}))?"
        rf" ?(?:من )?(?:شهر )?{_MONTH}{_OF_YEAR}"
    ),
    re.compile(
        r"(?<!اسبوع )(?<!النصف )(?<!الربع )(?<!الثلث )(?<!\w)"
        rf"(?P<day>{_any(ORDINALS)}) (?:من )?(?:شهر )?{_MONTH}{_OF_YEAR}"
    ),
    re.compile(rf"(?<!\w){_MONTH} ?/? ?(?P<day>{_DAY}){_OF_YEAR}"),
    re.compile(
        rf"(?<!\w)(?P<lead>{_LEAD} )?(?<!\w)(?P<clitic>[وفبل])?{_MONTH}{_OF_YEAR}(?P<day>(?!))?"
    ),
    re.compile(rf"(?<!\w)(?P<lead>ب?شهر )(?P<month>1[0-2]|[1-9])(?!\d){_OF_YEAR}(?P<day>(?!))?"),
)
IN_HIJRI: Final = re.compile(
    rf"(?<!\w)(?:(?P<day>{_DAY}) (?:من )?(?:شهر )?|(?P<lead>{_LEAD}) )?(?P<hijri>{_any(HIJRI)})"
    r"(?: (?:عام |سنه )?(?P<year>\d{4})(?!\d)(?: ?ه(?!\w))?)?"
)
BY_UNIT: Final = re.compile(
    rf"(?<!\w)(?:(?P<which>هذا|هذه|هاد|هذي) )?(?:ال|هال)(?P<unit>اسبوع|شهر|عام|سنه)(?!\w)"
    rf"(?: (?:{_PAST}|{_NEXT}|{_THIS}))?"
)
ON_WEEKDAY: Final = re.compile(
    rf"(?<!\w)(?:(?:يوم|نهار|ليله|صباح|مساء|فجر) )?[وف]?(?P<weekday>{_any(WEEKDAYS)})"
    rf"(?: (?:{_PAST}|{_NEXT}))?"
)
AGO: Final = re.compile(
    rf"(?<!\w)(?P<how>قبل|بعد|منذ|من(?= (?:\d|\w+ين(?!\w)))) {_UNIT}{_NO_OTHER_START}"
)
LATELY: Final = (
    re.compile(rf"(?<!\w)(?P<how>اخر) {_UNIT}(?! ?\w)"),
    re.compile(
        rf"(?<!\w)ال(?P<unit>{'|'.join(UNITS)}) ال(?P<count>{'|'.join(NUMBERS)})"
        rf"(?P<dual>(?!))? (?P<how>{_PAST}|الاخيره)"
    ),
    re.compile(r"(?<!\w)ال(?P<dual>يومين|اسبوعين|شهرين|عامين|سنتين) (?P<how>الماضيين|الاخيرين)"),
)
FROM_TODAY: Final = re.compile(
    rf"(?<!\w)(?:(?P<word>{_any(DAYS)})(?! (?:القدم|السله|اليد|الطايره|الماء))"
    rf"|(?<!في )(?<!ذلك )(?<!نفس )(?<!طوال )اليوم(?! ال(?!{_any(d[2:] for d in WEEKDAYS)}))(?!\w))"
)
OPENING: Final = re.compile(
    r"(?<!\w)(منذ|قبل|بعد|حتي)(?: (?:(?:ال)?عام|سنه|شهر|يوم|تاريخ|نهايه|بدايه|مطلع))* ?$"
)
"""What stands before a date and makes it one end of a period."""

IN_DECADE: Final = re.compile(
    rf"(?<!\w)[بفو]?(?:ال)?(?P<decade>{'|'.join(DECADES)})ي?ات(?!\w)"
    r"(?: (?:القرن (?:الماضي|العشرين|(?P<older>التاسع عشر)))(?!\w))?"
)
IN_YEAR: Final = re.compile(
    rf"{_START}(?P<lead>(?:(?:[وبلف]?(?:ال|لل|ل)?(?:عام|سنه)|موسم|صيف|شتاء|ربيع|خريف|من|{_LEAD})"
    r" )*)"
    rf"(?P<clitic>[بلوف] ?)?{_YEAR}(?: ?م)?(?!\w)(?![.,/٫-]\d)(?=(?: (?P<after>\w+))?)"
)


def flatten(text: str) -> tuple[str, list[tuple[int, int, int]]]:
    """Return the text with its words in normal form, and (place there, start, end) of each.

    Of what stands between words, spaces are made one and only what dates are written with is kept.
    """
    flat = ""
    places = []
    end = 0
    for word in tokens(text):
        flat += _gap(text[end : word.start])
        places.append((len(flat), word.start, word.end))
        flat += word.form
        end = word.end
    return flat + _gap(text[end:]), places


def _gap(between: str) -> str:
    if between in ("", " "):
        return between
    return re.sub(r"[^/\-.,،:;؛()|%٪؟!]+", " ", normalise(between).replace("–", "-"))
