"""What is Arabic is let in however it is typed and whatever it quotes; what is not is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from strategies import articles

from index.extract import extract_all
from index.extract.language import foreign
from index.model import EmptyError

URDU = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "feeds" / "bbc-urdu.xml"
ARABIC = "قال الوزير في بيان إن الطريق سيفتح غدا أمام الشاحنات من الجهتين، وإن الرسوم على حالها."


@pytest.mark.parametrize(
    "text",
    [
        ARABIC,
        "قَالَ الوَزِيرُ إنَّ الطَّرِيقَ سَيُفْتَحُ غَدًا",
        "ﻗﺎﻝ ﺍﻟﻮﺯﻳﺮ ﺇﻥ ﺍﻟﻄﺮﻳﻖ ﺳﻴﻔﺘﺢ ﻏﺪﺍ",
        "قال وزیر الصحة فی حدیث للصحفیین إن المستشفی الجدید سیکون جاهزا فی نهایة العام",
        "التقى پرويز گيلاني نظيره چنگيز ژاله في أنقرة، وبحث معه پروتوكول التعاون بين البلدين.",
        "شلونچن يا بنات، گال أبو علي چان الجو حار والماي بارد بالنهر",
        "واش كاين شي حد عارف كيفاش نوصل لمحطة الكيران فالمدينة القديمة",
        "غوگل تطلق ميزة جديدة لهواتفها",
        "Nova وZahra تطلقان Focus Plus وNova Beta في السعودية",
        "🔴 عاجل | هزة أرضية خفيفة https://t.me/rand_news/120?single @rand_news",
        "افتتح الكاتب محاضرته ببيت حافظ: «که عشق آسان نمود اول ولی افتاد مشکل‌ها» ثم شرح معناه.",
        f"{ARABIC * 4} The minister said in a statement that the road would open. {'More. ' * 150}",
    ],
)
def test_arabic_is_let_in(text: str) -> None:
    """Tashkeel, presentation forms, Persian keyboards and names, dialect, translations."""
    assert foreign(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "وزیر صحت نے صحافیوں سے بات کرتے ہوئے کہا کہ نیا ہسپتال سال کے آخر تک تیار ہو گا",
            "another",
        ),
        (
            "وزیر بهداشت در گفتگو با خبرنگاران گفت که بیمارستان تازه تا پایان سال آماده می‌شود",
            "another",
        ),
        (
            "وزير بهداشت در گفتگو با خبرنگاران گفت كه بيمارستان تازه تا پايان سال باز مي شود",
            "another",
        ),
        ("سەرۆکی زانکۆ ڕایگەیاند کە خوێندکاران دەتوانن ناویان تۆمار بکەن", "another"),
        ("د روغتیا وزیر وویل چې نوی روغتون به د کال تر پایه پورې جوړ شي", "another"),
        ("The minister said «الوزير» today that the road will be opened tomorrow.", "10 % of"),
        ("Министр сообщил, что дорога откроется завтра.", "0 % of"),
        ("2024 - 1:0", "no words"),
        ("https://news.example/الأخبار", "no words"),
    ],
)
def test_other_languages_are_refused(text: str, reason: str) -> None:
    """Those of the Arabic script too, on an Arabic keyboard as well; the reason says which."""
    assert reason in (foreign(text) or "")


@given(articles())
def test_any_text_is_judged(text: str) -> None:
    """With a reason or without, never an error."""
    assert foreign(text) is None or foreign(text)


def test_the_rule_holds_for_every_format() -> None:
    """A page's text, HTML and JSON; an item that is refused is named by its title."""
    urdu = (
        "وزیر صحت نے صحافیوں سے بات کرتے ہوئے کہا کہ نیا ہسپتال سال کے آخر تک تیار ہو جائے گا۔\n"
        * 3
    )
    english = "<html><body>" + "<p>The road will be opened tomorrow, said the minister.</p>" * 9
    items = [{"title": "سڑک", "text": urdu}, {"title": "الطريق", "text": ARABIC}]
    assert extract_all(urdu.encode(), name="a.txt")[0] == []
    assert "not in Arabic" in extract_all(english.encode(), name="a.html")[1][0].reason
    (kept,), (refused,) = extract_all(json.dumps(items).encode(), name="a.json")
    assert kept.text == ARABIC
    assert isinstance(refused, EmptyError)
    assert refused.title == "سڑک"


@pytest.mark.seeds
@pytest.mark.skipif(not URDU.is_file(), reason="../shared/data/feeds is not here")
def test_no_item_of_a_feed_in_urdu_is_arabic() -> None:
    """Neither with their summaries nor by their titles alone."""
    told = re.findall(r"<!\[CDATA\[(.+?)\]\]></(title|description)>", URDU.read_text("utf-8"))
    assert len(told) > 50
    assert [text for text, _ in told if foreign(text) is None] == []
