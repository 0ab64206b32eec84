"""Who wrote a report, who sent it and when it was published, as the lines around it state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.dates import find_date, is_date_line, stated_dates
from index.extract.boilerplate import Kind
from index.extract.lines import Unit, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

# Wire agencies, as datelines and credits name them: they tell an agency from a reporter's name.
_AGENCIES: Final = frozenset(
    fold(name)
    for name in (
        "رويترز|أ ف ب|أ.ف.ب|ا.ف.ب|أ. ف. ب|أ.ف.ب.|فرانس برس|الفرنسية|الأوروبية|"
        "وكالة الصحافة الفرنسية|"
        "أسوشيتد برس|أسوشييتد برس|أ ب|أ.ب|د ب أ|د.ب.أ|د. ب. أ|الألمانية|أ ش أ|أ.ش.أ|سانا|واس|"
        "وام|قنا|كونا|بنا|بترا|وفا|واج|وات|وال|سونا|سبأ|الأناضول|وكالة الأناضول|سبوتنيك|تاس|"
        "نوفوستي|إنترفاكس|شينخوا|إرنا|فارس|تسنيم|يو بي آي|بلومبرغ|بلومبيرغ|وكالات|الوكالات|"
        "وكالة الأنباء|غيتي|غيتي إيميجز|reuters|afp|ap|epa|dpa|sana|anadolu|aa|tass|sputnik|"
        "xinhua|getty|getty images|gettyimages|upi|wam|spa|globallookpress|رويترز - أ ف ب"
    ).split("|")
)
_CREDIT: Final = re.compile(
    r"(?:/|\||-|©)\s*(?:[a-z][a-z .]{1,25})$|[(\[]\s*(?P<who>[^()\[\]]{2,35})\s*[)\]]$|"
    r"^(?:صوره?|الصوره|كاريكاتير)\s*[:/-]|(?:^|\s)(?:تصوير|عدسه|كاميرا)\s*[:/-]|"
    r"(?:^|\s)(?:صوره\s+)?(?:ارشيفيه|من الارشيف|ارشيف|تعبيريه)\W*$"
)
_ARCHIVE: Final = re.compile(
    r"ارشيف|تعبيري|تواصل اجتماعي|مواقع التواصل|انترنت|تويتر|فيسبوك|متداول|gett?y|جيتي|غيتي"
)
_BY: Final = re.compile(
    r"^[^\w]*(?:كتب|كتبت|بقلم|تحرير|اعداد|اعداد وتحرير|تقرير|حوار|حاوره|حاورها|حاورته|حاورتها|"
    r"اجري الحوار|اجرت الحوار|اجراه|اجرته|ترجمه|"
    r"متابعه|تغطيه|المحرر|الكاتب|الكاتبه|المولف|by)"
    r"(?P<mark>\s*[:/|-]\s*|\s+)(?P<who>\S.{1,60})$"
)
_PLACE_BY: Final = re.compile(
    r"^(?P<place>[^\W\d_]+(?:\s[^\W\d_]+){0,2})\s*(?:[-:/|،]|\s\()\s*"
    r"(?P<who>[^\W\d_][^:/|،]{1,40}?)\)?$"
)
_DATELINE: Final = re.compile(
    r"^(?:[^\W\d_]+[\s،,]+){1,3}(?:في\s+|يوم\s+)?(?:[^\W\d_]+\s+)?\d{1,2}[^.]{3,30}?"
    r"(?:\s*[-/(:]|\.\s*/)"
)
_WIRE: Final = re.compile(
    r"^[^\W\d_]+(?:[\s،/-]+[^\W\d_]+){0,4}[^()/]{0,25}?"
    r"[(/]\s*(?P<who>[^()/\d]{2,30}?)\s*[)/]\s*[-:.،]?"
)

# What parts a byline from the date beside it: «كتب: فلان | …», «بقلم فلان – 12 شباط»; but not what
# parts the label from the name, «كتب - فلان».
_PARTS: Final = re.compile(r"\s*[|•·]\s*|\s+[-–—]\s+(?=[^\W\d_]*\s*،?\s*\d)|(?<=\d)\s+[-–—]\s+")
# A name, its title and a place; more is a headline that begins with such a word.
_NAME_WORDS = 5


def is_credit(unit: Unit) -> bool:
    """Whether a line is a photo's caption, which says whose or which photo it is."""
    if unit.words > 35 or unit.text.rstrip(')]"» ').endswith("."):
        return False
    found = _CREDIT.search(unit.folded)
    if not found:
        return False
    who = found["who"]
    if who is None:
        return True
    return who.strip(" .") in _AGENCIES or bool(_ARCHIVE.search(who)) or who.isascii()


