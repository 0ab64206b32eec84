"""The menu of commands, the words people write for them, and what is no question. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.texts.conversation import MAX_QUESTION
from index.arabic import normalise

if TYPE_CHECKING:
    from bot.typography import Lang

Problem = Literal["empty", "no_letters", "not_arabic", "link", "too_long"]

_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the bot: its description in both languages, and what is said in its stead.

    `words` are whole messages; `_` stands for a space between two words. Spelling does not
    matter. One for `admins` is not in the menu.
    """

    name: str
    arabic: str
    english: str
    words: str = ""
    admins: bool = False


COMMANDS = (
    Command("ask", "اسأل الأرشيف", "Ask the archive"),
    Command("follow", "تابع موضوعًا أو اسمًا أو مصدرًا", "Follow a topic, a name, a source"),
    Command("topics", "الموضوعات التي أتابعها", "Topics I follow", "مواضيعي موضوعاتي المواضيع"),
    Command("digest", "الموجز اليومي", "The daily digest", "الموجز موجز موجزي النشرة"),
    Command(
        "settings",
        "اللغة والمدينة وساعات الهدوء",
        "Language, city, quiet hours",
        "الإعدادات إعدادات إعداداتي ضبط",
    ),
    Command("sources", "مصادر الأرشيف", "What the archive holds", "المصادر مصادر مصادرك"),
    Command("help", "كيف تسأل", "How to ask", "مساعدة المساعدة ساعدني"),
    Command(
        "start", "ما هذا؟ وأمثلة للتجربة", "What this is, with examples", "ابدأ بدء البدء البداية"
    ),
    Command("privacy", "ما الذي نحفظه عنك", "What is kept about you", "الخصوصية خصوصية خصوصيتي"),
    Command("mydata", "نسخة من بياناتك", "A copy of your data", "بياناتي"),
    Command(
        "forget", "امحُ كل ما يخصني", "Erase everything about me", "انسني امسح_بياناتي احذف_بياناتي"
    ),
    Command("cancel", "إلغاء ما بدأته", "Cancel what you began", "إلغاء الغاء ألغِ تراجع"),
    Command("stats", "أرقام", "Numbers", "إحصاءات إحصائيات الإحصاءات", admins=True),
)


def menu(lang: Lang) -> tuple[tuple[str, str], ...]:
    """Name and description of each command that everybody has."""
    return tuple(
        (one.name, one.english if lang == "en" else one.arabic)
        for one in COMMANDS
        if not one.admins
    )


def _said(text: str) -> str:
    return " ".join(normalise(text).strip("/ \n!.؟?").split())


_NAMES = {
    _said(word.replace("_", " ")): one.name
    for one in COMMANDS
    for word in (one.name, *one.words.split())
    if word != "ask"  # which is nothing without a question
}


def command_of(text: str) -> str | None:
    """The name of the command that `text` is in so many words («مساعدة», «ابدأ!»), or `None`."""
    return _NAMES.get(_said(text)) if len(text) < 40 else None


def lang_of(language_code: str | None) -> Lang:
    """The language to speak to a user of that Telegram language: Arabic unless it is English."""
    return "en" if (language_code or "").lower().split("-")[0] == "en" else "ar"


def problem_of(question: str) -> Problem | None:
    """Why `question` cannot be asked, or `None` where it can."""
    question = question.strip()
    if not question:
        return "empty"
    if len(question) > MAX_QUESTION:
        return "too_long"
    if not _LINK.sub("", question).strip():
        return "link"
    letters = [char for char in normalise(question) if char.isalpha()]
    if len(letters) < 2:
        return "no_letters"
    return None if any("\u0600" <= char <= "\u06ff" for char in letters) else "not_arabic"
