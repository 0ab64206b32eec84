"""Dialect questions put in Standard Arabic, and Standard ones left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import anything

from index import dialects
from index.arabic import normalise, tokens
from index.dialectnouns import NOUNS
from index.dialectverbs import PAST, PRESENT, SAME
from index.dialectwords import PHRASES
from index.questions import parse

QA = Path(__file__).parents[2] / "shared" / "data" / "qa"


def wording(text: str) -> str:
    return parse(text).wording


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        # Egypt
        ("مين اللي قابله الوزير امبارح؟", "من الذي التقاه الوزير أمس؟"),
        ("إيه اللي حصل في السوق النهارده؟", "ما الذي حصل في السوق اليوم؟"),
        ("هيفتحوا السوق إمتى؟", "سيفتحون السوق متى؟"),
        ("هي الشركة هترفع السعر ليه؟", "الشركة سترفع السعر لماذا؟"),
        ("ليه الحارس ساب الفريق؟", "لماذا الحارس ترك الفريق؟"),
        ("اتقتل كام واحد في السوق؟", "قتل كم شخصا في السوق؟"),
        ("الماتش اتأجل ليه؟", "المباراة تأجل لماذا؟"),
        ("المعرض اتعمل فين السنة دي؟", "المعرض أقيم أين هذا العام؟"),
        ("السوق مبيشتغلش ليه؟", "السوق لا يعمل لماذا؟"),
        ("الوزير ماحضرش ليه؟", "الوزير ما حضر لماذا؟"),
        ("السوق مش هيفتح ليه؟", "السوق لن يفتح لماذا؟"),
        ("مفيش كهربا ليه؟", "لا يوجد كهرباء لماذا؟"),
        ("الملك اتولد فين؟", "الملك ولد أين؟"),
        ("ليه القرار ده؟", "لماذا القرار هذا؟"),
        ("الوزير جه إمتى؟", "الوزير جاء متى؟"),
        ("مين صاحب العربية اللي اتسرقت؟", "من صاحب العربية التي سرقت؟"),
        # the Levant
        ("شو عمل الوزير مبارح؟", "ماذا فعل الوزير أمس؟"),
        ("شو صار بالسوق؟", "ماذا حدث بالسوق؟"),
        ("شو رح يصير بكرا؟", "ماذا سوف يحدث غدا؟"),
        ("لوين راح الوفد؟", "إلى أين ذهب الوفد؟"),
        ("إيمتى إجا الوفد هالسنة؟", "متى جاء الوفد هذا العام؟"),
        ("مين بلش الحكي عن هالزيارة؟", "من بدأ الكلام عن هذه الزيارة؟"),
        ("وين الوزير هلأ؟", "أين الوزير الآن؟"),
        ("قديش دفعوا مصاري؟", "كم دفعوا أموال؟"),
        ("مين انسرق بيته؟", "من سرق بيته؟"),
        ("مين عم يشتغل بالسوق؟", "من يعمل بالسوق؟"),
        ("مين مات الشهر اللي فات؟", "من توفي الشهر الماضي؟"),
        # the Gulf and Iraq
        ("وش سوى المنتخب؟", "ماذا فعل المنتخب؟"),
        ("منو اللي يبي السوق؟", "من الذي يريد السوق؟"),
        ("متى بيرجعون العيال؟", "متى يعودون الأطفال؟"),
        ("شلون طاح الجسر؟", "كيف سقط الجسر؟"),
        ("شكو بالسوق؟", "ماذا يوجد بالسوق؟"),
        ("ليش ماكو ماي هسه؟", "لماذا لا يوجد ماء الآن؟"),
        # the Maghreb
        ("شحال غادي يخسر السوق؟", "كم سوف يخسر السوق؟"),
        ("فين كيلعب الفريق؟", "أين يلعب الفريق؟"),
        ("علاش السوق ديال الحوت ما كملاتش؟", "لماذا سوق الحوت ما كملت؟"),
        ("واش كاين بزاف ديال السلعة؟", "هل يوجد كثير السلعة؟"),
        ("شكون خدا الكارطة البارح؟", "من أخذ البطاقة أمس؟"),
        ("وقتاش باش تخدم الحافلة متاع المدرسة؟", "متى سوف تخدم حافلة المدرسة؟"),
        ("علاش ما جاوش الضيوف؟", "لماذا ما جاءوا الضيوف؟"),
    ],
)
def test_a_dialect_is_put_in_standard_arabic(text: str, standard: str) -> None:
    """Word by word; the order stays, and words that say the same in both."""
    assert wording(text) == standard


@pytest.mark.parametrize(
    "text",
    [
        "مِينْ شَافْ المَاتْشْ؟",
        "ميـــن شـــاف المـــاتش؟",
        "\u200fمين\u200f شاف\u202b الماتش؟",
        "ﻣﻴﻦ ﺷﺎﻑ ﺍﻟﻤﺎﺗﺶ؟",
    ],
)
def test_however_it_is_typed(text: str) -> None:
    """Vowels, tatweel, bidi marks and presentation forms hide no word."""
    assert normalise(wording(text)) == normalise("من شاهد المباراة؟")


@pytest.mark.parametrize(
    "name",
    "بيروت حلب هاني كيري هيثم حيدر حيفا بيتزا بيلوسي بيكون هالاند هاليفاكس كيسنجر كينسي غيني هندي "
    "غاندي هتلر بنغلادش بترول كتائب هيئة اتحاد اتفاق انكسر انسحب ديدرو باريس هاشم بيان".split(),
)
def test_a_name_is_no_verb(name: str) -> None:
    """Prefixes come off verbs that are known, not off what begins with the same letters."""
    assert wording(f"مين شاف {name} امبارح؟") == f"من شاهد {name} أمس؟"


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("مين راح ضحيته؟", "من راح ضحيته؟"),
        ("مين راح للسوق؟", "من ذهب للسوق؟"),
        ("ليش راح يسافر الوفد؟", "لماذا سوف يسافر الوفد؟"),
        ("مين فاز بكرة القدم؟", "من فاز بكرة القدم؟"),
        ("مين هيلعب بكرة؟", "من سيلعب غدا؟"),
        ("مين باع سكر؟", "من باع سكر؟"),
        ("ليش سكروا السوق؟", "لماذا أغلقوا السوق؟"),
        ("وين دار الوزير؟", "أين دار الوزير؟"),
        ("شنو دار الوزير؟", "ماذا فعل الوزير؟"),
        ("مين قال ذلك الحين؟", "من قال ذلك الحين؟"),
        ("وين الوزير الحين؟", "أين الوزير الآن؟"),
        ("مين هي هلا منصور؟", "من هي هلا منصور؟"),
        ("شو قال دي ميستورا؟", "ماذا قال دي ميستورا؟"),
        ("مين كتب «بكرا أحلى»؟", "من كتب «بكرا أحلى»؟"),
        ("شو عمل الحكومة؟", "ماذا فعل الحكومة؟"),
        ("وين عمل الوزير؟", "أين عمل الوزير؟"),
        ("وش اشترى بتدخل الحكومة؟", "ماذا اشترى بتدخل الحكومة؟"),
    ],
)
def test_what_stands_around_decides(text: str, standard: str) -> None:
    """Words that are also Standard Arabic are changed only where a dialect's sense is meant."""
    assert wording(text) == standard


