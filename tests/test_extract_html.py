"""Saved pages of sites of many kinds: the article, what the page says of it, and nothing else."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.extract import extract, extract_all
from index.model import ExtractError

if TYPE_CHECKING:
    from index.model import Draft

PAGES = sorted(Path(__file__).parent.joinpath("data/html").glob("*.html"))
REAL = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "html"
real = pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/html is not here")


@dataclass(frozen=True)
class Gold:
    stated: dict[str, str]
    body: list[str]


def gold(path: Path) -> Gold:
    stated: dict[str, str] = {}
    body = []
    for line in path.with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            key, _, value = line[1:].partition(" ")
            stated[key] = value
        elif line:
            body.append(line)
    return Gold(stated, body)


def draft(path: Path) -> Draft:
    """The article of a page, in the encoding that it says it is in."""
    text = path.read_text(encoding="utf-8")
    data = text.encode("cp1256" if "windows-1256" in text else "utf-8")
    (found,) = extract(data, name=path.name)
    return found


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_the_article_and_nothing_else(path: Path) -> None:
    """Every paragraph, heading, item and row of the body, in order; no menu, comment or caption."""
    assert [line for line in draft(path).text.split("\n") if line] == gold(path).body


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_what_the_page_says_of_it(path: Path) -> None:
    """Title, site, address, date and authors, from whichever of its ways the page states them."""
    found, stated = draft(path), gold(path).stated
    for key in ("title", "source", "url", "published", "byline"):
        assert getattr(found, key) == stated.get(key), key


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def word_f1(found: str, wanted: str) -> float:
    """F1 over multisets of words: 2·|A∩B| / (|A|+|B|), each word as often as it is in both."""
    a, b = Counter(words(found)), Counter(words(wanted))
    return 2 * (a & b).total() / (a.total() + b.total())


@real
@pytest.mark.seeds
def test_the_body_of_a_real_page_is_its_gold() -> None:
    """Nearly every word, and nearly none besides."""
    (found,) = extract((REAL / "cnn-arabic-2013.html").read_bytes(), name="cnn")
    wanted = (REAL / "cnn-arabic-2013.txt").read_text(encoding="utf-8")
    assert word_f1(found.text, wanted) >= 0.95
    assert found.published == "2013-08-28"


@real
@pytest.mark.seeds
def test_phrases_that_must_and_must_not_be_there() -> None:
    """An interview among headlines of the day, the weather and a comment form."""
    (found,) = extract((REAL / "assabah.html").read_bytes(), name="assabah")
    wanted = json.loads((REAL / "assabah.gold.json").read_text(encoding="utf-8"))
    assert [phrase for phrase in wanted["with"] if phrase not in found.text] == []
    assert [phrase for phrase in wanted["without"] if phrase in found.text] == []


@real
@pytest.mark.seeds
def test_dates_of_real_pages() -> None:
    """The day of each, whether or not the address is known, which states some of them."""
    for url, known in json.loads((REAL / "dates.gold.json").read_text(encoding="utf-8")).items():
        data = (REAL / known["file"]).read_bytes()
        for address in (url, None):
            (found,) = extract(data, name=known["file"], url=address)
            assert (found.published or "")[:10] == known["date"], known["file"]


TITLE = "محطة تحويل جديدة تخفف تقنين الكهرباء في الرند"
OTHER = "معرض التمور يجمع مئتي عارض في مدينة النخيل"
BODY = [
    "أعلنت شركة الكهرباء في محافظة الرند أن محطة التحويل الجديدة ستدخل الخدمة مطلع الشهر المقبل.",
    "وقال مدير الشركة صفوان الديري إن المحطة ستخفف ساعات التقنين في القرى الشمالية إلى أربع ساعات.",
    "وأضاف في مؤتمر صحفي أن كلفة المشروع بلغت أربعة عشر مليون دينار، جمع نصفها من المغتربين.",
]
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in BODY)


def page(head: str = "", over: str = "", under: str = "", body: str = PARAGRAPHS) -> bytes:
    return (
        f'<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>{TITLE}</title>{head}'
        '</head><body><div><a href="/">الرئيسية</a> <a href="/a">أخبار</a></div>'
        f"<div><h1>{TITLE}</h1>{over}{body}{under}</div></body></html>"
    ).encode()


def one(data: bytes, **known: str) -> Draft:
    (found,) = extract(data, name="page.html", **known)
    return found


def ld(**item: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(item, ensure_ascii=False)}</script>'


@pytest.mark.parametrize(
    ("head", "over", "published"),
    [
        ("", "<div>نُشر في: الثلاثاء ٩ جانفي ٢٠٢٤ - ١٨:٠٠</div>", "2024-01-09"),
        ("", "<div>تاريخ النشر: ۹/۱/۲۰۲۴</div>", "2024-01-09"),
        ("", "<div>آخر تحديث: 10 يناير 2024</div><div>نشر: 9 يناير 2024</div>", "2024-01-09"),
        ("", "<div>آخر تحديث: 10/01/2024 | نشر: 09/01/2024</div>", "2024-01-09"),
        ("", "<div>آخر تحديث: 10 كانون الثاني 2024</div>", "2024-01-10"),
        ("", "<div>27 جمادى الآخرة 1445هـ - 9 يناير 2024م</div>", "2024-01-09"),
        ("", "<div>الثلاثاء 27 جمادى الآخرة 1445هـ</div>", None),
        ("", "<div>قبل 3 ساعات</div>", None),
        ("", '<abbr class="published" title="2024-01-09T10:00:00+03:00">أمس</abbr>', "2024-01-09T"),
        ('<meta property="og:updated_time" content="2024-01-10T08:00:00Z">', "", "2024-01-10T"),
        (
            '<meta property="article:modified_time" content="2024-01-10T08:00:00Z">',
            "<div>9 يناير 2024</div>",
            "2024-01-09",
        ),
        ('<meta name="date" content="1/19/2024 3:20:00 PM">', "", "2024-01-19"),
        ('<meta name="date" content="1970-01-01">', "<div>9 يناير 2024</div>", "2024-01-09"),
        (ld(**{"@type": "NewsArticle", "dateModified": "2024-01-10"}), "", "2024-01-10"),
        (
            ld(
                **{
                    "@type": "WebPage",
                    "mainEntity": {"@type": "Report", "datePublished": "2024-01-09"},
                }
            ),
            "",
            "2024-01-09",
        ),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"قال "لا"",'
            '"datePublished":"2024-01-09T00:00:00+03:00",}</script>',
            "",
            "2024-01-09",
        ),
    ],
)
def test_the_date_is_that_of_publication(head: str, over: str, published: str | None) -> None:
    """In any calendar's words and any digits; an update only where nothing else is stated."""
    found = one(page(head, over)).published
    assert found == published or (found and published and found.startswith(published))


