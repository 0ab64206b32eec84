"""What a question asks for: its kind, its words, its wording in Standard Arabic. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from index.arabic import Token, normalise, tokens


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
class Question:
    """A question ready for search.

    `wording` is what the embedding model reads: dialect question words put in Standard Arabic.
    `words` are the words to look for: those that only say "this is a question" are left out.
    """

    text: str
    wording: str
    kind: Kind
    words: tuple[Token, ...]


# Question words by kind, as people write them in Standard Arabic and in the dialects of Egypt, the
# Levant, the Gulf, Iraq and the Maghreb. Each line: the standard word, then its dialect fellows.
_QUESTION_WORDS = {
    Kind.WHO: ("من", "مين", "منو", "شكون", "منهو", "منهي", "اشكون", "مينو"),
    Kind.WHEN: (
        "متى",
        "امتى",
        "إيمتى",
        "ايمتا",
        "امتا",
        "وقتاش",
        "فوقاش",
        "وقتاه",
        "متين",
        "شوكت",
        "فوكاش",
        "إمتين",
    ),
    Kind.WHERE: ("أين", "فين", "وين", "فاين", "فوين", "وينه", "وينها", "لوين"),
    Kind.HOW_MANY: ("كم", "كام", "قديش", "اديش", "قداش", "شحال", "بكم", "بكام", "شكد", "شقد"),
    Kind.WHY: ("لماذا", "ليه", "ليش", "علاش", "لواش", "لاش", "ليه", "لويش", "شمعنى"),
    Kind.HOW: ("كيف", "ازاي", "إزاي", "شلون", "كيفاش", "كيفاه", "اشلون"),
    Kind.YES_NO: ("هل", "واش"),
    Kind.WHAT: ("ماذا", "ايه", "إيش", "شو", "وش", "شنو", "اشنو", "شنهو", "شنهي", "وشو", "آش", "اش"),
}
# Fillers of dialect questions that stand for nothing an article says.
_STANDARD = {"اللي": "الذي", "يلي": "الذي"}
_FILLERS = (
    "ما ماذا ماهو ماهي ماهم هو هي هم هما هن أي أية ايا اي من منذ هل كان كانت يكون تكون تم "
    "بماذا لماذا عماذا فيما بما مما عن في على إلى الى مع ب ل و ف يعني طيب لو سمحت ممكن "
    "الذي التي الذين اللي الي يلي ده دي دا هاد هادا هاي هاذا كده هيك عشان علشان مشان باش "
    "ان أن إن قد لقد ثم أو او ذلك تلك هذا هذه هؤلاء عنه عنها فيه فيها به بها له لها"
).split()

_KINDS = {normalise(word): kind for kind, words in _QUESTION_WORDS.items() for word in words}
_WORDING = {
    normalise(word): words[0] for words in _QUESTION_WORDS.values() for word in words[1:]
} | {normalise(word): standard for word, standard in _STANDARD.items()}
_SILENT = {normalise(word) for word in _FILLERS} | set(_KINDS)
# «في أي عام» asks when, «في أي مدينة» where: the noun after «أي» or «ما» decides.
_NOUNS = {
    Kind.WHEN: "عام سنة يوم تاريخ شهر ساعة وقت موعد قرن عقد سنه",
    Kind.WHERE: "مدينة دولة بلد مكان قارة منطقة محافظة عاصمة موقع ملعب",
    Kind.HOW_MANY: "عدد نسبة سعر مساحة طول ارتفاع عمر قيمة مبلغ حجم تكلفة كمية درجة",
    Kind.WHO: "اسم رئيس مؤسس مدير كاتب مؤلف شخص وزير زعيم لاعب مدرب",
    Kind.WHY: "سبب أسباب",
}
_WHICH = ("ما", "اي", "ماهو", "ماهي", "باي", "لاي", "فاي", "واي")
_PRONOUNS = ("هو", "هي", "هم", "هما", "هن", "كان", "كانت")
_NOUN_KINDS = {normalise(noun): kind for kind, nouns in _NOUNS.items() for noun in nouns.split()}


def parse(text: str) -> Question:
    """Return what `text` asks. Any text is a question; one without a known cue asks "what"."""
    text = " ".join(text.encode("utf-8", "replace").decode().split())  # no lone surrogates
    found = tokens(text)
    words = tuple(word for word in found if word.form not in _SILENT or _is_noun(text, word))
    return Question(
        text=text,
        wording=_reword(text, found),
        kind=_kind(text, found),
        words=words or tuple(found),
    )


def _kind(text: str, found: list[Token]) -> Kind:
    for position, word in enumerate(found):
        if _is_noun(text, word):
            continue
        kind = _KINDS.get(word.form) or _KINDS.get(word.form.removeprefix("و"))
        rest = [one.form for one in found[position + 1 :] if one.form not in _PRONOUNS]
        following = rest[0] if rest else ""
        if kind is Kind.WHO and _KINDS.get(following) is Kind.WHERE:
            return Kind.WHERE  # «من أين»
        if kind is Kind.WHO and position > 0 and not _opens(found, position):
            continue  # «من» inside a question is nearly always the preposition "from"
        if kind not in (None, Kind.WHAT):
            return kind
        if kind is Kind.WHAT or word.form in _WHICH:
            return _NOUN_KINDS.get(following.removeprefix("ال"), Kind.WHAT)
    return Kind.WHAT


def _is_noun(text: str, word: Token) -> bool:
    """Whether a word only looks like a question word once normalised, as «آية» does like «ايه»."""
    return text[word.end - 1] == "ة"


def _opens(found: list[Token], position: int) -> bool:
    """Whether only prepositions stand before, as in «مع من التقى»."""
    return position == 1 and found[0].form in ("مع", "الي", "علي", "عن", "ل", "و", "ف")


def _reword(text: str, found: list[Token]) -> str:
    pieces = []
    end = 0
    for word in found:
        standard = _WORDING.get(word.form)
        if standard is not None and not _is_noun(text, word):
            pieces += [text[end : word.start], standard]
            end = word.end
    return "".join([*pieces, text[end:]])
