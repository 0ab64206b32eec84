"""A message of several questions: «من هو وزير النقل؟ وكم طول الخط؟». Pure."""

from __future__ import annotations

import re
from typing import Final

from index.arabic import tokens
from index.asking import askers
from index.askingwords import WHICH
from index.conversation import follow_up, is_bare

_PART: Final = re.compile("[^؟?]+[؟?]*")
_PAIRS: Final = ("«»", "“”", "()")


def several(text: str) -> tuple[str, ...]:
    """Return the questions of `text` where they are more than one; else nothing.

    Each ends with its mark, the last perhaps not, and has a question word of its own, which is not
    all it has: «من افتتح المتحف؟ ومتى؟» is one. One that leans on the first says of what it asks,
    as `follow_up` has it.
    """
    parts = [part.strip() for part in _PART.findall(text)]
    asking = [part for part in parts if _asks(part)]
    if len(asking) < 2 or any(part.count(a) != part.count(b) for part in parts for a, b in _PAIRS):
        return ()
    first, *others = asking
    return (first, *(follow_up(part, first) or part for part in others))


def _asks(part: str) -> bool:
    found = tokens(part)
    asked = bool(askers(part, found)) or (len(found) > 1 and found[0].form in WHICH)
    return asked and not is_bare(part)
