"""The terminal's side: results on stdout, everything else on stderr."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from fakes import answered, article, quote, refused
from rich.console import Console

from bot.cli import console
from index.model import Added, AddReport, Article, Failure, Rejection, Story

if TYPE_CHECKING:
    import pytest


def test_progress_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    """A log file needs no bars."""
    with console.bars("embedding", 3) as step:
        step(1)
        step(2)
    assert capsys.readouterr() == ("", "")


def test_progress_is_drawn_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On stderr: stdout is for the result."""
    screen = io.StringIO()
    monkeypatch.setattr(console, "_screen", Console(file=screen, force_terminal=True, width=80))
    with console.bars("embedding", 3) as step:
        step(3)
    assert "embedding" in screen.getvalue()
    assert "3/3" in screen.getvalue()
    assert capsys.readouterr().out == ""


def test_json_is_one_line_that_people_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    """Arabic as Arabic; dataclasses as objects."""
    console.say_json(article(title="سطر\nآخر"))
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "سطر" in out
    assert json.loads(out)["title"] == "سطر\nآخر"


def test_notes_are_not_results(capsys: pytest.CaptureFixture[str]) -> None:
    """And what they hold is not taken for markup, nor cut."""
    text = "[bold]" + "كلمة " * 60 + "[/nothing]"
    console.note(text)
    assert capsys.readouterr() == ("", text + "\n")


def test_an_answer_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Quote, source, date, and where else it stands."""
    console.show_answer(answered(quote("نص المقتبس.", (0, 3), also_in=(article(2),))))
    out = capsys.readouterr().out
    for part in ("نص المقتبس.", "عنوان المقال رقم 1", "2023-03-16", "عنوان المقال رقم 2"):
        assert part in out


def test_a_terminal_shows_the_sentence_and_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bold, and bold underlined; the quote is neither wrapped nor taken for markup."""
    screen = io.StringIO()
    page = Console(file=screen, force_terminal=True, color_system="standard", width=10)
    monkeypatch.setattr(console, "_page", page)
    console.show_answer(answered(quote("قيل. [b]قوته\x07 7.8 درجات.[/b]", (5, 29), (14, 17))))
    assert screen.getvalue() == (
        "« قيل. \x1b[1m[b]قوته \x1b[0m\x1b[1;4m7.8\x1b[0m\x1b[1m درجات.[/b]\x1b[0m »\n"
    )


def test_elsewhere_an_answer_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A pipe gets the quote, character for character."""
    console.show_answer(answered(quote("قيل.\t[b]قوته\x07 7.8", (5, 17), (14, 17))))
    assert capsys.readouterr().out.startswith("« قيل.\t[b]قوته\x07 7.8 »\n")


def test_a_timeline_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Said above the quotes, where there are several."""
    console.show_answer(replace(answered(quote(), quote()), timeline=True))
    assert capsys.readouterr().out.startswith("تختلف المصادر باختلاف التاريخ، والأحدث أولًا:\n\n«")
    console.show_answer(replace(answered(), timeline=True))
    assert capsys.readouterr().out.startswith("«")


def test_no_answer_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Said, with the nearest."""
    console.show_answer(refused(article(3)))
    out = capsys.readouterr().out
    assert out.startswith("لا أجد جوابًا في الأرشيف")
    assert "عنوان المقال رقم 3" in out


def test_a_report_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """What went in on stdout, what failed on stderr."""
    ref = article(7)
    added = Added(ref.id, ref.title, ref.source, ref.url, ref.published, "a.txt")
    console.show_report(
        AddReport(added=1, failed=(Failure("b.txt", "is empty"),), articles=(added,))
    )
    out, err = capsys.readouterr()
    assert "عنوان المقال رقم 7" in out
    assert "1 added" in out
    assert "1 failed" in out
    assert "withdrawn" not in out
    assert err == "failed: b.txt: is empty\n"


def test_a_report_says_why_items_were_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    """Each by name on stderr, and how many of each reason on stdout."""
    empty = [Rejection("a.zip", f"عنوان {n}", "the text is empty") for n in range(3)]
    console.show_report(AddReport(rejected=3, withdrawn=1, rejections=tuple(empty)))
    out, err = capsys.readouterr()
    assert "3 x rejected: the text is empty" in out
    assert "1 withdrawn, 3 rejected" in out
    assert err.splitlines()[0] == "rejected: a.zip: عنوان 0: the text is empty"


def test_stories_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Sources, title and days, then its articles; the first twenty."""
    told = Story(1, "انهيار الجسر", (article(7),), "2024-05-01", "2024-05-02T10:00:00+00:00", 4)
    console.show_stories([told] * 22)
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "  4  انهيار الجسر  (2024-05-01 - 2024-05-02)"
    assert "عنوان المقال رقم 7" in out[1]
    assert out[-1] == "and 2 more stories"
    console.show_stories([replace(told, first=None, last=None)])
    assert "no date" in capsys.readouterr().out


def test_bars_inside_bars_are_lines_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal has one live display."""
    screen = Console(file=io.StringIO(), force_terminal=True, width=80)
    monkeypatch.setattr(console, "_screen", screen)
    with console.bars("reading", 2) as outer:
        with console.bars("adding", 3) as inner:
            inner(3)
        outer(1)
    with console.bars("again", 1) as step:
        step(1)
    assert isinstance(screen.file, io.StringIO)
    assert "reading" in screen.file.getvalue()


def test_an_article_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Title, who and when, text; what is not known is not printed."""
    console.show_article(Article(1, "عنوان", "نص\nآخر", None, None, None, None))
    assert capsys.readouterr().out == "عنوان\nno date\n\nنص\nآخر\n"


def test_an_article_is_cited_with_its_day() -> None:
    """Alike, whether its hour is known or not, and also where it has no date."""
    moment = article(1, published="2023-03-16T08:00:00+00:00")
    assert console.cited_source(moment) == console.cited_source(article(1, published="2023-03-16"))
    assert "no date" in console.cited_source(article(1, published=None))


def test_lists_without_an_entry_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the result, which is empty."""
    console.show_stories([])
    console.show_articles([])
    assert capsys.readouterr() == ("", "no stories\nno articles\n")
