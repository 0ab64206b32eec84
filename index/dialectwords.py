"""Words of the Arabic dialects and what they are in Standard Arabic. Data only.

Egypt, the Levant, the Gulf with Iraq, and the Maghreb, as questions about news use them. In the
tables a row is "standard/kin/kin: dialect words" and a _ is a space; a row without a standard word
only adds kin, "-" drops the word. *Sure* words are no Standard Arabic, so that they show a question
to be in a dialect; *likely* ones mean something else there, and count only beside what is sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Entry:
    """What to write for a word ("" drops it, None keeps it), and normal forms to look for.

    Words that have no kin are grammar: nothing to look for in an article.
    """

    standard: str | None
    kin: tuple[str, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Verb:
    """A Standard verb: its past, its present less the first letter, and normal forms of kin."""

    past: str
    present: str
    kin: tuple[str, ...]
    sure: bool


_GRAMMAR_SURE = (
    "الذي: اللي إللي; هذا: هاد هادا هيدا هاظ هاذ; هذه: هيدي هذي هاذي; هؤلاء: هدول هذول هاذول هدوك;"
    "-: بتاع بتاعت بتاعة بتاعه بتاعها بتاعهم بتوع بتوعه ديال ديالو دياله ديالها ديالهم ديالنا نتاع;"
    "-: تاع تاعت تاعو تاعها تبعت تبعون; ذلك: هداك هذاك هيداك; معهم: معاهم وياهم;"
    "هكذا: كده كدا هيك هيج جذي هكا هكاك; أيضا: برضو برضه بردو; ما زال: لسه لسا لساته لساتو لساتها;"
    "يوجد: اكو; لا يوجد: ماكو مفيش مافيش ماكاينش مكاينش فماش مافي; مثل: متل;"
    "لم يكن: مكانش ماكانش مكنش ماكنش; لم تكن: مكانتش ماكانتش; ليس: مش موش مهوش مب; هناك: هونيك;"
    "لا أحد: محدش ماحدش; يريد: عايز عاوز يبغى يبغي; تريد: عايزة عاوزة تبغى تبغي;"
    "يريدون: عايزين عاوزين يبغون; من أجل: عشان علشان مشان منشان كرمال; معه: معاه وياه;"
    "معها: معاها وياها; بعد ذلك: بعدين; داخل: جوه"
)
_GRAMMAR_LIKELY = (
    "الذي: يلي; -: تبع تبعه تبعها تبعهم متاع متاعه متاعها متاعهم باش بش; هذه: هاي; ليس: مو ماشي;"
    "يريد: بدو بده يبي باغي; تريد: بدها تبي باغية; يريدون: بدهم بدن يبون; يوجد: كاين كاينة كاينين;"
    "أحد: حدا; على: ع; أيضا: كمان; مثل: زي; مع: ويا; هنا: هون; أمام: قدام; يجب: لازم; حتى: لحد;"
    "فقط: بس"
)
_WORDS_SURE = (
    "أمس: امبارح مبارح انبارح البارح لبارح; أول أمس: اول_امبارح اول_مبارح اولة_امبارح اول_البارح;"
    "غدا: بكرا بكرى; بعد غد: بعد_بكرا بعد_بكرة; اليوم: النهارده النهاردة انهارده النهرده هاليوم;"
    "الآن/حاليا: دلوقتي دلوقت دلوأتي هلق هلقيت هسه هسا هسع ذحين دحين دابا دروك هالحين;"
    "هذا العام/السنة: السنة_دي السنادي هالسنة السنة_هذي السنة_هاذي هاد_السنة العام_ده هالعام;"
    "هذا الشهر: الشهر_ده الشهر_دا هالشهر; هذا الأسبوع: الأسبوع_ده الأسبوع_دا هالأسبوع;"
    "الماضي: اللي_فات يلي_فات اللي_طاف اللي_راح يلي_راح اللي_عدى اللي_مضى الفايت; الليلة: الليلادي;"
    "الماضية: اللي_فاتت يلي_فاتت اللي_طافت اللي_راحت اللي_عدت اللي_مضت الفايتة;"
    "المقبل/القادم: اللي_جاي يلي_جاي الجاي; المقبلة/القادمة: اللي_جاية يلي_جاية الجاية; شيء: اشي;"
    "كثير: كتير بزاف وايد; كثيرة: كتيرة; جدا: اوي; أكثر: اكتر; ثلاثة: تلاتة; ثلاث: تلات;"
    "ثمانية: تمنية تمانية; اثنين: اتنين; ستعطي/منح/قدم: هتدي حتدي"
)
_WORDS_LIKELY = (
    "غدا: بكرة; الآن/حاليا: الحين هلا توا; كثير: برشا واجد; ثاني/آخر: تاني; ثانية/أخرى: تانية;"
    "ثالث: تالت; توفي/مات/وفاة: مات; توفيت/ماتت/وفاة: ماتت; /سيارة: عربية; /سيارات: عربيات;"
    "/مياه/ماء: المي المية مويه; /كهرباء: الضو; /سعر/ثمن: حق; /توقف: وقف; /سدد: دفع دفعوا دفعت;"
    "/تكلفة/كلفة/بلغت: كلف كلفت يكلف تكلف; /فاز/هزم: غلب غلبت; /عاد: رجع رجعت رجعوا; /حدث: حصل;"
    "/ارتفع/سعر/أسعار: غلي غليت غلا غليوا; /عمل: خدم يخدم تخدم; /اعتقل: مسك مسكوا; /ألغى: لغى لغوا;"
    "/حدث/وقع: صار صارت يصير تصير; /بني/بناء: اتبنى اتبنت; /نفط: بترول البترول"
)
# Nouns also take the article and what is attached to it.
_NOUNS_SURE = (
    "مباراة: ماتش; مباريات: ماتشات; مستشفى: سبيطار; سيارة: طوموبيل طونوبيل كرهبة; أموال/مال: مصاري;"
    "رجل: زلمة; رجال: زلام; نساء: ستات; أطفال: دراري; حادث: كسيدة; بطاقة: كارطة; ملابس: هدوم"
)
_NOUNS_LIKELY = (
    "أهداف: اجوان; شرطة: بوليس; لص: حرامي; لصوص: حرامية; طائرة: طيارة; طائرات: طيارات; ثلج: تلج;"
    "أموال/مال: فلوس; رجل: راجل; رجال: رجالة; نساء: نسوان; أطفال: عيال; جسر: كوبري; عمل: شغل;"
    "هاتف: تليفون تلفون موبايل; جديد: يديد; جديدة: يديدة; شجار: خناقة هوشة; ازدحام: زحمة;"
    "حمراء: حمرا; كهرباء: كهربا; وزراء: وزرا; رؤساء: رؤسا"
)
# Verbs: "past present/kin: dialect past and present", presents less their first letter.
_VERBS_SURE = (
    "شاهد شاهد/رأى/التقى: شاف شوف; بدأ بدأ: بلش بلش; تكلم تكلم/تحدث/قال: اتكلم تكلم;"
    "تكلف تكلف/كلفة/تكلفة/بلغت: اتكلف تكلف; توفي توفى/مات/وفاة: اتوفى توفى; قيل قال: اتقال تقال;"
    "ولد ولد/مولد: انولد نولد; تزوج تزوج/زواج: اتجوز تجوز;"
    "أقيم قام/جرى/نظم: اتعمل تعمل; انهار نهار/تهدم/هدم: اتهد تهد; ألغي لغى/إلغاء: اتلغى تلغى;"
    "انتظر نتظر: استنى ستنى; شاهد شاهد: اتفرج تفرج; التقى لتقي/لقاء/اجتمع: اتقابل تقابل;"
    "تحدث تحدث/قال: هضر هضر; جاء أتي/وصل/حضر: اجا جي; جاء أتي/وصل/حضر: جه يجي"
)
_VERBS_LIKELY = (
    "ذهب ذهب/توجه/سافر/زار: راح روح; ذهب ذهب/توجه/سافر/زار: مشى مشي; قال قول/تحدث/صرح: حكى حكي;"
    "أحضر حضر/سجل/أحرز/جلب: جاب جيب; التقى لتقي/لقاء/اجتمع: قابل قابل; ولد ولد/مولد: اتولد تولد;"
    "التقى لتقي/لقاء/اجتمع: تلاقى تلاقى; ولد ولد/مولد: تولد تولد; ولد ولد/مولد: تزاد تزاد;"
    "غضب غضب: زعل زعل; وضع ضع: حط حط;"
    "ترك ترك/غادر: ساب سيب; سقط سقط/وقع: طاح طيح; انتهى نتهي: سالا سالي; حدث حدث/وقع/جرى: صرا صرى;"
    "أرسل رسل/نقل: ودى ودي; وجد جد/عثر: لقى لاقي; عمل عمل: اشتغل شتغل; ظل ظل/استمر/بقي: قعد قعد;"
    "انتهى نتهي: خلص خلص; أغلق غلق/إغلاق: سكر سكر; أغلق غلق/إغلاق: قفل قفل; أرسل رسل: بعت بعت;"
    "ظهر ظهر/خرج/صدر: طلع طلع; أخذ أخذ/حصل/نال: خدا اخد; أعطى عطي/منح/قدم: عطى عطي;"
    "جعل جعل/ترك: خلى خلي; أزال زيل/رفع/حمل: شال شيل;"
    "فاز فوز/ربح: كسب كسب; جاء أتي/وصل: جا جي; أخذ أخذ/حصل/نال: خذا اخذ; فعل فعل/نفذ: سوى سوي;"
    "فعل فعل/أقام: - دير"
)
# What these mean straight after a word for "what".
_VERBS_AFTER_WHAT = "فعل فعل: عمل عمل; فعل فعل: سوى سوي; فعل فعل: دار دير; حدث حدث/وقع/جرى: صار صير"

SAME: Final = frozenset(
    normalise(
        "فتح قفل خسر ربح لعب كلف دفع وصل صل رجع خرج دخل سكن عمل حضر حصل درس كتب نشر عرض رفض قبل "
        "طلب سمح منع ضرب قتل سرق خطف حكم طرد نقل كسر هدم حرق دفن سجن حبس جرح هرب نزل صعد ظهر "
        "عرف كشف حمل هجم هدد نفذ قدم قرر صرح شكل عين غير قع شهد شكر نجح فشل سقط رفع خفض زرع حفر "
        "صنع كمل شرح فهم جمع قسم قطع ربط ضغط غرق ترك سحب حفظ طبع طبق صدر وزع صوت نظم درب قول "
        "زور قوم عود موت عيش بيع زيد صير خاف قود بني بدا بدأ لغي شارك حارب حاول وافق ناقش "
        "واجه سافر ساعد هاجم غادر طالب دافع حاكم عالج شاهد ساهم تابع واصل جتمع نتخب ستقيل ستقبل "
        "ستمر ستخدم نتهي نتقل نفجر نسحب فتتح عتقل عترف عتذر عتمد ختار حتاج نتصر نضم شتري حتفل "
        "تعاون تفاوض توقف تحرك تغير تقدم تعلم تزوج ترشح تحدث تدخل تاخر تراجع تولى تسلم تم رد حل "
        "بقى حدث كون وقف"
    ).split()
)
"""Presents, less their first letter, that are Standard too. Of these alone is the prefix of a
dialect's present or future taken off: «هيفتح» and «بيفتح» are verbs, «بيروت» and «هيثم» none."""

