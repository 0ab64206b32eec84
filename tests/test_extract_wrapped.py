"""Known articles wrapped in furniture of many kinds: what comes out is compared line by line."""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.extract import extract, extract_all

NEWS = Path(__file__).resolve().parents[1].parent / "shared/data/news/saudinewsnet"

MENU = (
    "الرئيسية|أخبار|سياسة|اقتصاد|رياضة|ثقافة|منوعات|فيديو|صور|كتاب وآراء|تكنولوجيا|"
    "صحة|حوادث|تقارير خاصة|أخبار المناطق|أسواق المال|الدوري المحلي|ملفات ساخنة|العالم اليوم|"
    "قضايا وآراء|سيارات وسفر|عين على الحدث|نبض الشارع"
).split("|")
SHARE = ["شارك\nفيسبوك\nتويتر", "مشاركة عبر واتساب\nطباعة\nحجم الخط", "Facebook\nWhatsApp"]
DATES = ["نشر في: 16 مارس 2023 - 14:05", "الخميس 16 آذار/مارس 2023", "قبل 3 ساعات", "16/03/2023"]
SIGNED = ["الرياض - محمد العتيبي", "كتب: أحمد سالم", "القاهرة - رويترز", "جدة: خالد الزهراني"]
CAPTIONS = ["مقر الوزارة وسط العاصمة (أرشيفية)", "جانب من اللقاء أمس / Reuters"]
RELATED = ["اقرأ أيضاً", "قد يهمك أيضا", "مواضيع ذات صلة", "إقرأ أيضًا:", "أخبار متعلقة"]
COOKIES = "نستخدم ملفات تعريف الارتباط لتحسين تجربتك. بالاستمرار فإنك توافق على سياسة الخصوصية."
FORM = "التعليقات (0)\n\nاترك تعليقاً\n\nالاسم *\nالبريد الإلكتروني *\nالتعليق *\nإرسال"
FOOTER = "جميع الحقوق محفوظة © 2023\nمن نحن\nاتصل بنا"


def wrap(title: str, body: list[str], others: list[str], rng: random.Random) -> str:
    """A page around an article, in a layout drawn by `rng`."""

    def maybe(*choices: str) -> list[str]:
        return [rng.choice(choices)] if rng.random() < 0.45 else []

    def links(count: int) -> str:
        return "\n".join(rng.sample(others, count))

    before = [
        rng.choice(["\n", "\n  • ", " | "]).join(rng.sample(MENU, 8)),
        *maybe(COOKIES),
        *maybe("الأكثر قراءة\n" + links(5), "عاجل\n" + links(4), links(14).replace("\n", "")),
        *maybe(" - ".join(rng.sample(MENU, 3))),
    ]
    head = [
        *maybe(f"{title} - صدى الأخبار", f"الرئيسية > أخبار > {title}"),
        title,
        *maybe(*DATES),
        *maybe(*SIGNED),
        *maybe(*SHARE),
        *maybe(*CAPTIONS),
        *maybe(title),
    ]
    tail = [FORM, FOOTER, "الأكثر قراءة\n" + links(6), links(7).replace("\n", "\n\n")]
    rng.shuffle(tail)
    after = [
        *maybe("المصدر: وكالات"),
        *maybe(*SHARE),
        *maybe(*(f"{heading}\n{links(4)}" for heading in RELATED)),
        *maybe("الوسوم\n#نفط #مناخ", "كلمات مفتاحية: النفط، المناخ"),
        *tail[: rng.randint(1, 4)],
    ]
    between = rng.choice(["\n", "\n\n"])
    return "\n\n".join([*before, between.join(head), between.join(body), *after])


