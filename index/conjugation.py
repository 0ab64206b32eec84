"""Verbs of the Arabic dialects, read from their forms: mark, person, stem, endings. Pure.

A form is read only where its stem is known (`index.dialectverbs`), which leaves names alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index import dialectverbs as table
from index.arabic import normalise

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


# What stands before a dialect's present, the persons it goes with, and whether it is to come.
_MARKS: Final = {
    "": ("يتا", False),
    **dict.fromkeys(("ب", "كا"), ("يتن", False)),
    "ك": ("يت", False),
    "د": ("يت", False),
    **dict.fromkeys(("ه", "ها", "ح", "حا", "غ", "غا"), ("يتن", True)),
}
_OBJECTS: Final = ("", "ه", "ها", "هم")
_PAST_ENDS: Final = ("", "ت", "وا", "و")
_PLURALS: Final = ("", "وا", "ون", "و")


@dataclass(frozen=True, slots=True)
class Read:
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


def read(form: str, surface: str) -> Read | None:
    """A verb of a dialect in a word, if there is one."""
    if form in table.NO_VERBS:
        return None
    if verb := plain(form, table.PAST, table.PRESENT):
        return verb
    return _passive(form, surface) or _present(form, surface)


def is_verb(form: str) -> bool:
    """Whether a word is a verb that is known, of Standard Arabic or a dialect."""
    if read(form, form) or (form[:1] in ("ي", "ت", "ن") and ended(form[1:], table.SAME)):
        return True
    known = table.SAME | table.HOLLOW
    return any(form.endswith(end) and form.removesuffix(end) in known for end in _PAST_ENDS)


def plain(
    form: str, past: Mapping[str, tuple[table.Verb, str]], present: Mapping[str, table.Verb]
) -> Read | None:
    """A verb of the tables, in the past or in the present with or without a mark."""
    for object_ in _OBJECTS:
        found = past.get(form.removesuffix(object_)) if form.endswith(object_) else None
        if found is not None:
            verb, ending = found
            standard = _suffixed(verb.past, ending, object_)
            return Read(standard, _with(standard, verb.kin), verb.sure)
    for mark, person, rest in _cut(form):
        parts = ended(rest, present)
        if parts is None:
            continue
        stem, plural, object_ = parts
        if not (mark or plural or len(stem) > 2 or stem == "جي") or (plural and person == "ن"):
            continue  # too short to tell from a name; «هندرسون»
        verb = present[stem]
        if person == "ا" and (plural or object_):
            continue
        person = "أ" if person == "ا" else person
        standard = person + _suffixed(verb.present, "ون" if plural else "", object_)
        return Read(standard, _with(standard, verb.kin), verb.sure or _shows(mark), mark)
    return None


def _present(form: str, surface: str) -> Read | None:
    """A Standard verb with the mark of a dialect's present or future: «هيفتح», «كيلعب»."""
    for mark, person, rest in _cut(form):
        parts = ended(rest, table.SAME) or ended(rest.removeprefix("ت"), table.TRANSITIVE)
        itself = ended(rest.removeprefix("ت"), table.REFLEXIVE) if rest[:1] == "ت" else None
        parts = parts or itself
        if not mark or parts is None:
            continue
        stem, plural, object_ = parts
        by = mark in ("ب", "ك", "د") and person != "ي"
        if by and not plural and (stem in table.WITH_MASDAR or person == "ن"):
            continue  # "by" or "like" before a noun
        if plural and person == "ن":
            continue  # «هندرسون»
        written = surface[len(surface) - len(rest) :] if len(surface) == len(form) else rest
        if written.startswith("ت") and stem in table.TRANSITIVE and not itself:
            written = written[1:]  # «بيتقتل», passive
        if plural:
            written = written[: len(written) - len(plural + object_)] + "ون" + object_
        standard = person + written
        return Read(standard, (normalise(standard),), sure=_shows(mark) and not by, mark=mark)
    return None


def _passive(form: str, surface: str) -> Read | None:
    """«اتقتل» and «انقتل», which Standard Arabic writes «قتل»; «اتأخر», which is «تأخر»."""
    if form[:2] not in ("ات", "ان") or surface.startswith("أ"):
        return None  # «أترشح» is what I do
    unsure = None
    for ending in ("", "ت", "وا", "و"):
        root = form.removesuffix(ending)[2:] if form.endswith(ending) else ""
        spelt = surface[2 : 2 + len(root)] if len(surface) == len(form) else root
        written = spelt + ("وا" if ending == "و" else ending)
        if form.startswith("ات") and root in table.REFLEXIVE:
            return Read("ت" + written, (normalise("ت" + root),), sure=True)
        if form.startswith("ات") and len(root) in (3, 4) and root[:2] not in table.ITSELF:
            unsure = Read("ت" + written, (normalise("ت" + root), root), sure=False)
        if root in table.TRANSITIVE and (form.startswith("ات") or root not in table.SEVENTH):
            return Read(written, (root,), sure=True)
    return unsure


