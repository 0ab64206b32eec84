"""Everything the bot says, in Arabic and in English, and the words it understands as commands.

Pure. A text is plain, not HTML. What is Latin inside an Arabic text is isolated here, once, where
it is written; `views` escapes and lays out the lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.typography import Lang, isolate

MAX_QUESTION = 300  # longer than any question of XQuAD-ar or ARCD; beyond it lie pasted articles

Problem = Literal["empty", "no_letters", "too_long"]


@dataclass(frozen=True, slots=True)
class Texts:
    """The bot's voice in one language."""

    greeting: tuple[str, ...]
    try_one: str
    help: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]  # name, description

    no_answer: str
    nearest: str
    question: str
    also_in: str
    timeline: str
    untitled: str
    no_date: str
    today: str
    list_comma: str

    busy: str
    chat_busy: str
    empty: str
    no_letters: str
    too_long: str
    not_text: str
    unknown_command: str
    example_gone: str
    failed: str  # {id}: what to look for in the log


_ASK, _HELP = isolate("/ask"), isolate("/help")

AR = Texts(
    greeting=(
        "أهلًا بك في «إسناد».",
        "اسألني عن خبر أُجبك بنصّه من الأرشيف كما نُشر، حرفًا بحرف، مع مصدره وتاريخه ورابطه. "
        "وإن لم أجد جوابًا قلت ذلك.",
    ),
    try_one="اكتب سؤالك، أو جرّب واحدًا من هذه:",
    help=(
        "كيف تسأل؟",
        "• اكتب سؤالك كما تقوله: من؟ متى؟ أين؟ كم؟ لماذا؟",
        "• كل اقتباس منقول حرفيًا، والجملة التي فيها الجواب بخط عريض.",
        "• تحت كل اقتباس عنوان المقال ومصدره وتاريخ نشره؛ اضغط العنوان لفتحه.",
        "• إن لم أجد جوابًا في الأرشيف قلت ذلك، وعرضت أقرب المقالات.",
        f"• في المجموعات: اذكر اسمي، أو ردّ على رسالة لي، أو اكتب {_ASK} ثم سؤالك.",
    ),
    commands=(
        ("ask", "اسأل الأرشيف"),
        ("help", "كيف تسأل"),
        ("start", "ما هذا؟ وأمثلة للتجربة"),
    ),
    no_answer="لا أجد جوابًا في الأرشيف",
    nearest="أقرب ما عندي:",
    question="السؤال:",
    also_in="ذُكر أيضًا في:",
    timeline="تختلف المصادر باختلاف التاريخ، والأحدث أولًا:",
    untitled="بلا عنوان",
    no_date="بلا تاريخ",
    today="اليوم",
    list_comma="، ",
    busy="مشغول، أعد المحاولة بعد قليل",
    chat_busy="ما زلت أجيب عن أسئلتك السابقة. انتظر جوابها ثم أعد إرسال هذا السؤال.",
    empty=f"اكتب سؤالك بعد {_ASK} في الرسالة نفسها.",
    no_letters="لم أجد في رسالتك سؤالًا. اكتبه بالكلمات، مثل: متى وقع الزلزال؟",
    too_long=f"هذا أطول من أن يكون سؤالًا واحدًا. اختصره في {MAX_QUESTION} حرف أو أقل.",
    not_text="أقرأ النص فقط. اكتب سؤالك كلماتٍ وسأبحث عنه في الأرشيف.",
    unknown_command=f"لا أعرف هذا الأمر. اكتب سؤالك مباشرة، أو اضغط {_HELP}.",
    example_gone="لم يعد هذا المثال متاحًا. اكتب سؤالك مباشرة.",
    failed="حدث خطأ عندي. إن لم يصلك الجواب فأعد السؤال بعد قليل. (رمز الخطأ: {id})",
)