NAMES: Final = frozenset("بيكون بيرد حتفهم".split())
"""Names (Bacon, Bird) and nouns that would be read as a verb with a prefix."""

WITH_MASDAR: Final = frozenset(
    "قدم دخل حرك غير كلم حمل عرض شكل حدث كسر قسم نقل نفذ ظهر نظم صدر كون حكم علم سلم صرف".split()
)
"""Roots of which «بتـ» may as well be "by" before a noun: «بتدخل» is "by intervention"."""

TRANSITIVE: Final = frozenset(
    "قتل سرق فتح قبض كسر حرق هدم ضرب خطف ذبح نقل نشر منع حكم طرد دفن حبس سجن جرح قفل رفض مسك هدد "
    "عين نفذ رفع سحب كتب صنع دفع ترك طلب".split()
)
"""Roots whose «ات-» and «ان-» make a passive, which Standard Arabic writes as the active."""

REFLEXIVE: Final = frozenset(
    "اخر اجل غير قدم علم زوج صرف حرك حول طور ضرر وقف عرف رشح دخل عرض "
    "عاقد فاوض عاون راجع صالح خانق عامل شارك نافس".split()
)
"""Roots whose «ات-» is the Standard «ت-»: «اتأخر» is «تأخر»."""

SEVENTH: Final = frozenset("كسر هدم سحب دفع رفع فتح قبض حبس طلق".split())
"""Roots whose «ان-» is Standard Arabic: «انكسر»."""

