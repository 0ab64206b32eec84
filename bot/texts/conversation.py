"""What the bot says when it is asked: the greeting, help, answers, refusals, what went wrong.

Pure. A text is plain, not HTML. What is Latin inside an Arabic text is isolated here, once, where
it is written; `views` escapes and lays out the lines.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - `fields` of the class are read in tests
from dataclasses import dataclass

from bot.texts.plurals import Plural
from bot.typography import Lang, isolate

EXAMPLE = "متى وقع الزلزال؟"
"""A question to show how one is asked, where the archive has given none that it answers."""

MAX_QUESTION = 500  # longer than any question of XQuAD-ar or ARCD; beyond it lie pasted articles


@dataclass(frozen=True, slots=True)
class Texts:
    """The bot's voice in one language."""

    greeting: tuple[str, ...]
    try_one: str
    help: tuple[str, ...]

    no_answer: str
    understood: str  # {kind}, {words}
    searched: str  # {words}
    kinds: Mapping[str, str]  # what is asked for, where there is more to say than that it is asked
    nearest: str
    question: str
    also_in: str
    others: Plural  # ends a list that leaves some out
    timeline: str
    part: str  # {n}, {total}
    untitled: str
    no_date: str
    today: str
    list_comma: str

    # buttons
    in_context: str
    more: str
    follow: str
    alert: str
    following: str  # the next page
    previous: str
    back: str

    # what a pressed button says
    voted: str
    vote_changed: str
    no_more: str
    no_article: str
    withdrawn: str
    no_question: str
    example_gone: str

    busy: str
    chat_busy: str
    empty: str
    no_letters: str  # {example}: a question, here and in the next
    not_arabic: str
    link: str
    bare: str
    several: str
    request: str  # {example}
    too_long: str
    not_text: str
    unknown_command: str
    private_only: str
    cancelled: str
    nothing_to_cancel: str
    failed: str  # {id}: what to look for in the log


