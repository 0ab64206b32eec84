"""Numbers, and what is counted, in the forms that a language has for it. Pure.

Which form goes with which number is CLDR's rule, by Babel: Arabic has six (خبر، خبران، 3 أخبار،
11 خبرًا، 100 خبر).
"""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale
from babel.numbers import format_decimal

from bot.typography import Digits, Lang, in_digits


@dataclass(frozen=True, slots=True)
class Plural:
    """What is counted, by CLDR's names of the forms; `{n}` is the number where one is shown.

    A form that is not given is `other`.
    """

    other: str
    one: str | None = None
    two: str | None = None
    few: str | None = None  # 3 to 10
    many: str | None = None  # 11 to 99
    zero: str | None = None


def plural(count: int, forms: Plural, lang: Lang, digits: Digits = "latin") -> str:
    """`count` of them: «خبران», «3 أخبار», «11 خبرًا»."""
    form: str | None = getattr(forms, Locale.parse(lang).plural_form(count))
    return (form or forms.other).replace("{n}", number(count, lang, digits))


def number(count: int, lang: Lang, digits: Digits = "latin") -> str:
    """`count` with its thousands set apart."""
    system = "arab" if digits == "arabic" else "latn"
    return in_digits(format_decimal(count, locale=lang, numbering_system=system), digits)
