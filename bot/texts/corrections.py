"""What a reader is told when an article they were quoted has changed, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.typography import Lang


@dataclass(frozen=True, slots=True)
class CorrectionTexts:
    """`mark` comes first. {title} is the article as it was shown, {now} its title of today."""

    mark: str
    withdrawn: str
    quote: str
    title: str


CORRECTIONS: dict[Lang, CorrectionTexts] = {
    "ar": CorrectionTexts(
        mark="تصحيح:",
        withdrawn="سحب الناشر المقال الذي نقلتُ عنه: {title}",
        quote="عدّل الناشر المقال، ولم يعد ما نقلتُه منه فيه بنصّه: {title}",
        title="عدّل الناشر عنوان المقال «{title}»، وصار: {now}",
    ),
    "en": CorrectionTexts(
        mark="Correction:",
        withdrawn="the publisher withdrew the article I quoted: {title}",
        quote="the publisher revised the article; what I quoted no longer stands in it: {title}",
        title="the publisher changed the title “{title}” to: {now}",
    ),
}
