"""Questions in the Arabic dialects put in Standard Arabic, word by word. Pure.

A word is changed only where all that it is made of is known (`index.dialectwords`,
`index.conjugation`), which leaves names alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from index import conjugation
from index import dialectnouns as nouns
from index import dialectverbs as verbs
from index import dialectwords as table
from index.arabic import normalise
from index.dialectsenses import FUTURE, ONGOING, SMALL, Asking, sense
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


def changes(
    text: str,
    words: Sequence[Token],
    taken: Collection[int],
    what: Collection[int],
    count: Collection[int] = (),
    place: Collection[int] = (),
) -> list[Change]:
    """Return what a question's words are in Standard Arabic, if the question is in a dialect.

    It is where a change is `sure`, or a question word is a dialect's. The words `taken` are
    question words and left alone; those at `what` ask "what", at `count` "how much", at `place`
    "where" or "when".
    """
    forms = {word.form for word in words}
    maghreb, iraq = not table.MAGHREB.isdisjoint(forms), not table.IRAQ.isdisjoint(forms)
    asking = Asking(text, words, taken, what, frozenset(count), place, maghreb, iraq)
    found: list[Change] = []
    for at in range(len(words)):
        if at not in taken and (not found or at >= found[-1].last):
            change = _change(asking, at)
            if change and change.standard and found and found[-1].last == at:
                change = _after(found[-1].standard or "", change)
            found += [change] if change else []
            if change and change.standard == "" and asking.form(at) in table.POSSESSIVES:
                _bare_before(asking, at, found)
    return found


def _after(before: str, change: Change) -> Change:
    """A verb after «أن» and the like, before which Standard Arabic has «يفتحوا»."""
    tied = before.split()[-1:] in (["أن"], ["لكي"], ["لن"], ["لم"])
    if not tied or not (change.standard or "").endswith("ون"):
        return change
    return replace(change, standard=f"{(change.standard or '')[:-1]}ا")


def _bare_before(asking: Asking, at: int, found: list[Change]) -> None:
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


_ABLE: Final = ("يستطيع", "تستطيع", "استطاع", "يريد", "تريد", "أراد")
_TIMES: Final = frozenset(UNITS) | frozenset(WEEKDAYS) | frozenset("مره موسم دوره صيف نهار".split())
_PEOPLE: Final = frozenset(
    "الطلاب الطلبه العمال الركاب الناس السكان الشباب الرجال الجماعه العيال النواب".split()
)
_NOT: Final = frozenset("مش مو موش مب ماشي".split())
_ATTACHED: Final = ("", "ال", "وال", "بال", "لل", "و", "ب", "ف", "ل", "فال", "عال", "هال", "ع", "ه")
_WRITTEN: Final = {"فال": "في ال", "عال": "على ال", "ف": "في ", "ع": "على "}


def _change(asking: Asking, at: int) -> Change | None:
    form, before, after = asking.form(at), asking.form(at - 1), asking.form(at + 1)
    surface = asking.surface(at)
    if after in table.NOT_BEFORE.get(form, ()) or before in table.NOT_AFTER.get(form, ()):
        return None
    if set("ئآ") & set(surface) or (form in table.NO_HAMZA and "أ" not in surface):
        return None  # «كائن» is not «كاين», nor Hala «هلأ»
    if (form in table.BARE and "أ" in surface) or (form in table.WITH_HEH and "ة" in surface):
        return None
    if before.startswith("ال") and form in table.AFTER_NOUN:
        named = form == "دي" and after and after not in SMALL and at + 1 not in asking.taken
        named = named and conjugation.read(after, after) is None
        sure = form not in ("دي", "لي", "ديك", "داك")
        return None if named else Change(at, at + 1, table.AFTER_NOUN[form], sure=sure)
    if before.startswith("ال") and after.startswith("ال") and form in table.OF:
        return Change(at, at + 1, "")
    if at == 0 and form in ("هو", "هي") and after and 1 not in asking.taken:
        return Change(0, 1, "")  # Egypt opens questions so: «هو المترو اتكلف كام؟»
    if form == "لم" and after.startswith("ال"):
        return Change(at, at + 1, "جمع", ("جمع",))  # no verb, so no "not"
    if (particle := _particle(form, after, at)) is not None:
        return particle
    if at == 1 and 0 in asking.count and form in ("في", "فيه") and not after.startswith("ال"):
        return Change(at, at + 1, "يوجد")  # «قديش في محطات»
    if form == "فيه" and at - 1 in asking.what and after:
        return Change(at, at + 1, "يوجد")  # «وش فيه بالسوق»
    if at - 1 in asking.count and (counted := nouns.COUNTED.get(form)):
        return Change(at, at + 1, counted.standard, counted.kin, sure=counted.standard == "شخصا")
    if form == "ديالو" and not before.startswith("ال"):
        return None  # Diallo
    if asking.maghreb and (local := table.MAGHREB_WORDS.get(form)):
        return Change(at, at + 1, local.standard, local.kin)
    if asking.maghreb:
        done = conjugation.plain(form, verbs.PAST_IN_MAGHREB, verbs.PRESENT_IN_MAGHREB)
        if done is not None:
            return Change(at, at + 1, done.wording, done.kin)
    if form in ("باش", "بش") and _is_verb(after):
        return Change(at, at + 1, "لكي" if _said_before(asking, at) else "سوف")
    follows = at - 1 in asking.taken or before == "اللي"
    falls = form in ("وقع", "وقعت", "وقعوا") and at + 1 in asking.taken
    if falls and before[:2] == "ال" and before not in table.HAPPENING:
        standard = form.replace("وقع", "سقط")
        return Change(at, at + 1, standard, (standard, "سقوط"))
    if (verb := sense(asking, at)) is not None:
        return Change(at, at + 1, verb.wording, verb.kin, verb.sure)
    if (phrase := _phrase(asking, at)) is not None:
        noun = asking.text[asking.words[at - 1].start : asking.words[at].start] if at else ""
        feminine = "ة" in noun or (len(after) > 3 and after.endswith(("ت", "تها", "تهم")))
        which = phrase.standard == "الذي"
        after = asking.form(at + 2) if after in FUTURE | ONGOING else after
        feminine = feminine and not after.startswith(("ي", "بي", "هي", "حي", "كي", "غي"))
        people = not before.startswith("ال") or before.endswith(("ين", "ون", "الناس"))
        people = people or before in _PEOPLE
        standard = "الذين" if people and after.endswith("وا") else "التي" if feminine else "الذي"
        return replace(phrase, standard=standard if which else _tied(asking, phrase))
    if form in verbs.ALSO_NOUNS and not follows:
        return None
    if "ة" in surface:
        return _noun(asking, form, surface, at)
    verb = conjugation.negated(form, before) or conjugation.read(form, surface)
    if verb is None and "ك" in form and (asking.iraq or follows):
        verb = conjugation.heard(form, iraq=asking.iraq)
    if verb is None and before in FUTURE | ONGOING:
        verb = conjugation.plain(f"ب{form}", verbs.PAST, verbs.PRESENT)  # «رح يضل»
    if asking.maghreb and before in ("اللي", "لي") and form[0] == "ت":
        noun = asking.surface(at - 2) if at > 1 else ""
        if form[1:] in verbs.TRANSITIVE and not noun.endswith("ة"):  # «الطفل اللي تخطف»
            verb = conjugation.Read(form[1:], (form[1:],), sure=False)
    if verb is None and (asking.maghreb or follows):
        asked = follows and at - 1 not in asking.count  # «شحال من ضربات»
        verb = conjugation.maghreb_past(form, follows=asked)
    if verb is None and before in ONGOING and form[0] == "ي" and form.endswith("وا"):
        verb = conjugation.Read(f"{surface.removesuffix('وا')}ون", (form,), sure=False)
    if verb is not None:
        standard = verb.standard if before in _NOT else verb.wording  # «لن يفتح»
        able = "أن" if verb.standard.startswith(_ABLE) and _is_verb(after) else ""
        # «متى تخلص الحملة» is of no dialect only where one is rid of something
        ends = form in ("يخلص", "تخلص") and not table.RID & {word.form for word in asking.words}
        return Change(at, at + 1, f"{standard} {able}".strip(), verb.kin, verb.sure or ends)
    return _noun(asking, form, surface, at) or _said(asking, form, surface, at)


def _tied(asking: Asking, phrase: Change) -> str | None:
    """What to write for a phrase, tied to the verb that may follow: «لكي يفتح», «يجب أن يفتح»."""
    if not _is_verb(asking.form(phrase.last)):
        return phrase.standard
    if phrase.standard == "من أجل":
        return "لكي"
    return f"{phrase.standard} أن" if phrase.standard in table.BEFORE_VERBS else phrase.standard


def _said_before(asking: Asking, at: int) -> bool:
    """Whether a verb stands before a word: then Tunisia's «باش» is "in order to", else "will"."""
    earlier = [asking.form(i) for i in range(at) if i not in asking.taken]
    return any(
        _is_verb(form)
        or form in verbs.SAME
        or form in verbs.PAST_IN_MAGHREB
        or conjugation.read(form, form)
        for form in earlier
    )


