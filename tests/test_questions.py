"""Questions: what they ask for, in Standard Arabic and in the dialects."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from strategies import anything

from index.questions import Kind, parse, source_asked, sources_asked


def words(text: str) -> list[str]:
    return [word.form for word in parse(text).words]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("من التقى الوزير في جنيف؟", Kind.WHO),
        ("مع من التقى الوزير؟", Kind.WHO),
        ("على من فاز الفريق؟", Kind.WHO),
        ("متى افتتح المتحف؟", Kind.WHEN),
        ("منذ متى والطريق مغلق؟", Kind.WHEN),
        ("ومتى عاد؟", Kind.WHEN),
        ("أين وقع الحريق؟", Kind.WHERE),
        ("إلى أين توجه الوفد؟", Kind.WHERE),
        ("كم بلغت الكلفة؟", Kind.HOW_MANY),
        ("بكم بيعت اللوحة؟", Kind.HOW_MANY),
        ("لماذا أغلق الميناء؟", Kind.WHY),
        ("كيف نجا الصيادون؟", Kind.HOW),
        ("هل فاز الفريق؟", Kind.YES_NO),
        ("وهل عاد؟", Kind.YES_NO),
        ("ماذا أعلنت الحكومة؟", Kind.WHAT),
        ("في أي عام افتتح المتحف؟", Kind.WHEN),
        ("في أي سنة؟", Kind.WHEN),
        ("بأي مدينة وقع الحادث؟", Kind.WHERE),
        ("ما هي العاصمة الجديدة؟", Kind.WHERE),
        ("ما عدد الضحايا؟", Kind.HOW_MANY),
        ("ما اسم المهاجم؟", Kind.WHO),
        ("ما سبب الإغلاق؟", Kind.WHY),
        ("افتتاح المتحف", Kind.WHAT),
        # dialects
        ("مين افتتح المتحف؟", Kind.WHO),
        ("شكون اللي ربح؟", Kind.WHO),
        ("منو فاز؟", Kind.WHO),
        ("امتى فتحوا المتحف؟", Kind.WHEN),
        ("إمتى فتحوا المتحف؟", Kind.WHEN),
        ("فوقاش سالات الأشغال؟", Kind.WHEN),
        ("شوكت رجع؟", Kind.WHEN),
        ("وين صار الحريق؟", Kind.WHERE),
        ("فين الميناء؟", Kind.WHERE),
        ("المترو اتكلف كام؟", Kind.HOW_MANY),
        ("قديش كلف الجسر؟", Kind.HOW_MANY),
        ("شحال كلف الجسر؟", Kind.HOW_MANY),
        ("ليه قفلوا الميناء؟", Kind.WHY),
        ("ليش سكروا الميناء؟", Kind.WHY),
        ("علاش سدو المرسى؟", Kind.WHY),
        ("ازاي رجعوا؟", Kind.HOW),
        ("شلون رجعوا؟", Kind.HOW),
        ("واش ربح الفريق؟", Kind.YES_NO),
        ("شو صار بالمرفأ؟", Kind.WHAT),
        ("إيش صار؟", Kind.WHAT),
        ("شنو صار؟", Kind.WHAT),
        # with something attached, or of two words
        ("وكم عاد منهم؟", Kind.HOW_MANY),
        ("التذكرة بكام؟", Kind.HOW_MANY),
        ("الشنطة دي لمين؟", Kind.WHO),
        ("لوين رايح الوفد؟", Kind.WHERE),
        ("منين جه الوفد؟", Kind.WHERE),
        ("من وين إجا الوفد؟", Kind.WHERE),
        ("لحد إمتى الطريق مقفول؟", Kind.WHEN),
        ("من إمتى الطريق مقفول؟", Kind.WHEN),
        ("النفق طوله قد ايه؟", Kind.HOW_MANY),
        ("أد إيه كلف النفق؟", Kind.HOW_MANY),
        ("عشان إيه قفلوا السوق؟", Kind.WHY),
        ("بسبب إيه قفلوا السوق؟", Kind.WHY),
        ("شحال من واحد حضر؟", Kind.HOW_MANY),
        ("لمن ذهبت الجائزة؟", Kind.WHO),
        ("أيمتى رجعوا؟", Kind.WHEN),
        ("وقتاش يرجعو؟", Kind.WHEN),
        ("شگد كلف الجسر؟", Kind.HOW_MANY),
        ("شنوة صار في السوق؟", Kind.WHAT),
        ("كم مرة فاز الفريق؟", Kind.HOW_MANY),
        ("كم عمر الحارس؟", Kind.HOW_MANY),
        # at the end, and with the noun that decides
        ("السوق فين؟", Kind.WHERE),
        ("الوزير قابل مين؟", Kind.WHO),
        ("الكتاب اسمه إيه؟", Kind.WHAT),
        ("الوزير اسمه إيه؟", Kind.WHO),
        ("إيه سبب الحريق؟", Kind.WHY),
        ("شو عاصمة بلدهم؟", Kind.WHERE),
        ("الماتش الساعة كام؟", Kind.WHEN),
        ("سنة كام بنوا السد؟", Kind.WHEN),
        ("في أنهي مدينة؟", Kind.WHERE),
        ("في أية مدينة؟", Kind.WHERE),
        ("من أي مدينة جاء الوفد؟", Kind.WHERE),
        ("ما هو اسم الحارس؟", Kind.WHO),
        ("ما اسم السفينة؟", Kind.WHAT),
        ("من هي الدولة التي فازت؟", Kind.WHERE),
        ("ما سعر التذكرة؟", Kind.HOW_MANY),
        ("عدد الغرقى", Kind.HOW_MANY),
        ("أسباب إغلاق السوق", Kind.WHY),
        # «من» who, and «من» from
        ("الوفد مع من التقى؟", Kind.WHO),
        ("الوفد التقى بمن؟", Kind.WHO),
        ("نهائي الكأس: من فاز؟", Kind.WHO),
        ("من الميناء إلى أين توجهت السفينة؟", Kind.WHERE),
        ("من كم سنة بنوه؟", Kind.HOW_MANY),
        # yes or no
        ("حضر الوزير ولا لا؟", Kind.YES_NO),
        ("في حدا انجرح؟", Kind.YES_NO),
        ("هل تعرف متى يفتح السوق؟", Kind.WHEN),
        ("هل عاد كما كان متى شاء؟", Kind.YES_NO),
        ("ما حضر الوزير ليش؟", Kind.WHY),
        # as keyboards and pages write them
        ("مَتَى فُتِحَ السوق؟", Kind.WHEN),
        ("متـــى فتح السوق؟", Kind.WHEN),
        ("\u200fمتى\u200f فتح السوق؟", Kind.WHEN),
        ("إِمتى فتحوا السوق؟", Kind.WHEN),
        ("ﻛﻢ ﺑﻠﻎ ﺍﻟﺴﻌﺮ؟", Kind.HOW_MANY),
        ("بكام الـ iPhone في Dubai؟", Kind.HOW_MANY),
    ],
)
def test_what_a_question_asks_for(text: str, kind: Kind) -> None:
    """The cue word decides, in any dialect; after «أي» and «ما» the noun does."""
    assert parse(text).kind is kind


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("مين افتتح المتحف؟", "من افتتح المتحف؟"),
        ("امتى فتحوا المتحف؟", "متى فتحوا المتحف؟"),
        ("وين صار الحريق؟", "أين حدث الحريق؟"),
        ("المترو اتكلف كام؟", "المترو تكلف كم؟"),
        ("ليش سكروا الميناء؟", "لماذا أغلقوا الميناء؟"),
        ("شو قال اللي فاز؟", "ماذا قال الذي فاز؟"),
        ("متى افتتح المتحف؟", "متى افتتح المتحف؟"),
        ("  متى \n افتتح؟ ", "متى افتتح؟"),
        ("لمين الشنطة؟", "لمن الحقيبة؟"),
        ("لوين سافر؟", "إلى أين سافر؟"),
        ("من وين سافر؟", "من أين سافر؟"),
        ("بإيه سافر؟", "بماذا سافر؟"),
        ("قد إيه كلف السد؟", "كم كلف السد؟"),
        ("شحال من واحد سافر؟", "كم شخصا سافر؟"),
        ("لحد امتى السوق مقفول؟", "حتى متى السوق مغلق؟"),
        ("في أنهي سنة سافر؟", "في أي سنة سافر؟"),
        ("شو هو القرار؟", "ما هو القرار؟"),
        ("بكم بيعت اللوحة؟", "بكم بيعت اللوحة؟"),
        # drawn out, vowelled throughout; what costs how much
        ("مييين فااااز؟", "من فاز؟"),
        ("متى فـــاز؟", "متى فاز؟"),
        ("مَتَى وَقَعَ الحَرِيقُ؟", "متى وقع الحريق؟"),
        ("متى كان عضوًا؟", "متى كان عضوًا؟"),
        ("بكام الدولار؟", "كم سعر الدولار؟"),
        ("بكام كيلو الطماطم؟", "كم سعر كيلو الطماطم؟"),
        ("بكم فاز الهلال؟", "بكم فاز الهلال؟"),
    ],
)
def test_the_model_reads_standard_arabic(text: str, wording: str) -> None:
    """Question words of a dialect and what is said with them; the rest stays as it was written."""
    assert parse(text).wording == wording


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("من هو الوزير الذي افتتح المتحف؟", ["الوزير", "افتتح", "المتحف"]),
        ("هل كان في الميناء؟", ["الميناء"]),
        ("طيب لو سمحت وين الميناء", ["الميناء"]),
        ("في أي عام افتتح؟", ["عام", "افتتح"]),
        ("من هو؟", ["من", "هو"]),
        ("متى؟", ["متي"]),
        ("👍🏽؟!", []),
        ("", []),
    ],
)
def test_words_to_look_for(text: str, expected: list[str]) -> None:
    """What only says "this is a question" is left out, unless nothing else was said."""
    assert words(text) == expected


def test_a_preposition_is_not_who() -> None:
    """«من» inside a question is nearly always "from"."""
    assert parse("وصلت السفينة من الهند؟").kind is Kind.WHAT


@pytest.mark.parametrize("text", ["ماذا قال الوزير؟", "ماذا حدث يوم الجمعة؟", "شو صار اليوم؟"])
def test_what_happened_asks_what(text: str) -> None:
    """The noun that «ماذا» is followed by is no kind of answer."""
    assert parse(text).kind is Kind.WHAT


def test_from_where_asks_where() -> None:
    """«من أين» is the commonest way to ask where from."""
    assert parse("من أين جاءت السفينة؟").kind is Kind.WHERE


def test_people_are_no_question_word() -> None:
    """«أهل القرية» is what is asked about."""
    asked = parse("ماذا قال أهل القرية؟")
    assert asked.kind is Kind.WHAT
    assert asked.wording == asked.text
    assert "اهل" in words(asked.text)


def test_a_verse_is_no_question_word() -> None:
    """«آية» with its madda is a name or a verse."""
    asked = parse("من هي آية منصور؟")
    assert asked.wording == asked.text
    assert "ايه" in words(asked.text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("من هو علي الشامي؟", True),
        ("متى ولد علي؟", True),
        ("أين يعمل علي بن صالح؟", True),
        ("ماذا قال الدكتور علي عن اللقاح؟", True),
        ("من ضرب علي محمود؟", True),
        ("من هو عَلِيّ الشامي؟", True),
        ("مين فاز علي الأهلي؟", False),
        ("متى وافق البرلمان علي القانون؟", False),
        ("علي مين فاز الفريق؟", False),
        ("من فاز على الأهلي؟", False),
        ("مَن فاز عَلَى الأهلي؟", False),
        ("الوزير رد على؟", False),
    ],
)
def test_ali_is_a_name_where_no_preposition_stands(text: str, kept: bool) -> None:
    """Egypt writes «على» with a dotted ي: the letter alone does not make the name."""
    assert ("علي" in words(text)) is kept


def test_words_that_only_look_like_fillers() -> None:
    """Cannes is «كان»."""
    assert "كان" in words("متى افتتح مهرجان كان؟")
    assert "كان" not in words("متى كان اللقاء؟")


KNOWN = ("سانا | SANA", "الجزيرة نت", "عنب بلدي", "رويترز", "صحيفة العرب", "وكالة الأنباء (واس)")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("ماذا قالت سانا عن السوق؟", "سانا | SANA"),
        ("ماذا نشرت SANA عن السوق؟", "سانا | SANA"),
        ("ماذا نشرت عنه رويترز؟", "رويترز"),
        ("شو حكت الجزيرة عن السوق؟", "الجزيرة نت"),
        ("رويترز قالت إيه عن السوق؟", "رويترز"),
        ("بحسب رُويتَرز، كم السعر؟", "رويترز"),
        ("كم السعر وفقا لرويترز؟", "رويترز"),
        ("كم السعر وفق وكالة رويترز؟", "رويترز"),
        ("كم السعر نقلا عن سانا؟", "سانا | SANA"),
        ("ماذا نُشر على موقع عنب بلدي؟", "عنب بلدي"),
        ("ماذا كتبت عنب بلدي اليوم؟", "عنب بلدي"),
        ("وفقا للجزيرة كم السعر؟", "الجزيرة نت"),
        ("ماذا قالت واس؟", "وكالة الأنباء (واس)"),
        ("ماذا قالت العرب عن السوق؟", "صحيفة العرب"),
        ("ماذا قال العرب عن السوق؟", None),
        ("ماذا قالت الجزيرة العربية عن السوق؟", None),
        ("كم مساحة شبه الجزيرة العربية؟", None),
        ("ماذا يحدث في الجزيرة؟", None),
        ("متى تأسست رويترز؟", None),
        ("ماذا قال الوزير لرويترز؟", None),
        ("من أكل عنب بلدي؟", None),
        ("ماذا قالت الحكومة عن السوق؟", None),
    ],
)
def test_a_source_is_asked_for_where_it_speaks(text: str, source: str | None) -> None:
    """A source's name is mostly the topic; it is given back as the archive has it."""
    assert source_asked(text, KNOWN) == source


