"""What the bot says where many talk: in groups, and to those who ask too much. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.typography import isolate

if TYPE_CHECKING:
    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class Crowd:
    """See the module."""

    hello: str  # {name}: the bot's, as it is mentioned
    slow_down: str
    press_later: str  # shown over a button: short
    interrupted: str
    again: str  # the button under it


_ASK = isolate("/ask")

_AR = Crowd(
    hello=f"أهلًا بكم. اذكروا {{name}} مع السؤال، أو اكتبوا {_ASK} ثم السؤال، أُجب باقتباس من "
    "الأرشيف بمصدره وتاريخه. ولا أقول شيئًا في غير ذلك.",
    slow_down="على مهلك: وصلتني منك رسائل كثيرة في دقيقة. أرسل سؤالك من جديد بعد دقيقة.",
    press_later="على مهلك. اضغط من جديد بعد دقيقة.",
    interrupted="انقطعتُ لحظة وأنا أجيبك عن هذا السؤال. إن كان جوابه قد وصلك فلا عليك.",
    again="لم يصل، أجبني",
)
_EN = Crowd(
    hello="Hello. Mention {name} with a question, or write /ask and the question, and I answer "
    "with a quote from the archive, with its source and date. Otherwise I keep quiet.",
    slow_down="Not so fast: that was many messages in a minute. Send your question again in a "
    "minute.",
    press_later="Not so fast. Tap again in a minute.",
    interrupted="I was cut off while answering this. If the answer reached you, never mind.",
    again="It did not, answer me",
)


def crowd(lang: Lang) -> Crowd:
    """What is said in `lang`."""
    return _EN if lang == "en" else _AR
