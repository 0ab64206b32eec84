"""What /privacy, /mydata, /forget and /stats say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.typography import isolate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class PrivacyTexts:
    """What is kept, how to see it and how to have it erased."""

    privacy: tuple[str, ...]
    mydata: str
    ask_forget: str
    forget: str
    keep: str
    forgotten: str
    kept: str
    forget_expired: str
    stats: str
    numbers: Mapping[str, str]  # the names of `bot.store.totals.counts`


_MYDATA, _FORGET, _START = isolate("/mydata"), isolate("/forget"), isolate("/start")

PRIVACY: dict[Lang, PrivacyTexts] = {
    "ar": PrivacyTexts(
        privacy=(
            "ما الذي نحفظه عنك؟",
            "• رقم محادثتنا، وما اخترته: اللغة والمدينة وساعات الهدوء وما تتابعه.",
            "• ما يلزم لإرسال الموجز والتنبيهات: ما أُرسل إليك وما ينتظر.",
            "• الاقتباسات التي وصلتك، لأصحّحها لك إن صُحّح مصدرها أو سُحب.",
            "• تقييمك للأجوبة.",
            "• لا نحفظ اسمك ولا أسئلتك: ما تكتبه يبقى حتى أجيب عنه ثم يُمحى. آخر الأسئلة تبقى في "
            "الذاكرة وحدها، لأفهم «ومتى؟» بعدها، وتزول بإعادة تشغيلي. وقد يختار المشغّل أن يحصي "
            "أسئلة لم أجد لها جوابًا، بلا رقم المحادثة.",
            f"• {_MYDATA} يرسل إليك كل ما نحفظه، و{_FORGET} يمحوه.",
        ),
        mydata="كل ما أحفظه عن هذه المحادثة.",
        ask_forget="هل أمحو كل ما أحفظه عن هذه المحادثة: الإعدادات والموضوعات والموجز وما ينتظر "
        "الإرسال؟ لا رجوع عن ذلك.",
        forget="نعم، امحُ كل شيء",
        keep="لا، أبقِه",
        forgotten=f"مُحي كل شيء، ولن أرسل إليك شيئًا. إن أردت أن نبدأ من جديد فاضغط {_START}.",
        kept="لم أمحُ شيئًا.",
        forget_expired="لم أمحُ شيئًا: لم يعد هذا الطلب صالحًا. إن أردت المحو فاكتب "
        f"{_FORGET} من جديد.",
        stats="أرقام",
        numbers={
            "articles": "مقالات الأرشيف",
            "sources": "مصادره",
            "chats": "المحادثات",
            "blocked": "منها ما حظر البوت أو زال",
            "topics": "الموضوعات المتابَعة",
            "digests": "المشتركون في الموجز",
            "waiting": "رسائل تنتظر الإرسال",
            "sent": "رسائل أُرسلت",
            "failed": "رسائل لم تصل",
            "up": "👍",
            "down": "👎",
        },
    ),
    "en": PrivacyTexts(
        privacy=(
            "What is kept about you?",
            "• The number of our chat, and what you chose: language, city, quiet hours, topics.",
            "• What sending the digest and alerts needs: what was sent and what waits.",
            "• The quotes you were sent, to tell you when their source is corrected or withdrawn.",
            "• Your votes on answers.",
            "• Neither your name nor your questions: what you write is kept until it is answered, "
            "then erased. The last questions stay in memory alone, to understand “and when?” after "
            "them, and go when I restart. The operator may choose to count questions that found "
            "no answer, without the chat.",
            "• /mydata sends you all that is kept, /forget erases it.",
        ),
        mydata="All that I keep about this chat.",
        ask_forget="Erase all that I keep about this chat: settings, topics, digest, and what "
        "waits to be sent? There is no way back.",
        forget="Yes, erase it all",
        keep="No, keep it",
        forgotten="All is erased, and I will send you nothing. To begin anew, tap /start.",
        kept="Nothing was erased.",
        forget_expired="Nothing was erased: this request is no longer valid. To erase everything, "
        "write /forget again.",
        stats="Numbers",
        numbers={
            "articles": "articles in the archive",
            "sources": "their sources",
            "chats": "chats",
            "blocked": "of them blocked the bot or are gone",
            "topics": "topics followed",
            "digests": "readers of the digest",
            "waiting": "messages waiting",
            "sent": "messages sent",
            "failed": "messages not delivered",
            "up": "👍",
            "down": "👎",
        },
    ),
}
