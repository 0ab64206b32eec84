"""What an administrator reads of a broadcast, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.texts.plurals import Plural
from bot.typography import isolate

if TYPE_CHECKING:
    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class AdminTexts:
    """`usage` where /broadcast came alone; {readers} and {time} are in the forms below."""

    usage: str
    dry_run: str
    readers: Plural
    soon: str
    minutes: Plural
    send: str
    drop: str
    started: str
    dropped: str
    too_late: str


ADMIN: dict[Lang, AdminTexts] = {
    "ar": AdminTexts(
        usage=f"اكتب الرسالة بعد {isolate('/broadcast')} في الرسالة نفسها. "
        "أعرضها عليك أولًا، ولا تُرسل قبل أن تؤكّد.",
        dry_run="هكذا ستظهر. سيصل إلى {readers}، في {time}. أأرسلها؟",
        readers=Plural(
            zero="لا أحد",
            one="قارئ واحد",
            two="قارئين",
            few="{n} قرّاء",
            many="{n} قارئًا",
            other="{n} قارئ",
        ),
        soon="أقل من دقيقة",
        minutes=Plural(
            one="نحو دقيقة",
            two="نحو دقيقتين",
            few="نحو {n} دقائق",
            many="نحو {n} دقيقة",
            other="نحو {n} دقيقة",
        ),
        send="أرسلها",
        drop="ألغها",
        started="بدأ الإرسال إلى {readers}.",
        dropped="أُلغيت، ولم يُرسل شيء.",
        too_late="حُسم أمر هذه الرسالة من قبل.",
    ),
    "en": AdminTexts(
        usage="Write the message after /broadcast, in the same message. "
        "I show it to you first; nothing is sent before you confirm.",
        dry_run="This is how it will look. It will reach {readers}, in {time}. Send it?",
        readers=Plural(one="one reader", other="{n} readers"),
        soon="less than a minute",
        minutes=Plural(one="about a minute", other="about {n} minutes"),
        send="Send it",
        drop="Drop it",
        started="Sending to {readers}.",
        dropped="Dropped; nothing was sent.",
        too_late="That message was decided on before.",
    ),
}
