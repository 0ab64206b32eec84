"""Questions in the Arabic dialects put in Standard Arabic, word by word. Pure.

A word is changed only where all that it is made of is known (`index.dialectwords`,
`index.conjugation`), which leaves names alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from index import conjugation
from index import dialectverbs as verbs
from index import dialectwords as table
from index.arabic import normalise
from index.timewords import UNITS, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from index.arabic import Token


@dataclass(frozen=True, slots=True)
class Change:
    """What the words `first` to `last` (exclusive) of a question are in Standard Arabic.

    `standard` is what to write for them: "" drops them, None keeps them. `kin` are normal forms to
    look for beside them; words without any are grammar, and not looked for.
    """

    first: int
    last: int
    standard: str | None
    kin: tuple[str, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class _Asking:
    """The words of a question, and where those stand that ask.

    `taken` are question words, or quoted, and left alone; `what` and `count` are where "what" and
    "how much" end.
    """

    text: str
    words: Sequence[Token]
    taken: Collection[int]
    what: Collection[int]
    count: Collection[int]
    maghreb: bool

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


def changes(
    text: str,
    words: Sequence[Token],
    taken: Collection[int],
    what: Collection[int],
    count: Collection[int] = (),
) -> list[Change]:
    """Return what a question's words are in Standard Arabic, if the question is in a dialect.

    It is where a change is `sure`, or a question word is a dialect's. The words `taken` are
    question words and left alone; those at `what` ask "what", those at `count` "how much".
    """
    asking = _Asking(
        text, words, taken, what, count, any(word.form in table.MAGHREB for word in words)
    )
    found: list[Change] = []
    for at in range(len(words)):
        if at not in taken and (not found or at >= found[-1].last):
            change = _change(asking, at)
            found += [change] if change else []
            if change and change.standard == "" and asking.form(at) in table.POSSESSIVES:
                _bare_before(asking, at, found)
    return found


def _bare_before(asking: _Asking, at: int, found: list[Change]) -> None:
    """Take the article off the word before an "of" that falls away: «كأس العرب»."""
    described = asking.form(at - 2).startswith("ال")  # «المعبد الكبير ديال …»
    if at - 1 in asking.taken or described or not asking.form(at - 1).startswith("ال"):
        return
    before = found[-2] if len(found) > 1 and found[-2].last == at else None
    if before is None and len(asking.form(at - 1)) > 4:
        word = asking.words[at - 1]
        bare = asking.text[word.start : word.end].removeprefix("ال")
        found.insert(-1, Change(at - 1, at, bare, (word.form,)))
    elif before is not None and before.standard:
        found[-2] = replace(before, standard=before.standard.removeprefix("ال"))


_HEARD: Final = str.maketrans("گچ", "قك")
_FUTURE: Final = frozenset("رح راح لح غادي غاديا غادين غا رايح رايحه رايحين".split())
_ONGOING: Final = frozenset("عم قاعد قاعدين كاعد كاعدين دا".split())
_ABLE: Final = ("يستطيع", "تستطيع", "استطاع", "يريد", "تريد", "أراد")
_TIMES: Final = frozenset(UNITS) | frozenset(WEEKDAYS) | frozenset("مره موسم دوره صيف نهار".split())
_SMALL: Final = frozenset("في من علي عن مع و او كان كانت ولا بعد قبل".split())
_NOT: Final = frozenset("مش مو موش مب ماشي".split())
_ATTACHED: Final = ("", "ال", "وال", "بال", "لل", "و", "ب", "ف", "ل", "فال", "عال", "هال", "ع", "ه")
_WRITTEN: Final = {"فال": "في ال", "عال": "على ال", "ف": "في ", "ع": "على "}


def _change(asking: _Asking, at: int) -> Change | None:
    form, before, after = asking.form(at), asking.form(at - 1), asking.form(at + 1)
    surface = asking.surface(at)
    if after in table.NOT_BEFORE.get(form, ()) or before in table.NOT_AFTER.get(form, ()):
        return None
    if set("ئآ") & set(surface) or (form == "هلا" and "أ" not in surface):
        return None  # «كائن» is not «كاين», nor Hala «هلأ»
    if before.startswith("ال") and form in table.AFTER_NOUN:
        named = form == "دي" and after and after not in _SMALL and at + 1 not in asking.taken
        named = named and conjugation.read(after, after) is None
        sure = form not in ("دي", "لي")
        return None if named else Change(at, at + 1, table.AFTER_NOUN[form], sure=sure)
    if before.startswith("ال") and after.startswith("ال") and form in table.OF:
        return Change(at, at + 1, "")
    if at == 0 and form in ("هو", "هي") and after and 1 not in asking.taken:
        return Change(0, 1, "")  # Egypt opens questions so: «هو المترو اتكلف كام؟»
    if (particle := _particle(form, after, at)) is not None:
        return particle
    if at == 1 and 0 in asking.count and form in ("في", "فيه") and not after.startswith("ال"):
        return Change(at, at + 1, "يوجد")  # «قديش في محطات»
    if at - 1 in asking.count and (counted := table.COUNTED.get(form)):
        return Change(at, at + 1, counted.standard, counted.kin)
    if form == "ديالو" and not before.startswith("ال"):
        return None  # Diallo
    if asking.maghreb and (local := table.MAGHREB_WORDS.get(form)):
        return Change(at, at + 1, local.standard, local.kin)
    if form in ("باش", "بش") and _is_verb(after):
        return Change(at, at + 1, "لكي" if _said_before(asking, at) else "سوف")
    follows = at - 1 in asking.taken or before == "اللي"
    if (verb := _asked(asking, at)) is not None:
        return Change(at, at + 1, verb.wording, verb.kin, verb.sure)
    if (phrase := _phrase(asking, at)) is not None:
        noun = asking.text[asking.words[at - 1].start : asking.words[at].start] if at else ""
        feminine = "ة" in noun or (len(after) > 3 and after.endswith(("ت", "تها", "تهم")))
        which = form == "اللي" and phrase.last == at + 1
        after = asking.form(at + 2) if after in _FUTURE | _ONGOING else after
        people = not before.startswith("ال") or before.endswith(("ين", "ون", "الناس"))
        standard = "الذين" if people and after.endswith("وا") else "التي" if feminine else "الذي"
        return replace(phrase, standard=standard if which else _tied(asking, phrase))
    if form in verbs.ALSO_NOUNS and not follows:
        return None
    if "ة" in surface:
        return _noun(asking, form, surface, at)
    verb = conjugation.negated(form, before) or conjugation.read(form, surface)
    if verb is None and before in _FUTURE | _ONGOING:
        verb = conjugation.plain(f"ب{form}", verbs.PAST, verbs.PRESENT)  # «رح يضل»
    if verb is None and (asking.maghreb or follows):
        asked = follows and at - 1 not in asking.count  # «شحال من ضربات»
        verb = conjugation.maghreb_past(form, follows=asked)
    if verb is not None:
        standard = verb.standard if before in _NOT else verb.wording  # «لن يفتح»
        able = "أن" if verb.standard.startswith(_ABLE) and _is_verb(after) else ""
        return Change(at, at + 1, f"{standard} {able}".strip(), verb.kin, verb.sure)
    return _noun(asking, form, surface, at) or _said(asking, form, surface, at)


def _tied(asking: _Asking, phrase: Change) -> str | None:
    """What to write for a phrase, tied to the verb that may follow: «لكي يفتح», «يجب أن يفتح»."""
    if not _is_verb(asking.form(phrase.last)):
        return phrase.standard
    if phrase.standard == "من أجل":
        return "لكي"
    return f"{phrase.standard} أن" if phrase.standard in table.BEFORE_VERBS else phrase.standard


def _said_before(asking: _Asking, at: int) -> bool:
    """Whether a verb stands before a word: then Tunisia's «باش» is "in order to", else "will"."""
    earlier = [asking.form(i) for i in range(at) if i not in asking.taken]
    return any(
        _is_verb(form) or form in verbs.SAME or conjugation.read(form, form) for form in earlier
    )