def test_grammar_is_not_looked_for() -> None:
    """What a dialect says with a word of its own and Standard Arabic with none is in no article."""
    asked = parse("مين اللي عايز السوق بتاع المدينة دي دلوقتي؟")
    assert [word.form for word in asked.words] == ["السوق", "المدينه", "دلوقتي"]
    assert dict(asked.synonyms) == {"دلوقتي": ("الان", "حاليا")}


def test_a_word_that_stays_may_have_kin() -> None:
    """«دفع» is Standard too: the wording keeps it, the search knows what else is said."""
    asked = parse("قديش دفع الفريق؟")
    assert "دفع" in asked.wording
    assert asked.synonyms["دفع"] == ("سدد",)


def test_synonyms_stand_beside_the_words() -> None:
    """The word stays, and what it is in Standard Arabic is looked for too, in normal form."""
    asked = parse("مين شاف الماتش امبارح؟")
    assert [word.form for word in asked.words] == ["شاف", "الماتش", "امبارح"]
    assert asked.synonyms["شاف"][0] == "شاهد"
    assert asked.synonyms["الماتش"] == ("مباراه",)
    assert asked.synonyms["امبارح"] == ("امس",)
    assert parse("من شاهد المباراة أمس؟").synonyms == {}
    assert set(asked.synonyms) <= {word.form for word in asked.words}


