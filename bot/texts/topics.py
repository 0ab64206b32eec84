"""What is said about topics: following one, the list of them, alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.texts.plurals import Plural
from bot.typography import isolate

if TYPE_CHECKING:
    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class TopicTexts:
    """The voice of topics in one language."""

    because: str  # before the names of topics
    develops: str
    sources: str  # «{name}» of a source as a topic

    following: str  # before the topic, in a preview
    would_get: Plural  # {news}, one or more of which are shown under it
    would_get_none: str
    try_wider: str
    news: Plural
    widths: tuple[str, str, str, str, str]  # from the narrowest
    follow: str
    not_now: str
    narrower: str
    wider: str
    followed: str  # {topic}
    narrowest: str
    widest: str

    title: str
    pick: str
    none: str
    add: str
    add_source: str
    which_source: str
    ask: str
    ask_again: str
    too_long: str  # {n}
    full: str  # {n}
    gone: str
    no_question: str
    admins_only: str
    muted: str
    unmuted: str
    stopped: str
    cancelled: str
    mute: str
    unmute: str
    stop: str
    manage: str
    back: str


_FOLLOW = isolate("/follow")

AR = TopicTexts(
    because="لأنك تتابع:",
    develops="جديد في خبر وصلك:",
    sources="كل أخبار {name}",
    following="متابعة:",
    would_get=Plural(
        one="كان سيصلك {news} في آخر أسبوع، هو:",
        two="كان سيصلك {news} في آخر أسبوع، منهما:",
        other="كان سيصلك {news} في آخر أسبوع، منها:",
    ),
    would_get_none="لم يكن ليصلك شيء في آخر أسبوع. إن ضغطت «تابع» نبّهتك حين يُنشر جديد.",
    try_wider="قد تجد أكثر بكلمات أقل، أو بزر «أوسع».",
    news=Plural(one="خبر واحد", two="خبران", few="{n} أخبار", many="{n} خبرًا", other="{n} خبر"),
    widths=("الأضيق", "أضيق", "كما هو", "أوسع", "الأوسع"),
    follow="تابع",
    not_now="لا",
    narrower="أضيق",
    wider="أوسع",
    followed="أتابع لك: {topic}. سأنبهك حين يُنشر جديد عنه.",
    narrowest="هذا أضيق ما يكون",
    widest="هذا أوسع ما يكون",
    title="ما تتابعه",
    pick="اضغط واحدًا لتضيّقه أو توسّعه أو تكتمه أو توقفه.",
    none=f"لا تتابع شيئًا بعد. اكتب {_FOLLOW} ثم موضوعًا أو اسمًا أو مصدرًا.",
    add="أضف موضوعًا",
    add_source="أضف مصدرًا",
    which_source="أي مصدر تتابع كل أخباره؟",
    ask="ما الذي تريد متابعته؟ اكتب موضوعًا أو اسمًا أو مصدرًا.",
    ask_again="لم أجد في هذا موضوعًا. اكتبه بالكلمات.",
    too_long="هذا أطول من أن يكون موضوعًا. اختصره في {n} حرف أو أقل.",
    full="تتابع {n} موضوعًا، وهذا أقصى ما يمكن. أوقف واحدًا منها أولًا.",
    gone="لم تعد تتابع هذا",
    no_question="لم أعد أعرف السؤال. اكتب موضوعك بعد /follow.",
    admins_only="في المجموعات يختار المشرفون وحدهم ما يُتابَع.",
    muted="مكتوم 24 ساعة، وما يأتي عنه يُحفظ لموجزك",
    unmuted="سأنبهك عنه من جديد",
    stopped="أوقفت متابعته",
    cancelled="لم أضف شيئًا.",
    mute="كتم 24 ساعة",
    unmute="إلغاء الكتم",
    stop="إيقاف",
    manage="ضبط: {topic}",
    back="رجوع",
)

EN = TopicTexts(
    because="Because you follow:",
    develops="New in a story you were sent:",
    sources="All of {name}",
    following="Following:",
    would_get=Plural(
        one="In the last week you would have got {news}:",
        other="In the last week you would have got {news}, such as:",
    ),
    would_get_none="In the last week you would have got nothing. Tap “Follow” and I’ll alert you "
    "to what comes.",
    try_wider="Fewer words, or “Wider”, may find more.",
    news=Plural(one="1 story", other="{n} stories"),
    widths=("narrowest", "narrower", "as written", "wider", "widest"),
    follow="Follow",
    not_now="No",
    narrower="Narrower",
    wider="Wider",
    followed="You follow: {topic}. I’ll alert you to what is published about it.",
    narrowest="This is as narrow as it gets",
    widest="This is as wide as it gets",
    title="What you follow",
    pick="Tap one to narrow, widen, mute or stop it.",
    none="You follow nothing yet. Write /follow and a topic, a name or a source, in Arabic.",
    add="Add a topic",
    add_source="Add a source",
    which_source="Which source do you want all of?",
    ask="What do you want to follow? Write a topic, a name or a source.",
    ask_again="I see no topic in that. Write it in words, in Arabic.",
    too_long="That is too long for a topic. Keep it to {n} characters or fewer.",
    full="You follow {n} topics, as many as you can. Stop one of them first.",
    gone="You no longer follow this",
    no_question="I no longer know the question. Write your topic after /follow.",
    admins_only="In groups only admins choose what is followed.",
    muted="Muted for 24 hours; what comes is kept for your digest",
    unmuted="I’ll alert you to it again",
    stopped="You no longer follow it",
    cancelled="Nothing was added.",
    mute="Mute 24 h",
    unmute="Unmute",
    stop="Stop",
    manage="Set: {topic}",
    back="Back",
)


def topic_texts(lang: Lang) -> TopicTexts:
    """What is said about topics in `lang`."""
    return EN if lang == "en" else AR
