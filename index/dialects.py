"""Questions in the Arabic dialects put in Standard Arabic, word by word. Pure.

A word is changed only where all that it is made of is known (`index.dialectwords`), which leaves
names alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from index import dialectwords as table
from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
    text: str, words: Sequence[Token], taken: Collection[int], what: Collection[int]
) -> list[Change]:
    """Return what a question's words are in Standard Arabic, if the question is in a dialect.

    It is where a change is `sure`, or a question word is a dialect's. The words `taken` are
    question words and left alone; those at `what` ask "what".
    """
    found: list[Change] = []
    for at in range(len(words)):
        if at not in taken and (not found or at >= found[-1].last):
            change = _change(text, words, at, taken, what)
            found += [change] if change else []
    return found


_FUTURE: Final = frozenset("رح راح لح غادي غاديا".split())
_ONGOING: Final = frozenset("عم قاعد قاعدين".split())
_SMALL: Final = frozenset("في من علي عن مع و او كان كانت ولا بعد قبل".split())
_NOT: Final = frozenset("مش مو موش مب ماشي".split())
_ATTACHED: Final = ("", "ال", "وال", "بال", "لل", "و", "ب", "ف", "ل", "فال", "عال", "هال")
_WRITTEN: Final = {"فال": "في ال", "عال": "على ال", "ف": "في "}
# What stands before a dialect's present, the persons it goes with, and whether it is to come.
_MARKS: Final = {
    "": ("يت", False),
    **dict.fromkeys(("ب", "كا"), ("يتن", False)),
    "ك": ("يت", False),
    "د": ("ي", False),
    **dict.fromkeys(("ه", "ها", "ح", "حا", "غ", "غا"), ("يتن", True)),
}
_OBJECTS: Final = ("", "ه", "ها", "هم")
_PLURALS: Final = ("", "وا", "ون", "و")


@dataclass(frozen=True, slots=True)
class _Read:
    """A verb as it was read; `standard` is without the «س» of what is to come."""

    standard: str
    kin: tuple[str, ...]
    sure: bool
    mark: str = ""

    @property
    def future(self) -> bool:
        return _MARKS[self.mark][1]

    @property
    def wording(self) -> str:
        return f"س{self.standard}" if self.future else self.standard


def _change(
    text: str, words: Sequence[Token], at: int, taken: Collection[int], what: Collection[int]
) -> Change | None:
    form = words[at].form
    surface = text[words[at].start : words[at].end]
    before = words[at - 1].form if at else ""
    after = words[at + 1].form if at + 1 < len(words) else ""
    if after in table.NOT_BEFORE.get(form, ()) or before in table.NOT_AFTER.get(form, ()):
        return None
    if set("ئآ") & set(surface) or (form == "هلا" and "أ" not in surface):
        return None  # «كائن» is not «كاين», nor Hala «هلأ»
    if before.startswith("ال") and form in table.AFTER_NOUN:
        named = form == "دي" and after and after not in _SMALL and at + 1 not in taken
        return None if named else Change(at, at + 1, table.AFTER_NOUN[form], sure=form != "دي")
    if at == 0 and form in ("هو", "هي") and after and 1 not in taken:
        return Change(0, 1, "")  # Egypt opens questions so: «هو المترو اتكلف كام؟»
    if (particle := _particle(form, after, at)) is not None:
        return particle
    asked = at - 1 in what or (at - 2 in what and before in _FUTURE)
    follows = at - 1 in taken or before == "اللي"
    if asked and (verb := _plain(form, table.PAST_AFTER_WHAT, table.PRESENT_AFTER_WHAT)):
        return Change(at, at + 1, verb.wording, verb.kin, verb.sure)
    if (phrase := _phrase(words, at)) is not None:
        noun = text[words[at - 1].start : words[at].start] if at else ""
        feminine = "ة" in noun or (len(after) > 3 and after.endswith("ت"))
        which = form == "اللي" and phrase.last == at + 1 and feminine
        return replace(phrase, standard="التي") if which else phrase
    if form in table.ALSO_NOUNS and not follows:
        return None
    if "ة" in surface:
        return _noun(form, surface, at)
    verb = _negated(form, before) or _verb(form, surface)
    if verb is None:
        return _noun(form, surface, at)
    standard = verb.standard if before in _NOT else verb.wording  # «لن يفتح»
    return Change(at, at + 1, standard, verb.kin, verb.sure)


def _phrase(words: Sequence[Token], at: int) -> Change | None:
    for length in (2, 1):
        forms = tuple(word.form for word in words[at : at + length])
        for joined in ("", "و"):
            entry = table.PHRASES.get((forms[0].removeprefix(joined), *forms[1:]))
            if entry and forms[0].startswith(joined) and (not joined or len(forms[0]) > 4):
                standard = entry.standard and joined + entry.standard
                return Change(at, at + len(forms), standard, entry.kin, entry.sure)
    return None


def _particle(form: str, after: str, at: int) -> Change | None:
    """«رح», «عم» and the like before a verb, and «مش» before one of a dialect."""
    verb = _verb(after, after)
    present = after.startswith(("ي", "ت", "ن"))
    standard = present and _ended(after[1:], table.SAME) is not None
    if form in _FUTURE and (verb or standard or (form == "رح" and present)):
        return Change(at, at + 1, "سوف", sure=form != "راح")
    if form in _ONGOING and (verb or standard):
        return Change(at, at + 1, "")
    if form in _NOT and verb and verb.mark:
        return Change(at, at + 1, "لن" if verb.future else "لا", sure=True)
    return None


def _noun(form: str, surface: str, at: int) -> Change | None:
    for attached in _ATTACHED:
        bare = form[len(attached) :]
        if not form.startswith(attached) or len(bare) < 3:
            continue
        entry = table.NOUNS.get(bare)
        if attached == "هال":
            if bare in table.THESE or entry:
                noun = (entry.standard if entry else None) or surface[-len(bare) :]
                this = "هذه" if noun.endswith(("ه", "ة", "ات", "ايام")) else "هذا"
                return Change(at, at + 1, f"{this} ال{noun}", (normalise(noun),), sure=True)
        elif entry and entry.standard:
            standard = _WRITTEN.get(attached, attached) + entry.standard
            return Change(at, at + 1, standard, entry.kin, entry.sure)
    return None


# --- verbs --------------------------------------------------------------------------------------


def _verb(form: str, surface: str) -> _Read | None:
    if form in table.NAMES:
        return None
    if verb := _plain(form, table.PAST, table.PRESENT):
        return verb
    return _passive(form, surface) or _present(form, surface)


def _plain(
    form: str, past: Mapping[str, tuple[table.Verb, str]], present: Mapping[str, table.Verb]
) -> _Read | None:
    """A verb of the tables, in the past or in the present with or without a mark."""
    for object_ in _OBJECTS:
        found = past.get(form.removesuffix(object_)) if form.endswith(object_) else None
        if found is not None:
            verb, ending = found
            standard = _suffixed(verb.past, ending, object_)
            return _Read(standard, _with(standard, verb.kin), verb.sure)
    for mark, person, rest in _cut(form):
        ended = _ended(rest, present)
        if ended is None:
            continue
        stem, plural, object_ = ended
        if not (mark or plural or len(stem) > 2 or stem == "جي"):
            continue  # too short to tell from a name
        verb = present[stem]
        standard = person + _suffixed(verb.present, "ون" if plural else "", object_)
        return _Read(standard, _with(standard, verb.kin), verb.sure or _shows(mark), mark)
    return None


def _present(form: str, surface: str) -> _Read | None:
    """A Standard verb with the mark of a dialect's present or future: «هيفتح», «كيلعب»."""
    for mark, person, rest in _cut(form):
        ended = _ended(rest, table.SAME) or _ended(rest.removeprefix("ت"), table.TRANSITIVE)
        if not mark or ended is None:
            continue
        stem, plural, object_ = ended
        by = mark in ("ب", "ك", "د") and person != "ي"
        if by and not plural and (stem in table.WITH_MASDAR or person == "ن"):
            continue  # "by" or "like" before a noun
        written = surface[len(surface) - len(rest) :] if len(surface) == len(form) else rest
        if written.startswith("ت") and stem in table.TRANSITIVE:
            written = written[1:]  # «بيتقتل», passive
        if plural:
            written = written[: len(written) - len(plural + object_)] + "ون" + object_
        standard = person + written
        return _Read(standard, (normalise(standard),), sure=_shows(mark) and not by, mark=mark)
    return None


