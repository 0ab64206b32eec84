"""What the digest says, and what /digest asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.texts.plurals import Plural
from bot.typography import isolate
from index.arabic import normalise

if TYPE_CHECKING:
    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class DigestTexts:
    """The digest's voice in one language."""

    heading: str  # {day}
    topics: str
    stories: str
    because: str  # {topics}
    event: str  # {titles}: of other stories of the same event
    grown: str  # {before}, {now}
    later: str  # {news}: of what is followed, for the next digest
    sources: Plural
    news: Plural
    others: Plural  # ends a list of sources that leaves some out
    quiet_day: str
    settings: str

    title: str
    off: str
    at: str  # {hour}
    days: str  # {days}
    every_day: str
    clock: str  # {city}, {hour}
    next_one: str  # {day}
    quiet_say: str
    quiet_skip: str
    weekdays: tuple[str, ...]  # Monday first, as `date.weekday` counts

    button_hour: str
    button_days: str
    button_say: str
    button_skip: str
    button_city: str
    button_preview: str
    button_stop: str
    button_done: str
    button_back: str

    ask_hour: str
    ask_hour_again: str
    ask_days: str
    ask_city: str
    what_it_is: str  # before `ask_city`, to who has none yet
    which_city: str
    unknown_city: str
    one_day: str
    stopped: str
    stopped_toast: str
    not_understood: str  # {said}
    saved: str
    preview: str
    headlines: str  # to who asks for the news
    button_headlines: str


_DIGEST = isolate("/digest")

_OFF = frozenset(
    normalise("إيقاف أوقف أوقفه أوقفي وقف توقف إلغاء ألغ ألغه off stop cancel").split()
)

AR = DigestTexts(
    heading="موجز {day}",
    topics="ما تتابعه",
    stories="أبرز الأخبار",
    because="لأنك تتابع: {topics}",
    event="في السياق نفسه: {titles}",
    grown="عاد لأنه اتسع: رواه {before} ثم {now}",
    later="وللموجز القادم مما تتابعه: {news}",
    sources=Plural(
        one="مصدر واحد",
        two="مصدران",
        few="{n} مصادر",
        many="{n} مصدرًا",
        other="{n} مصدر",
    ),
    news=Plural(one="خبر واحد", two="خبران", few="{n} أخبار", many="{n} خبرًا", other="{n} خبر"),
    others=Plural(
        one="ومصدر آخر",
        two="ومصدرين آخرين",  # after «في»
        few="و{n} مصادر أخرى",
        many="و{n} مصدرًا آخر",
        other="و{n} مصدر آخر",
    ),
    quiet_day="يوم هادئ: لا خبر جديد في الأرشيف لهذا الموجز.",
    settings="إعدادات الموجز",
    title="الموجز اليومي",
    off="الموجز متوقف. اختر ساعة تصلك فيها كل يوم أبرز الأخبار وجديد ما تتابعه، أو اكتبها.",
    at="يصلك الساعة {hour}",
    days="الأيام: {days}",
    every_day="كل يوم",
    clock="التوقيت: {city}، والساعة فيها الآن {hour}",
    next_one="القادم: {day}",
    quiet_say="إن لم يكن جديد: أخبرك بذلك في سطر",
    quiet_skip="إن لم يكن جديد: لا أرسل شيئًا",
    weekdays=("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    button_hour="الساعة",
    button_days="الأيام",
    button_say="أخبرني إن لم يكن جديد",
    button_skip="اسكت إن لم يكن جديد",
    button_city="المدينة",
    button_preview="معاينة",
    button_stop="إيقاف الموجز",
    button_done="تم",
    button_back="رجوع",
    ask_hour="في أي ساعة؟ اختر، أو اكتبها، مثل: 7:30 صباحًا",
    ask_hour_again="لم أفهم هذه الساعة. اكتبها مثل: 7:30 صباحًا، أو ٩ مساءً، أو 21:00",
    ask_days="في أي الأيام؟",
    ask_city="في أي مدينة أنت؟ اكتب اسمها، أو أرسل موقعك، لأعرف ساعتك.",
    what_it_is="الموجز رسالة كل يوم بأبرز الأخبار وجديد ما تتابعه، في ساعة تختارها.",
    which_city="أيّها تقصد؟",
    unknown_city="لا أعرف هذه المدينة. اكتب اسم أقرب مدينة كبيرة، أو أرسل موقعك.",
    one_day="لا بد من يوم واحد على الأقل. لتوقفه كله اضغط «إيقاف الموجز».",
    stopped=f"أوقفت الموجز. لتعيده اكتب {_DIGEST}.",
    stopped_toast="أُوقف الموجز",
    not_understood=f"لم أفهم {{said}}. اكتب {_DIGEST} وحده، أو بعده ساعة أو مدينة أو «إيقاف».",
    saved="حُفظ",
    preview="هكذا يكون موجزك لو جاء الآن:",
    headlines=f"أبرز الأخبار تحت هذا الزر، ولتصلك كل يوم: {_DIGEST}. أو اسألني عن خبر بعينه.",
    button_headlines="أبرز الأخبار الآن",
)

EN = DigestTexts(
    heading="Digest of {day}",
    topics="What you follow",
    stories="Top stories",
    because="Because you follow: {topics}",
    event="Related: {titles}",
    grown="Back because it has grown: told by {before}, now by {now}",
    later="Of what you follow, for the next digest: {news}",
    sources=Plural(one="1 source", other="{n} sources"),
    news=Plural(one="1 story", other="{n} stories"),
    others=Plural(one="and 1 other source", other="and {n} other sources"),
    quiet_day="A quiet day: nothing new in the archive for this digest.",
    settings="Digest settings",
    title="Daily digest",
    off="The digest is off. Choose an hour, or write it; each day the top stories come then.",
    at="It comes at {hour}",
    days="Days: {days}",
    every_day="every day",
    clock="Time of {city}, where it is {hour} now",
    next_one="Next: {day}",
    quiet_say="If nothing is new: I say so in a line",
    quiet_skip="If nothing is new: nothing is sent",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    button_hour="Hour",
    button_days="Days",
    button_say="Tell me if nothing is new",
    button_skip="Stay silent if nothing is new",
    button_city="City",
    button_preview="Preview",
    button_stop="Stop the digest",
    button_done="Done",
    button_back="Back",
    ask_hour="At what hour? Choose one, or write it, such as 7:30 am",
    ask_hour_again="I don’t understand that hour. Write it like 7:30 am, 9 pm or 21:00",
    ask_days="On which days?",
    ask_city="Which city are you in? Write its name, or send your location, so I know your time.",
    what_it_is="The digest is a message a day with the top stories and what you follow, at an hour "
    "you choose.",
    which_city="Which one do you mean?",
    unknown_city="I don’t know that city. Write the nearest big one, or send your location.",
    one_day="At least one day must stay. To stop it altogether, tap “Stop the digest”.",
    stopped="The digest is stopped. To have it again, write /digest.",
    stopped_toast="The digest is stopped",
    not_understood="I don’t understand {said}. Write /digest alone, or with an hour, a city or "
    "“off”.",
    saved="Saved",
    preview="This is your digest, were it to come now:",
    headlines="The top stories are behind this button; to have them every day: /digest. Or ask me "
    "about one of them.",
    button_headlines="Top stories now",
)


def digest_texts(lang: Lang) -> DigestTexts:
    """What the digest says in `lang`."""
    return EN if lang == "en" else AR


def is_off(text: str) -> bool:
    """Whether `text`, written after /digest, stops it."""
    return normalise(text).strip(" .!") in _OFF