@pytest.mark.seeds
@pytest.mark.skipif(not NEWS.is_dir(), reason="../shared/data/news is not here")
@pytest.mark.parametrize("seed", range(4))
def test_real_articles_in_made_up_pages(seed: int) -> None:
    """Of fifty articles' bodies, counted in characters, hardly anything is lost or added."""
    rng = random.Random(seed)
    archive = sorted(NEWS.glob("*.zip"))[seed]
    with zipfile.ZipFile(archive) as folder:
        articles = json.loads(folder.read(folder.namelist()[0]))
    headlines = [" ".join(a["title"].split()) for a in articles if 25 < len(a["title"]) < 110]
    usable = [a for a in articles if 300 < len(a["content"]) < 9000 and 20 < len(a["title"]) < 150]
    right = got = wanted = titles = 0
    chosen = rng.sample(usable, 50)
    for article in chosen:
        title = " ".join(article["title"].split())
        body = [line.strip() for line in article["content"].split("\n")]
        # These papers' own furniture: serial numbers, links, bylines. Not text to be found again.
        body = [b for b in body if re.search(r"[^\W\d]", b) and not b.startswith("رابط الخبر")]
        while len(body) > 1 and len(body[0].split()) <= 7:
            body = body[1:]
        drafts, _ = extract_all(wrap(title, body, headlines, rng).encode(), name="page")
        found = Counter(drafts[0].text.split("\n")) if drafts else Counter()
        gold = Counter(body)
        right += sum(len(line) * n for line, n in (found & gold).items())
        got += sum(len(line) * n for line, n in found.items())
        wanted += sum(len(line) * n for line, n in gold.items())
        titles += bool(drafts) and drafts[0].title == title
    assert right / got >= 0.98
    assert right / wanted >= 0.97
    assert titles >= 46


WHO = ["مدير المصرف", "رئيسة الجامعة", "الناطق باسم الشركة", "سكان الحي", "أصحاب المتاجر"]
SAID = ["أكد", "قال", "أوضح", "ذكر", "أعلن"]
WHAT = [
    "أن العمل في المبنى الجديد سينتهي قبل حلول الشتاء",
    "إن الأسعار ستبقى على حالها حتى نهاية الموسم المقبل",
    "أن عدد المشاركين تجاوز خمسة آلاف من مختلف المناطق",
    "إن الخلاف مع البلدية في طريقه إلى الحل خلال أيام",
    "أن الحي القديم يحتاج إلى خطة لتطوير طرقه وحدائقه",
    "إن اتفاقا سابقا على الموضوع نفسه لم ينفذ منه شيء",
    "أن التمويل جاء من تبرعات السكان ومن قرض صغير",
]
MORE = ["، على حد تعبيره", "، مشيرا إلى تقرير سابق", "", " بعد انتظار طويل، وفق ما نشرته الصحف"]


def sentence(what: str, who: str, said: str, more: str, stop: str) -> str:
    return f"و{said} {who} {what}{more}{stop}"


REPORTS = st.lists(
    st.tuples(
        st.sampled_from(WHAT),
        st.sampled_from(WHO),
        st.sampled_from(SAID),
        st.sampled_from(MORE),
        st.sampled_from([".", ".", ".", ""]),
    ),
    min_size=3,
    max_size=7,
    unique_by=lambda parts: parts[0],
)


@settings(max_examples=80, deadline=None)
@given(REPORTS, st.integers(0, 10**6))
def test_reports_survive_their_pages(report: list[tuple[str, ...]], seed: int) -> None:
    """A report comes out of any page whole, and again whole out of what came out."""
    body = [sentence(*parts) for parts in report]
    title = "اتفاق على خطة جديدة لتطوير الحي القديم"
    others = [f"مفاجأة.. قرية نائية تحتفل بعيدها {n}" for n in range(40)]
    page = wrap(title, body, others, random.Random(seed))
    (draft,) = extract(page.encode(), name="page")
    assert [line for line in draft.text.split("\n") if line] == body
    assert draft.title == title
    (again,) = extract(f"{draft.title}\n\n{draft.text}".encode(), name="page")
    assert (again.title, again.text) == (draft.title, draft.text)
