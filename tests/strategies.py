"""Hypothesis strategies: text as Arabic pages really mix it."""

from __future__ import annotations

from hypothesis import strategies as st

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" + "أإآٱىةؤئء" + "پچژگکیہەۀےڤڥڨ" + "ﻻﻼﷲﻣﺤﻤﺪﺎ"
MARKS = "\u064b\u064c\u064e\u0650\u0651\u0652\u0670\u0653\u0654\u06d6ـ"
INVISIBLE = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2067\u2069\ufeff\u00ad\ufe0f"
DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹²½"
LATIN = "abzAZéÉüğİıßﬁøǄ\u0301\u0308\u030c"
STOPS = ".!?؟…،,؛;:-–—\"'«»“”()[]{}%٪/ـ﴿﴾"
SPACES = "  \t\n\u00a0\u2028\u3000"
ASTRAL = "😀👍🏽🇸🇦𝐀𝟙𞸀𐍈"

CHARACTERS = LETTERS + MARKS + INVISIBLE + DIGITS + LATIN + STOPS + SPACES + ASTRAL

texts = st.text(st.sampled_from(CHARACTERS), max_size=60)
"""Short texts of every kind of character that matters."""

words = st.text(st.sampled_from(LETTERS[:37]), min_size=1, max_size=9)
"""Plain Arabic words."""

anything = st.one_of(texts, st.text(max_size=40))
"""The above, or any characters at all."""


@st.composite
def articles(draw: st.DrawFn) -> str:
    """Text of the shape of an article: many words, stops and paragraphs, some without end."""
    pieces = draw(
        st.lists(
            st.one_of(
                words,
                st.sampled_from(
                    [". ", ".", "\n", "، ", "؟ ", ": ", "؛ ", "…", " - ", ".» ", "\n\n"]
                ),
                st.sampled_from(["كلمة " * 30, "ألف، " * 120, "ب" * 450, "3.5", "د. ", "😀"]),
            ),
            max_size=80,
        )
    )
    return draw(st.sampled_from(["", " "])).join(pieces)
