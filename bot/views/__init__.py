"""What a message looks like: data and `now` in, Telegram HTML and buttons out.

Pure, save that a quote which fails its check is logged. Direction marks, bold and ellipses stand
outside the quoted characters; `faithful` reads every finished quote back with another parser, and
one that is not what the archive holds, character for character, is never sent.

Telegram's servers drop a few characters on their own (U+202A to U+202E, U+0333, and every control
character but the newline become nothing or a space), which is beyond any bot.
"""

from bot.views.answer import answer_view
from bot.views.context import context_view
from bot.views.plain import (
    failed_view,
    forget_view,
    help_view,
    notice_view,
    privacy_view,
    sources_view,
    start_view,
    stats_view,
    titled_view,
)
from bot.views.settings import (
    cities_view,
    city_view,
    lang_view,
    quiet_view,
    quotes_view,
    settings_view,
)

__all__ = [
    "answer_view",
    "cities_view",
    "city_view",
    "context_view",
    "failed_view",
    "forget_view",
    "help_view",
    "lang_view",
    "notice_view",
    "privacy_view",
    "quiet_view",
    "quotes_view",
    "settings_view",
    "sources_view",
    "start_view",
    "stats_view",
    "titled_view",
]
