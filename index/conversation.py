"""A question in a conversation: what it asks for, and what a mere fragment of one asks. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index import cues, questions
from index.arabic import normalise, tokens
from index.asking import Kind, askers
from index.conjugation import is_verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.arabic import Token
    from index.asking import Asker


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a question: the name of its `Kind`, and its words as written."""

    kind: str
    words: tuple[str, ...]


def understood(question: str) -> Understood:
    """Return what is searched for when `question` is asked."""
    asked = questions.parse(question)
    written = (asked.text[word.start : word.end] for word in asked.words)
    return Understood(asked.kind.value, tuple(dict.fromkeys(written)))


def begins_asking(text: str) -> bool:
    """Whether `text` begins with a question word and goes on: «وين وقع الزلزال»."""
    found = tokens(text)
    return len(found) > 1 and any(one.first == 0 for one in askers(text, found))


def is_bare(text: str) -> bool:
    """Whether `text` asks and says not of what: «ومتى؟», «طيب ليش؟», «كم كان؟»."""
    found = tokens(text)
    asked = askers(text, found)
    taken = {at for one in asked for at in range(one.first, one.last)}
    return bool(asked) and all(
        at in taken or word.form in _POINTERS for at, word in enumerate(found)
    )


def subject_of(question: str) -> str:
    """What a question is about where that stands in brackets («متى افتتح؟ (مترو القمرية)»).

    Of any other it is the whole.
    """
    if not (question.endswith(")") and _SUBJECT in question):
        return question
    return question.rpartition(_SUBJECT)[2].removesuffix(")")


def about(question: str, subject: str) -> str:
    """`question` with what it is about in brackets, in place of what stood there."""
    asked = question.removesuffix(f"{_SUBJECT}{subject_of(question)})").rstrip(" ؟?!.،")
    return f"{asked}{_SUBJECT}{subject})"


def is_verb_by_form(form: str) -> bool:
    """Whether a word in normal form is a verb that no noun is written like: not «حكم», «سعر»."""
    if _VERB.fullmatch(form):
        return True
    bare = form[1:] if form.startswith("سي") else form
    return (bare.startswith("ي") or bare.endswith("ت")) and len(bare) > 3 and is_verb(bare)


def place_in(headline: str) -> str | None:
    """Return the place where a headline says it happened: a name it has after «في», as written."""
    found = tokens(headline)
    for at, word in enumerate(found[:-1]):
        if word.form != "في":
            continue
        for last in found[at + 1 : at + 3]:
            place = headline[found[at + 1].start : last.end]
            if cues.answers(_WHERE, tokens(f"في {place}")) > 0 and place.isprintable():
                return place
    return None


_WHERE: Final = questions.parse("أين؟")

# --- fragments ----------------------------------------------------------------------------------

LONGEST_FRAGMENT = 5
"""Words; a question of more says itself what it is about."""

_NEW_WORDS = 3
"""Words that «و» may bring in without a question word: «وفي جنوب البلاد؟»."""

_LEANING_WORDS = 2
"""Words that a fragment may have of its own beside «و» and a question word: «ومتى افتتح؟»."""

# Words that say nothing of what is asked about: they open or end a fragment, or point back.
_POINTERS: Final = frozenset(
    normalise(
        "طيب طب يعني و ثم إذن إذا بس كمان برضه برضو أيضا كذلك بالضبط تحديدا لو سمحت يا ترى غيره "
        "مع ومع منذ ومنذ "
        "غيرها غيرهم غير هذا هذه ذلك هناك هنا هو هي هم هما كان كانت حدث حصل صار جرى تم ده دي هيك "
        "وهو وهي وهم كده "
        "بعد قبل بعدها بعدين ما في من عن على إلى مع الى شي حدا أحد آخر أخرى آخرون ذاك"
    ).split()
)
_WHICH: Final = frozenset("اي واي باي لاي فاي".split())
_THIS: Final = frozenset(normalise("هذا هذه ذلك تلك هناك هنا ده دي هاي هاد").split())
_TIMES: Final = frozenset(
    normalise(
        "اليوم الأسبوع الشهر العام السنة الموسم الفصل الصباح المساء الليلة الصيف الشتاء القرن"
    ).split()
)
# After these a name stands, which is a subject of its own: «ومن هو سالم؟».
_PRONOUNS: Final = frozenset("هو هي هم هما".split())
# Verbs that a fragment repeats without saying more; in a longer question they have no place.
_VERBS: Final = frozenset(normalise("كان كانت حدث حصل صار جرى تم").split())
# Kinds that ask beside a sentence, not for a part of it: one takes the other's place in any.
_BESIDE: Final = (Kind.WHEN, Kind.WHERE, Kind.WHY, Kind.HOW)
# A verb's form that no noun has: «افتتح», «انتخبت», «استعادت», beside «افتتاح», «استعادة».
_VERB: Final = re.compile("ا[^ل]ت[^ا]{2}ت?|است[^ا].[^اه]ت?")
# Before what was counted, which is no subject of another question.
_COUNTING: Final = frozenset("عدد حصيله اعداد".split())
_SUBJECT: Final = "؟ ("
_POSSESSORS: Final = ("هما", "هم", "هن", "ها", "ه")


