"""What both READMEs say can be done: commands, options, files are there, and figures agree."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer

from bot.cli import app
from bot.settings import BotSettings
from index.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ENGLISH, ARABIC = "README.md", "README.ar.md"
FENCED = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.M | re.S)
INLINE = re.compile(r"`([^`\n]+)`|<code[^>]*>([^<\n]+)</code>")
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
NUMBER = re.compile(r"(?<![A-Za-z0-9_.-])\d*\.?\d+(?:,\d{3})*(?:\.\d+)?(?![A-Za-z0-9_-])")

both = pytest.mark.parametrize("name", [ENGLISH, ARABIC])


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(name: str) -> list[str]:
    """Every line of the fenced blocks and every piece of inline code."""
    whole = text(name)
    lines = [line.strip() for block in FENCED.findall(whole) for line in block.splitlines()]
    return lines + ["".join(found) for found in INLINE.findall(FENCED.sub("", whole))]


def runs(name: str, program: str) -> Iterator[list[str]]:
    """The arguments of each run of a program; what is optional, in brackets, too."""
    for line in code(name):
        for part in re.split(r";|&&", line):
            words = shlex.split(part, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if words and words[0].rpartition("/")[2] == program:
                yield [word.strip("[]") for word in words[1:]]


def commands() -> dict[tuple[str, ...], set[str]]:
    """The options of each command of `isnad`, by its words."""
    found: dict[tuple[str, ...], set[str]] = {}

    def visit(command: typer.core.TyperCommand | typer.core.TyperGroup, *words: str) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            visit(inner, *words, name)
        found[words] = {option for one in command.params for option in one.opts} | {"--help"}

    visit(typer.main.get_command(app))  # type: ignore[arg-type]
    return found


def section(name: str, title: str) -> str:
    """What stands under a heading of the second level."""
    return text(name).split(f"## {title}\n")[1].split("\n## ")[0]


def numbers(part: str) -> list[float]:
    return [float(found.replace(",", "")) for found in NUMBER.findall(part)]


def tables(part: str) -> list[list[float]]:
    """The numbers of each row that has any, brackets and units left out."""
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [found for row in rows if (found := numbers(row))]


@both
def test_every_command_is_there_with_its_options(name: str) -> None:
    """As typer knows them."""
    there = commands()
    named = list(runs(name, "isnad"))
    assert len(named) > 20
    for words in named:
        command = next(
            tuple(words[:n]) for n in (2, 1, 0) if tuple(words[:n]) in there and n <= len(words)
        )
        assert command or not words, words
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= there[command], words


@both
def test_every_command_is_told_of(name: str) -> None:
    """What is not in the README is not found."""
    told = {words[0] for words in runs(name, "isnad") if words}
    assert {words[0] for words in commands() if words} <= told


@both
def test_every_option_alone_is_one_of_some_command(name: str) -> None:
    """`--once`, `--half 2`."""
    there = set().union(*commands().values())
    alone = {one.split()[0] for one in code(name) if one.startswith("--")}
    assert alone
    assert alone <= there


@both
def test_every_target_is_in_the_makefile(name: str) -> None:
    """`make demo` and the others."""
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    named = {words[0] for words in runs(name, "make")}
    assert {"demo", "test", "install"} <= named <= targets


@both
def test_every_script_and_file_is_there(name: str) -> None:
    """Those that are run, linked, shown, or named by their path."""
    scripts = {words[1] for words in runs(name, "python") if words[0] == "-m"}
    files = {f"{script.replace('.', '/')}.py" for script in scripts}
    files |= {words[0] for words in runs(name, "python") if words[0] != "-m"}
    links = {"".join(found) for found in LINK.findall(text(name))}
    files |= {link.partition("#")[0] for link in links if not link.startswith("http")}
    files |= {
        one
        for one in code(name)
        if re.fullmatch(r"(bot|deploy|docs|index|tests)/[\w./-]*", one)  # not a glob
    }
    assert len(files) > 8
    assert {file for file in files if not (ROOT / file).exists()} == set()


@both
def test_every_setting_is_one(name: str) -> None:
    """Under its name in the environment."""
    there = {*Settings.model_fields, *BotSettings.model_fields}
    named = {found.lower() for found in re.findall(r"\bISNAD_([A-Z_]+)\b", text(name))}
    assert named
    assert named <= there


def test_who_prints_no_json_is_named() -> None:
    """The one sentence on it is whole."""
    (sentence,) = re.findall(r"Every command but (.*?) takes `--json`", text(ENGLISH))
    without = {" ".join(words) for words, options in commands().items() if "--json" not in options}
    groups = {words[0] for words in commands() if len(words) > 1}
    assert set(re.findall(r"`([^`]+)`", sentence)) == without - groups - {""}


def test_each_leads_to_the_other() -> None:
    """Near its top."""
    assert f"]({ARABIC})" in text(ENGLISH)[:300]
    assert f"]({ENGLISH})" in text(ARABIC)[:300]


def test_the_figures_of_both_agree() -> None:
    """The tables row by row; and in prose the Arabic states none that the English does not."""
    english, arabic = section(ENGLISH, "Measured"), section(ARABIC, "القياس")
    assert tables(arabic) == tables(english) != []
    assert set(numbers(arabic)) <= set(numbers(english))


def test_what_is_latin_keeps_its_direction() -> None:
    """In the Arabic one code is isolated: without that `--json` ends in its dashes."""
    whole = text(ARABIC)
    assert "`" not in FENCED.sub("", whole)
    assert whole.count("<code") == whole.count('<code dir="ltr">') == whole.count("</code>")
    assert whole.count("<div") == whole.count("</div>")
    assert whole.count('<div dir="ltr">\n\n```') == len(FENCED.findall(whole))
