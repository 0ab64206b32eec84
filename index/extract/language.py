"""Whether a text is in Arabic: the one rule by which every input is let into the archive.

Two shares decide, both of what is left without addresses and names of accounts:

1. Of the letters, at least `_LEAST_SHARE` are of the Arabic script, or at least `_LEAST_WORDS`
   words are, for a report may stand beside its translation. A post that is mostly names of
   telephones still has 40 %, a page in English that quotes a word of Arabic 10 % at most.
2. Persian, Urdu, Kurdish and Pashto share the script. Their letters that Arabic lacks (پ ک ی ہ ے …)
   are not enough to tell, for Arabic text holds some: Persian names, dialect, whole sites typed on
   a Persian keyboard. So Arabic's own words, those with the article «ال» and the commonest
   particles, are counted against them. In Arabic such words are a quarter to a half of all; in
   the other languages, one or two in a hundred. The text is Arabic where their share of the words
   is at least the foreign letters' share of the letters, and where these are but two letters.

Measured: all 26 items of a feed in Urdu are refused, titles alone too; of 26,053 articles of
SaudiNewsNet five are: lists of English film titles, English captions, a body that says «Array».
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LEAST_SHARE: Final = 0.3
_LEAST_WORDS: Final = 60
_FEW_LETTERS: Final = 2
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+|[@#]?[A-Za-z0-9._-]+@[\w.-]+|@\w+|t\.me/\S+")
_ARABIC: Final = re.compile(
    r"[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f]"
)
_OWN: Final = frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱ")
_MARKS: Final = re.compile(r"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_WORD: Final = re.compile(r"[^\W\d_]+")
# Not «ما», «من», «هم», «و»: Persian and Urdu write them too.
_PARTICLES: Final = frozenset(
    "في فی على علی إلى الى إلی عن أن ان إن التي الذي الذين هذا هذه ذلك تلك كان كانت قال قالت "
    "مع بين قد لم لن ليس حيث عند عندما خلال بعد قبل كما أو او ثم لكن أنه انه أنها إنه إنها "
    "منذ حتى حتی غير أي أيضا عليه عليها فيه فيها منها منه به بها له لها وفي وقال وقد وكان".split()
)
_ARTICLE: Final = re.compile(r"(?:[وف]?[بك]?ال|[وف]?لل)\w{2,}")


def foreign(text: str) -> str | None:
    """Why a text is not Arabic, as the end of a sentence; None where it is."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", _ADDRESS.sub(" ", text)))
    letters = sum(1 for c in text if c.isalpha())
    if not letters:
        return "it holds no words"
    script = _ARABIC.findall(text)
    words = [word for word in _WORD.findall(text) if _ARABIC.match(word)]
    if len(script) < letters * _LEAST_SHARE and len(words) < _LEAST_WORDS:
        return f"it is not in Arabic: {100 * len(script) // letters} % of its letters are"
    other = sum(1 for c in script if c not in _OWN)
    own = sum(1 for word in words if word in _PARTICLES or _ARTICLE.match(word))
    if other > _FEW_LETTERS and other * len(words) > own * len(script):
        return "it is in another language of the Arabic script, not in Arabic"
    return None