def follow_up(fragment: str, earlier: str, *, replied: bool = False) -> str | None:
    """Return the whole question that `fragment` asks after the question `earlier`.

    None where it is no fragment but says itself what it is about. A fragment is a question word
    with nothing of its own («ومتى؟», «طيب ليش؟», «مين كمان؟», «في أي عام؟»); one whose only word
    points back («كم عددهم؟», «ماذا عن الأردن؟»); one that counts but says not of what («كم
    قتيلا؟»); one of a word or two more that «و» or «هذا» ties to what went before («ومتى افتتح؟»,
    «كم كلف هذا المشروع؟»); one of a single word by which the reader `replied` to the answer («مين
    الحكم؟»); or a few words after «و» («وفي دمشق؟»).

    A question word takes the place of the earlier one where the sentence stays whole. Elsewhere
    the fragment stays as it is, and what the earlier question is about follows in brackets, where
    it is searched for too: «متى افتتح؟ (مترو القمرية)».
    """
    found = tokens(fragment)
    if not 0 < len(found) <= LONGEST_FRAGMENT or not tokens(earlier):
        return None
    asked = askers(fragment, found)
    taken = {at for one in asked for at in range(one.first, one.last)}
    taken |= {at for at, word in enumerate(found) if word.form in _POINTERS}
    which = [at for at, word in enumerate(found) if word.form in _WHICH]
    taken |= {at + step for at in which for step in (0, 1)}
    counted = _counted(found, asked) - taken
    taken |= counted
    new = [word for at, word in enumerate(found) if at not in taken]
    said = fragment.strip(" \n؟?!.،")
    if not (asked or which):
        opens = found[0].form.startswith("و") and len(found[0].form) > 1
        return _asked(earlier, said) if new and opens and len(new) <= _NEW_WORDS else None
    if not new:
        exchanged = not any(word.form in _VERBS for word in found) and _is_beside(earlier, asked)
        if exchanged:
            ends = "" if earlier.endswith(")") else "؟"
            topic = _topic(earlier)
            asks = "؟" if topic.startswith("(") else ""
            return f"{_bare(said, found, asked)}{asks} {topic}{ends}"
        return _about(_bare(said, found, asked), earlier, whole=bool(counted))
    if "عن" in {word.form for word in found}:  # «وماذا عن الأردن؟»
        return _asked(earlier, fragment[new[0].start : new[-1].end])
    own = len(new) + len(counted)
    replied = replied and own == 1  # of two, one may name another thing
    if own <= _LEANING_WORDS and (replied or _leans(fragment, found, new, asked)):
        return _about(_bare(said, found, asked), earlier, whole=True)
    return None


def _counted(found: Sequence[Token], asked: Sequence[Asker]) -> set[int]:
    """Where a noun without an article stands after «كم»: «كم قتيلا», «كام سنة»."""
    after = {one.last for one in asked if one.kind is Kind.HOW_MANY}
    return {at for at in after if at < len(found) and not found[at].form.startswith("ال")}


def _leans(text: str, found: Sequence[Token], new: Sequence[Token], asked: Sequence[Asker]) -> bool:
    """Whether a question of a word or two more is about what went before.

    Not one that names something: a place with an article, what follows «هو», or a second word
    without an article, which may be a name («ومتى ولد سالم؟») unless it points back.
    """
    if len(new) == 1 and _points_back(text, new[0]):
        return True
    tied = text.lstrip().startswith("و") and _ties(found, asked)
    if any(word.form in _PRONOUNS for word in found) or not (tied or _shows(found)):
        return False
    return all(
        not _is_place(text, word)
        and (at == 0 or word.form.startswith("ال") or _points_back(text, word))
        for at, word in enumerate(new)
    )


