"""A small archive for tests: invented articles, and ways to feed and look into an engine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from index import store
from index.engine import Engine
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.embed import Embedder
    from index.model import AddReport, Quote

Item = dict[str, Any]


def item(title: str, text: str, **more: str) -> Item:
    """An article as the JSON input states it."""
    return {"title": title, "text": text, **more}


MUSEUM = item(
    "وزيرة الثقافة تفتتح متحف الفلك في بلدة القمرية",
    "افتتحت وزيرة الثقافة سلمى الحارثي متحف الفلك في بلدة القمرية صباح الأحد.\n"
    "وبلغت كلفة البناء 12 مليون دينار، دفعت البلدية نصفها. ويضم المتحف مرصدًا صغيرًا وثلاث قاعات.",
    source="صدى القمرية",
    url="https://sada.example/museum",
    published="2023-03-16",
)
STORM = item(
    "عاصفة رملية تغلق ميناء الصدف يومين",
    "أغلقت السلطات ميناء الصدف يومين بسبب عاصفة رملية بلغت سرعة رياحها 90 كيلومترًا في الساعة.\n"
    "وقال مدير الميناء ناصر العمري إن ثماني سفن تنتظر في عرض البحر.",
    source="وكالة الساحل",
    url="https://sahel.example/storm",
    published="2023-03-20T22:30:00+03:00",
)
MATCH = item(
    "نجوم الوادي يفوز بكأس الجبل",
    "فاز فريق نجوم الوادي بكأس الجبل بعد تغلبه على الهضبة بثلاثة أهداف مقابل هدف.\n"
    "وسجل المهاجم زياد مرجان هدفين في الشوط الثاني أمام 40 ألف متفرج.",
    source="وكالة الساحل",
    url="https://sahel.example/match",
    published="2024-01-05",
)
BRIDGE = item(
    "إعادة فتح جسر النخيل",
    "أعادت البلدية فتح جسر النخيل أمام المركبات بعد ترميم استمر سبعة أشهر.\n"
    "وذكر المهندس فؤاد السالم أن الجسر يحمل الآن شاحنات تزن ستين طنًا.",
    published="--03-16",
)
ARTICLES = (MUSEUM, STORM, MATCH, BRIDGE)


def long_item(paragraphs: int = 12, *, topic: str = "القناة", **more: str) -> Item:
    """An article of several passages, no two sentences alike."""
    text = "\n".join(
        f"ذكر التقرير رقم {n} عن {topic} أن العمال أنجزوا المرحلة {n} من الحفر في موعدها المقرر. "
        f"وأضاف أن المرحلة {n + 100} تحتاج إلى معدات جديدة تصل من الخارج خلال {n + 1} أسابيع."
        for n in range(1, paragraphs + 1)
    )
    return item(f"تقدم أعمال {topic}", text, **more)


def write(path: Path, *items: Item) -> str:
    """Write articles to a JSON file; its name."""
    path.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    return str(path)


def add(engine: Engine, path: Path, *items: Item, source: str | None = None) -> AddReport:
    """Add articles by a file in the folder `path`."""
    return engine.add([write(path / "articles.json", *items)], source=source)


def open_at(home: Path, embedder: Embedder) -> Engine:
    """Another engine on a home, as another process would open it."""
    return Engine(Settings(home=home), embedder)


def check(engine: Engine, quotes: Iterable[Quote]) -> None:
    """Fail unless the quotes are what the contract promises."""
    for quote in quotes:
        text = engine.article(quote.article.id).text
        assert quote.text.encode() == text[quote.start : quote.end].encode()
        assert 0 < len(quote.text) <= 400
        for start, end in quote.highlights:
            assert 0 <= start < end <= len(quote.text)
        assert quote.highlights


def contents(engine: Engine) -> dict[str, Any]:
    """What an archive holds, fit to compare with another."""
    with engine.db.read() as connection:
        rows = store.passage_rows(connection, ids=store.passage_ids(connection))
    return {
        "articles": [engine.article(ref.id) for ref in engine.articles()],
        "passages": [(row.id, row.article.id, row.text, row.vector_key) for row in rows],
    }
