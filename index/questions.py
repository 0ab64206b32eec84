"""What a question asks for: its kind, its words, its wording in Standard Arabic. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from index import dialects
from index.arabic import Token, normalise, tokens
from index.asking import Asker, Kind, askers, is_quoted, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["Kind", "Question", "parse", "source_asked", "sources_asked"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready for search: as it was `asked`, and its `text` with nothing drawn out.

    `wording` is what the embedding model reads: words of a dialect put in Standard Arabic, and
    nothing drawn out or vowelled. A question in no dialect is its own wording. `words` are the
    words to look for: those that only say "this is a question" are left out. `synonyms` has, by the
    form of such a word, the normal forms that stand for it in Standard Arabic.
    """

    asked: str
    text: str
    wording: str
    kind: Kind
    words: tuple[Token, ...]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


# Fillers that stand for nothing an article says.
_FILLERS: Final = frozenset(
    normalise(
        "ما ماذا ماهو ماهي ماهم هو هي هم هما هن أي ايا من منذ هل كان كانت يكون تكون تم "
        "بماذا لماذا عماذا فيما بما مما عن في على إلى مع ب ل و ف يعني طيب لو سمحت ممكن "
        "الذي التي الذين اللي الي يلي ده دي دا هاد هادا هاي هاذا كده هيك عشان علشان مشان باش "
        "ان قد لقد ثم أو ذلك تلك هذا هذه هؤلاء عنه عنها فيه فيها به بها له لها"
    ).split()
)
# What a person's name stands after or before, which «على», often typed «علي», does not.
_BEFORE_NAME: Final = frozenset(
    normalise(
        "هو هي ولد توفي مات قتل قال صرح أعلن عين انتخب استقال سافر وصل زار غادر ترشح كتب ألف أسس "
        "اعتقل أصيب اسمه يدعى يعمل يلعب تزوج الرئيس رئيس الوزير وزير الشيخ السيد الدكتور اللاعب "
        "المدرب الكاتب الشاعر الفنان الإمام الملك الأمير محمد أحمد حسن حسين بن ابن أبو مين منو"
    ).split()
)
_IN_NAME: Final = frozenset(normalise("بن ابن أبو عبد حسن حسين محمد أحمد محمود صالح").split())


# «مييين», «فااااز»: no Arabic word has a long vowel thrice in a row, nor any letter four times.
_DRAWN: Final = re.compile(r"([اويى])\1{2,}|([ء-غف-ي])\2{3,}")
_STRETCHED: Final = re.compile("\u0640{2,}")
_VOWEL: Final = re.compile("[\u064b-\u0652\u0670]")
_VOWELLED: Final = 4  # letters to a vowel sign, in a text that is vowelled throughout


def parse(text: str) -> Question:
    """Return what `text` asks. Any text is a question; one without a known cue asks "what"."""
    written = " ".join(text.encode("utf-8", "replace").decode().split())  # no lone surrogates
    text = _DRAWN.sub(r"\1\2", written)
    found = tokens(text)
    asked = askers(text, found)
    taken = {position for one in asked for position in range(one.first, one.last)}
    what = {one.last - 1 for one in asked if one.kind is Kind.WHAT}
    count = {one.last - 1 for one in asked if one.kind is Kind.HOW_MANY}
    place = {one.last - 1 for one in asked if one.kind in (Kind.WHERE, Kind.WHEN)}
    kept = taken | {at for at, word in enumerate(found) if is_quoted(text, word)}
    changes = dialects.changes(text, found, kept, what, count, place)
    if not any(change.sure for change in changes) and not any(one.standard for one in asked):
        changes = []
    silent = taken | {at for c in changes if not c.kin for at in range(c.first, c.last)}
    words = tuple(
        word
        for at, word in enumerate(found)
        if at not in silent and (word.form not in _FILLERS or _is_name(text, found, at))
    )
    return Question(
        asked=written,
        text=text,
        wording=_unmarked(_reword(text, found, asked, changes) or text),
        kind=kind_of(text, found, asked),
        words=words or tuple(found),
        synonyms=_synonyms(found, changes),
    )


def _unmarked(text: str) -> str:
    """`text` without tatweel that draws it out and, where it is vowelled throughout, the vowels.

    The model has read few such texts; a «ً» here and there it knows well.
    """
    text = _STRETCHED.sub("", text)
    vowels = len(_VOWEL.findall(text))
    return _VOWEL.sub("", text) if _VOWELLED * vowels > sum(map(str.isalpha, text)) else text


def _synonyms(
    found: Sequence[Token], changes: Iterable[dialects.Change]
) -> dict[str, tuple[str, ...]]:
    return {
        word.form: tuple(form for form in change.kin if form != word.form)
        for change in changes
        for word in found[change.first : change.last]
        if word.form not in _FILLERS and set(change.kin) - {word.form}
    }


def _reword(
    text: str, found: Sequence[Token], asked: Iterable[Asker], changes: Iterable[dialects.Change]
) -> str:
    standard = {one.first: (one.last, one.standard) for one in asked}
    standard |= {change.first: (change.last, change.standard) for change in changes}
    pieces = []
    end = 0
    for first, (last, written) in sorted(standard.items()):
        if written is not None:
            pieces += [text[end : found[first].start], written]
            end = found[last - 1].end
    return " ".join("".join([*pieces, text[end:]]).split()) if pieces else text


