"""The command line itself: help in both languages, mistakes told in one line, a quick start."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.cli import hoisted
from console.messages.texts import Texts

Call = Callable[..., Any]
COMMANDS = (
    "", "init", "intake", "run", "reinspect", "worklist", "show", "rules", "rules check",
    "rules list", "rules test", "rules backtest", "rules publish", "rules history", "rules schema",
    "verdict", "review", "answer", "scores", "sheets", "sheets check", "hotwords",
    "hotwords show", "hotwords act", "hotwords watch", "doctor",
)  # fmt: skip
HEAVY = (
    "torch", "whisper", "spacy", "jieba", "prefect", "duckdb", "pyarrow", "numpy", "scipy",
    "onnxruntime", "httpx", "fastapi",
)  # fmt: skip
ROOT = Path(__file__).parents[2]


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_in_the_chosen_language(tingjian: Call, command: str, language: str) -> None:
    answer = tingjian("--lang", language, *command.split(), "--help")
    key = ".".join(("help", *(command.split() or ("tingjian",))))
    texts = Texts(language)
    assert (answer.status, answer.err) == (0, "")
    assert texts("help.usage") in answer.out
    for word in texts.raw(f"{key}.example").split():
        assert word in answer.out
    for other in texts:
        if other.startswith(f"{key}.") and other.count(".") == key.count(".") + 1:
            told = other.rpartition(".")[2] not in {"short", "example"}
            first = texts.raw(other).strip().splitlines()[0]
            assert not told or first in " ".join(answer.out.split()) or first in answer.out


def test_help_lists_every_command(tingjian: Call) -> None:
    out = tingjian("--lang", "en", "--help").out
    texts = Texts("en")
    for command in COMMANDS[1:]:
        if " " not in command:
            assert command in out
            assert texts.raw(f"help.{command}.short") in out


def test_nothing_asked_is_helped(tingjian: Call) -> None:
    assert tingjian().out == tingjian("--help").out
    alone = tingjian("rules", "--lang", "en")
    assert alone.status == 2
    assert "Check and list the rules" not in alone.err
    assert "tingjian rules [OPTIONS] COMMAND" in alone.out


@pytest.mark.parametrize(
    ("arguments", "language", "line"),
    [
        (
            "worklsit",
            "en",
            "there is no command worklsit; did you mean worklist? `tingjian --help`",
        ),
        ("zzz", "zh", "没有命令 zzz；`tingjian --help` 列出全部命令"),
        (
            "rules chek",
            "en",
            "there is no command chek; did you mean check, schema? `tingjian rules --help`",
        ),
        ("run --foo", "en", "there is no option --foo; see `tingjian run --help`"),
        ("run --jsno", "zh", "没有选项 --jsno；是不是 --json？请看 `tingjian run --help`"),
        ("show", "zh", "缺少 ID；请看 `tingjian show --help`"),
        ("show a b", "en", "there is more behind `tingjian show` than it takes"),
        ("worklist --first x", "zh", "--first 的值写得不对"),
        ("worklist --first 0", "en", "--first does not take what is written there"),
        ("worklist --first", "en", "--first needs a value behind it"),
        (
            "worklist --severity bad",
            "en",
            "--severity cannot be bad; allowed: minor, major, critical",
        ),
        (
            "worklist --channel sms",
            "zh",
            "--channel 不能是 sms；可以是：voice, chat, email, ticket",
        ),
        ("worklist --day yesterday", "zh", "yesterday 不是日期；请写成 2026-03-01"),
        ("doctor --lang fr", "en", "--lang cannot be fr; allowed: zh, en"),
        ("run", "en", "tingjian.toml: not found; make a centre with `tingjian init DIR`"),
        ("show x", "zh", "tingjian.toml：没有这个文件；请用 `tingjian init DIR` 建立中心"),
    ],
)
def test_a_mistake_is_one_clear_line(
    tingjian: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: str,
    language: str,
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", {"zh": "zh_CN.UTF-8", "en": "C"}[language])
    answer = tingjian(*arguments.split())
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("✗ ")
    assert line in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "arranged"),
    [
        ("run --centre a --lang zh", "--centre a --lang zh run"),
        ("rules check f --lang=en", "--lang en rules check f"),
        ("--centre=a=b run", "--centre a=b run"),
        ("show -- --lang", "show -- --lang"),
        ("run --centre", "--centre run"),
        ("", ""),
    ],
)
def test_centre_and_language_may_stand_anywhere(given: str, arranged: str) -> None:
    assert hoisted(given.split()) == arranged.split()


def test_the_centre_can_come_from_the_environment(
    tingjian: Call, centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINGJIAN_CENTRE", str(centre))
    assert "example-threatens-to-complain" in tingjian("rules", "list").folded
    monkeypatch.setenv("TINGJIAN_LANG", "zh")
    assert "客户表示要投诉" in tingjian("rules", "list").folded


def test_a_centre_that_is_a_file_is_a_clear_line(tingjian: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    answer = tingjian("--centre", tmp_path / "file", "run")
    assert answer.status == 2
    assert "cannot be opened" in answer.err


def test_everything_wrong_with_the_settings_is_told(tingjian: Call, tmp_path: Path) -> None:
    (tmp_path / "tingjian.toml").write_text(
        "[centre]\ntimezone = 'Mars'\nlanguage = 'fr'\n[intake]\ncolumns = 3\n"
        "file_pattern = '('\nassumed_date = 'soon'\n[rules]\npacks = 'x'\n"
        "[night]\nworkers = 0\nfoo = 1\ncontrol_share = 2\nshard_texts = 'many'\n"
        "[hotwords]\nq = 0\n",
        encoding="utf-8",
    )
    answer = tingjian("--centre", tmp_path, "--lang", "zh", "run")
    assert answer.status == 2
    for line in (
        "centre.timezone 写的是 'Mars'：没有这个时区；请写如 Asia/Shanghai",
        "centre.language 写的是 'fr'：可以是 'zh', 'en'",
        "intake.columns 写的是 3：请成对地写",
        "intake.file_pattern 写的是 '('：不是正则表达式",
        "intake.assumed_date 写的是 'soon'：请写成 2026-03-01 这样的日期",
        "rules.packs 写的是 'x'：请写成列表",
        "night.workers 写的是 0：必须大于或等于 1",
        "night.foo 写的是 1：没有这项设置",
        "night.control_share 写的是 2：必须小于或等于 1",
        "night.shard_texts 写的是 'many'：请写整数",
        "hotwords.q 写的是 0：必须大于 0",
    ):
        assert line in answer.err
    assert "不合要求" not in answer.err  # every kind of error has a text of its own


@pytest.mark.parametrize(
    ("text", "line"),
    [("[centre\n", "not readable as TOML"), ("folder = 'x'\n", "folder is : there is no such")],
)
def test_a_broken_settings_file_is_told(
    tingjian: Call, tmp_path: Path, text: str, line: str
) -> None:
    (tmp_path / "tingjian.toml").write_text(text)
    answer = tingjian("--centre", tmp_path, "intake")
    assert answer.status == 2
    assert line in answer.err


def test_a_pack_that_is_not_shipped_is_told(tingjian: Call, centre: Path) -> None:
    path = centre / "tingjian.toml"
    path.write_text(path.read_text("utf-8").replace("packs = []", 'packs = ["nix"]'), "utf-8")
    answer = tingjian("--centre", centre, "run")
    assert answer.status == 2
    assert "rules.packs is 'nix': there is no such pack; shipped are: complaints_en" in answer.err


def test_help_loads_no_heavy_package_and_answers_within_a_second() -> None:
    code = (
        "import sys; from console.cli import main; status = main(['--help']); "
        f"print(*(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr); sys.exit(status)"
    )
    loaded = python("-c", code)
    assert (loaded.returncode, loaded.stderr.strip()) == (0, "")
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        assert python("-m", "console", "--help").returncode == 0
        took.append(time.perf_counter() - begun)
    assert min(took) < 1.0


def test_the_help_of_every_command_is_light() -> None:
    asked = [[*command.split(), "--help"] for command in COMMANDS]
    code = (
        "import sys; from console.cli import main; "
        f"status = max(main(one) for one in {asked!r}); "
        f"print(*(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr); sys.exit(status)"
    )
    loaded = python("-c", code)
    assert (loaded.returncode, loaded.stderr.strip()) == (0, "")


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_any_terminal_encoding_will_do(encoding: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "console", "--lang", "zh", "worklsit"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 2
    assert b"worklist" in answer.stderr
    assert b"Traceback" not in answer.stderr


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m console --help | head -1; echo ${{PIPESTATUS[0]}}"
    answer = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert "Traceback" not in answer.stderr
    assert "Exception ignored" not in answer.stderr