@pytest.mark.parametrize(
    "text",
    [
        "من هو برنارد شو؟",
        "متى ولد جون وين؟",
        "أين تقع قرية كام؟",
        "متى تأسست إيه تي آند تي؟",
        "متى عرضت مسرحية «بيت شو»؟",
        "هل عاش كائن حي على المريخ؟",
        "هل أترشح للرئاسة؟",
    ],
)
def test_a_name_is_no_question_word(text: str) -> None:
    """Beside a Standard question word, or in quotes, what looks like a dialect's is a name."""
    assert parse(text).wording == text


STANDARD = (
    "الوزير الرئيس المدينة زيارة اتفاق ميناء بيروت حلب بيان هيثم حيدر حيفا كيري كتاب هاني هيئة "
    "بنوك بترول اتحاد اتفاقية انفجار انسحب انكسر هالة هندي حيوان راح ضحيتها كائن فوائد وجوه عمل "
    "دار قابل سكر بتدخل كيف عيش مات قفل جيش مفتش وحش ماكرون متاع رجع طلع وقف شال تولد بكرة القدم "
    "حدا بهم"
).split()


@given(
    st.sampled_from("متى أين لماذا هل كم ماذا كيف ما".split()), st.lists(st.sampled_from(STANDARD))
)
@settings(max_examples=300)
def test_a_standard_question_is_its_own_wording(asks: str, rest: list[str]) -> None:
    """Words that a dialect would read otherwise change nothing where no dialect shows."""
    asked = parse(" ".join([asks, *rest]) + "؟")
    assert asked.wording == asked.text
    assert asked.synonyms == {}


@pytest.mark.parametrize("name", ["arcd.json", "mlqa-dev.ar.json"])
def test_what_people_asked_in_standard_arabic_stays(name: str) -> None:
    """Of hundreds of real questions three at most are changed (one of ARCD's is in a dialect)."""
    path = QA / name
    if not path.exists():
        pytest.skip(f"{path} is absent")
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    asked = [parse(qa["question"]) for a in articles for p in a["paragraphs"] for qa in p["qas"]]
    changed = [one for one in asked if one.wording != one.text]
    assert len(changed) <= 3, [one.wording for one in changed]


@given(anything)
@settings(max_examples=200)
def test_any_words_can_be_read(text: str) -> None:
    """Changes lie in the text, one after another."""
    words = tokens(text)
    end = 0
    for change in dialects.changes(text, words, taken=set(), what=set()):
        assert end <= change.first < change.last <= len(words)
        end = change.last


@given(st.lists(st.sampled_from(sorted(SAME | set(PAST) | set(PRESENT) | set(NOUNS))), max_size=6))
def test_every_prefix_can_be_read(stems: list[str]) -> None:
    """Every stem with every mark, person and ending gives a word of Arabic letters."""
    for mark in ("", "ب", "ه", "ح", "ك", "غ", "م", "ات", "ان"):
        for ending in ("", "وا", "ون", "ش", "ها", "وش"):
            text = " ".join(f"{mark}ي{stem}{ending}" for stem in stems)
            assert all(word.form.isalpha() for word in tokens(parse(f"مين {text}").wording))


