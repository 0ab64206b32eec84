"""Views of words alone: the greeting, help, notices, lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.message import Button, Message
from bot.texts import number, plural, texts
from bot.texts.privacy import PRIVACY
from bot.texts.settings import SETTINGS
from bot.typography import escape, isolate, lead, shorten, tidy
from bot.views.layout import SOURCE_LIMIT, fits, label, lines, rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.typography import Digits, Lang

SOURCES_A_PAGE = 20


def start_view(lang: Lang, examples: Sequence[str] = ()) -> Message:
    """The greeting, with up to three examples to press; their data is `q:<index>`."""
    words = texts(lang)
    said = list(words.greeting)
    if examples:
        said.append(words.try_one)
    buttons = [[Button(label(example, lang), f"q:{i}")] for i, example in enumerate(examples[:3])]
    return Message(lines(said, lang, gap="\n\n"), rows(lang, *buttons))


def help_view(lang: Lang) -> Message:
    """How to ask."""
    return titled_view(texts(lang).help, lang)


def privacy_view(lang: Lang) -> Message:
    """What is kept about a reader."""
    return titled_view(PRIVACY[lang].privacy, lang)


def forget_view(lang: Lang) -> Message:
    """Asks once before everything is erased: `x:yes`, `x:no`."""
    words = PRIVACY[lang]
    return Message(
        lines([words.ask_forget], lang),
        rows(lang, [Button(words.keep, "x:no")], [Button(words.forget, "x:yes")]),
    )


def sources_view(
    counts: Sequence[tuple[str | None, int]],
    lang: Lang,
    digits: Digits = "latin",
    *,
    offset: int = 0,
) -> Message:
    """The sources of the archive with how many articles each has, a page from `offset`."""
    words = SETTINGS[lang]
    page = counts[offset : offset + SOURCES_A_PAGE]
    if not page:
        return notice_view(words.no_sources, lang)
    said = [f"<b>{lines([words.sources], lang)}</b>"]
    for name, count in page:
        source = shorten(tidy(name or ""), SOURCE_LIMIT) or words.unnamed_source
        articles = plural(count, words.articles, lang, digits)
        said.append(lead(escape(f"• {isolate(source)}: {articles}"), lang))
    turning: list[Button] = []
    if offset:
        turning.append(Button(texts(lang).previous, f"s:sources:{max(offset - SOURCES_A_PAGE, 0)}"))
    if offset + SOURCES_A_PAGE < len(counts):
        turning.append(Button(texts(lang).following, f"s:sources:{offset + SOURCES_A_PAGE}"))
    return Message("\n".join(said), rows(lang, turning))


def stats_view(counts: Mapping[str, int], lang: Lang, digits: Digits = "latin") -> Message:
    """Numbers for the operator, named as in `PRIVACY`."""
    words = PRIVACY[lang]
    said = [words.stats]
    said += [
        f"• {words.numbers[name]}: {number(count, lang, digits)}" for name, count in counts.items()
    ]
    return titled_view(said, lang)


def notice_view(text: str, lang: Lang) -> Message:
    """A line of `texts` as a message of its own."""
    return Message(lines([text], lang))


def noted(message: Message, text: str, lang: Lang) -> Message:
    """`message` with a line of `texts` under it, where there is room for one."""
    html = f"{message.html}\n\n{lines([text], lang)}"
    return replace(message, html=html) if fits(html) else message


def failed_view(lang: Lang, error_id: str) -> Message:
    """The apology; `error_id` is what the operator finds in the log."""
    return notice_view(texts(lang).failed.format(id=isolate(error_id)), lang)


def titled_view(said: Sequence[str], lang: Lang) -> Message:
    """Lines under the first of them, which is their title."""
    title, *rest = said
    return Message(f"<b>{lines([title], lang)}</b>\n\n{lines(rest, lang)}")
