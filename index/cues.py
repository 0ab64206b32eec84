"""What the sort of question tells about the sentence that answers it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index.arabic import Token, normalise, tokens
from index.questions import Kind
from index.sentences import KEPT
from index.timewords import HIJRI, MONTHS, UNITS, WEAK, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from index.questions import Question


def _set(words: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in normalise(words).split())


_NUMBERS: Final = _set(
    "واحد واحدة اثنان اثنين اثنتين ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني "
    "تسعة تسع عشرة عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين ستون ستين سبعون "
    "سبعين ثمانون ثمانين تسعون تسعين مئة مائة مئتان مئتين مائتان مائتين مئات عشرات ألف ألفان "
    "ألفين آلاف مليون مليونان مليونين ملايين مليار ملياران مليارين مليارات نصف ثلث ربع ثلثا ثلثي"
)
_TWICE: Final = _set(
    "مرتين مرتان يومين يومان ساعتين ساعتان أسبوعين شهرين شهران عامين عامان سنتين دقيقتين ضعفين "
    "دولارين دينارين بدينارين كيلومترين مترين هدفين هدفان شخصين طنين"
)
_TIMES: Final = (
    frozenset(word for name in (*MONTHS, *HIJRI) if name not in WEAK for word in name.split())
    | frozenset(WEEKDAYS)
    | frozenset(UNITS)
    | _set(
        "مارس نيسان آذار اليوم أمس غدا الغد صباح صباحا مساء فجر ليلة القرن الليلة منتصف رمضان "
        "المقبل المقبلة الماضي الماضية الجاري الساعة يوما عاما شهرا أسبوعا يومين أسبوعين شهرين "
        "عامين سنتين الأسبوع الشهر السبعينيات الثمانينيات التسعينيات"
    )
) - {"الاول", "الثاني", "اول", "ثاني", "الاخر", "ذو", "ذي", "ربيع"}
_REASONS: Final = _set(
    "بسبب بسببه بسببها سبب سببه سببها السبب والسبب أسباب نتيجة لأن لأنه لأنها لأنهم بأن جراء إثر "
    "بهدف نظرا بعد بفعل لعدم لغياب لنقص كي لكي حتى عقب بغية سعيا بحجة بذريعة بدعوى خوفا خشية بفضل "
    "بدافع لكون كونه كونها تحسبا تفاديا لتفادي من_أجل احتجاجا_على ردا_على أدى_إلى يعود_إلى "
    "تضامنا_مع"
)
_WAYS: Final = _set(
    "عبر بواسطة باستخدام باستعمال بفضل بمساعدة بطريقة بوسائل سيرا مشيا سباحة زحفا تدريجيا "
    "من_خلال عن_طريق على_متن بالاعتماد_على"
)
# What a number of the thing asked for goes with: the words that ask for it, and its units.
_MEASURES: Final = tuple(
    (_set(asked), _set(units))
    for asked, units in (
        (
            "سعر سعره ثمن ثمنه كلفة تكلفة كلف يكلف تكلف اتكلف ميزانية راتب مبلغ قيمة دفع دفعوا "
            "بيع بيعت فلوس مصاري غرامة أجرة كلفت ستكلف سيكلف يساوي تساوي يتقاضى تتقاضى يتقاضون",
            "دولار دولارا دولارات يورو جنيه جنيها جنيهات ريال ريالا ريالات دينار دينارا دنانير "
            "بدينار دينارين بدينارين درهم درهما دراهم ليرة ليرات روبل ين يوان فرنك مليون مليار "
            "ملايين",
        ),
        (
            "عمر عمره عمرها سنه مدة استغرق استغرقت تستغرق استمر استمرت يستمر دام دامت يدوم ستدوم "
            "وقت قعدوا بقي",
            "سنة سنوات عام عاما أعوام شهر شهرا أشهر شهور أسبوع أسابيع يوم يوما أيام ساعة ساعات "
            "دقيقة دقائق ثانية ثوان ربيعا العمر عمره عمرها",
        ),
        (
            "طول ارتفاع مسافة عمق مساحة عرض سرعة بعد كيلو",
            "متر مترا أمتار كيلومتر كيلومترا كيلومترات كم م سم سنتيمتر ميل ميلا أميال هكتار "
            "هكتارا قدم فدان مربع عقدة",
        ),
        ("وزن كتلة ثقل", "كيلوغرام كيلوغراما كيلوغرامات كيلو كجم كلغ طن طنا أطنان غرام غراما جرام"),
        (
            "قتلى قتيل قتيلا شهداء شهيد شهيدا وفيات وفاة مات ماتوا ماتت توفي توفوا قتل قتلوا "
            "استشهد استشهدوا ضحايا ضحية",
            "قتل قتلت قتلوا مقتل القتلى قتيل قتيلا قتلى شهيد شهيدا شهداء استشهد استشهاد وفاة وفيات "
            "توفي توفوا مصرع مصرعهم حتفهم حياتهم بحياة أرواح أودى أودت ضحية ضحايا ماتوا",
        ),
        (
            "جرحى جريح جريحا مصاب مصابا مصابين مصابي مصابون إصابة إصابات أصيب أصيبوا اتصاب "
            "انصاب جرح جرحوا",
            "أصيب أصيبوا إصابة إصابات مصاب مصابا مصابين مصابون المصابين جريح جريحا جرحى الجرحى "
            "جرح بجروح",
        ),
        ("نسبة معدل", "المئة المائة بالمئة بالمائة نقطة"),
        ("حرارة درجة", "درجة درجات مئوية"),
    )
)

_NO: Final = _set("أي بلا دون بدون بغير")
_BEFORE: Final = 5
"""Words before a number among which its unit may stand: «ارتفع عدد القتلى أمس إلى 38»."""

_PLACES: Final = _set(
    "مدينة قرية بلدة محافظة ولاية إقليم منطقة عاصمة العاصمة حي شارع ميناء مطار جزيرة مخيم ضاحية "
    "ريف ساحة ميدان ملعب قاعة مقر قصر مبنى جامعة مستشفى معبر حدود ساحل وادي جبل صحراء شاطئ مديرية "
    "بلدية ناحية مضيق خليج نهر بحيرة بحر مركز متحف"
)
_SIDES: Final = _set("شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط قرب قبالة داخل خارج ضواحي")
_LYING: Final = _set("يقع تقع الواقع الواقعة الكائن الكائنة مقره مقرها")
_COUNTRIES: Final = _set(
    "مصر السودان ليبيا تونس الجزائر المغرب موريتانيا السعودية اليمن عمان الإمارات قطر البحرين "
    "الكويت العراق سوريا سورية لبنان الأردن فلسطين إسرائيل تركيا إيران أفغانستان باكستان الهند "
    "بنغلاديش نيبال الصين اليابان تايوان إندونيسيا ماليزيا سنغافورة تايلاند فيتنام الفلبين "
    "كمبوديا لاوس ميانمار كازاخستان أوزبكستان تركمانستان قرغيزستان طاجيكستان أذربيجان أرمينيا "
    "جورجيا منغوليا روسيا أوكرانيا بيلاروسيا مولدوفا بولندا التشيك سلوفاكيا المجر رومانيا بلغاريا "
    "صربيا كرواتيا سلوفينيا البوسنة كوسوفو ألبانيا اليونان قبرص مالطا إيطاليا الفاتيكان إسبانيا "
    "البرتغال أندورا فرنسا موناكو بلجيكا هولندا لوكسمبورغ ألمانيا النمسا سويسرا بريطانيا إنجلترا "
    "اسكتلندا ويلز أيرلندا آيسلندا النرويج السويد فنلندا الدنمارك إستونيا لاتفيا ليتوانيا أميركا "
    "أمريكا كندا المكسيك كوبا هايتي جامايكا بنما كوستاريكا غواتيمالا هندوراس السلفادور نيكاراغوا "
    "كولومبيا فنزويلا الإكوادور بيرو بوليفيا تشيلي الأرجنتين البرازيل باراغواي أوروغواي أستراليا "
    "نيوزيلندا فيجي نيجيريا غانا السنغال النيجر تشاد الكاميرون الغابون الكونغو أنغولا زامبيا "
    "زيمبابوي موزمبيق مدغشقر تنزانيا كينيا أوغندا رواندا بوروندي إثيوبيا إريتريا جيبوتي الصومال "
    "ناميبيا بوتسوانا ليسوتو ملاوي غينيا غامبيا سيراليون ليبيريا توغو بنين موريشيوس سيشل المالديف "
    "بروناي الولايات_المتحدة جنوب_أفريقيا كوريا_الجنوبية كوريا_الشمالية سريلانكا بوركينا_فاسو "
    "ساحل_العاج جزر_القمر الجبل_الأسود مقدونيا_الشمالية تيمور_الشرقية المملكة_المتحدة"
)
_CITIES: Final = _set(
    "القاهرة الإسكندرية الخرطوم طرابلس بنغازي الرباط مراكش طنجة نواكشوط الرياض جدة صنعاء عدن مسقط "
    "أبوظبي دبي الدوحة المنامة بغداد البصرة الموصل أربيل كركوك دمشق حلب حمص حماة اللاذقية إدلب "
    "درعا بيروت صيدا القدس غزة حيفا يافا الخليل نابلس أنقرة إسطنبول طهران أصفهان كابول كابل "
    "كراتشي نيودلهي دلهي مومباي بكين شنغهاي طوكيو جاكرتا بانكوك هانوي مانيلا أستانا طشقند باكو "
    "يريفان تبليسي موسكو بطرسبورغ سوتشي كييف مينسك وارسو براغ بودابست بوخارست بلغراد زغرب سراييفو "
    "تيرانا أثينا نيقوسيا روما ميلانو مدريد برشلونة لشبونة باريس مرسيليا ليون بروكسل أمستردام "
    "لاهاي برلين ميونيخ فيينا جنيف زيورخ لندن دبلن أوسلو ستوكهولم هلسنكي كوبنهاغن واشنطن نيويورك "
    "شيكاغو أوتاوا هافانا بوغوتا كراكاس ليما سانتياغو برازيليا كانبيرا سيدني أبوجا لاغوس أكرا "
    "داكار باماكو نيامي نجامينا نيروبي كمبالا كيغالي مقديشو هرجيسا بريتوريا جوهانسبرغ الكرملين "
    "عمّان وهران أديس_أبابا مكة المدينة_المنورة في_مالي إلى_مالي في_سيول إلى_سيول في_جنين "
    "في_صوفيا في_برن في_فاس الدار_البيضاء رام_الله بورتسودان شرم_الشيخ لوس_أنجلوس دافوس صفاقس"
)
_KNOWN_PLACES: Final = _COUNTRIES | _CITIES

# What stands before a name in the news, and words between names that are none.
TITLES: Final = frozenset(
    normalise(
        "الرئيس رئيس رئيسة الرئيسة وزير وزيرة الوزير الوزيرة المبعوث مبعوث نظيره نظيرته الملك "
        "ملك الأمير أمير السيد السيدة الدكتور الدكتورة المدير مدير مديرة المتحدث الناطق قائد "
        "القائد زعيم الشيخ السلطان نائب النائب سفير السفير اللواء العميد العقيد الجنرال المهندس "
        "المهندسة الكاتب الكاتبة الشاعر الفنان الفنانة المدرب اللاعب المهاجم الحارس الحكم القاضي "
        "المحامي الباحث الباحثة الصحفي الأستاذ أستاذ اسمه اسمها يدعى تدعى بن ابن أبو"
    ).split()
)
NO_NAME: Final = frozenset(
    normalise(
        "في من على إلى عن مع أن إن التي الذي الذين هذا هذه ذلك قال أكد أعلن كان كانت قد لم لا "
        "ما ثم أو بعد قبل خلال حول بين عند منذ حتى كما لقد سوف أيضا اليوم أمس السبت الأحد "
        "الاثنين الثلاثاء الأربعاء الخميس الجمعة"
    ).split()
)
_REACH: Final = 6
"""Words after a title in which the name must begin: «الرئيس الروسي فلاديمير بوتين»."""
_LOOKING_BACK: Final = re.compile(
    "|".join(normalise(words) for words in ("آخر مرة", "المرة السابقة", "سبق أن", "سبق ل"))
)
_ASKED_BACK: Final = re.compile(
    "|".join(normalise(w) for w in ("آخر مرة", "سابق", "سبق", "الماضي"))
)


def answers(question: Question, words: Sequence[Token]) -> float:
    """1 where a sentence holds the sort of thing asked for, -1 where not, 0 where none can tell.

    What the question itself says is no answer to it.
    """
    asked = {word.form for word in question.words}
    forms = [word.form for word in words]
    match question.kind:
        case Kind.HOW_MANY:
            # without «كم», which is a kilometre too
            wording = {w.form for w in tokens(question.wording) if len(w.form) > 2}
            return _counts(asked, wording, forms)
        case Kind.WHEN:
            return _tells_time(asked, forms)
        case Kind.WHERE:
            return 1.0 if _tells_place(asked, forms) else -1.0
        case Kind.WHY:
            return 1.0 if _held(forms, _REASONS) - asked else -1.0
        case Kind.HOW:  # a way is told in other words as often
            return 1.0 if _held(forms, _WAYS) - asked else 0.0
    return 0.0


def names_a_person(question: Question, text: str, words: Sequence[Token]) -> float:
    """1 where a sentence names somebody new to a question that asks who, -1 where not, else 0.

    A name is taken to be two words in a row after a title, neither of them the question's.
    """
    if question.kind is not Kind.WHO:
        return 0.0
    asked = {word.form for word in question.words}
    for position, word in enumerate(words):
        bare = word.form[1:] if word.form[:1] in "وبلف" else word.form
        if (word.form in TITLES or bare in TITLES) and _name_follows(
            text, words[position : position + _REACH + 1], asked
        ):
            return 1.0
    return -1.0


def looks_back(question: Question, text: str) -> float:
    """1 where a sentence tells of an earlier occasion, and the question asks for none, else 0.

    «وكانت آخر مرة التقيا فيها …» stands in an article about another meeting.
    """
    if question.kind is Kind.WHEN or not _tells_of_before(text):
        return 0.0
    return 0.0 if _ASKED_BACK.search(normalise(question.text)) else 1.0


@lru_cache(maxsize=KEPT)
def _tells_of_before(text: str) -> bool:
    return _LOOKING_BACK.search(normalise(text)) is not None


def _name_follows(text: str, words: Sequence[Token], asked: set[str]) -> bool:
    run = 0
    for before, word in pairwise(words):
        if text[before.end : word.start].strip().strip("“”\"«»' "):
            return False  # punctuation ends what the title is of
        if word.form in NO_NAME:
            return False
        run = run + 1 if word.form not in asked else 0
        if run == 2:
            return True
    return False


def _held(forms: Sequence[str], wanted: Collection[str]) -> set[str]:
    """The wanted words, and pairs of them, that a sentence holds, with و, ب, ل or ف or without."""
    found = {*forms, *(form[1:] for form in forms if form[0] in "وبلف")}
    found.update(f"{bare} {after}" for before, after in pairwise(forms) for bare in _bare(before))
    return found.intersection(wanted)


def _bare(form: str) -> tuple[str, ...]:
    return (form, form[1:]) if form[:1] in ("و", "ب", "ل", "ف", "ك") else (form,)


def _counts(asked: set[str], wording: set[str], forms: Sequence[str]) -> float:
    """1 for a number that counts, with the unit asked for where one is; 0 for another, -1 none.

    Years and days of the month count nothing. «لم تسجل أي وفيات» counts the dead.
    """
    named = asked | wording
    named |= {form.removeprefix("ال") for form in named}
    units = [units for words, units in _MEASURES if not named.isdisjoint(words | units)]
    if any(
        before in _NO and after in known for before, after in pairwise(forms) for known in units
    ):
        return 1.0
    places = [at for at, form in enumerate(forms) if _is_number(form) and form not in asked]
    places = [at for at in places if not _dates(forms, at)]
    if not places:
        return -1.0
    if not units:
        return 1.0
    spans = [forms[max(0, at - _BEFORE) : at + 4] for at in places]
    near = {bare for span in spans for form in span for bare in _bare(form)}
    return 1.0 if any(not near.isdisjoint(known) for known in units) else 0.0


def _tells_time(asked: set[str], forms: Sequence[str]) -> float:
    """1 for a date, a day or a stretch of time; 0 for numbers that may be anything; -1 for none."""
    new = [at for at, form in enumerate(forms) if form.isdigit() and form not in asked]
    if _held(forms, _TIMES) - asked or any(_is_year(forms[at]) or _dates(forms, at) for at in new):
        return 1.0
    return 0.0 if new else -1.0


def _tells_place(asked: set[str], forms: Sequence[str]) -> bool:
    if _held(forms, _KNOWN_PLACES) - asked - {bare for form in asked for bare in _bare(form)}:
        return True
    for before, after in pairwise(forms):
        if after in asked or after in NO_NAME:
            continue
        if any(bare in _PLACES or bare in _SIDES for bare in _bare(before)):
            return True
        if before in _LYING:
            return True
    return False


def _dates(forms: Sequence[str], at: int) -> bool:
    """Whether a number is a year after «عام», or a day of the month."""
    before = forms[at - 1] if at else ""
    after = forms[at + 1] if at + 1 < len(forms) else ""
    year = _is_year(forms[at]) and before.removeprefix("ال") in ("عام", "سنه", "في", "منذ", *MONTHS)
    return year or (forms[at].isdigit() and after in MONTHS)


def _is_year(form: str) -> bool:
    return form.isdigit() and len(form) == 4 and form[:2] in ("17", "18", "19", "20")


def _is_number(form: str) -> bool:
    return form.isdigit() or any(bare in _NUMBERS or bare in _TWICE for bare in _bare(form))
