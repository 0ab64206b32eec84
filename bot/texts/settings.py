"""What /settings and /sources say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.texts.plurals import Plural
from bot.typography import isolate

if TYPE_CHECKING:
    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class SettingsTexts:
    """Names of settings, their values, and the questions that ask for one."""

    title: str
    lang: str
    digits: str
    city: str
    quiet: str
    quotes: str
    close: str
    back: str
    no_city: str
    no_quiet: str
    button_no_quiet: str
    hours: str  # {start}, {end}
    ask_lang: str
    ask_city: str
    which_city: str
    unknown_city: str  # {name}
    quiet_from: str
    quiet_until: str  # {start}
    ask_quotes: str
    saved: str
    closed: str
    also: str
    sources: str
    no_sources: str
    unnamed_source: str
    articles: Plural


LANGS: dict[Lang, str] = {"ar": "العربية", "en": "English"}
"""Each language by its own name, for who cannot read the other."""

SETTINGS: dict[Lang, SettingsTexts] = {
    "ar": SettingsTexts(
        title="الإعدادات",
        lang="اللغة",
        digits="الأرقام",
        city="المدينة",
        quiet="ساعات الهدوء",
        quotes="الاقتباسات في الجواب",
        close="تم",
        back="رجوع",
        no_city="لم تُحدَّد",
        no_quiet="غير مفعّلة",
        button_no_quiet="بلا ساعات هدوء",
        hours="من {start} إلى {end}",
        ask_lang="بأي لغة أكلّمك؟ الأخبار تبقى بالعربية كما نُشرت.",
        ask_city="في أي مدينة أنت؟ اكتب اسمها، أو أرسل موقعك، لأعرف ساعتك.",
        which_city="أيّ هذه تعني؟",
        unknown_city="لا أعرف مدينة باسم {name}. اكتب أقرب مدينة كبيرة إليك، أو أرسل موقعك، "
        "أو «إلغاء».",
        quiet_from="من أي ساعة لا أزعجك؟ ما يصل في ساعات الهدوء ينتظر نهايتها.",
        quiet_until="من {start} حتى أي ساعة؟",
        ask_quotes="كم اقتباسًا أعرض في الجواب؟ الباقي خلف زر «المزيد».",
        saved="حُفظ",
        closed="حُفظت إعداداتك.",
        also=f"الموضوعات في {isolate('/topics')}، والموجز اليومي في {isolate('/digest')}.",
        sources="مصادر الأرشيف:",
        no_sources="الأرشيف فارغ الآن.",
        unnamed_source="بلا مصدر",
        articles=Plural(
            zero="لا مقالات",
            one="مقال واحد",
            two="مقالان",
            few="{n} مقالات",
            many="{n} مقالًا",
            other="{n} مقال",
        ),
    ),
    "en": SettingsTexts(
        title="Settings",
        lang="Language",
        digits="Digits",
        city="City",
        quiet="Quiet hours",
        quotes="Quotes per answer",
        close="Done",
        back="Back",
        no_city="not set",
        no_quiet="off",
        button_no_quiet="No quiet hours",
        hours="{start} to {end}",
        ask_lang="Which language shall I speak? The news stays in Arabic, as published.",
        ask_city="Which city are you in? Write its name, or send your location, so I know your "
        "time.",
        which_city="Which of these do you mean?",
        unknown_city="I know no city called {name}. Write the nearest big one, send your location, "
        "or write “cancel”.",
        quiet_from="From what hour should I not disturb you? What comes then waits.",
        quiet_until="From {start} until what hour?",
        ask_quotes="How many quotes should an answer show? The rest is behind “More”.",
        saved="Saved",
        closed="Your settings are saved.",
        also="Topics are in /topics, the daily digest in /digest.",
        sources="Sources in the archive:",
        no_sources="The archive is empty now.",
        unnamed_source="no source",
        articles=Plural(one="1 article", other="{n} articles"),
    ),
}
