"""Question words of Standard Arabic and the dialects, and the kind of thing they ask for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.arabic import Token


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


@dataclass(frozen=True, slots=True)
class Asker:
    """A question word where it stands: words `first` to `last` (exclusive) of a text.

    `standard` is the Standard wording of one of a dialect, None where it is Standard itself. One of
    several words, or with a letter attached, is `certain` to be no name.
    """

    first: int
    last: int
    kind: Kind
    standard: str | None
    certain: bool


# The Standard word, the dialects', and the letters that may be attached to either.
_WORDS: Final = {
    Kind.WHO: ("من", "مين منو شكون منهو منهي اشكون مينو", "وفلب"),
    Kind.WHEN: (
        "متى",
        "امتى إيمتى ايمتا امتا وقتاش فوقاش وقتاه متين شوكت شوقت فوكاش إمتين يمتى يمته",
        "وفل",
    ),
    Kind.WHERE: ("أين", "فين وين فاين فوين وينه وينها وينهم وينو فينه فينها فينهم", "وفل"),
    Kind.HOW_MANY: ("كم", "كام قديش اديش قداش شحال اشحال شكد شقد شگد اشقد شكثر", "وفبل"),
    Kind.WHY: ("لماذا", "ليه ليش علاش علاه لواش لاش لويش لايش شمعنى", "وف"),
    Kind.HOW: ("كيف", "ازاي شلون اشلون كيفاش كيفاه", "وف"),
    Kind.YES_NO: ("هل", "واش", "وف"),
    Kind.WHAT: ("ماذا", "ايه إيش شو شنو شنوة شنية اشنو شنهو شنهي وش وشو آش", "وفبلع"),
}
_PHRASES: Final = {
    Kind.HOW_MANY: {"كم": "قد_ايه اد_ايه بقد_ايه قد_ايش اد_ايش قد_شو شحال_من قداش_من"},
    Kind.WHY: {
        "لماذا": "عشان_ايه علشان_ايه عشان_شو مشان_شو منشان_شو كرمال_شو",
        "بسبب ماذا": "بسبب_ايه بسبب_شو بسبب_ايش",
    },
    Kind.WHERE: {
        "من أين": "من_فين من_وين منين مناين",
        "إلى أين": "علوين الى_وين الى_فين على_وين على_فين",
    },
    Kind.WHEN: {
        "منذ متى": "من_امتى من_ايمتى من_وقتاش",
        "حتى متى": "لحد_امتى لحد_ايمتى لغاية_امتى",
    },
    Kind.WHAT: {
        "ماذا حدث": "واش_صرا واش_صار شصار",
        "ماذا يوجد": "شكو",
        "ماذا فعل": "شسوى",
        "ماذا قال": "شقال",
    },
    Kind.YES_NO: {"هل أحد": "في_حدا"},
}
_JOINED: Final = {"لماذا": "لماذا", "لأين": "إلى أين", "لمتى": "حتى متى", "عماذا": "عن ماذا"}
# "For you", "lived", "cup", Bush: words that only look like a question word with its letter.
_OTHERS: Final = frozenset("لكم باش فاش لاش عاش عايش بوش لوش فوش عوش فلاش".split())

# «في أي عام» asks when, «في أي مدينة» where: the noun after «أي» or «ما» decides.
_NOUNS: Final = {
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
_NOUN_KINDS: Final = {normalise(n): kind for kind, nouns in _NOUNS.items() for n in nouns.split()}
# What a question without a question word asks for: «عدد الضحايا», «أسباب الإغلاق».
_HEADS: Final = {
    **dict.fromkeys(
        "عدد سعر اسعار نسبه تكلفه كلفه ميزانيه مساحه حصيله معدل".split(), Kind.HOW_MANY
    ),
    **dict.fromkeys("سبب اسباب".split(), Kind.WHY),
    **dict.fromkeys("موعد مواعيد".split(), Kind.WHEN),
}
_THINGS: Final = (Kind.WHAT, Kind.WHERE)
_WHICH: Final = frozenset("ما اي ماهو ماهي ماهم باي لاي فاي واي".split())
_DIALECT_WHICH: Final = frozenset("انهي انهو اشمن".split())
_PRONOUNS: Final = frozenset("هو هي هم هما هن كان كانت".split())
_NAME: Final = frozenset("اسم اسماء".split())
_NAMED: Final = frozenset("اسمه اسمها اسمو اسمهم".split())
_WITH: Final = frozenset("مع الي علي عن ل و ف".split())
_OPENERS: Final = _PRONOUNS | _WITH | frozenset("طيب يعني لو سمحت يا تري من في ب ممكن".split())
_TO_WHERE: Final = frozenset(("الي اين", "لفين", "لوين", "لاين"))
_KNOWING: Final = frozenset("تعرف تعلم تدري تعرفون تعرفوا تعرفي بتعرف بتعرفوا يعرف".split())
# Names of Latin letters, beside which «إيه» is the letter A.
_LETTERS: Final = frozenset("بي سي دي اي اف جي كي ال ام ان ار اس تي يو اند".split())
_FOR_HOW_MUCH: Final = (("بكم",), ("بكام",))
_SOLD_BY: Final = frozenset("برميل كيلو كيلوغرام غرام جرام لتر طن كيس تذكره اوقيه".split())
_OR_NOT: Final = (["ولا", "لا"], ["ولا", "لاء"], ["ام", "لا"], ["او", "لا"])


def _table() -> dict[tuple[str, ...], tuple[Kind, str | None, bool]]:
    found: dict[tuple[str, ...], tuple[Kind, str | None, bool]] = {}
    for kind, (standard, dialect, letters) in _WORDS.items():
        for word in (standard, *dialect.split()):
            for letter in ("", *letters):
                form = letter + normalise(word)
                joined = _JOINED.get(letter + standard, letter + standard)
                asks = Kind.WHY if joined == "لماذا" else kind
                if not letter or form not in _OTHERS:
                    found.setdefault(
                        (form,), (asks, None if word == standard else joined, bool(letter))
                    )
    for kind, phrases in _PHRASES.items():
        for standard, words in phrases.items():
            forms = [tuple(normalise(word).split("_")) for word in words.split()]
            found |= dict.fromkeys(forms, (kind, standard, True))
    return found


_ASKERS: Final[Mapping[tuple[str, ...], tuple[Kind, str | None, bool]]] = _table()


def askers(text: str, found: Sequence[Token]) -> list[Asker]:
    """Return the question words of a text, whose words `found` are.

    Beside a Standard question word, one of a dialect is a name that looks like it («برنارد شو»),
    unless it opens the question or carries an attached letter. So is one that is quoted.
    """
    asked: list[Asker] = []
    at = 0
    while at < len(found):
        here = _asker(text, found, at)
        if here is not None:
            asked.append(here)
        at = here.last if here else at + 1
    standard = not all(one.standard or one.certain for one in asked)
    return [
        one
        for one in asked
        if not one.standard
        or all(word.form in _OPENERS for word in found[: one.first])
        or not ((standard and not one.certain) or is_quoted(text, found[one.first]))
    ]


def is_quoted(text: str, word: Token) -> bool:
    """Whether a word stands in quotation marks, as titles do; marks around the whole are none."""
    return any(
        text.count(opening, 1, word.start) > text.count(closing, 1, word.start)
        for opening, closing in ("«»", "“”")
    )


def _asker(text: str, found: Sequence[Token], at: int) -> Asker | None:
    if found[at].form in _DIALECT_WHICH:
        return _which(text, found, at)
    for length in (2, 1):
        forms = tuple(word.form for word in found[at : at + length])
        if len(forms) < length or forms not in _ASKERS:
            continue
        kind, standard, certain = _ASKERS[forms]
        surface = text[found[at].start : found[at].end]
        if "ة" in surface and "ن" not in surface:
            return None  # «آية», a name or a verse, is not «ايه»; «شنوة» asks
        beside = {word.form for word in (*found[max(0, at - 1) : at], *found[at + 1 : at + 2])}
        if forms == ("ايه",) and (beside & _LETTERS or any(form.isdigit() for form in beside)):
            return None
        if kind is Kind.WHO and standard is None and not _asks_who(text, found, at):
            return None
        after = found[at + length].form if at + length < len(found) else ""
        if standard == "ماذا" and (
            after.startswith("ال") or after in _PRONOUNS | _NAME or after in _NOUN_KINDS
        ):
            standard = "ما"  # «شو الجديد», «إيه هو», «شنو سبب»
        if forms in _FOR_HOW_MUCH and (after.startswith("ال") or after in _SOLD_BY):
            standard = "كم سعر"  # «بكام الدولار»; «بكم فاز», «بكم هدفا» ask no price
        return Asker(at, at + length, kind, standard, certain)
    return None


def _which(text: str, found: Sequence[Token], at: int) -> Asker | None:
    """«أنهي مدينة»; but «أنهى» the verb has an ى and stands before what has an article."""
    after = found[at + 1].form if at + 1 < len(found) else "ال"
    opens = at == 0 or found[at - 1].form in _OPENERS
    if not opens or after.startswith("ال") or "ى" in text[found[at].start : found[at].end]:
        return None
    return Asker(at, at + 1, Kind.WHAT, "أي", certain=True)


def _asks_who(text: str, found: Sequence[Token], at: int) -> bool:
    """Whether «من» asks who; inside a question it is nearly always the preposition "from"."""
    after = found[at + 1].form if at + 1 < len(found) else ""
    before = found[at - 1].form if at else ""
    if (after,) in _ASKERS and _ASKERS[(after,)][0] is not Kind.WHO:
        return False  # «من أين», «من كم سنة»
    if after in _WHICH and after != "ما":
        return False  # «من أي مدينة»
    forms = [word.form for word in found[at:]]
    if _TO_WHERE & {*forms, *map(" ".join, pairwise(forms))}:
        return False  # «من القاهرة إلى أين»
    if at == 0 or not after:
        return True  # no preposition stands last
    if found[at].form != "من":
        return False
    opens = before == "مع" or (at == 1 and before in _WITH)
    return opens or ":" in text[found[at - 1].end : found[at].start]


def kind_of(text: str, found: Sequence[Token], asked: Sequence[Asker]) -> Kind:
    """Return what a text asks for: what its first question word says, and the noun beside it."""
    by_place = {one.first: one for one in asked}
    for at, word in enumerate(found):
        one = by_place.get(at)
        if one is not None:
            polite = one.kind is Kind.YES_NO and _KNOWING & {w.form for w in found[at : at + 3]}
            if not polite or one is asked[-1]:
                return _refined(found, one)
        elif word.form in _WHICH or (word.form == "ايه" and "أي" in text[word.start : word.end]):
            noun = _noun_kind(found, at)
            if noun is not None or _is_decided(found, at):
                return noun or Kind.WHAT
    if [word.form for word in found[-2:]] in _OR_NOT:
        return Kind.YES_NO
    return _HEADS.get(found[0].form, Kind.WHAT) if found else Kind.WHAT


def _refined(found: Sequence[Token], asker: Asker) -> Kind:
    """The kind of a question word, with the noun that it goes with."""
    before = found[asker.first - 1].form if asker.first else ""
    following = _noun_kind(found, asker.last - 1)
    if asker.kind is Kind.WHAT:
        if before == "بسبب":
            return Kind.WHY
        if following is None and before in _NAMED:  # «الكتاب اسمه إيه؟»
            said = [_lookup(word.form) for word in found[: asker.first - 1]]
            return next((kind for kind in said if kind in (*_THINGS, Kind.WHO)), Kind.WHO)
        return following or Kind.WHAT
    if asker.kind is Kind.WHO and asker.last < len(found) and following in _THINGS:
        named = any(word.form.startswith("ال") for word in found[asker.last : asker.last + 2])
        return following if named else Kind.WHO  # «من هي الدولة التي …»
    if asker.kind is Kind.HOW_MANY and _lookup(before.removeprefix("ب")) is Kind.WHEN:
        return Kind.WHEN  # «سنة كام», «الساعة كم»
    return asker.kind


def _noun_kind(found: Sequence[Token], at: int) -> Kind | None:
    """The kind that the noun after a word of asking names, past a pronoun: «ما هو عدد»."""
    rest = [word.form for word in found[at + 1 :] if word.form not in _PRONOUNS]
    if rest and rest[0].removeprefix("ال") in _NAME:
        of = _lookup(rest[1]) if len(rest) > 1 else None
        return of if of in _THINGS else Kind.WHO
    return _lookup(rest[0]) if rest else None


def _lookup(form: str) -> Kind | None:
    bare = form.removeprefix("ال")
    return _NOUN_KINDS.get(bare) or _NOUN_KINDS.get(bare.removesuffix("ه"))


def _is_decided(found: Sequence[Token], at: int) -> bool:
    """Whether «ما» asks and does not deny («ما حضر»)."""
    after = found[at + 1].form if at + 1 < len(found) else ""
    if found[at].form != "ما":
        return True
    return after.startswith("ال") or after in _PRONOUNS or after in ("ذا", "هذا", "هذه")
