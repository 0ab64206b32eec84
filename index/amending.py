"""A message that corrects the last question («لا، أقصد وزير الاقتصاد»): what is meant. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.arabic import normalise, tokens
from index.asking import askers
from index.askingwords import WHICH
from index.conversation import about, follow_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.arabic import Token

_DENIES: Final = frozenset(
    normalise("لا لأ كلا مو مش ليس عفوا آسف آسفة معذرة بل أنا كنت يعني هذا ذلك ده").split()
)
_MEANS: Final = frozenset(normalise("أقصد قصدي أعني بقصد نقصد").split())
_AFTER: Final = frozenset(normalise("هو هي أن").split())
_MARKS: Final = " \n؟?!.،,:؛"


def meant_by(text: str) -> str | None:
    """Return what stands after «لا، أقصد» and the like; None where `text` corrects nothing."""
    found = tokens(text)
    at = 0
    while at < len(found) and found[at].form in _DENIES:
        at += 1
    if at == len(found) or found[at].form not in _MEANS:
        return None
    at += 1
    while at < len(found) and found[at].form in _AFTER:
        at += 1
    return text[found[at].start :].strip() if at < len(found) else None


def put_right(meant: str, earlier: str | None) -> str:
    """Return the question that is asked by `meant`, which corrects the question `earlier`.

    What asks itself is a question alone, or a fragment of one. A word of the earlier question that
    comes again shows what is put in its place, with as many words: of «متى استقال وزير المالية؟»
    and «وزير الاقتصاد» comes «متى استقال وزير الاقتصاد؟». Elsewhere it follows in brackets, as
    what the question is about.
    """
    said, wanted = meant.strip(_MARKS), tokens(meant)
    if earlier is None or not wanted:
        return meant
    if askers(meant, wanted) or wanted[0].form in WHICH:
        return follow_up(meant, earlier) or meant
    found = tokens(earlier)
    if (at := _again(found, wanted, earlier)) is None:
        return about(earlier, said)
    last = found[min(at + len(wanted), len(found)) - 1]
    return f"{earlier[: found[at].start]}{said}{earlier[last.end :]}"


def _again(found: Sequence[Token], wanted: Sequence[Token], earlier: str) -> int | None:
    """Where the first word of `wanted` stands in the earlier question, though it asked by it."""
    asked = {at for one in askers(earlier, found) for at in range(one.first, one.last)}
    places = (at for at, word in enumerate(found) if at not in asked)
    return next((at for at in places if found[at].stem == wanted[0].stem), None)
