"""Arabic text: what is one word however it is written, and where sentences end."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import example, given, settings
from strategies import anything, articles, texts, words

from index.arabic import clauses, normalise, sentences, stem, tokens


def forms(text: str) -> list[str]:
    return [token.form for token in tokens(text)]


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


# --- normal forms -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    [
        "أحمد احمد إحمد ٱحمد أَحْمَد أحمـــد",
        "مدرسة مدرسه مَدْرَسَةٌ مدرسـة",
        "على علي علی علے",
        "كِتَابٌ كتاب كتـاب کتاب كتا\u200dب \u200fكتاب\u200e",
        "ﻣﺤﻤﺪ محمد مُحَمَّد محمّد",
        "ﷲ الله اللّه",
        "ﻻعب لاعب",
        "١٢٣ 123 ۱۲۳",
        "مسؤول مسوول",
        "رئيس رييس",
        "آخر اخر أخر ا\u0653خر",
        "پاریس باريس",
        "ڤيينا فيينا",
        "یمن يمن",
        "Café CAFÉ Cafe\u0301",
    ],
)
def test_spellings_of_one_word_have_one_form(spellings: str) -> None:
    """Vowels, tatweel, hamza seats, letter variants and kinds of digits do not count."""
    assert len({normalise(word) for word in spellings.split(" ")}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("كتاب", "كتب"), ("محمد", "محمود"), ("12", "13"), ("شمس", "سمس")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    """Folding goes no further than spelling."""
    assert normalise(one) != normalise(other)


@given(anything)
@settings(max_examples=400)
@example("ﷺ ½ع \u0675")
@example("\u0627\u200d\u0653")
@example("İßẞǅ")
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    """A form is its own form."""
    # a mark that joins its letter only after folding is the next test's
    once = normalise(re.sub("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]", "", text))
    assert normalise(once) == once


@pytest.mark.parametrize("text", ["J\u030c", "e\u200d\u0301", "e\u0640\u0301", "W\u030a"])
def test_an_accent_joins_its_letter_the_first_time(text: str) -> None:
    """The letter with its accent is one character at once, not when normalised again."""
    assert normalise(normalise(text)) == normalise(text)


@given(texts)
def test_a_normal_form_has_no_mark_and_one_kind_of_alef_and_digit(text: str) -> None:
    """What is folded is gone."""
    assert not set(normalise(text)) & set("\u064b\u064e\u0651ـ\u200f\u202bأإآىة٣۳یک")


# --- tokens -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل الرئيس إلى موسكو.", ["وصل", "الرييس", "الي", "موسكو"]),
        ("بـ11 كم2", ["ب", "11", "كم", "2"]),
        ("«كِتَابٌ» (جديد)", ["كتاب", "جديد"]),
        ("١٢٫٥ مليون", ["12", "5", "مليون"]),
        ("COVID-19 وباء", ["covid", "19", "وباء"]),
        ("حزب_الله #وسم @حساب", ["حزب", "الله", "وسم", "حساب"]),
        ("كتاب، قلم؛ ورقة؟", ["كتاب", "قلم", "ورقه"]),
        ("ممتاز 👍🏽😀!", ["ممتاز"]),
        ("ـــ \u064e \u200f", []),
        ("", []),
        ("😀", []),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    """Letters and digits make words; punctuation, marks and emoji do not."""
    assert forms(text) == expected


@given(anything)
@settings(max_examples=300)
@example("ﷺ صلى")
def test_tokens_point_into_the_text(text: str) -> None:
    """Each is where its form comes from; they are in order and do not overlap."""
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert normalise(text[token.start : token.end]) == token.form
        assert token.form
        assert token.stem
        end = token.end


@given(texts)
def test_a_token_alone_is_the_same_token(text: str) -> None:
    """A word is analysed apart from its surroundings, so that a question finds it."""
    for token in tokens(text):
        (again,) = tokens(text[token.start : token.end])
        assert (again.form, again.stem) == (token.form, token.stem)


def test_ornate_brackets_are_no_letters() -> None:
    """The words of a verse are found without its brackets."""
    assert forms("﴿آية كريمة﴾") == ["ايه", "كريمه"]


@pytest.mark.parametrize("vowel", ["\ufe70", "\ufe76", "\ufc5e"])
def test_a_vowel_in_presentation_form_is_no_word(vowel: str) -> None:
    """Marks alone are no word, in whatever encoding."""
    assert forms(f"كتاب {vowel} جديد") == ["كتاب", "جديد"]


# --- stems --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kin",
    [
        "كتاب الكتاب والكتاب بالكتاب للكتاب",
        "وزير الوزير والوزير",
        "موسكو بموسكو وموسكو الموسكو",
        "سفينة السفينة والسفينة",
        "انتخابات الانتخابات بالانتخابات وبالانتخابات",
    ],
)
def test_words_with_articles_and_particles_share_a_stem(kin: str) -> None:
    """What is attached to a noun comes off."""
    assert len({stem(normalise(word)) for word in kin.split()}) == 1


@given(words)
def test_no_word_is_stemmed_to_nothing(word: str) -> None:
    """Every word can be looked up."""
    assert stem(normalise(word))


def test_latin_words_and_numbers_are_their_own_stems() -> None:
    """The stemmer is for Arabic."""
    assert [stem(form) for form in ("running", "2023")] == ["running", "2023"]


# --- sentences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل أمس. ثم عاد.", ["وصل أمس.", "ثم عاد."]),
        ("استمر ساعات.ووفق البيان", ["استمر ساعات.", "ووفق البيان"]),
        ("انتهى كِتَابٌ.ثم بدأ", ["انتهى كِتَابٌ.", "ثم بدأ"]),
        ("هل وصل؟ نعم! ربما… لا.", ["هل وصل؟", "نعم!", "ربما…", "لا."]),
        ("ماذا؟! لا شيء", ["ماذا؟!", "لا شيء"]),
        ("وصل... ثم عاد", ["وصل...", "ثم عاد"]),
        ("قال: «انتهينا.» ثم مضى", ["قال: «انتهينا.»", "ثم مضى"]),
        ("قال: «هل انتهينا؟» ثم مضى", ["قال: «هل انتهينا؟»", "ثم مضى"]),
        ('قال "نعم". ثم عاد', ['قال "نعم".', "ثم عاد"]),
        ("عاد (مساء أمس). ثم نام", ["عاد (مساء أمس).", "ثم نام"]),
        ("عاد (مساء أمس.) ثم نام", ["عاد (مساء أمس.)", "ثم نام"]),
        ("بلغت 5%. ثم هبطت", ["بلغت 5%.", "ثم هبطت"]),
        ("في عام 2023. ثم", ["في عام 2023.", "ثم"]),
        ("المادة 3.وقال", ["المادة 3.", "وقال"]),
        ("سطر أول\nسطر ثان\n\nثالث", ["سطر أول", "سطر ثان", "ثالث"]),
        ("  فراغ حولها .  ", ["فراغ حولها ."]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    """After a stop with what closes it, even without a space, and at every new line."""
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "وصل د. محمد اليوم",
        "قال أ.د. محمد",
        "بلغ 3.5 مليون",
        "بلغ ١٢٫٥ و 1,000.50 ريال",
        "يوم 12.5.2023 وصل",
        "صحيفة U.S. News قالت",
        "ص. ب. 123",
        "موقع example.org الجديد",
        "قال: نعم؛ ثم مضى، وعاد - مسرعًا",
    ],
)
def test_where_sentences_do_not_end(text: str) -> None:
    """A stop in a number, an abbreviation or an address ends nothing."""
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«انتهى عام 2023.» ثم قال", ["«انتهى عام 2023.»", "ثم قال"]),
        ("قال: «هذا (نص).» ثم مضى", ["قال: «هذا (نص).»", "ثم مضى"]),
        ("(بلغت 5%.) ثم هبطت", ["(بلغت 5%.)", "ثم هبطت"]),
    ],
)
def test_what_closes_a_sentence_stays_with_it_after_digits(text: str, expected: list[str]) -> None:
    """No quote begins with the last one's closing mark."""
    assert cut(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "...", "\n\n", "— — —", "؟!", "😀 😀", "\u200f\u064e"])
