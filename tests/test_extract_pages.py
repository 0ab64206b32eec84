"""Pages as people copy them, in many layouts: the article comes out, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.extract import extract

if TYPE_CHECKING:
    from index.model import Draft

PAGES = sorted(Path(__file__).parent.joinpath("data/pages").glob("*.txt"))


@dataclass(frozen=True)
class Page:
    text: str
    title: str | None
    body: list[str]
    stated: dict[str, str]


def read(path: Path) -> Page:
    """A page without its marks, and what the marks say."""
    lines: list[str] = []
    title: str | None = None
    body: list[str] = []
    stated: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("@"):
            key, _, value = line[1:].partition(" ")
            stated[key] = value
        elif line.startswith("= "):
            title = line[2:]
            lines.append(title)
        elif line.startswith("> "):
            body.append(line[2:])
            lines.append(line[2:])
        else:
            lines.append(line)
    return Page("\n".join(lines), title, body, stated)


def one(text: str) -> Draft:
    drafts = extract(text.encode(), name="page")
    assert len(drafts) == 1
    return drafts[0]


def lines(draft: Draft) -> list[str]:
    return [line for line in draft.text.split("\n") if line]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_the_article_and_nothing_else(path: Path) -> None:
    """Every line of the body, in order, as it stood; no menu, caption, link or form."""
    page = read(path)
    assert lines(one(page.text)) == page.body


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_title_and_what_the_page_states(path: Path) -> None:
    """The headline without site name or markup; source, date and byline only where stated."""
    page = read(path)
    draft = one(page.text)
    if page.title is None:
        assert draft.title.endswith("…")
        assert len(draft.title) <= 120
        assert page.body[0].startswith(draft.title[:-1])
    else:
        assert draft.title == page.title.removeprefix("# ")
    for key in ("source", "published", "byline"):
        assert getattr(draft, key) == page.stated.get(key), key


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_its_own_output_is_kept(path: Path) -> None:
    """An article extracted, then extracted again from its title and body, is the same."""
    draft = one(read(path).text)
    again = one(f"{draft.title}\n\n{draft.text}")
    assert again.text == draft.text
    assert again.title == draft.title


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_windows_line_ends_change_nothing(path: Path) -> None:
    """CRLF and a byte-order mark are not content."""
    page = read(path)
    crlf = "\ufeff" + page.text.replace("\n", "\r\n")
    assert extract(crlf.encode(), name="page")[0] == one(page.text)


def test_a_date_between_two_printings_of_the_title_is_the_articles() -> None:
    """The line over the date is this headline once more, not another story's."""
    title = "المجلس البلدي يقر موازنة الطرق بعد جلسة استمرت ست ساعات"
    page = "\n".join(
        [
            "الرئيسية",
            "أخبار",
            f"صدى الوادي – {title}",
            "GMT 09:20 2026 الاثنين ,04 أيار / مايو",
            title,
            "",
            "أقر المجلس البلدي، الاثنين، موازنة الطرق للسنة المقبلة بأغلبية عشرين صوتا من ثلاثين.",
            "وقال رئيس المجلس إن الموازنة تبلغ أربعة ملايين دينار، تذهب نصفها إلى ترميم الجسور.",
            "وأضاف أن الأعمال تبدأ في الصيف، وأن السكان سيبلغون بمواعيد إغلاق الشوارع.",
        ]
    )
    (draft,) = extract(page.encode(), name="page.txt")
    assert draft.title == title
    assert draft.published is not None
    assert draft.published.startswith("2026-05-04")