def _passive(form: str, surface: str) -> _Read | None:
    """«اتقتل» and «انقتل», which Standard Arabic writes «قتل»; «اتأخر», which is «تأخر»."""
    if form[:2] not in ("ات", "ان") or surface.startswith("أ"):
        return None  # «أترشح» is what I do
    for ending in ("", "ت", "وا", "و"):
        root = form.removesuffix(ending)[2:] if form.endswith(ending) else ""
        spelt = surface[2 : 2 + len(root)] if len(surface) == len(form) else root
        written = spelt + ("وا" if ending == "و" else ending)
        if form.startswith("ات") and root in table.REFLEXIVE:
            return _Read("ت" + written, (normalise("ت" + root),), sure=True)
        if root in table.TRANSITIVE and (form.startswith("ات") or root not in table.SEVENTH):
            return _Read(written, (root,), sure=True)
    return None


def _negated(form: str, before: str) -> _Read | None:
    """«ماحضرش», «بيعملش», «ما كملاتش»: the verb, with a Standard negation unless one stands."""
    stood = before == "ما"
    if not form.endswith("ش") or len(form) < (4 if stood else 5):
        return None
    for attached in ("ما", "م", ""):
        inner = form[len(attached) : -1]
        if not form.startswith(attached) or not (attached or stood or inner[:1] == "ب"):
            continue
        verb = _verb(inner, inner) or _standard_past(inner)
        if verb is not None:
            present = verb.mark or inner[:1] in ("ي", "ت")
            negation = "" if stood else "لا " if present else "ما "
            return _Read(negation + verb.standard, verb.kin, sure=True)
    return None


