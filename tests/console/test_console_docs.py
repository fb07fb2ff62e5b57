"""The documentation: every command, option and setting, and nothing that is not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import typer

from console.cli import application
from pipelines.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


def commands() -> dict[str, typer.core.TyperCommand | typer.core.TyperGroup]:
    found = {}

    def walk(path: str, command: typer.core.TyperCommand | typer.core.TyperGroup) -> None:
        if isinstance(command, typer.core.TyperGroup):
            for name, below in command.commands.items():
                walk(f"{path} {name}", below)
        else:
            found[path] = command

    walk("tingjian", typer.main.get_command(application()))
    return found


def test_every_command_and_option_is_documented_and_no_other() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^## `(tingjian [a-z -]+?)(?: [A-Z\[].*)?`\n", text)
    documented = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(documented) == [*dict.fromkeys(documented)]
    assert set(documented) == set(commands())
    for name, command in commands().items():
        options = {o for p in command.params for o in p.opts if o.startswith("--")}
        table = {o for line in documented[name].splitlines() if line.startswith("|")
                 for o in re.findall(r"--[a-z]+", line.split("|")[1])}  # fmt: skip
        assert table == options, name
        below = name.removeprefix("tingjian ")
        example = rf"(\$|&&) tingjian (--centre mycentre |--lang en )?{below}\b"
        assert re.search(example, documented[name]), name
    head = parts[0]
    root = typer.main.get_command(application())
    for param in root.params:
        assert param.opts[0] in head
        assert param.envvar is None or str(param.envvar) in head


def test_every_setting_is_documented_with_its_default_and_no_other() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| `([a-z]+\.[a-z_]+)` \| `(.*?)` \| (.+) \|$", text)
    documented = {name: default for name, default, _ in rows}
    assert len(documented) == len(rows)
    expected = {
        f"{section}.{name}": list(value) if isinstance(value, tuple) else value
        for section, values in Settings().model_dump().items()
        for name, value in values.items()
    }
    assert documented == {
        name: json.dumps(value, ensure_ascii=False) for name, value in expected.items()
    }
    assert all(len(about) > 20 for _, _, about in rows)
    for section in Settings().model_dump():
        assert f"## `[{section}]`" in text