ALSO_NOUNS: Final = frozenset("سكر قفل شال حط خلص كسب سوي".split())
"""Verbs that are nouns too, unless a question word stands before: «سكر» is sugar."""

THESE: Final = frozenset(
    "زياره قرار موضوع قضيه حرب بلد شخص قصه خبر حادث مباراه ماتش فيلم شركه مدينه ليله مره وقت مشكله "
    "ازمه اتفاق خطوه حمله مشروع قانون هجوم لقاء اجتماع ايام فتره بطوله لاعب رييس وزير منتخب عمليه "
    "انتخابات جلسه مناسبه".split()
)
"""Nouns that the Levant's «هال-» stands before; other words that begin so are names."""

NOT_BEFORE: Final = {
    "بكره": frozenset("القدم السله اليد الطايره الماء المضرب".split()),
    "راح": frozenset("ضحيه ضحيته ضحيتها ضحاياه".split()),
}
NOT_AFTER: Final = {
    "الحين": frozenset("ذلك بين منذ هذا".split()),
    "يلي": frozenset("ما فيما كما مما".split()),
    "مو": frozenset("هو هي هم".split()),
}
"""Neighbours that show a word not to be of a dialect: «كرة القدم», «راح ضحيتها», «فيما يلي»."""

AFTER_NOUN: Final = {"ده": "هذا", "دا": "هذا", "دي": "هذه"}
"""Egypt's "this", which follows a noun with its article; elsewhere «دي» is a part of names."""