def _is_verb(form: str) -> bool:
    """Whether a word is a verb in the present, a dialect's or Standard Arabic's."""
    if not form.startswith(("ي", "ت", "ن")):
        return False
    return bool(conjugation.read(form, form) or conjugation.ended(form[1:], verbs.SAME))


def _asked(asking: _Asking, at: int) -> conjugation.Read | None:
    """What a verb means straight after "what" and "how much", and «جاب» before goals."""
    form, before = asking.form(at), asking.form(at - 1)
    past = before in _FUTURE | {"كان", "كانت"}
    if at - 1 in asking.what or (past and at - 2 in asking.what):
        return conjugation.plain(form, verbs.PAST_AFTER_WHAT, verbs.PRESENT_AFTER_WHAT)
    if at - 1 in asking.count or (past and at - 2 in asking.count):
        return conjugation.plain(form, verbs.PAST_AFTER_HOW_MUCH, verbs.PRESENT_AFTER_HOW_MUCH)
    verb = conjugation.plain(form, verbs.PAST_OF_GOALS, verbs.PRESENT_OF_GOALS)
    near = {asking.form(at + step) for step in (1, 2, 3)}
    return verb if verb and near & verbs.GOALS else None


def _phrase(asking: _Asking, at: int) -> Change | None:
    for length in (2, 1):
        forms = tuple(asking.form(at + step) for step in range(length))
        if forms[-1] in table.GONE and asking.form(at - 1).removeprefix("ال") not in _TIMES:
            continue
        for joined in ("", "و"):
            entry = table.PHRASES.get((forms[0].removeprefix(joined), *forms[1:]))
            if entry and forms[0].startswith(joined) and (not joined or len(forms[0]) > 4):
                standard = entry.standard and joined + entry.standard
                return Change(at, at + len(forms), standard, entry.kin, entry.sure)
    return None


