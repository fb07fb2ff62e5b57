"""The documentation as a whole: links lead somewhere, and what the code has is named."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from string import Formatter

import pytest
import typer

from console.cli import application
from detectors.catalogue import DETECTORS
from detectors.rules import pack_paths
from interactions.problems import PROBLEMS, STAGES, explain

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("README*.md"), ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = path.parent / name if name else path
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there.read_text(encoding="utf-8")), target


def test_every_page_can_be_reached_from_the_readme() -> None:
    text = page("README.md")
    reached = set(re.findall(r"\]\(docs/([a-z_]+\.md)", text))
    for name in sorted(reached):
        reached |= set(re.findall(r"\]\(([a-z_]+\.md)", page(f"docs/{name}")))
    assert {path.name for path in (ROOT / "docs").glob("*.md")} <= reached


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_is_said_in_both_languages_with_the_same_values(code: str) -> None:
    told = PROBLEMS[code]
    for part in (told.because, told.remedy):
        assert set(part) == {"zh", "en"}
        assert names(part["zh"]) == names(part["en"])
        assert re.search("[\u4e00-\u9fff]", part["zh"])
        assert not HALF_WIDTH.search(re.sub(r"`[^`]*`", "", part["zh"]))
    values = dict.fromkeys(names(told.because["zh"] + told.remedy["zh"]), "7")
    assert "{" not in explain(code, values, "zh") + explain(code, values, "en")


def test_no_problem_stands_in_two_stages() -> None:
    assert sum(len(stage.PROBLEMS) for stage in STAGES) == len(PROBLEMS)


def test_the_changelog_tells_of_this_version() -> None:
    version = tomllib.loads(page("pyproject.toml"))["project"]["version"]
    assert re.search(rf"(?m)^## {re.escape(version)}\b.*\n+(### |\S)", page("CHANGELOG.md"))


def test_every_detector_and_every_pack_is_named_in_the_rules_page() -> None:
    text = page("docs/rules.md")
    headed = set(re.findall(r"(?m)^### `([a-z_]+)`$", text))
    assert set(DETECTORS) <= headed
    for pack in pack_paths():
        assert f"`{pack}`" in text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_line_that_is_printed_can_be_called(path: Path) -> None:
    """Each `tingjian …` in a console block parses: command, options, nothing left over."""
    root = typer.main.get_command(application())
    blocks = re.findall(r"(?ms)^```console\n(.*?)^```", path.read_text(encoding="utf-8"))
    lines = [line.partition(" #")[0] for block in blocks for line in block.splitlines()]
    for line in lines:
        for call in re.findall(r"(?:^\$ |&& |/bin/)tingjian( [^|&>]*)", line):
            command, words = root, shlex.split(call)
            while words:
                word = words.pop(0)
                below = getattr(command, "commands", {})
                if word in below:
                    command = below[word]
                elif word.startswith("-"):
                    known = {o: p for p in [*root.params, *command.params] for o in p.opts}
                    assert word in known, line
                    flag = getattr(known[word], "is_flag", False)
                    words = words if flag else words[1:]
                else:
                    assert not below, line
            assert not hasattr(command, "commands"), line