def test_the_tables_are_in_normal_form() -> None:
    """Words are looked up by their normal form, and so is what stands for them."""
    forms = {form for phrase in PHRASES for form in phrase} | set(NOUNS) | set(PAST)
    kin = {one for entry in [*PHRASES.values(), *NOUNS.values()] for one in entry.kin}
    assert all(normalise(form) == form for form in forms | kin | set(PRESENT) | set(SAME))
    assert not any(entry.kin == (entry.standard,) == phrase for phrase, entry in PHRASES.items())


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        # "what" attached to the verb, and letters for other sounds
        ("شسوت الحكومة بالسد؟", "ماذا فعلت الحكومة بالسد؟"),
        ("شراح يصير بالسد؟", "ماذا سوف يصير بالسد؟"),
        ("شگال المدير؟", "ماذا قال المدير؟"),
        ("ليش گال المدير هالخبر؟", "لماذا قال المدير هذا الخبر؟"),
        ("چم سفينة بالمينا؟", "كم سفينة بالميناء؟"),
        ("غرفة السيطرة مال السد وين؟", "غرفة سيطرة السد أين؟"),
        # "who" attached to the verb
        ("الناس الركبوا السفينة كانوا كم؟", "الناس الذين ركبوا السفينة كانوا كم؟"),
        ("منو اليدفع الغرامة؟", "من الذي يدفع الغرامة؟"),
        # what is attached to nouns
        ("شحال فعمرها السفينة؟", "كم عمرها السفينة؟"),
        ("شكون ربح فالسباق؟", "من ربح في السباق؟"),
        ("علاش وصلات قافلة الكتب فالمدينة؟", "لماذا وصلت قافلة الكتب في المدينة؟"),
        ("ليش سكروا الطريق عالمطار؟", "لماذا أغلقوا الطريق على المطار؟"),
        ("ليش سواقين الباصات زعلانين؟", "لماذا سائقو الحافلات غاضبون؟"),
        # how much, and of what
        ("قديش في سفن بالمرفأ؟", "كم يوجد سفن بالمرفأ؟"),
        ("بشحال قامت القنطرة؟", "بكم كلفت الجسر؟"),
        ("شحال من واحد غرق؟", "كم شخصا غرق؟"),
        ("قداش من الماء ضاع؟", "كم من الماء ضاع؟"),
        ("مين جاب الجون؟", "من سجل الهدف؟"),
        ("مين جاب أول جون؟", "من سجل أول هدف؟"),
        # verbs tied to verbs
        ("ليش ما بدهم يفتحوا السوق؟", "لماذا ما يريدون أن يفتحوا السوق؟"),
        ("شو عملوا عشان يفتحوا السوق؟", "ماذا فعلوا لكي يفتحوا السوق؟"),
        ("وقتاش باش يخدم المصنع؟", "متى سوف يخدم المصنع؟"),
        ("علاش سدو الطريق باش يصلحو الجسر؟", "لماذا أغلقوا الطريق لكي يصلحوا الجسر؟"),
        ("هيغطوا السوق بإيه؟", "سيغطون السوق بماذا؟"),
        ("معندهاش كهربا ليه؟", "ليس عندها كهرباء لماذا؟"),
    ],
)
def test_what_is_attached_and_what_is_tied(text: str, standard: str) -> None:
    """Particles written with their word, and verbs that Standard Arabic ties by «أن»."""
    assert wording(text) == standard


@pytest.mark.parametrize(
    ("text", "standard"),
    [
        ("مين اللي مضى الاتفاق؟", "من الذي وقع الاتفاق؟"),
        ("مين ربح الشهر اللي مضى؟", "من ربح الشهر الماضي؟"),
        ("امتى التقوا الوزراء؟", "متى التقوا الوزراء؟"),
        ("مين لقوا حتفهم؟", "من لقوا حتفهم؟"),
        ("مين لقوا المفتاح؟", "من وجدوا المفتاح؟"),
        ("وين راح يوسف؟", "أين ذهب يوسف؟"),
        ("وين راح يوقف القطار؟", "أين سوف يوقف القطار؟"),
        ("مين عالج الجريح؟", "من عالج الجريح؟"),
        ("مين هو مامادو ديالو؟", "من هو مامادو ديالو؟"),
        ("شحال من ضربات دارو؟", "كم ضربات فعلوا؟"),
        ("شكون بنى المعبد الكبير ديال قرطاج؟", "من بنى المعبد الكبير قرطاج؟"),
        ("وين العربية السعودية؟", "أين العربية السعودية؟"),
    ],
)
def test_what_only_looks_like_a_dialect(text: str, standard: str) -> None:
    """Standard words and names that begin or end as the dialects' do."""
    assert wording(text) == standard
