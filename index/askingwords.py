"""Question words of Standard Arabic and the dialects, and words that stand beside them. Data only.

A _ in a phrase is a space.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from index.arabic import normalise


class Kind(Enum):
    """The sort of thing that would answer."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how many"
    WHY = "why"
    HOW = "how"
    YES_NO = "yes or no"
    WHAT = "what"


# The Standard word, the dialects', and the letters that may be attached to either.
WORDS: Final = {
    Kind.WHO: ("من", "مين منو شكون منهو منهي اشكون مينو مينه منون مينهو", "وفلب"),
    Kind.WHEN: (
        "متى",
        "امتى إيمتى ايمتا امتا امته ايمته ايمت وقتاش فوقاش وقتاه متين شوكت شوقت اشوكت فوكاش إمتين "
        "ايمتين يمتى يمته يمتا وينتا وقتيش ايحين",
        "وفل",
    ),
    Kind.WHERE: (
        "أين",
        "فين وين فاين فوين وينه وينها وينهم وينو وينهي وينن فينه فينها فينهم فينو",
        "وفل",
    ),
    Kind.HOW_MANY: (
        "كم",
        "كام قديش اديش قداش قداه قديه شحال اشحال شكد شقد شگد اشقد اشكد شكثر وشكثر جم شكم قدي",
        "وفبل",
    ),
    Kind.WHY: (
        "لماذا",
        "ليه ليش علاش علاه عليش لواش لاش لويش لايش ليهو شمعنى اشمعنى لشنو لشو علويش",
        "وف",
    ),
    Kind.HOW: ("كيف", "ازاي ازى شلون اشلون وشلون ايشلون كيفاش كيفاه كفاش كيفن چيف", "وف"),
    Kind.YES_NO: ("هل", "واش", "وف"),
    Kind.WHAT: (
        "ماذا",
        "ايه إيش شو شنو شنوة شنوا شنية شني اشنو وشنو واشنو شنهو شنهي وش وشو ويش وشهو وشهي آش ايشو",
        "وفبلع",
    ),
}
PHRASES: Final = {
    Kind.HOW_MANY: {
        "كم": "قد_ايه اد_ايه بقد_ايه قد_ايش اد_ايش قد_شو قد_ويش قديش_من شحال_من شحال_ديال "
        "قداش_من قداه_من ايش_كثر وش_كثر ويش_كثر اديش_من"
    },
    Kind.WHY: {
        "لماذا": "عشان_ايه علشان_ايه عشان_شو عشان_ايش عشان_شنو علشان_شنو مشان_شو "
        "مشان_ايش منشان_شو كرمال_شو ",
        "بسبب ماذا": "بسبب_ايه بسبب_شو بسبب_ايش",
    },
    Kind.WHERE: {
        "من أين": "من_فين من_وين منين مناين امنين",
        "إلى أين": "علوين الى_وين الى_فين على_وين على_فين لين_وين عفين",
    },
    Kind.WHEN: {
        "منذ متى": "من_امتى من_ايمتى من_وقتاش من_متين من_شوكت",
        "حتى متى": "لحد_امتى لحد_ايمتى لغاية_امتى لين_متى لحد_متى لين_ايمتى",
    },
    Kind.WHAT: {
        "ماذا حدث": "واش_صرا واش_صار شصار",
        "ماذا يوجد": "شكو",
        "ماذا فعل": "شسوى",
        "ماذا قال": "شقال",
    },
    Kind.YES_NO: {"هل أحد": "في_حدا"},
}
JOINED: Final = {"لماذا": "لماذا", "لأين": "إلى أين", "لمتى": "حتى متى", "عماذا": "عن ماذا"}
# "For you", "lived", "cup", Bush: words that only look like a question word with its letter.
OTHERS: Final = frozenset("لكم باش فاش لاش عاش عايش بوش لوش فوش عوش فلاش".split())

