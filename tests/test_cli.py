"""The command `isnad`: its contract on stdout, its words on stderr, its exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from archive import ARTICLES, BRIDGE, MUSEUM, STORM, write
from fake_embedder import HashEmbedder

from bot import cli
from index.model import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

REF = {"id", "title", "source", "url", "published"}
ADDED = REF | {"input"}
REPORT = {
    "added",
    "updated",
    "unchanged",
    "duplicates",
    "rejected",
    "withdrawn",
    "failed",
    "rejections",
    "articles",
}
SHOWN = {
    "id",
    "title",
    "text",
    "source",
    "url",
    "published",
    "byline",
    "passages",
    "story",
    "duplicates_of",
    "status",
}
STORY = {"id", "title", "articles", "first", "last", "sources", "event"}
ANSWER = {"question", "answered", "confidence", "quotes", "nearest", "timeline", "took_ms"}
QUOTE = {"text", "start", "end", "highlights", "score", "article", "also_in"}
FIGURES = {
    "questions",
    "passages",
    "passage_hit@1",
    "passage_hit@5",
    "mrr@10",
    "ndcg@10",
    "quote_hit@1",
    "quote_hit@3",
    "quote_chars_mean",
    "no_answer",
    "no_answer_unsaid",
    "latency_ms",
}
QUESTION = "كم بلغت كلفة بناء متحف الفلك؟"


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1
        return json.loads(self.out)


@pytest.fixture
def isnad(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> Callable[..., Done]:
    """Run the command line in this process, with a fake model, on the test's home."""
    monkeypatch.setenv("ISNAD_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("index.engine.load_embedder", lambda *_, **__: HashEmbedder())
    monkeypatch.setenv("ISNAD_READER", "off")
    monkeypatch.setattr("index.answer.THRESHOLD", 1e-30)

    def run(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "argv", ["isnad", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture
def filled(isnad: Callable[..., Done], tmp_path: Path) -> Callable[..., Done]:
    """The same, with articles."""
    assert isnad("add", write(tmp_path / "a.json", *ARTICLES)).code == 0
    return isnad


# --- add ----------------------------------------------------------------------------------------


def test_add_tells_what_it_did(isnad: Callable[..., Done], tmp_path: Path) -> None:
    """The contract's keys, and nothing else on stdout or stderr."""
    path = write(tmp_path / "a.json", MUSEUM, BRIDGE)
    done = isnad("add", path, "--json")
    assert (done.code, done.err) == (0, "")
    report = done.json
    assert report.keys() == REPORT
    assert report["added"] == 2
    assert report["failed"] == []
    assert [article.keys() for article in report["articles"]] == [ADDED] * 2
    assert report["articles"][0] == {
        "id": 1,
        "title": MUSEUM["title"],
        "source": MUSEUM["source"],
        "url": MUSEUM["url"],
        "published": MUSEUM["published"],
        "input": path,
    }
    again = isnad("add", path, "--json").json
    assert (again["added"], again["unchanged"]) == (0, 2)


def test_bad_inputs_are_named_and_exit_1(isnad: Callable[..., Done], tmp_path: Path) -> None:
    """The others go in."""
    (tmp_path / "empty.txt").touch()
    inputs = [tmp_path / "none.txt", write(tmp_path / "a.json", MUSEUM), tmp_path / "empty.txt"]
    done = isnad("add", *inputs, "--json")
    assert done.code == 1
    report = done.json
    assert report["added"] == 1
    assert [failure["input"] for failure in report["failed"]] == [str(inputs[0]), str(inputs[2])]
    assert all(failure.keys() == {"input", "error"} for failure in report["failed"])
    plain = isnad("add", *inputs)
    assert plain.code == 1
    assert plain.err.count("failed:") == 2
    assert "1 unchanged" in plain.out


def test_add_from_standard_input_with_a_source(isnad: Callable[..., Done]) -> None:
    """`-` is an input like any other."""
    done = isnad(
        "add", "-", "--source", "أنا", "--format", "json", "--json",
        stdin=json.dumps([STORM]).encode(),
    )  # fmt: skip
    (article,) = done.json["articles"]
    assert (article["source"], article["input"]) == ("أنا", "-")


def test_add_for_people(isnad: Callable[..., Done], tmp_path: Path) -> None:
    """A line an article, and the sums."""
    done = isnad("add", write(tmp_path / "a.json", MUSEUM))
    assert MUSEUM["title"] in done.out
    assert "1 added" in done.out
    assert done.err == ""


def test_stories_of_a_time(filled: Callable[..., Done]) -> None:
    """The contract's keys; for people, sources and titles first."""
    found = filled("stories", "--json").json
    assert [story.keys() for story in found] == [STORY] * len(ARTICLES)
    assert [article.keys() for article in found[0]["articles"]] == [REF]
    (only,) = filled("stories", "--since", "2023-03-20", "--until", "2023-03-20", "--json").json
    assert only["title"] == STORM["title"]
    assert only["articles"][0]["id"] == 2
    assert filled("show", "2", "--json").json["story"] == only["id"]
    told = filled("stories").out
    assert all(article["title"] in told for article in ARTICLES)
    wrong = filled("stories", "--since", "yesterday")
    assert (wrong.code, "not a date" in wrong.err) == (2, True)


# --- ask ----------------------------------------------------------------------------------------


def test_ask_gives_quotes(filled: Callable[..., Done]) -> None:
    """The contract's keys; offsets into the text and into the article."""
    done = filled("ask", QUESTION, "--json")
    assert (done.code, done.err) == (0, "")
    answer = done.json
    assert answer.keys() == ANSWER
    assert answer["question"] == QUESTION
    assert answer["answered"] is True
    assert 0 <= answer["confidence"] <= 1
    assert 0 < len(answer["quotes"]) <= 3
    for quote in answer["quotes"]:
        assert quote.keys() == QUOTE
        assert quote["article"].keys() == REF
        text = filled("show", quote["article"]["id"], "--json").json["text"]
        assert quote["text"] == text[quote["start"] : quote["end"]]
        assert all(0 <= s < e <= len(quote["text"]) for s, e in quote["highlights"])
    assert "12 مليون دينار" in answer["quotes"][0]["text"]


def test_ask_without_an_answer_names_the_nearest(
    filled: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And exits 0: an honest no is an answer."""
    monkeypatch.setattr("index.answer.THRESHOLD", 1.1)
    done = filled("ask", QUESTION, "--json")
    assert done.code == 0
    assert done.json["answered"] is False
    assert done.json["quotes"] == []
    assert [article.keys() for article in done.json["nearest"]] == [REF] * 3
    plain = filled("ask", QUESTION)
    assert plain.out.startswith("لا أجد جوابًا في الأرشيف\n")
    assert MUSEUM["title"] in plain.out


def test_asking_an_empty_archive_says_that_it_is(isnad: Callable[..., Done]) -> None:
    """Else the lack of an answer looks like the archive's."""
    isnad("articles")
    done = isnad("ask", "متى؟")
    assert done.code == 0
    assert "the archive is empty: isnad add" in done.err


def test_the_version_is_told(isnad: Callable[..., Done]) -> None:
    """To say in a report which one it was."""
    assert re.fullmatch(r"isnad \d+\.\d+\.\d+\n", isnad("--version").out)


def test_ask_for_people(filled: Callable[..., Done]) -> None:
    """The quote, then its source and date."""
    out = filled("ask", QUESTION, "--limit", "1").out
    assert "12 مليون دينار" in out
    assert MUSEUM["source"] in out
    assert MUSEUM["url"] in out
    assert "2023-03-16" in out
    assert "no date" not in out


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        (["--source", STORM["source"], "--until", "2023-12-31"], {STORM["title"]}),
        (["--since", "2023-03-16", "--until", "2023-03-16"], {MUSEUM["title"]}),
    ],
)
def test_ask_within_limits(
    filled: Callable[..., Done], options: list[str], titles: set[str]
) -> None:
    """Dates and source."""
    answer = filled("ask", "المتحف والميناء", "--limit", "9", *options, "--json").json
    assert {quote["article"]["title"] for quote in answer["quotes"]} == titles


def test_a_batch_is_answered_line_by_line(filled: Callable[..., Done], tmp_path: Path) -> None:
    """As many answers as questions, in their order, an empty one and odd ones too."""
    questions = [QUESTION, "", "كم سفينة تنتظر؟", "😀", "x" * 2000]
    path = tmp_path / "questions.txt"
    path.write_text("\ufeff" + "\n".join(questions) + "\n", encoding="utf-8")
    done = filled("ask", "--batch", path, "--json")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["question"] for answer in answers] == questions
    assert all(answer.keys() == ANSWER for answer in answers)
    again = filled("ask", "--batch", "-", "--json", stdin=path.read_bytes())
    assert len(again.out.splitlines()) == len(questions)
    assert QUESTION in filled("ask", "--batch", path).out


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\x0c"])
def test_only_a_new_line_ends_a_question(
    filled: Callable[..., Done], tmp_path: Path, separator: str
) -> None:
    """Questions copied from pages hold other separators; answers must not come out of step."""
    path = tmp_path / "questions.txt"
    path.write_text(f"كم بلغت{separator}الكلفة؟\nكم سفينة تنتظر؟\n", encoding="utf-8")
    assert filled("ask", "--batch", path, "--json").out.count("\n") == 2


# --- reading, removing --------------------------------------------------------------------------


def test_articles_and_show(filled: Callable[..., Done]) -> None:
    """Every article as it is cited; one of them whole."""
    refs = filled("articles", "--json").json
    assert [ref["title"] for ref in refs] == [article["title"] for article in ARTICLES]
    assert all(ref.keys() == REF for ref in refs)
    shown = filled("show", "1", "--json").json
    assert shown.keys() == SHOWN
    assert shown["text"] == MUSEUM["text"]
    assert all(passage.keys() == {"start", "end"} for passage in shown["passages"])
    assert MUSEUM["text"] in filled("show", "1").out
    listed = filled("articles").out
    assert listed.count("\n") == len(ARTICLES)
    assert "no date" not in listed.splitlines()[0]


def test_remove(filled: Callable[..., Done]) -> None:
    """And then it is gone."""
    assert filled("remove", "1", "--json").json == {"removed": 1}
    assert len(filled("articles", "--json").json) == 3
    assert filled("remove", "2").out == "removed 2\n"


def test_rebuild_and_doctor(filled: Callable[..., Done]) -> None:
    """All is well before and after."""
    assert all(line.startswith("ok ") for line in filled("doctor").out.splitlines())
    rebuilt = filled("rebuild", "--json").json
    assert rebuilt["articles"] == 4
    verdict = filled("doctor", "--json").json
    assert verdict["ok"] is True
    assert all(finding["ok"] for finding in verdict["findings"])


def test_doctor_exits_1_where_something_is_wrong(filled: Callable[..., Done], home: Path) -> None:
    """So that a script can tell."""
    connection = sqlite3.connect(home / "isnad.db")
    connection.execute('UPDATE passages SET "end" = 100000 WHERE id = 1')
    connection.commit()
    connection.close()
    done = filled("doctor")
    assert done.code == 1
    assert "BAD" in done.out
    assert "-> isnad rebuild" in done.out


def test_eval(isnad: Callable[..., Done], tmp_path: Path, home: Path) -> None:
    """The contract's figures; the archive at home is not touched."""
    paragraph = {
        "context": MUSEUM["text"],
        "qas": [{"question": QUESTION, "answers": [{"text": "12 مليون دينار"}]}],
    }
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "", "paragraphs": [paragraph]}]}))
    done = isnad("eval", path, "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json.keys() >= FIGURES
    assert done.json["latency_ms"].keys() == {"p50", "p95"}
    assert not (home / "isnad.db").exists()
    assert "quote_hit@1" in isnad("eval", path).out


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "سؤال", "--batch", "x"],
        ["ask", "سؤال", "--limit", "0"],
        ["ask", "سؤال", "--limit", "many"],
        ["add"],
        ["add", "x", "--format", "pdf"],
        ["show"],
        ["show", "first"],
        ["eval"],
        ["eval", "x", "--half", "3"],
        ["nonsense"],
        ["articles", "--nonsense"],
        ["demo", "--port", "70000"],
    ],
)
def test_wrong_usage_exits_2(isnad: Callable[..., Done], arguments: list[str]) -> None:
    """With an explanation on stderr, and nothing on stdout."""
    done = isnad(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_a_date_that_is_none_is_wrong_usage(filled: Callable[..., Done]) -> None:
    """No input failed; the option is wrong."""
    assert filled("ask", QUESTION, "--since", "yesterday").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "99"], "no article 99"),
        (["remove", "99"], "no article 99"),
        (["ask", "سؤال", "--since", "yesterday"], "yesterday"),
        (["ask", "--batch", "/nowhere/q.txt"], "/nowhere/q.txt"),
        (["eval", "/nowhere/squad.json"], "/nowhere/squad.json"),
        (["bot"], "ISNAD_TELEGRAM_TOKEN"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    isnad: Callable[..., Done], arguments: list[str], said: str
) -> None:
    """On stderr, without a traceback, with a code that is not 0."""
    isnad("articles")  # makes the archive, which is told of but once
    done = isnad(*arguments)
    assert done.code != 0
    assert done.out == ""
    assert said in done.err
    if done.code == 1:
        assert done.err.startswith("isnad: ")
        assert done.err.count("\n") == 1


