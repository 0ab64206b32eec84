"""What an administrator reads when feeding the archive from the chat, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class FeedingTexts:
    """One line an outcome; {title} is an article's, {reason} an error's."""

    added: str
    updated: str
    unchanged: str
    reprint: str
    nothing: str  # a post of media only
    failed: str


FEEDING: dict[Lang, FeedingTexts] = {
    "ar": FeedingTexts(
        added="أُضيف إلى الأرشيف: {title}",
        updated="حُدّث في الأرشيف: {title}",
        unchanged="موجود في الأرشيف من قبل: {title}",
        reprint="نصّه في الأرشيف من مصدر آخر، فأُضيف إليه: {title}",
        nothing="لا نص في هذا المنشور، فلم يُضف شيء.",
        failed="لم يُضف: {reason}",
    ),
    "en": FeedingTexts(
        added="Added to the archive: {title}",
        updated="Updated in the archive: {title}",
        unchanged="Already in the archive: {title}",
        reprint="Its text is in the archive from another source; added to it: {title}",
        nothing="This post has no text; nothing was added.",
        failed="Not added: {reason}",
    ),
}