def _is_verb(form: str) -> bool:
    """Whether a word is a verb in the present, a dialect's or Standard Arabic's."""
    if not form.startswith(("ي", "ت", "ن")):
        return False
    return bool(conjugation.read(form, form) or conjugation.ended(form[1:], verbs.SAME))


def _phrase(asking: Asking, at: int) -> Change | None:
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
    if form in FUTURE and (verb or standard or comes):
        return Change(at, at + 1, "سوف", sure=form != "راح")
    if form in ONGOING and (verb or standard or (form == "عم" and comes)):
        return Change(at, at + 1, "", sure=form == "عم" and after[0] == "ي")
    if form in _NOT and verb and verb.mark:
        return Change(at, at + 1, "لن" if verb.future else "لا", sure=True)
    return None


def _noun(asking: Asking, form: str, surface: str, at: int) -> Change | None:
    for attached in _ATTACHED:
        bare = form[len(attached) :]
        if not form.startswith(attached) or len(bare) < 3:
            continue
        entry = nouns.NOUNS.get(bare)
        common = bare in nouns.COMMON
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


def _said(asking: Asking, form: str, surface: str, at: int) -> Change | None:
    """What is attached to verbs: «شقال», «الركبوا», «ليخلص»; and Iraq's «گال»."""
    if at and form[0] == "ل" and form[1:2] in ("ي", "ت"):
        verb = conjugation.read(form[1:], surface[1:])
        if verb is not None and not verb.mark:
            standard = f"{verb.standard[:-1]}ا" if verb.standard.endswith("ون") else verb.standard
            return Change(at, at + 1, f"لكي {standard}", verb.kin, sure=False)
    if verb := conjugation.whats(form):
        return Change(at, at + 1, f"ماذا {verb.standard}", verb.kin, sure=True)
    if at and (relative := conjugation.relative(form, surface)):
        who, verb = relative
        return Change(at, at + 1, f"{who} {verb.standard}", verb.kin, sure=who == "الذين")
    if form != asking.words[at].form and form in verbs.STANDING | verbs.SAME:
        return Change(at, at + 1, surface, (form,), sure=True)
    return None