def author(unit: Unit) -> tuple[str | None, str | None]:
    """(byline, source) where a short line by title or body is one: «موسكو - فلان», «رويترز»."""
    if unit.words > 9 or len(unit.text) > 100 or unit.text.endswith((".", ":", "؟", "!")):
        return None, None
    folded = unit.folded
    bare = folded.strip(" .()[]-|/")
    if bare in _AGENCIES:
        return None, unit.text.strip(" .()[]-|/–—")
    if found := _BY.match(folded):
        if len(found["who"].split()) > _NAME_WORDS:
            return None, None
        if _is_label(found, folded):
            return _tail(unit.text, len(found["who"])), None
    parts = [p for p in re.split(r"\s*/\s*|\s+-\s+", unit.text) if p]
    if len(parts) > 2 and fold(parts[-1]).strip(" .") in _AGENCIES:
        return unit.text, parts[-1].strip(" .")
    if found := _PLACE_BY.match(folded):
        who = found["who"].strip(" .")
        if who in _AGENCIES:
            return unit.text, _tail(unit.text, len(found["who"])).strip(" ()")
        # «صبري: الاحتلال يحمي…» is a headline: after a colon only a name of three words is one.
        most = 3 if ":" in folded else 4
        if unit.words <= 7 and len(who.split()) <= most and len(found["place"].split()) <= 3:
            return unit.text, None
    return None, None


def written_by(line: str) -> str | None:
    """Who a header's line says wrote the article, alone or beside a date; None where it does not.

    «بقلم: فلان», «كتب - فلان:», «حاورها: فلان – 12 شباط 2020». A name without such a word may be
    a section's.
    """
    for part in _PARTS.split(line):
        part = part.strip(" :،,")
        folded = fold(part)
        found = _BY.match(folded)
        if found and len(found["who"].split()) <= _NAME_WORDS and _is_label(found, folded):
            return _tail(part, len(found["who"]))
    return None


def _is_label(found: re.Match[str], folded: str) -> bool:
    """Whether what precedes a name labels it. «تقرير يحدد مصير…» is a headline without a mark."""
    if found["mark"].strip():
        return True
    unmarked = ("كتب ", "كتبت ", "بقلم ", "by ")
    return len(folded.split()) <= 5 and folded.startswith(unmarked)


def may_be_headline(unit: Unit) -> bool:
    """Whether a line shaped like «بيروت: فلانة» may as well be a headline, «المدرب: سنفوز»."""
    return ":" in unit.text and not _BY.match(unit.folded)


def wire(first: Unit) -> str | None:
    """The agency a first paragraph opens with: «القاهرة (رويترز) - قال…»."""
    found = _WIRE.match(first.folded[:90])
    if not found or found["who"].strip(" .") not in _AGENCIES:
        return None
    for shape in (r"[(]\s*([^()]{2,30}?)\s*[)]", r"/\s*([^()/]{2,30}?)\s*/"):
        for match in re.finditer(shape, first.text[:110]):
            if fold(match[1]).strip(" .") in _AGENCIES:
                return match[1]
    return None


def dateline(first: Unit) -> str | None:
    """The date of a dateline that opens the first paragraph: «دمشق 16 آذار 2023 (سانا) -»."""
    found = _DATELINE.match(first.folded[:90])
    return find_date(found[0]) if found else None


def published(
    units: Sequence[Unit], kinds: Sequence[Kind], title: int, start: int, end: int
) -> str | None:
    """The publication date stated around the article; of an update where nothing else is."""
    told, updated = stated(units, kinds, title, start, end)
    return told or updated


def stated(
    units: Sequence[Unit], kinds: Sequence[Kind], title: int, start: int, end: int
) -> tuple[str | None, str | None]:
    """(published, updated) as stated around the article: under the title, over it, else after.

    Lines under the title come first, for a date over it may be today's, in the page's header, or
    the one of the story told above. A date after the body counts only if it says what it is the
    date of.
    """
    top = title if title >= 0 else start
    updated = None
    for i in [*range(top + 1, min(len(units), start + 3)), *_above(units, kinds, top)]:
        date, changed = _line_dates(units[i], kinds[i], header=i < start)
        updated = updated or changed
        if date:
            return date, updated
    for i in range(end + 1, min(len(units), end + 3)):
        if kinds[i] is Kind.DATE:
            date, changed = stated_dates(units[i].text)
            updated = updated or changed
            if date and re.search(r"نشر|publish", units[i].folded):
                return date, updated
    return None, updated


def _above(units: Sequence[Unit], kinds: Sequence[Kind], top: int) -> list[int]:
    """The lines over the title where a date may be its own: no menu, no other headline between."""
    own = []
    for i in range(top - 1, max(-1, top - 4), -1):
        if kinds[i] in (Kind.JUNK, Kind.SECTION, Kind.END):
            break
        headline_over = i > 0 and kinds[i - 1] is Kind.TEXT and units[i - 1].words >= 4
        if kinds[i] is Kind.DATE and headline_over and not _repeats(units[i - 1], units[top]):
            break
        own.append(i)
    return own


def _repeats(line: Unit, title: Unit) -> bool:
    """Whether a line is the title again, as pages print it with their own name beside it."""
    return line.folded in title.folded or title.folded in line.folded


def _line_dates(unit: Unit, kind: Kind, *, header: bool) -> tuple[str | None, str | None]:
    # A name or a city may share the line, but not in the body: «ولد في 3 مايو 1950 في حلب».
    shared = header and unit.words <= 14 and not unit.ends
    if kind is Kind.DATE or (shared and is_date_line(unit.text, spare_words=4)):
        return stated_dates(unit.text)
    return None, None


def _tail(text: str, length: int) -> str:
    """The end of a line as written whose folded form has `length` characters (tashkeel is rare)."""
    return text[-length:].strip(" :/|-–—")