def negated(form: str, before: str) -> Read | None:
    """«ماحضرش», «بيعملش», «ما كملاتش»: the verb, with a Standard negation unless one stands."""
    stood = before == "ما"
    if not form.endswith("ش") or len(form) < (4 if stood else 5):
        return None
    for attached in ("ما", "م", ""):
        inner = form[len(attached) : -1]
        if not form.startswith(attached) or not (attached or stood or inner[:1] == "ب"):
            continue
        verb = read(inner, inner) or _standard_past(inner)
        if verb is not None:
            present = verb.mark or inner[:1] in ("ي", "ت")
            negation = "" if stood else "لا " if present else "ما "
            return Read(negation + verb.standard, verb.kin, sure=True)
    return None


def heard(form: str, *, iraq: bool) -> Read | None:
    """Iraq's verbs with the ك that it writes for ق: «لكوا», «يوكف».

    Where the question does not show `iraq`, pasts of the dialects alone.
    """
    said = form.replace("ك", "ق")
    if verb := plain(said, table.PAST, {}):
        return verb
    if not iraq or form[0] not in "يت" or ended(form[1:], table.SAME):
        return None
    same = ended(said[1:], table.SAME)
    return read(said, said) or (Read(said, (said,), sure=False) if same else None)


def maghreb_past(form: str, *, follows: bool) -> Read | None:
    """«خسرات», «لعبو»: the Maghreb's endings, on verbs that are Standard Arabic's too.

    Where no question word stands before it, «ضربات» is left alone.
    """
    for ending, standard in (("ات", "ت"), ("و", "وا")):
        root = form.removesuffix(ending)
        if not form.endswith(ending) or root not in table.SAME or len(root) < 3:
            continue
        if follows or root not in table.PLURALS:
            return Read(root + standard, (normalise(root + standard),), sure=False)
    if form[0] in "يت" and form.endswith("و") and ended(form[1:], table.SAME):
        return Read(f"{form}ن", (f"{form}ن",), sure=False)  # «يستعملو»
    return None


def relative(form: str, surface: str) -> tuple[str, Read] | None:
    """«الركبوا», «اليلعب»: in Sudan and Iraq «ال» before a verb is "who"; as is, who and verb."""
    bare = form.removeprefix("ال")
    if bare == form or (len(bare) < 4 and bare not in table.NO_NOUNS):
        return None
    if bare in table.NO_NOUNS:
        return "الذي", Read(surface[2:], (bare,), sure=True)
    ends = next((end for end in ("وا", "وه", "وها", "وهم", "وهو") if bare.endswith(end)), "")
    root = bare.removesuffix(ends)
    many = bool(ends) and root in table.SAME | table.TRANSITIVE | table.HOLLOW
    verb = (
        read(bare, bare) if bare[0] in "يدح" or bare[:2] in ("بي", "بت") or ends == "وا" else None
    )
    if verb is None and (many or (bare[0] == "ي" and ended(bare[1:], table.SAME))):
        verb = Read(surface[2:] if len(surface) == len(form) else bare, (bare,), sure=True)
    return ("الذين" if ends else "الذي", verb) if verb else None


def whats(form: str) -> Read | None:
    """The verb after Iraq's and the Gulf's «ش-», "what": «شقال», «شيسوي», «شديصير»."""
    bare = form.removeprefix("ش")
    if bare == form or len(bare) < 3 or not table.NO_VERBS.isdisjoint((form, bare)):
        return None
    verb = plain(bare, table.PAST_AFTER_WHAT, table.PRESENT_AFTER_WHAT)
    verb = verb or plain(bare, table.PAST, table.PRESENT)
    standing = bare in table.STANDING or (bare[0] in "يت" and ended(bare[1:], table.SAME))
    if verb is None and standing:
        verb = Read(bare, (bare,), sure=True)
    return verb or (_present(bare, bare) if bare[0] == "د" else None)


def _standard_past(form: str) -> Read | None:
    for ending, standard in (("", ""), ("ت", "ت"), ("ات", "ت"), ("وا", "وا"), ("و", "وا")):
        root = form.removesuffix(ending)
        if form.endswith(ending) and root in table.SAME and len(root) == 3:
            return Read(root + standard, (normalise(root + standard),), sure=True)
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


def ended(rest: str, stems: Collection[str]) -> tuple[str, str, str] | None:
    """The stem, plural and object that a present is made of, where the stem is known."""
    for plural in _PLURALS:
        for object_ in _OBJECTS:
            ending = plural + object_
            stem = rest.removesuffix(ending)
            if rest.endswith(ending) and stem in stems:
                return stem, plural, object_
            if plural and rest.endswith(ending) and f"{stem}ي" in stems:
                return f"{stem}ي", plural, object_  # «هيغطوا»
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