_LITTLE = frozenset("هذا هذه بعد".split())


def _rows(table: str, *, sure: bool) -> Iterator[tuple[list[str], list[str], bool]]:
    for row in table.split(";"):
        standard, words = row.split(":")
        yield standard.strip().split("/"), normalise(words).split(), sure


def _forms(*words: str) -> tuple[str, ...]:
    found = dict.fromkeys(normalise(" ".join(words)).split())
    return tuple(form for form in found if form not in _LITTLE)


def _entries(*tables: tuple[str, bool], grammar: bool = False) -> dict[tuple[str, ...], Entry]:
    found: dict[tuple[str, ...], Entry] = {}
    for table, sure in tables:
        for (standard, *kin), words, _ in _rows(table, sure=sure):
            entry = Entry(
                standard={"-": "", "": None}.get(standard, standard),
                kin=() if grammar else _forms(standard, *kin),
                sure=sure,
            )
            found |= {tuple(word.split("_")): entry for word in words}
    return found


def _verbs(*tables: tuple[str, bool]) -> tuple[dict[str, tuple[Verb, str]], dict[str, Verb]]:
    """Verbs by the forms of their dialect past, with the ending of each, and by their present."""
    past: dict[str, tuple[Verb, str]] = {}
    present: dict[str, Verb] = {}
    for table, sure in tables:
        for (standard, *kin), (before, now), _ in _rows(table, sure=sure):
            done, doing = standard.split()
            verb = Verb(done, doing, _forms(done, *kin), sure)
            present.setdefault(now, verb)
            if before == "-":  # its past is another word
                continue
            base = before[:-1] if before[-1] in "ياه" else before
            endings = {before: "", base + "ت": "ت", base + "وا": "وا", base + "و": "وا"}
            if base != before:
                # the Maghreb's: «سالات», «جاو»
                endings |= {base + "ات": "ت", base + "او": "وا"}
            past |= {form: (verb, ending) for form, ending in endings.items()}
    return past, present


PHRASES: Final[Mapping[tuple[str, ...], Entry]] = {
    **_entries((_GRAMMAR_LIKELY, False), (_GRAMMAR_SURE, True), grammar=True),
    **_entries((_WORDS_LIKELY, False), (_WORDS_SURE, True)),
}
NOUNS: Final = {
    noun: entry for (noun,), entry in _entries((_NOUNS_LIKELY, False), (_NOUNS_SURE, True)).items()
}
PAST, PRESENT = _verbs((_VERBS_SURE, True), (_VERBS_LIKELY, False))
PAST_AFTER_WHAT, PRESENT_AFTER_WHAT = _verbs((_VERBS_AFTER_WHAT, False))
