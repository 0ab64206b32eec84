"""Feeds and pages that the tests serve: invented news, written out as sites write it."""

from __future__ import annotations

from html import escape


def story(number: int, paragraphs: int = 3) -> str:
    """The text of an invented article, unlike that of any other number."""
    return "\n".join(
        f"أعلنت بلدية الواحة رقم {number} أن أعمال الحي {number * 7 + part} بلغت مرحلتها الأخيرة "
        f"هذا الأسبوع، وأن {number + part + 3} عمال أنهوا رصف الطريق المؤدي إلى السوق القديم. "
        f"وقال المهندس المشرف على القسم {part} إن الكلفة لم تتجاوز {number * 11 + part} ألف دينار، "
        f"وإن الأهالي سيعبرون الجسر الجديد رقم {number * 13 + part} قبل نهاية الشهر المقبل."
        for part in range(1, paragraphs + 1)
    )


def page(number: int, *, text: str | None = None, head: str = "") -> str:
    """An article's page."""
    paragraphs = "".join(f"<p>{line}</p>" for line in (text or story(number)).split("\n"))
    title = f"بلدية الواحة رقم {number} تنهي رصف الطريق"
    return (
        f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"</head><body><nav><a href='/'>الرئيسية</a></nav><article><h1>{title}</h1>{paragraphs}"
        "</article><footer>جميع الحقوق محفوظة</footer></body></html>"
    )


def item(
    link: str | None,
    title: str = "عنوان",
    *,
    date: str | None = "Thu, 16 Mar 2023 14:05:00 +0300",
    summary: str = "ملخص قصير",
    content: str | None = None,
    more: str = "",
) -> str:
    """An RSS item."""
    parts = [f"<title>{escape(title)}</title>", more]
    parts.append(f"<link>{escape(link)}</link>" if link else "")
    parts.append(f"<pubDate>{date}</pubDate>" if date else "")
    parts.append(f"<description>{escape(summary)}</description>")
    parts.append(f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else "")
    return f"<item>{''.join(parts)}</item>"


def rss(*items: str, title: str = "صدى الواحة") -> str:
    """An RSS feed of these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(title)}</title><link>http://site.example/</link>{''.join(items)}"
        "</channel></rss>"
    )


def paragraphs(text: str) -> str:
    """A text as the HTML of a feed's content."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