def test_a_database_that_is_none_is_one_line(isnad: Callable[..., Done], home: Path) -> None:
    """As is every other trouble of the archive."""
    home.mkdir()
    (home / "isnad.db").write_bytes(b"this is no database " * 99)
    done = isnad("articles")
    assert done.code == 1
    assert done.err.startswith("isnad: the database")
    assert done.err.count("\n") == 1


def test_a_setting_that_is_none_is_one_line(
    isnad: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Naming the variable."""
    monkeypatch.setenv("ISNAD_THREADS", "many")
    done = isnad("articles")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "ISNAD_THREADS" in done.err


def test_brackets_in_an_error_are_not_styles(isnad: Callable[..., Done], tmp_path: Path) -> None:
    """File names may hold what the terminal's library takes for markup."""
    name = str(tmp_path / "[bold]صفحة[red].txt")
    assert name in isnad("add", name).err


def test_home_wins_over_the_environment(isnad: Callable[..., Done], tmp_path: Path) -> None:
    """For every command."""
    other = tmp_path / "other"
    isnad("add", write(tmp_path / "a.json", MUSEUM), "--home", other)
    assert len(isnad("articles", "--json", "--home", other).json) == 1
    assert isnad("articles", "--json").json == []


# --- as a process -------------------------------------------------------------------------------


def test_a_home_without_an_archive_is_told_of(isnad: Callable[..., Done], tmp_path: Path) -> None:
    """Once, on stderr, by a command that only reads: it may be mistyped. `add` makes one unsaid."""
    for number, asked in enumerate([("articles",), ("stories",), ("ask", QUESTION)]):
        mistyped = tmp_path / f"mistyped{number}"
        done = isnad(*asked, "--json", "--home", mistyped)
        told = f"there was no archive in {mistyped}; made an empty one\n"
        assert (done.code, done.err) == (0, told)
        assert isnad(*asked, "--json", "--home", mistyped).err == ""
    made = isnad("add", write(tmp_path / "a.json", MUSEUM), "--home", tmp_path / "new")
    assert "no archive" not in made.err


def test_empty_lists_say_so_on_stderr(isnad: Callable[..., Done], tmp_path: Path) -> None:
    """One line; nothing on stdout, but for `--json` a list."""
    assert isnad("add", write(tmp_path / "none.json"), "--json").code in (0, 1)
    for asked in (
        ("stories",),
        ("articles",),
        ("feeds", "list"),
        ("outbox", "list"),
        ("unanswered",),
    ):
        done = isnad(*asked)
        assert (done.code, done.out, done.err.count("\n")) == (0, "", 1)
        assert done.err.startswith("no ")
        done = isnad(*asked, "--json")
        assert (done.code, done.json, done.err) == (0, [], "")


def test_an_unknown_source_is_told_with_the_closest(filled: Callable[..., Done]) -> None:
    """On stderr; the answer is as ever."""
    done = filled("ask", QUESTION, "--source", "الساحل", "--json")
    assert done.code == 0
    assert done.err == "there is no source 'الساحل'; the closest are: وكالة الساحل\n"
    assert done.json["answered"] is False
    assert filled("ask", QUESTION, "--source", "qwxz").err == "there is no source 'qwxz'\n"
    assert filled("ask", QUESTION, "--source", "وكالة الساحل").err == ""


def test_a_token_in_the_settings_of_the_home_is_used(
    isnad: Callable[..., Done], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the home is named by the environment alone."""
    home.mkdir()
    (home / "settings.toml").write_text('telegram_token = "123:of-the-file"')
    monkeypatch.delenv("ISNAD_TELEGRAM_TOKEN", raising=False)
    given: list[str] = []

    def build(token: str, **_: object) -> None:
        given.append(token)
        raise InputError("bot", "is not started here")

    monkeypatch.setattr("bot.app.build_bot", build)
    assert isnad("bot").err == "isnad: bot: is not started here\n"
    assert given == ["123:of-the-file"]


def process(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        env={**os.environ, "ISNAD_HOME": str(home), **variables},
        timeout=60,
        check=False,
    )


def test_the_command_as_a_process(filled: Callable[..., Done], home: Path) -> None:
    """UTF-8 on stdout and not a word on stderr."""
    assert filled("articles").code == 0
    done = process(home, "articles", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["title"] == MUSEUM["title"]


def test_a_terminal_that_cannot_write_arabic(filled: Callable[..., Done], home: Path) -> None:
    """Shows what it can, without a traceback."""
    assert filled("articles").code == 0
    done = process(home, "articles", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_a_reader_that_goes_away(filled: Callable[..., Done], home: Path) -> None:
    """`isnad articles | head -1` leaves no traceback."""
    assert filled("articles").code == 0
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "articles"],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "ISNAD_HOME": str(home), "PYTHONUNBUFFERED": "1"},
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()
    assert b"Traceback" not in said


def test_help_names_every_command(isnad: Callable[..., Done]) -> None:
    """Of those there are."""
    done = isnad("--help")
    assert done.code == 0
    for name in "add ask articles show remove rebuild doctor eval bot demo".split():
        assert name in done.out