def test_no_words_no_sentences(text: str) -> None:
    """Stretches without a letter or digit belong to no sentence."""
    assert cut(text) == []


@given(anything | articles())
@settings(max_examples=300)
def test_sentences_hold_every_word_once(text: str) -> None:
    """In order, without overlap, without space around them, and nothing that is said is lost."""
    spans = sentences(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    letters = [i for i, char in enumerate(text) if char.isalnum()]
    inside = [i for start, stop in spans for i in range(start, stop) if text[i].isalnum()]
    assert inside == letters


@given(articles())
def test_no_sentence_ends_inside_a_word(text: str) -> None:
    """The words of the sentences are the words of the text."""
    assert [form for span in cut(text) for form in forms(span)] == forms(text)


# --- clauses ------------------------------------------------------------------------------------


@given(articles())
@settings(max_examples=200)
def test_clauses_are_short_and_hold_everything(text: str) -> None:
    """Pieces of at most the limit, trimmed, that lose nothing but the space between them."""
    for start, end in sentences(text):
        pieces = clauses(text, start, end, limit=100)
        assert pieces[0][0] == start
        assert pieces[-1][1] == end
        for first, last in pieces:
            assert 0 < last - first <= 100
            assert text[first:last] == text[first:last].strip()
        for (_, before), (after, _) in itertools.pairwise(pieces):
            assert text[before:after].strip() == ""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("كلمة " * 12 + "نهاية؛ " + "كلمة، " * 12, "نهاية؛"),
        ("كلمة " * 12 + "نهاية، " + "كلمة " * 12, "نهاية،"),
        ("كلمة " * 24, "كلمة"),
        ("كلمة " * 12 + "نهاية - " + "كلمة " * 12, "-"),
    ],
)
def test_a_long_sentence_is_cut_at_its_strongest_mark(text: str, first: str) -> None:
    """A semicolon before a comma, a comma before a space."""
    text = text.strip()
    (start, end), *_ = clauses(text, 0, len(text), limit=100)
    assert text[start:end].endswith(first)


def test_a_word_without_end_is_cut_all_the_same() -> None:
    """No quote is longer than the limit, whatever the text."""
    assert [end - start for start, end in clauses("ب" * 350, 0, 350, limit=100)] == [87, 88, 87, 88]
