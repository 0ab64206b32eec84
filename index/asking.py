"""Question words of Standard Arabic and the dialects, and the kind of thing they ask for. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from index import askingwords as table
from index import conjugation
from index.arabic import normalise
from index.askingwords import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.arabic import Token

__all__ = ["Asker", "Kind", "askers", "is_quoted", "kind_of"]


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


def _table() -> dict[tuple[str, ...], tuple[Kind, str | None, bool]]:
    found: dict[tuple[str, ...], tuple[Kind, str | None, bool]] = {}
    for kind, (standard, dialect, letters) in table.WORDS.items():
        for word in (standard, *dialect.split()):
            for letter in ("", *letters):
                form = letter + normalise(word)
                joined = table.JOINED.get(letter + standard, letter + standard)
                asks = Kind.WHY if joined == "لماذا" else kind
                if not letter or form not in table.OTHERS:
                    found.setdefault(
                        (form,), (asks, None if word == standard else joined, bool(letter))
                    )
    for kind, phrases in table.PHRASES.items():
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
        or all(word.form in table.OPENERS for word in found[: one.first])
        or not ((standard and not one.certain) or is_quoted(text, found[one.first]))
    ]


def is_quoted(text: str, word: Token) -> bool:
    """Whether a word stands in quotation marks, as titles do; marks around the whole are none."""
    return any(
        text.count(opening, 1, word.start) > text.count(closing, 1, word.start)
        for opening, closing in ("«»", "“”")
    )


def _asker(text: str, found: Sequence[Token], at: int) -> Asker | None:
    if found[at].form in table.DIALECT_WHICH:
        return _which(text, found, at)
    if (opening := _opening(found, at)) is not None:
        return opening
    for length in (2, 1):
        forms = tuple(word.form for word in found[at : at + length])
        if len(forms) < length or forms not in _ASKERS:
            continue
        kind, standard, certain = _ASKERS[forms]
        surface = text[found[at].start : found[at].end]
        if "ة" in surface and "ن" not in surface:
            return None  # «آية», a name or a verse, is not «ايه»; «شنوة» asks
        beside = {word.form for word in (*found[max(0, at - 1) : at], *found[at + 1 : at + 2])}
        if forms == ("ايه",) and (beside & table.LETTERS or any(form.isdigit() for form in beside)):
            return None
        if forms == ("جم",) and (at and found[at - 1].form not in table.OPENERS):
            return None  # a gram, or Egypt's "they came"
        if kind is Kind.WHO and standard is None and not _asks_who(text, found, at):
            return None
        after = found[at + length].form if at + length < len(found) else ""
        if standard == "كم" and forms[-1] in ("من", "ديال") and after.startswith("ال"):
            standard = "كم من"  # «قداش من الماء»
        if standard == "ماذا" and _names(text, found, at, at + length):
            standard = "ما"  # «شو الجديد», «إيه هو», «شنو سبب»
        if forms in table.FOR_HOW_MUCH and (after.startswith("ال") or after in table.SOLD_BY):
            standard = "كم سعر"  # «بكام الدولار»; «بكم فاز», «بكم هدفا» ask no price
        elif forms in table.FOR_HOW_MUCH and not after and _is_sold(found, at):
            standard = "كم سعره"  # «الطماطم بقت بكام», «الدخول بكام»
        return Asker(at, at + length, kind, standard, certain)
    return None


def _is_sold(found: Sequence[Token], at: int) -> bool:
    """Whether nothing is done for "how much": «الدخول بكام», and not «الفريق فاز بكام»."""
    said = [word.form for word in found[:at] if word.form not in table.BECAME]
    return bool(said) and not any(conjugation.is_verb(form) for form in said)


def _names(text: str, found: Sequence[Token], at: int, end: int) -> bool:
    """Whether "what" at a place, with `end` after it, asks what something is: «ما», not «ماذا».

    Not where a preposition stands before («من شو»), nor a verb after «كان» («شو كان يشتغل»).
    """
    forms = [word.form for word in found[end : end + 2]]
    if not forms or (at and found[at - 1].form in table.PREPOSITIONS):
        return False
    if len(forms) > 1 and forms[0] in ("كان", "كانت") and forms[1][0] in "يتع":
        return False
    written = text[found[end].start : found[end].end]
    named = table.PRONOUNS | table.NAME | table.MOST | table.ASKED_FOR
    return forms[0].startswith("ال") or forms[0] in named.union(table.NOUN_KINDS) or "ة" in written


def _opening(found: Sequence[Token], at: int) -> Asker | None:
    """What asks only at the head: the Maghreb's «باش», which is "in order to" elsewhere.

    Of «واش», "whether", a verb of doing makes Algeria's "what".
    """
    form = found[at].form
    after = found[at + 1].form if at + 1 < len(found) else ""
    if at == 0 and form in table.OPENING and len(found) > 2:
        kind = Kind.HOW_MANY if table.OPENING[form] == "بكم" else Kind.WHAT
        return Asker(0, 1, kind, table.OPENING[form], certain=True)
    if at == 0 and form == "واش" and after in table.DONE:
        return Asker(0, 1, Kind.WHAT, "ماذا", certain=True)
    return None


def _which(text: str, found: Sequence[Token], at: int) -> Asker | None:
    """«أنهي مدينة»; but «أنهى» the verb has an ى and stands before what has an article."""
    after = found[at + 1].form if at + 1 < len(found) else "ال"
    opens = at == 0 or found[at - 1].form in table.OPENERS
    if not opens or after.startswith("ال") or "ى" in text[found[at].start : found[at].end]:
        return None
    return Asker(at, at + 1, Kind.WHAT, "أي", certain=True)


def _asks_who(text: str, found: Sequence[Token], at: int) -> bool:
    """Whether «من» asks who; inside a question it is nearly always the preposition "from"."""
    after = found[at + 1].form if at + 1 < len(found) else ""
    before = found[at - 1].form if at else ""
    if (after,) in _ASKERS and _ASKERS[(after,)][0] is not Kind.WHO:
        return False  # «من أين», «من كم سنة»
    if after in table.WHICH and after != "ما":
        return False  # «من أي مدينة»
    forms = [word.form for word in found[at:]]
    if table.TO_WHERE & {*forms, *map(" ".join, pairwise(forms))}:
        return False  # «من القاهرة إلى أين»
    if at == 0 or not after:
        return True  # no preposition stands last
    if found[at].form != "من":
        return False
    opens = before == "مع" or (at == 1 and before in table.WITH)
    return opens or ":" in text[found[at - 1].end : found[at].start]


def kind_of(text: str, found: Sequence[Token], asked: Sequence[Asker]) -> Kind:
    """Return what a text asks for: what its first question word says, and the noun beside it."""
    by_place = {one.first: one for one in asked}
    for at, word in enumerate(found):
        one = by_place.get(at)
        if one is not None:
            polite = one.kind is Kind.YES_NO and table.KNOWING & {
                w.form for w in found[at : at + 3]
            }
            if not polite or one is asked[-1]:
                return _refined(found, one)
        elif word.form in table.WHICH or (
            word.form == "ايه" and "أي" in text[word.start : word.end]
        ):
            noun = _noun_kind(found, at)
            if noun is not None or _is_decided(found, at):
                return noun or Kind.WHAT
    if [word.form for word in found[-2:]] in table.OR_NOT:
        return Kind.YES_NO
    return table.HEADS.get(found[0].form, Kind.WHAT) if found else Kind.WHAT


def _refined(found: Sequence[Token], asker: Asker) -> Kind:
    """The kind of a question word, with the noun that it goes with."""
    before = found[asker.first - 1].form if asker.first else ""
    following = _noun_kind(found, asker.last - 1)
    if asker.kind is Kind.WHAT:
        if before == "بسبب":
            return Kind.WHY
        if following is None and before in table.NAMED:  # «الكتاب اسمه إيه؟»
            said = [_lookup(word.form) for word in found[: asker.first - 1]]
            return next((kind for kind in said if kind in (*table.THINGS, Kind.WHO)), Kind.WHO)
        return following or Kind.WHAT
    if asker.kind is Kind.WHO and asker.last < len(found) and following in table.THINGS:
        named = any(word.form.startswith("ال") for word in found[asker.last : asker.last + 2])
        return following if named else Kind.WHO  # «من هي الدولة التي …»
    if asker.kind is Kind.HOW_MANY and _lookup(before.removeprefix("ب")) is Kind.WHEN:
        return Kind.WHEN  # «سنة كام», «الساعة كم»
    return asker.kind


def _noun_kind(found: Sequence[Token], at: int) -> Kind | None:
    """The kind that the noun after a word of asking names, past a pronoun: «ما هو عدد»."""
    rest = [word.form for word in found[at + 1 :] if word.form not in table.PRONOUNS]
    if rest and rest[0].removeprefix("ال") in table.NAME:
        of = _lookup(rest[1]) if len(rest) > 1 else None
        return of if of in table.THINGS else Kind.WHO
    return _lookup(rest[0]) if rest else None


def _lookup(form: str) -> Kind | None:
    bare = form.removeprefix("ال")
    return table.NOUN_KINDS.get(bare) or table.NOUN_KINDS.get(bare.removesuffix("ه"))


def _is_decided(found: Sequence[Token], at: int) -> bool:
    """Whether «ما» asks and does not deny («ما حضر»)."""
    after = found[at + 1].form if at + 1 < len(found) else ""
    if found[at].form != "ما":
        return True
    return after.startswith("ال") or after in table.PRONOUNS or after in ("ذا", "هذا", "هذه")