EN = Texts(
    greeting=(
        "Welcome to Isnad.",
        "Ask me about the news and I answer with the archived article’s own words, letter for "
        "letter, with the source, date and link. When I find no answer, I say so. The archive is "
        "in Arabic, so ask in Arabic for the best results.",
    ),
    try_one="Write your question, or try one of these:",
    help=(
        "How to ask",
        "• Write the question as you would say it: who, when, where, how many, why.",
        "• Every quote is verbatim; the sentence that answers is in bold.",
        "• Under each quote: the article’s title, source and date. Tap the title to open it.",
        "• If the archive holds no answer I say so, and show the nearest articles.",
        "• In groups: mention me, reply to one of my messages, or write /ask and your question.",
    ),
    commands=(
        ("ask", "Ask the archive"),
        ("help", "How to ask"),
        ("start", "What this is, with examples to try"),
    ),
    no_answer="I find no answer in the archive",
    nearest="The nearest I have:",
    question="Question:",
    also_in="Also in:",
    timeline="Sources differ by date; newest first:",
    untitled="Untitled",
    no_date="no date",
    today="today",
    list_comma=", ",
    busy="I’m busy right now, please try again in a moment",
    chat_busy="I’m still answering your earlier questions. Wait for those, then resend this one.",
    empty="Write your question after /ask, in the same message.",
    no_letters="I see no question in your message. Write it in words, e.g. متى وقع الزلزال؟",
    too_long=f"That is too long for one question. Keep it to {MAX_QUESTION} characters or fewer.",
    not_text="I only read text. Write your question in words and I will search the archive.",
    unknown_command="I don’t know that command. Just write your question, or tap /help.",
    example_gone="That example is no longer available. Just write your question.",
    failed="Something went wrong on my side. If no answer reached you, "
    "please ask again in a moment. (error {id})",
)


def lang_of(language_code: str | None) -> Lang:
    """The language to speak to a user of that Telegram language: Arabic unless it is English."""
    return "en" if (language_code or "").lower().split("-")[0] == "en" else "ar"


def texts(lang: Lang) -> Texts:
    """What the bot says in `lang`."""
    return EN if lang == "en" else AR


# Commands as people write them in words. Telegram's own commands are Latin letters only.
_START = re.compile(r"/?(?:start|[اإأ]بد[أاإ]|بدء|البدء)[\s!.؟?]*", re.IGNORECASE)
_HELP_WORDS = re.compile(r"/?(?:help|(?:ال)?مساعد[ةه])[\s!.؟?]*", re.IGNORECASE)


def command_of(text: str) -> Literal["start", "help"] | None:
    """The command that `text` is in so many words («مساعدة», «ابدأ»), or `None`."""
    text = text.strip()
    if _START.fullmatch(text):
        return "start"
    return "help" if _HELP_WORDS.fullmatch(text) else None


def problem_of(question: str) -> Problem | None:
    """Why `question` cannot be asked, or `None` where it can."""
    question = question.strip()
    if not question:
        return "empty"
    if len(question) > MAX_QUESTION:
        return "too_long"
    return None if any(c.isalpha() for c in question) else "no_letters"


# Monday first, as `date.weekday` counts.
_WEEKDAYS: dict[Lang, tuple[str, ...]] = {
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: dict[Lang, tuple[str, ...]] = {
    "ar": (
        *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
        *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_YEARLESS = re.compile(r"--(\d\d)-(\d\d)")


def date_text(published: str | None, lang: Lang, now: datetime) -> str:
    """`published` (see `index.model.Draft`) in words: as much as the page stated, no more.

    «الخميس 16 مارس 2023», «28 يناير» without a year, «بلا تاريخ» where there is none or it cannot
    be read. «اليوم» is added only to an exact time: of a bare date we do not know where its day
    began.
    """
    if not published:
        return texts(lang).no_date
    if yearless := _YEARLESS.fullmatch(published):
        month, day = int(yearless[1]), int(yearless[2])
        if 1 <= month <= 12 and 1 <= day <= 31:
            return f"{day} {_MONTHS[lang][month - 1]}"
        return texts(lang).no_date
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return texts(lang).no_date
    words = _full_date(moment.date(), lang)
    if moment.tzinfo and now.astimezone(moment.tzinfo).date() == moment.date():
        return f"{words} ({texts(lang).today})"
    return words


def _full_date(day: date, lang: Lang) -> str:
    return f"{_WEEKDAYS[lang][day.weekday()]} {day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def others_text(count: int, lang: Lang) -> str:
    """«و3 مقالات أخرى»: what ends a list that leaves `count` articles out."""
    if lang == "en":
        return "and 1 other article" if count == 1 else f"and {count} other articles"
    if count == 1:
        return "ومقال آخر"
    if count == 2:
        return "ومقالين آخرين"  # after «في»
    if 3 <= count % 100 <= 10:
        return f"و{count} مقالات أخرى"
    if 11 <= count % 100 <= 99:
        return f"و{count} مقالًا آخر"
    return f"و{count} مقال آخر"