def test_a_hijri_date_is_never_taken_for_another() -> None:
    """In figures too, where the year alone tells it."""
    assert one(page(over="<div>27/06/1445</div>")).published is None


def test_the_address_is_the_pages_own() -> None:
    """Its canonical link on its own site; not another's, not the front page, not a relative one."""
    link = '<link rel="canonical" href="{}">'
    at = "https://m.rand.example/news/amp/120?utm_source=x"
    own = "https://www.rand.example/news/power-station-opens"
    assert one(page(link.format(f"{own}#top")), url=at).url == own
    kept = "https://www.rand.example/news/amp/120"
    for other in ("https://copies.example/1", "https://www.rand.example/", "/news/120"):
        assert one(page(link.format(other)), url=at).url == kept
    assert one(page(link.format(own))).url == own
    assert one(page(f'<meta property="og:url" content="{own}?fbclid=1">')).url == own
    assert one(page()).url is None


def test_names_that_are_nobodys() -> None:
    """An account, the site, and an address are no authors; a name beside the site's is."""
    for name in ("admin", "الرند", "https://fb.example/rand", "محرر"):
        head = (
            f'<meta property="og:site_name" content="الرند"><meta name="author" content="{name}">'
        )
        assert one(page(head)).byline is None
    head = ld(**{"@type": "NewsArticle", "author": [{"name": "مها الكيلاني"}, "سعد بدر"]})
    assert one(page(head)).byline == "مها الكيلاني; سعد بدر"
    assert one(page(over="<div>كتبت - مها الكيلاني:</div>")).byline == "مها الكيلاني"


@pytest.mark.parametrize(
    "under",
    [
        f'<h3><a href="/1">{OTHER}</a></h3><p>افتتح وزير الزراعة معرض التمور السنوي بمشاركة مئتي '
        'عارض.</p><h3><a href="/2">هبوط اضطراري لطائرة</a></h3><p>هبطت طائرة ركاب في مطار الساحل '
        "بعد عطل في أحد محركيها.</p>",
        "<h4>التعليقات (2)</h4><div>نسمع هذا الكلام منذ عشر سنين، ولم نر شيئا من الوعود.</div>",
        "<p>اقرأ أيضا:</p>" + f'<p><a href="/1">{OTHER}</a></p>',
        '<div class="author-bio">صحفية تكتب في شؤون الطاقة منذ عشر سنوات.</div>',
        '<blockquote class="twitter-tweet"><p>أخيرا وصلت الكهرباء إلى قريتنا.</p></blockquote>',
        f"<h1>{OTHER}</h1><p>افتتح وزير الزراعة معرض التمور السنوي بمشاركة مئتي عارض.</p>",
        "<p>(انتهى)</p>",
    ],
)
def test_what_stands_under_an_article_is_not_its(under: str) -> None:
    """Other stories, comments, who the author is, what others posted."""
    assert one(page(under=under)).text.split("\n") == BODY


