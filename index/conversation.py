"""A question in a conversation: what it asks for, and what a mere fragment of one asks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index import cues, questions
from index.arabic import normalise, tokens
from index.asking import askers

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

# Words that say nothing of what is asked about: they open or end a fragment, or point back.
_POINTERS: Final = frozenset(
    normalise(
        "طيب طب يعني و ثم إذن إذا بس كمان برضه برضو أيضا كذلك بالضبط تحديدا لو سمحت يا ترى غيره "
        "غيرها غيرهم غير هذا هذه ذلك هناك هنا هو هي هم هما كان كانت حدث حصل صار جرى تم ده دي هيك "
        "كده بعد قبل بعدها بعدين ما في من عن على إلى مع الى شي حدا أحد آخر أخرى آخرون ذاك"
    ).split()
)
_WHICH: Final = frozenset("اي واي باي لاي فاي".split())
_POSSESSORS: Final = ("هما", "هم", "هن", "ها", "ه")


def follow_up(fragment: str, earlier: str) -> str | None:
    """Return the whole question that `fragment` asks after the question `earlier`.

    None where it is no fragment but says itself what it is about. A fragment is a question word
    with nothing of its own («ومتى؟», «طيب ليش؟», «مين كمان؟», «في أي عام؟»), which takes the place
    of the earlier one; one whose only word points back («كم عددهم؟», «ماذا عن الأردن؟»); or a few
    words after «و» («وفي دمشق؟»).
    """
    found = tokens(fragment)
    if not 0 < len(found) <= LONGEST_FRAGMENT or not tokens(earlier):
        return None
    asked = askers(fragment, found)
    taken = {at for one in asked for at in range(one.first, one.last)}
    taken |= {at for at, word in enumerate(found) if word.form in _POINTERS}
    which = [at for at, word in enumerate(found) if word.form in _WHICH]
    taken |= {at + step for at in which for step in (0, 1)}
    new = [word for at, word in enumerate(found) if at not in taken]
    said = fragment.strip(" \n؟?!.،")
    if not (asked or which):
        opens = found[0].form.startswith("و") and len(found[0].form) > 1
        return _asked(earlier, said) if new and opens and len(new) <= _NEW_WORDS else None
    if not new:
        return f"{_bare(said, found, asked)} {_topic(earlier)}؟"
    if "عن" in {word.form for word in found}:  # «وماذا عن الأردن؟»
        return _asked(earlier, fragment[new[0].start : new[-1].end])
    if len(new) == 1 and _points_back(fragment, new[0]):
        return f"{_bare(said, found, asked)} {_topic(earlier)}؟"
    return None


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
    ties = bool(asked) and asked[0].first == 0 and asked[0].certain
    return said[1:] if ties and asked[0].last == 1 and said[:1] in ("و", "ف") else said


def _points_back(text: str, word: Token) -> bool:
    """Whether a word ends in a pronoun («عددهم») rather than in ة, and has no article."""
    written = text[word.start : word.end]
    return (
        not word.form.startswith("ال")
        and len(word.form) > 3
        and not written.endswith("ة")
        and word.form.endswith(_POSSESSORS)
    )