def _particle(form: str, after: str, at: int) -> Change | None:
    """«رح», «عم» and the like before a verb, and «مش» before one of a dialect."""
    verb = conjugation.read(after, after)
    present = after.startswith(("ي", "ت", "ن"))
    standard = present and conjugation.ended(after[1:], verbs.SAME) is not None
    comes = form in ("رح", "غادي") and present
    comes = comes or (after[:1] == "ي" and len(after) > 3 and after not in table.YEH_NAMES)
    if form in _FUTURE and (verb or standard or comes):
        return Change(at, at + 1, "سوف", sure=form != "راح")
    if form in _ONGOING and (verb or standard):
        return Change(at, at + 1, "")
    if form in _NOT and verb and verb.mark:
        return Change(at, at + 1, "لن" if verb.future else "لا", sure=True)
    return None


def _noun(asking: _Asking, form: str, surface: str, at: int) -> Change | None:
    for attached in _ATTACHED:
        bare = form[len(attached) :]
        if not form.startswith(attached) or len(bare) < 3:
            continue
        entry = table.NOUNS.get(bare)
        common = bare in table.COMMON
        written = (entry.standard if entry else None) or surface[-len(bare) :]
        if attached == "هال" and (common or entry):
            this = "هذه" if written.endswith(("ه", "ة", "ات", "ايام", "أيام")) else "هذا"
            return Change(at, at + 1, f"{this} ال{written}", (normalise(written),), sure=True)
        if attached == "ه":
            continue
        if not attached and written.endswith("ون") and asking.form(at + 1).startswith("ال"):
            written = written[:-1]  # «سائقو الحافلات»
        if entry and (entry.standard or (attached in _WRITTEN and asking.maghreb)):
            standard = _WRITTEN.get(attached, attached) + written
            if " " in written and attached.endswith("ال"):
                standard = _WRITTEN.get(attached, attached)[:-2] + written.replace(" ", " ال")
            return Change(at, at + 1, standard, entry.kin or (normalise(written),), entry.sure)
        if entry and not attached.startswith(("ع", "ف")):
            return Change(at, at + 1, None, entry.kin, entry.sure)
        in_or_on = attached in ("عال", "ع") or (attached in ("فال", "ف") and asking.maghreb)
        if common and in_or_on:
            return Change(at, at + 1, _WRITTEN[attached] + written, (normalise(written),))
    bare = surface[-(len(form) - 3) :]
    if at and form.startswith("عال") and len(bare) > 2 and form not in table.AAL:
        return Change(at, at + 1, f"على ال{bare}", (normalise(bare),))
    if asking.maghreb and at and form.startswith("فال") and len(bare) > 2 and form not in table.FAL:
        return Change(at, at + 1, f"في ال{bare}", (normalise(bare),))
    return None


def _said(asking: _Asking, form: str, surface: str, at: int) -> Change | None:
    """What Iraq, the Gulf and Sudan attach to verbs: «شقال», «الركبوا»; and Iraq's «گال»."""
    if verb := conjugation.whats(form):
        return Change(at, at + 1, f"ماذا {verb.standard}", verb.kin, sure=True)
    if at and (relative := conjugation.relative(form, surface)):
        who, verb = relative
        return Change(at, at + 1, f"{who} {verb.standard}", verb.kin, sure=who == "الذين")
    if form != asking.words[at].form and form in verbs.STANDING | verbs.SAME:
        return Change(at, at + 1, surface, (form,), sure=True)
    return None
