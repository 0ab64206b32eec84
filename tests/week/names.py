"""Words for invented news: who, where, what, and sentences to say it with.

Names are put together of syllables, so that new words come as in real news: 150 reports a day bring
5,000 words a day that were not there before (SaudiNewsNet's do, after the first day).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_ONSETS = (
    "مر بر تل سن در شم كر نج فر حم طو رش غص وض ثر جب سد عق زه لم هد يس خر ذر صو ضح قط أو إس".split()
)
_MIDDLES = "سا وا فا دي مو را تو لي نا بو هي شو قا زي جو كا صي حا".split()
_ENDS = "ن ل م ر ف د س ب ق ه ية اء ان ات ون ين وس ار".split()


def place(dice: random.Random) -> str:
    """A town that is on no map."""
    return dice.choice(_ONSETS) + dice.choice(_MIDDLES) + dice.choice(_ENDS)


def person(dice: random.Random) -> str:
    """A first name, and two invented ones of a father and a family."""
    return f"{dice.choice(FIRST)} {far(dice)} {dice.choice(('', 'ال'))}{far(dice)}ي"


def far(dice: random.Random) -> str:
    """A name that hardly comes again."""
    return dice.choice(_ONSETS) + dice.choice(_MIDDLES) + dice.choice(_MIDDLES) + dice.choice(_ENDS)


FIRST = (
    "سلمى نادر ليلى مازن هدى كريم سعاد فارس ريم جابر منى وليد رنا حازم دلال طارق لبنى عماد نجلاء "
    "أيمن سهى رائد بثينة ماهر عبير زياد هالة أنور غادة باسم نوال جمال سمر إياد وفاء ثامر"
).split()

SOURCES = (
    "صدى الواحة,مرافئ,نداء السهل,أخبار الضفتين,مدار,بوصلة الشمال,حبر الصباح,سراج,المنارة البعيدة,"
    "ضفاف اليوم,جسور,مرصد القوافل,نبض الهضبة,رواق,شراع,أثير المدينة,سطور,ميزان,تخوم,قناديل"
).split(",")

# What it is, and the number that the news tells of it: "{n} …".
THINGS = (
    ("جسر", "مترًا طوله"),
    ("متحف", "قطعة فيه"),
    ("مستشفى", "سريرًا فيه"),
    ("سد", "مترًا ارتفاعه"),
    ("مكتبة", "كتاب فيها"),
    ("محطة قطار", "مسافر يعبرونها كل يوم"),
    ("مدرسة", "تلميذًا فيها"),
    ("مصنع", "عاملًا فيه"),
    ("ملعب", "مقعد فيه"),
    ("محطة تحلية", "متر مكعب تنتجها كل ساعة"),
    ("سوق", "متجرًا فيه"),
    ("مرصد", "باحثًا يعملون فيه"),
)

OFFICES = (
    "وزارة الأشغال,هيئة المياه,مجلس البلدية,اتحاد المزارعين,نقابة الصيادين,الغرفة التجارية,"
    "هيئة الآثار,جامعة المدينة,مديرية الصحة,هيئة النقل,الهلال المحلي,لجنة الإعمار"
).split(",")

PEOPLE = "المزارعين,الطلاب,التجار,الصيادين,السكان,المهندسين,الزوار,العمال,الباحثين,المتطوعين".split(
    ","
)

WHY = (
    "تأخر وصول المعدات,ارتفاع أسعار الوقود,غزارة الأمطار هذا الموسم,نقص العمالة الماهرة,"
    "خلاف على ملكية الأرض,عطل في شبكة الكهرباء,تراجع منسوب النهر,ازدحام الطرق المؤدية إليه,"
    "قرار صدر مطلع العام,اتفاق مع البنك المحلي,تغير مسار القوافل,رغبة الأهالي في التوسعة"
).split(",")

NEXT = (
    "أن يكتمل العمل,أن تبدأ المرحلة الثانية,أن يعاد فتح الطريق,أن تصدر نتائج التحقيق,"
    "أن يجتمع المجلس من جديد,أن تصل الدفعة الأخيرة,أن يزور الوفد الموقع,أن تنشر الأرقام كاملة"
).split(",")

WHEN = (
    "قبل نهاية الشهر,خلال أسبوعين,مطلع العام المقبل,بعد موسم الحصاد,في غضون أيام,قبل عطلة الصيف"
).split(",")

# What any report may go on with. {who} speaks for {office}; {other} is another place.
BODY = (
    "وقال {who} من {office} إن السبب هو {why}، وإن الكلفة بلغت {sum} ألف دينار.",
    "وأضاف {who} أن {crowd} في {place} انتظروا ذلك منذ {years} أعوام.",
    "ويتوقع {who} {next} {when}، إذا سمحت الأحوال بذلك.",
    "وكانت {office} قد أعلنت في {other} خطة مشابهة بقيمة {sum} مليون دينار.",
    "وشارك في العمل {count} متطوعًا جاؤوا من {other} ومن القرى القريبة منها.",
    "ورأى {who} أن ما جرى في {other} قبل {years} أعوام لن يتكرر في {place}.",
    "وطالب عدد من {crowd} بأن تنشر {office} تفاصيل العقود كلها.",
    "ونقلت إذاعة {other} عن {who} قوله إن {count} أسرة استفادت حتى الآن.",
    "وأوضحت {office} أن {why} هو ما دعا إلى التأجيل مرتين هذا العام.",
    "وتبعد {place} عن {other} نحو {count} كيلومترًا، ويسكنها {sum} ألف نسمة.",
    "وسجلت {office} في الأسبوع نفسه {count} طلبًا من {crowd} في {other}.",
    "وختم {who} حديثه بأن {crowd} هم أول من سيلمس الفرق {when}.",
    "ولم تذكر {office} متى تُدفع المستحقات، لكن {who} وعد {next} {when}.",
    "ووصف {who} من اتحاد {crowd} الخطوة بأنها متأخرة {years} أعوام.",
    "وعرض {who} صورًا التقطت في {other} تظهر ما تركه {why}.",
    "واستقبل مركز {place} خلال يومين {count} زائرًا من {other}.",
)