_ASK, _HELP, _SETTINGS = isolate("/ask"), isolate("/help"), isolate("/settings")
_FOLLOW, _TOPICS, _DIGEST = isolate("/follow"), isolate("/topics"), isolate("/digest")

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
        "• تحت كل اقتباس عنوان المقال ومصدره وتاريخ نشره؛ اضغط العنوان لفتحه، أو «في سياقه» لتقرأ "
        "ما قبله وما بعده هنا.",
        "• لتسأل عن الأمر نفسه ردّ على الجواب بكلمة: «ومتى؟»، «وأين؟».",
        "• أخطأت في سؤالك؟ عدّله، أعدّل جوابه.",
        "• إن لم أجد جوابًا في الأرشيف قلت ذلك، وعرضت أقرب المقالات.",
        f"• طول السؤال {MAX_QUESTION} حرف على الأكثر.",
        f"• {_FOLLOW} ثم موضوع أو اسم أو مصدر: أنبهك حين يُنشر جديد عنه. ما تتابعه في {_TOPICS}.",
        f"• {_DIGEST}: موجز كل يوم في ساعة تختارها.",
        f"• في المجموعات: اذكر اسمي، أو ردّ على رسالة لي، أو اكتب {_ASK} ثم سؤالك.",
        f"• اللغة والمدينة وساعات الهدوء وعدد الاقتباسات في {_SETTINGS}.",
    ),
    no_answer="لا أجد جوابًا في الأرشيف",
    understood="فهمت أنك تسأل عن {kind}، وبحثت عن: {words}",
    searched="بحثت عن: {words}",
    kinds={
        "who": "شخص أو جهة",
        "when": "زمان",
        "where": "مكان",
        "how many": "عدد أو مقدار",
        "why": "سبب",
        "how": "كيفية",
    },
    nearest="أقرب ما عندي، اضغط عنوانًا لتقرأ أوله:",
    question="السؤال:",
    also_in="ذُكر أيضًا في:",
    others=Plural(
        one="ومقال آخر",
        two="ومقالين آخرين",  # after «في»
        few="و{n} مقالات أخرى",
        many="و{n} مقالًا آخر",
        other="و{n} مقال آخر",
    ),
    timeline="تختلف المصادر باختلاف التاريخ، والأحدث أولًا:",
    part="المقطع {n} من {total}",
    untitled="بلا عنوان",
    no_date="بلا تاريخ",
    today="اليوم",
    list_comma="، ",
    in_context="في سياقه",
    more="المزيد",
    follow="تابع هذا الموضوع",
    alert="نبّهني إن ظهر",
    following="التالي ◀\ufe0e",
    previous="▶\ufe0e السابق",
    back="رجوع إلى الجواب",
    voted="شكرًا، سجّلت تقييمك",
    vote_changed="غيّرت تقييمك السابق",
    no_more="هذا كل ما وجدت",
    no_article="لم يعد هذا المقال في الأرشيف",
    withdrawn="سُحب هذا المقال بعد نشره",
    no_question="لم أعد أعرف السؤال. اكتبه من جديد.",
    example_gone="لم يعد هذا المثال متاحًا. اكتب سؤالك مباشرة.",
    busy="أنا مشغول قليلًا، أعد المحاولة بعد قليل",
    chat_busy="ما زلت أجيب عن أسئلتك السابقة. انتظر جوابها ثم أعد إرسال هذا السؤال.",
    empty=f"اكتب سؤالك بعد {_ASK} في الرسالة نفسها.",
    no_letters="لم أجد في رسالتك سؤالًا. اكتبه بالكلمات، مثل: {example}",
    not_arabic="الأرشيف بالعربية، فاكتب سؤالك بها، مثل: {example}",
    bare="عمّ تسأل؟ اكتب السؤال كاملًا، أو ردّ به على جواب لي.",
    several="سألت أكثر من سؤال، وهذا عن واحد منها: أرسل الباقي كلًّا وحده.",
    request="لا ألخّص ولا أؤلّف ولا أبدي رأيًا: أقتبس من أرشيف الأخبار. جرّب سؤالًا مثل: {example}",
    link="لا أفتح الروابط. اكتب سؤالك كلماتٍ وسأبحث عنه في الأرشيف.",
    too_long=f"هذا أطول من أن يكون سؤالًا واحدًا. اختصره في {MAX_QUESTION} حرف أو أقل.",
    not_text="أقرأ النص فقط. اكتب سؤالك كلماتٍ وسأبحث عنه في الأرشيف.",
    unknown_command=f"لا أعرف هذا الأمر. اكتب سؤالك مباشرة، أو اضغط {_HELP}.",
    private_only="هذا الأمر يعمل في محادثتنا الخاصة وحدها. افتحها واكتبه هناك.",
    cancelled="أُلغي.",
    nothing_to_cancel="لا شيء يُلغى الآن. اكتب سؤالك متى شئت.",
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
        "• Under each quote: the article’s title, source and date. Tap the title to open it, or "
        "“In context” to read what is before and after it here.",
        "• To go on about the same thing, reply to the answer with a word: «ومتى؟», «وأين؟».",
        "• Made a mistake? Edit your question and I edit its answer.",
        "• If the archive holds no answer I say so, and show the nearest articles.",
        f"• A question is {MAX_QUESTION} characters at most.",
        "• /follow and a topic, a name or a source: I alert you to what is published about it. "
        "What you follow is in /topics.",
        "• /digest: a digest each day at an hour you choose.",
        "• In groups: mention me, reply to one of my messages, or write /ask and your question.",
        "• Language, city, quiet hours and quotes per answer are in /settings.",
    ),
    no_answer="I find no answer in the archive",
    understood="I took you to ask about {kind}, and searched for: {words}",
    searched="I searched for: {words}",
    kinds={
        "who": "a person or body",
        "when": "a time",
        "where": "a place",
        "how many": "a number or amount",
        "why": "a reason",
        "how": "a way",
    },
    nearest="The nearest I have; tap a title to read how it begins:",
    question="Question:",
    also_in="Also in:",
    others=Plural(one="and 1 other article", other="and {n} other articles"),
    timeline="Sources differ by date; newest first:",
    part="Part {n} of {total}",
    untitled="Untitled",
    no_date="no date",
    today="today",
    list_comma=", ",
    in_context="In context",
    more="More",
    follow="Follow this topic",
    alert="Tell me if it appears",
    following="Next ▶\ufe0e",
    previous="◀\ufe0e Previous",
    back="Back to the answer",
    voted="Thank you, noted",
    vote_changed="Your vote is changed",
    no_more="That is all I found",
    no_article="This article is no longer in the archive",
    withdrawn="This article was withdrawn after it was published",
    no_question="I no longer know the question. Please write it again.",
    example_gone="That example is no longer available. Just write your question.",
    busy="I’m busy right now, please try again in a moment",
    chat_busy="I’m still answering your earlier questions. Wait for those, then resend this one.",
    empty="Write your question after /ask, in the same message.",
    no_letters="I see no question in your message. Write it in words, e.g. {example}",
    not_arabic="The archive is in Arabic; please ask in Arabic, e.g. {example}",
    bare="About what? Write the whole question, or send it as a reply to an answer of mine.",
    several="You asked several questions, and this is about one of them: send the others one by "
    "one.",
    request="I do not summarise, write or give opinions: I quote from a news archive. Try a "
    "question such as: {example}",
    link="I open no links. Write your question in words and I will search the archive.",
    too_long=f"That is too long for one question. Keep it to {MAX_QUESTION} characters or fewer.",
    not_text="I only read text. Write your question in words and I will search the archive.",
    unknown_command="I don’t know that command. Just write your question, or tap /help.",
    private_only="That command works in our private chat only. Open it and write it there.",
    cancelled="Cancelled.",
    nothing_to_cancel="There is nothing to cancel. Write your question whenever you like.",
    failed="Something went wrong on my side. If no answer reached you, "
    "please ask again in a moment. (error {id})",
)


def texts(lang: Lang) -> Texts:
    """What the bot says in `lang`."""
    return EN if lang == "en" else AR