def test_one_of_two_sources_is_not_guessed() -> None:
    """The whole name wins over a part; where two fit as well, neither is meant."""
    assert source_asked("ماذا قالت الجزيرة نت؟", ["قناة الجزيرة", "الجزيرة نت"]) == "الجزيرة نت"
    assert source_asked("ماذا قالت الجزيرة؟", ["قناة الجزيرة", "الجزيرة نت"]) is None
    assert source_asked("ماذا قالت الجزيرة؟", []) is None
    assert source_asked("", ["", "|"]) is None


def test_every_source_that_a_name_fits_counts() -> None:
    """A search has no reason to prefer one; more words of a name fit better than fewer."""
    known = ["السند", "وكالة السند للأنباء", "رويترز"]
    assert sources_asked("بحسب السند كم بلغ عدد ركاب المترو؟", known) == tuple(known[:2])
    assert source_asked("بحسب السند كم بلغ عدد ركاب المترو؟", known) == "السند"
    assert sources_asked("ماذا قالت الجزيرة نت؟", ["قناة الجزيرة", "الجزيرة نت"]) == ("الجزيرة نت",)
    assert sources_asked("متى تأسست رويترز؟", known) == ()


def test_a_question_is_kept_as_it_was_asked() -> None:
    """However it is drawn out: it is what the answer is told to be to."""
    asked = parse("مييين  فااااز؟")
    assert (asked.asked, asked.text) == ("مييين فااااز؟", "مين فاز؟")


@given(anything)
@example("ااا")
@settings(max_examples=300)
def test_any_text_is_a_question(text: str) -> None:
    """Parsing never fails, the words are those of the question, and its text is kept."""
    asked = parse(text)
    assert asked.asked == " ".join(text.split())
    for word in asked.words:
        assert 0 <= word.start < word.end <= len(asked.text)
    assert parse(asked.text) == replace(asked, asked=asked.text)  # no longer drawn out
    assert asked.wording or not asked.words
    assert source_asked(text, KNOWN) in (None, *KNOWN)
    assert source_asked("ماذا قالت سانا؟", [text, "سانا"]) in ("سانا", text, None)