# «في أي عام» asks when, «في أي مدينة» where: the noun after «أي» or «ما» decides.
NOUNS: Final = {
    Kind.WHEN: "عام سنة يوم تاريخ شهر ساعة وقت موعد قرن عقد موسم",
    Kind.WHERE: "مدينة دولة بلد مكان قارة منطقة محافظة عاصمة موقع ملعب شارع حي قرية مطار ميناء "
    "ولاية إقليم جزيرة مقر",
    Kind.HOW_MANY: "عدد نسبة سعر مساحة طول ارتفاع عمر قيمة مبلغ حجم تكلفة كلفة كمية درجة ثمن وزن "
    "مسافة عمق سرعة ميزانية راتب مدة معدل حصيلة قوة",
    Kind.WHO: "رئيس مؤسس مدير كاتب مؤلف شخص وزير زعيم لاعب مدرب صاحب مخترع مكتشف قائد بطل ملك سفير "
    "حكم هداف مخرج",
    Kind.WHY: "سبب أسباب دافع دوافع مبرر",
    Kind.HOW: "طريقة كيفية وسيلة",
    Kind.WHAT: "شركة كتاب فيلم سفينة عاصفة إعصار حزب صحيفة قمر صاروخ فرقة نادي فريق منتخب مشروع "
    "برنامج دواء مرض لقاح فيروس قناة وكالة منظمة جائزة لغة عملة كلمة جريدة مجلة لعبة مسلسل",
}
NOUN_KINDS: Final = {normalise(n): kind for kind, nouns in NOUNS.items() for n in nouns.split()}
# What a question without a question word asks for: «عدد الضحايا», «أسباب الإغلاق».
HEADS: Final = {
    **dict.fromkeys(
        "عدد سعر اسعار نسبه تكلفه كلفه ميزانيه مساحه حصيله معدل".split(), Kind.HOW_MANY
    ),
    **dict.fromkeys("سبب اسباب".split(), Kind.WHY),
    **dict.fromkeys("موعد مواعيد".split(), Kind.WHEN),
}
THINGS: Final = (Kind.WHAT, Kind.WHERE)
WHICH: Final = frozenset("ما اي ماهو ماهي ماهم باي لاي فاي واي".split())
DIALECT_WHICH: Final = frozenset("انهي انهو انو اشمن شمن ياتو ياتا اينا اينو انهين".split())
PRONOUNS: Final = frozenset("هو هي هم هما هن كان كانت".split())
NAME: Final = frozenset("اسم اسماء".split())
NAMED: Final = frozenset("اسمه اسمها اسمو اسمهم".split())
WITH: Final = frozenset("مع الي علي عن ل و ف".split())
OPENERS: Final = PRONOUNS | WITH | frozenset("طيب يعني لو سمحت يا تري من في ب ممكن".split())
TO_WHERE: Final = frozenset(("الي اين", "لفين", "لوين", "لاين"))
KNOWING: Final = frozenset("تعرف تعلم تدري تعرفون تعرفوا تعرفي بتعرف بتعرفوا يعرف".split())
# Names of Latin letters, beside which «إيه» is the letter A.
LETTERS: Final = frozenset("بي سي دي اي اف جي كي ال ام ان ار اس تي يو اند".split())
FOR_HOW_MUCH: Final = (("بكم",), ("بكام",))
SOLD_BY: Final = frozenset("برميل كيلو كيلوغرام غرام جرام لتر طن كيس تذكره اوقيه".split())
OPENING: Final = {"باش": "بماذا", "فاش": "في ماذا", "مناش": "من ماذا", "بيش": "بكم"}
PREPOSITIONS: Final = frozenset("من عن علي في مع الي".split())
DONE: Final = frozenset("دار دارت دارو داروا يدير قالت قالو قالوا دات داو صراو راهو راهي".split())
MOST: Final = frozenset(
    "اكثر اكتر اول اخر اكبر اصغر احسن افضل اهم اعلي اطول اسوا اغلي ارخص اصعب ابرز".split()
)
ASKED_FOR: Final = frozenset(
    normalise(
        "عنوان شعار هدف رأي موقف رد مصير تفاصيل نتائج نتيجة شروط قصة عقوبة دور تهمة موضوع لون "
        "شكل نوع قرار خطة خبر أخبار لقب رقم وضع حالة مشكلة خطر أثر تأثير فكرة مضمون محتوى شغل شغلة"
    ).split()
)
OR_NOT: Final = (["ولا", "لا"], ["ولا", "لاء"], ["ام", "لا"], ["او", "لا"])