def _shows(found: Sequence[Token]) -> bool:
    """Whether a fragment points at something: by «هذا», which in «هذا الأسبوع» only dates it."""
    forms = ["", *(word.form for word in found), ""]
    return any(
        form in _THIS and not {forms[at - 1], forms[at + 1]} & _TIMES
        for at, form in enumerate(forms)
    )


def _is_place(text: str, word: Token) -> bool:
    return cues.answers(_WHERE, tokens(f"في {text[word.start : word.end]}")) > 0


def _is_beside(earlier: str, asked: Sequence[Asker]) -> bool:
    """Whether the question word of a fragment can stand where that of `earlier` does."""
    found = tokens(earlier)
    if any(word.form in _WHICH for word in found):
        return False
    for one in askers(earlier, found):
        asks_beside = one.kind in _BESIDE and one.first == 0
        if not asks_beside and not (one.kind is Kind.WHO and _is_verb(found[one.last :][:1])):
            return False
    return all(one.kind in (*_BESIDE, Kind.WHO) for one in asked)


def _is_verb(word: Sequence[Token]) -> bool:
    """Whether the one word given, if any, is a verb by its form alone."""
    return any(_VERB.fullmatch(one.form) for one in word)


def _about(fragment: str, earlier: str, *, whole: bool = False) -> str | None:
    """A fragment, and in brackets what the earlier question is about; None where that is nothing.

    A fragment that is a `whole` sentence has a verb of its own, in place of the earlier one.
    The subject is handed on: of «متى افتتح؟ (مترو القمرية)» it is what stands in brackets.
    """
    subject = subject_of(earlier)
    topic = _topic(earlier) if subject == earlier else subject
    if questions.parse(fragment).kind is not Kind.HOW_MANY:
        topic = _uncounted(topic)
    said = {word.stem for word in tokens(fragment)}
    words = tokens(topic)
    if whole and len(words) > 1 and _is_verb(words[:1]):
        words = words[1:]
    first = next((at for at, word in enumerate(words) if not _repeats(word, said)), None)
    if first is None:
        return None
    return f"{fragment}{_SUBJECT}{topic[words[first].start :].strip(' ؟?!.،()')})"


def _uncounted(topic: str) -> str:
    """«عدد شهداء تفجير المسجد» without what was counted: what is about the rest is asked now."""
    words = tokens(topic)
    if len(words) < 3 or words[0].form not in _COUNTING:
        return topic
    counted = words[1].form.startswith("ال")
    return topic[words[1 if counted else 2].start :]


def _repeats(word: Token, said: set[str]) -> bool:
    """Whether a word at the head of a subject says nothing that a fragment does not say."""
    return word.stem in said or word.form in _POINTERS | _WHICH


def _asked(earlier: str, more: str) -> str:
    return f"{earlier.strip(' ؟?!.')} {more}؟"


def _topic(question: str) -> str:
    """A question without the words that ask."""
    found = tokens(question)
    kept: list[str] = []
    end = 0
    for one in askers(question, found):
        kept.append(question[end : found[one.first].start])
        end = found[one.last - 1].end
    left = " ".join("".join([*kept, question[end:]]).split()).strip(" ؟?!.،")
    return left or question.strip(" ؟?!.،")


def _bare(said: str, found: Sequence[Token], asked: Sequence[Asker]) -> str:
    """A fragment without the «و» that ties its question word to what went before."""
    return said[1:] if _ties(found, asked) and said[:1] in ("و", "ف") else said


def _ties(found: Sequence[Token], asked: Sequence[Asker]) -> bool:
    """Whether a letter that opens a fragment stands before its first word, and is none of it.

    As in «ومتى» and «ومع مين», and not in «وين».
    """
    if not asked:
        return False
    first = asked[0]
    if first.first == 1:
        return found[0].form in _POINTERS and found[0].form[1:] in _POINTERS
    return (first.first, first.last) == (0, 1) and first.certain


def _points_back(text: str, word: Token) -> bool:
    """Whether a word ends in a pronoun («عددهم») rather than in ة, and has no article."""
    written = text[word.start : word.end]
    return (
        not word.form.startswith("ال")
        and len(word.form) > 3
        and not written.endswith("ة")
        and word.form.endswith(_POSSESSORS)
    )