def _is_name(text: str, found: Sequence[Token], at: int) -> bool:
    """Whether a word only looks like a filler: «علي» who was born, «كان» of the festival.

    Egypt writes «على» so too, which is why «علي» counts as the name only at the end, where no
    preposition stands, or where a name does: after a title or what people do, or before «بن».
    """
    word = found[at]
    before = found[at - 1].form if at else ""
    after = found[at + 1].form if at + 1 < len(found) else ""
    if word.form == "علي":
        named = not after or after in _IN_NAME or before in _BEFORE_NAME
        return named and "ى" not in text[word.start : word.end]
    return word.form == "كان" and before in ("مهرجان", "مدينه")


# --- the source ---------------------------------------------------------------------------------

_SAYING: Final = frozenset(
    normalise(
        "قال قالت قالوا يقول تقول ذكر ذكرت يذكر تذكر أفاد أفادت تفيد نشر نشرت ينشر تنشر كتب كتبت "
        "تكتب أورد أوردت نقل نقلت تنقل أعلن أعلنت أكد أكدت تؤكد كشف كشفت أوضح أوضحت بث بثت روى روت "
        "حكى حكت حكوا بتقول بيقول بتحكي بيحكي وصف وصفت غطى غطت تحدث تحدثت كتبوا نشروا"
    ).split()
)
_ACCORDING: Final = frozenset("بحسب حسب وفق وفقا طبقا نقلا استنادا".split())
OUTLETS: Final = frozenset(
    normalise(
        "موقع صحيفة جريدة قناة وكالة شبكة مجلة إذاعة راديو تلفزيون منصة الأنباء للأنباء أنباء نت "
        "أونلاين الإخبارية الإخباري net com org www tv online news"
    ).split()
)
"""What a source may call itself beside its name."""
_FROM: Final = frozenset("في علي عبر من عن ب الي ع".split())
_MIDST: Final = frozenset("عنه عنها فيه فيها لنا ايه شو ماذا ايش شنو وش".split())
_AFTER_SOURCE: Final = frozenset(
    normalise("اليوم أمس الأسبوع الشهر العام السنة الآن الخميس الجمعة السبت الأحد الاثنين").split()
)


def sources_asked(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the sources, as `known` has them, whose words a question asks for.

    All that the longest name fits: «بحسب سانا» asks «سانا» and «وكالة سانا للأنباء» alike, «ماذا
    قالت الجزيرة نت» no other «الجزيرة». A source speaks after a verb of saying («ماذا قالت سانا»),
    after «بحسب», «وفق», «نقلا عن», or as an outlet («على موقع …»); its name elsewhere is the topic.
    A known source may have several names (`سانا | SANA`), and words for its sort («نت», «وكالة»)
    may be left out.
    """
    fits = _fits(text, known)
    longest = max((length for length, _ in fits.values()), default=0)
    return tuple(source for source, (length, _) in fits.items() if length == longest)


def source_asked(text: str, known: Iterable[str]) -> str | None:
    """Return the one of `sources_asked` that fits best; None where none does, or two alike.

    One that is named whole fits better than one whose sort («وكالة») is left out.
    """
    fits = _fits(text, known)
    best = [source for source, fit in fits.items() if fit == max(fits.values())]
    return best[0] if len(best) == 1 else None


def _fits(text: str, known: Iterable[str]) -> dict[str, tuple[int, bool]]:
    """By source, how many words of its name speak in a question, and whether that is all of it."""
    forms = [word.form for word in tokens(text)]
    fits: dict[str, tuple[int, bool]] = {}
    for source in known:
        for name, whole in _names(source):
            if any(_speaks(forms, at, name, whole=whole) for at in range(len(forms))):
                fits[source] = max(fits.get(source, (0, False)), (len(name), whole))
    return fits


def _names(source: str) -> Iterator[tuple[list[str], bool]]:
    """The names of a source, each whole and without the words for its sort."""
    for one in re.split(r"[|/()،,–—]| - ", source):
        name = [word.form for word in tokens(one)]
        core = [form for form in name if form not in OUTLETS]
        if name:
            yield name, True
        if core and core != name:
            yield core, False


def _speaks(forms: Sequence[str], at: int, name: Sequence[str], *, whole: bool) -> bool:
    first = {forms[at], forms[at].removeprefix("ل"), re.sub("^لل", "ال", forms[at])}
    end = at + len(name)
    if name[0] not in first or list(forms[at + 1 : end]) != list(name[1:]):
        return False
    after = list(forms[end : end + 2])
    if after and after[0].startswith("ال") and after[0] not in _AFTER_SOURCE | OUTLETS:
        return False  # «الجزيرة العربية» is no broadcaster
    lead = at
    while lead and _outlet(forms[lead - 1]):
        lead -= 1
    before = list(forms[max(0, lead - 2) : lead])
    if before and before[-1] in _SAYING | _ACCORDING:
        # «قالت العرب» may be the paper, «قال العرب» are the Arabs
        feminine = before[-1].endswith("ت") or before[-1].startswith(("ت", "بت"))
        return whole or feminine or before[-1] in _ACCORDING or lead < at
    if len(before) == 2 and before[-1] in _MIDST | {"عن", "الي"}:
        told = _ACCORDING if before[-1] in _FROM else _SAYING
        if before[-2] in told:
            return True
    if lead < at:
        return forms[lead] not in OUTLETS or (bool(before) and before[-1] in _FROM)
    opens = at == 0 and bool(after)
    return opens and (after[0] in _SAYING or (after[0] in _MIDST and after[-1] in _SAYING))


def _outlet(form: str) -> bool:
    return form in OUTLETS or (form[0] in "بلو" and form[1:] in OUTLETS)