def _standard_past(form: str) -> _Read | None:
    for ending, standard in (("", ""), ("ت", "ت"), ("ات", "ت"), ("وا", "وا"), ("و", "وا")):
        root = form.removesuffix(ending)
        if form.endswith(ending) and root in table.SAME and len(root) == 3:
            return _Read(root + standard, (normalise(root + standard),), sure=True)
    return None


def _with(standard: str, kin: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((normalise(standard), *kin)))


def _shows(mark: str) -> bool:
    """Whether a mark is no Standard Arabic, nor the beginning of foreign names."""
    return mark not in ("", "ك", "د")


def _cut(form: str) -> list[tuple[str, str, str]]:
    """The ways to see a present in a word: mark, person, rest."""
    return [
        (mark, form[len(mark)], form[len(mark) + 1 :])
        for mark, (persons, _) in _MARKS.items()
        if form.startswith(mark) and len(form) > len(mark) + 2 and form[len(mark)] in persons
    ]


def _ended(rest: str, stems: Collection[str]) -> tuple[str, str, str] | None:
    """The stem, plural and object that a present is made of, where the stem is known."""
    for plural in _PLURALS:
        for object_ in _OBJECTS:
            ending = plural + object_
            stem = rest.removesuffix(ending)
            if rest.endswith(ending) and stem in stems:
                return stem, plural, object_
    return None


def _suffixed(verb: str, ending: str, object_: str) -> str:
    if ending and verb.endswith(("ى", "ي")):
        bare = verb[:-1]
        verb = verb if ending == "ت" and verb.endswith("ي") else bare
    elif object_ and not ending and verb.endswith("ى"):
        verb = verb[:-1] + "ا"
    if object_ and ending == "وا":
        ending = "و"
    return verb + ending + object_