def test_updates_with_linked_headings_are_an_article() -> None:
    """A live blog links every update to itself; the page says what it is."""
    body = "".join(
        f'<h3><a href="#{n}">تطورات الساعة {n} في القرى</a></h3><p>{line}</p>'
        for n, line in enumerate(BODY)
    )
    told = ld(**{"@type": "LiveBlogPosting", "headline": TITLE})
    assert one(page(told, body=body)).text.split("\n") == BODY


def test_lists_leads_and_rows_are_the_articles() -> None:
    """A lead in the header, points that a sentence announces, a table of figures."""
    lead = "يستفيد من المحطة نحو ستين ألفا من سكان القرى، وفق تقديرات الشركة."
    items = ["مد خط رئيس بطول عشرين كيلومترا", "تبديل العدادات القديمة"]
    listed = "".join(f"<li>{item}</li>" for item in items)
    table = (
        "<table><tr><th>القرية</th><th>الساعات</th></tr><tr><td>الوسط</td><td>4</td></tr></table>"
    )
    first, *rest = (f"<p>{line}</p>" for line in BODY)
    data = page(over=f"<h2>{lead}</h2>", body=f"{first}<ol>{listed}</ol>{rest[0]}{table}{rest[1]}")
    rows = ["القرية | الساعات", "الوسط | 4"]
    assert one(data).text.split("\n") == [lead, BODY[0], *items, BODY[1], *rows, BODY[2]]


def test_a_page_that_shows_nothing_holds_its_article_for_machines() -> None:
    """JSON-LD's text, with its paragraphs; not where the page shows the article itself."""
    told = ld(
        **{"@type": "NewsArticle", "headline": TITLE, "articleBody": "\r\n\r\n".join(BODY * 2)}
    )
    shell = f"<html><head>{told}<title>الرند</title></head><body><div id=a></div></body></html>"
    found = one(shell.encode())
    assert (found.title, found.text.split("\n\n")) == (TITLE, BODY * 2)
    assert one(page(told)).text.split("\n") == BODY


@pytest.mark.parametrize(
    "body",
    [
        "".join(f'<h3><a href="/{n}">{OTHER}</a></h3><p>{BODY[n % 3]}</p>' for n in range(6)),
        "".join(f'<div><a href="/{n}">{line}</a></div>' for n, line in enumerate([OTHER, *BODY])),
        '<form><input type="text"></form>',
    ],
    ids=["summaries", "links", "form"],
)
def test_a_list_of_stories_is_no_article(body: str) -> None:
    """The front page of a section, a tag, a search: what it links to is elsewhere."""
    with pytest.raises(ExtractError, match="no article"):
        one(page(body=body).replace(f"<h1>{TITLE}</h1>".encode(), b""))


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1252", "x-unknown", None])
@pytest.mark.parametrize("actual", ["utf-8", "cp1256", "iso8859_6", "utf-16"])
def test_the_bytes_decide_the_encoding(actual: str, declared: str | None) -> None:
    """Whatever server and page say, also under 30 KB of script; the server may say nothing."""
    script = f"<script>{'var a = 1;' * 3000}</script>"
    text = page(head=f'{script}<meta charset="windows-1252">').decode()
    found = one(text.encode(actual), **({"charset": declared} if declared else {}))
    assert found.title == TITLE
    assert found.text.split("\n") == BODY


def test_an_article_in_references_to_characters() -> None:
    """All in ASCII, as old editors wrote Arabic, and with characters that XML forbids."""
    text = page(under="<p>\x1a&#2;</p>").decode()
    coded = re.sub(r"[^\x00-\x7f]", lambda m: f"&#{ord(m[0])};", text)
    assert one(coded.encode()).text.split("\n") == BODY


TAGS = (
    "<p> </p> <div> </div> <table> <tr> <td> <li> <a/href=x> </a> <h1> <time/datetime=2024-01-09> "
    "<br> <article> &#0; </script> <meta/property=a/content>"
).split()
BROKEN = '<script type="application/ld+json">[{"@graph":'
PIECES = st.lists(st.sampled_from([*BODY, TITLE, "نص", BROKEN, *TAGS]), max_size=30)


@settings(max_examples=100, deadline=None)
@given(PIECES)
@example([BODY[0], BROKEN, "</script>", BODY[0]])
def test_any_markup(pieces: list[str]) -> None:
    """Markup of any shape gives an article whose every line is on the page, or a reason."""
    markup = "".join(pieces)
    drafts, errors = extract_all(markup.encode(), name="x", format="html")
    assert drafts or errors
    assert not any(re.search(r"\((?!Parser)\w+(?:Error|Iteration)\)", e.reason) for e in errors)
    seen = re.sub(r"<script.*?</script>", "", markup)  # what is beside it stands together
    shown = re.sub(r"[\s|]+", "", html.unescape(re.sub(r"<[^>]*>|&#0;", "", seen)))
    for found in drafts:
        assert all(re.sub(r"[\s|]+", "", line) in shown for line in found.text.split("\n"))
