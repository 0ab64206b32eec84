"""What a dialect's verb means by what stands around it: «جاب» before goals. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index import conjugation
from index import dialectnouns as nouns
from index import dialectverbs as verbs
from index import dialectwords as table
from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from index.arabic import Token


@dataclass(frozen=True, slots=True)
class Asking:
    """The words of a question, and where those stand that ask.

    `taken` are question words, or quoted, and left alone; `what`, `count` and `place` are where
    "what", "how much", and "where" or "when" end.
    """

    text: str
    words: Sequence[Token]
    taken: Collection[int]
    what: Collection[int]
    count: frozenset[int]
    place: Collection[int]
    maghreb: bool
    iraq: bool

    def form(self, at: int) -> str:
        """The normal form of a word as it is heard, "" beyond the ends.

        Iraq writes «گ» for ق and «چ» for ك, which foreign names have for other sounds.
        """
        if not 0 <= at < len(self.words):
            return ""
        word = self.words[at]
        written = self.text[word.start : word.end]
        heard = written.translate(_HEARD)
        return word.form if heard == written else normalise(heard)

    def surface(self, at: int) -> str:
        return self.text[self.words[at].start : self.words[at].end].translate(_HEARD)


_HEARD: Final = str.maketrans("گچ", "قك")
FUTURE: Final = frozenset("رح راح لح غادي غاديا غادين غا رايح رايحه رايحين".split())
ONGOING: Final = frozenset("عم قاعد قاعدين كاعد كاعدين دا".split())
SMALL: Final = frozenset("في من علي عن مع و او كان كانت ولا بعد قبل".split())


def sense(asking: Asking, at: int) -> conjugation.Read | None:
    """What a verb means straight after "what" and "how much", and «جاب» before goals."""
    form, before = asking.form(at), asking.form(at - 1)
    past = before in FUTURE | ONGOING | {"كان", "كانت"}
    if at - 1 in asking.what and form in ("صاير", "صايره"):
        return conjugation.Read("يحدث", ("حدث", "وقع"), sure=False)
    if at - 1 in asking.what or (past and at - 2 in asking.what):
        return conjugation.plain(form, verbs.PAST_AFTER_WHAT, verbs.PRESENT_AFTER_WHAT)
    if at - 1 in asking.count or (past and at - 2 in asking.count):
        paid = not table.EARNED.isdisjoint(word.form for word in asking.words)
        if paid and form.endswith(("اخد", "اخذ", "اخدوا", "اخذون")):
            return None
        return conjugation.plain(form, verbs.PAST_AFTER_HOW_MUCH, verbs.PRESENT_AFTER_HOW_MUCH)
    if at + 1 in asking.taken and not asking.count.isdisjoint((at + 1, at + 2)):
        return conjugation.plain(form, verbs.PAST_BEFORE_HOW_MUCH, verbs.PRESENT_BEFORE_HOW_MUCH)
    if at - 1 in asking.place and form in ("صار", "صارت", "بيصير", "يصير", "تصير", "بتصير"):
        return _happened(asking, at)
    after = asking.form(at + 1)
    things = at + 1 not in asking.taken and after not in SMALL
    many = form.endswith(("وا", "ون", "و"))
    if things and (many or not after.startswith("ال")) and after[:1] != "ب" and form != "تعمل":
        making = conjugation.plain(form, {}, verbs.PRESENT_OF_MAKING)
        if making and after:  # «هيعملوا جنينة»; «بيعمل في السوق» is "works"
            return making
    verb = conjugation.plain(form, verbs.PAST_OF_GOALS, verbs.PRESENT_OF_GOALS)
    near = {asking.form(at + step) for step in (1, 2, 3)}
    if verb and near & verbs.GOALS:
        return verb
    verb = conjugation.plain(form, verbs.PAST_OF_PAPERS, verbs.PRESENT_OF_PAPERS)
    signed = {one.removeprefix("ال") for one in near | {asking.form(at - 1), asking.form(at - 2)}}
    return verb if verb and signed & verbs.PAPERS else None


def _happened(asking: Asking, at: int) -> conjugation.Read | None:
    """«وين صار» is "where did it happen" before what may happen, else "where did he become"."""
    form, after = asking.form(at), asking.form(at + 1)
    bare = after.removeprefix("ال")
    if not (after.startswith("ال") or bare in nouns.COMMON or bare in nouns.NOUNS):
        return None
    if after in table.HELD:
        past = form in ("صار", "صارت")
        standard = "أقيم" if past else "يقام"
        return conjugation.Read(standard, ("اقيم", "جري", "عقد", "نظم", "اقامه"), sure=False)
    return conjugation.plain(form, verbs.PAST_AFTER_WHAT, verbs.PRESENT_AFTER_WHAT)
