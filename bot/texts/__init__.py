"""Everything the bot says, in Arabic and in English, and the words it understands as commands.

A module an area. What all of them use is here: the conversation's own texts, plurals, dates.
"""

from bot.texts.commands import command_of, lang_of, menu, problem_of
from bot.texts.conversation import AR, EN, EXAMPLE, MAX_QUESTION, Texts, texts
from bot.texts.dates import date_text, day_text
from bot.texts.plurals import Plural, number, plural

__all__ = [
    "AR",
    "EN",
    "EXAMPLE",
    "MAX_QUESTION",
    "Plural",
    "Texts",
    "command_of",
    "date_text",
    "day_text",
    "lang_of",
    "menu",
    "number",
    "plural",
    "problem_of",
    "texts",
]
