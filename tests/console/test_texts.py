"""The texts: both languages say the same, and everything that is shown has a text."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from console.messages.texts import LANGUAGES, Texts, clean, preferred
from console.summary_page import dimension_key
from detectors.effort.signs import WEIGHTS
from detectors.measures import UNITS
from detectors.reason.summary import Part
from detectors.reason.taxonomy import Dimension
from hotwords.counts import Slice
from hotwords.exposure import CONTACTS, CUSTOMERS
from hotwords.followup import REASONS, Outcome
from pipelines.progress import STAGES
from pipelines.publishing import OBJECTIONS

CONSOLE = Path(__file__).parents[2] / "console"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def keys_in_code() -> set[str]:
    found = set()
    for path in CONSOLE.rglob("*.py"):
        if path.parent.name == "web":
            continue  # its texts have a file and a test of their own
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    zh, en = Texts("zh"), Texts("en")
    assert set(zh) == set(en)
    different = [key for key in zh if not key.startswith("help.") or ".example" not in key]
    assert [key for key in different if places(zh.raw(key)) != places(en.raw(key))] == []
    assert len(set(zh)) > 200


def test_the_mandarin_is_mandarin() -> None:
    zh, en = Texts("zh"), Texts("en")
    same = {key for key in zh if zh.raw(key) == en.raw(key) and re.search("[a-z]{4}", zh.raw(key))}
    allowed = {key for key in same if key.endswith(".example") or key.startswith("unit.")}
    assert same - allowed <= {
        "doctor.name.python", "doctor.says.python", "doctor.remedy.espeak", "doctor.group.samples",
        "doctor.says.warehouse_busy", "run.seconds", "settings.value_error",
    }  # fmt: skip


def test_every_text_is_used_and_every_key_in_code_has_a_text() -> None:
    texts, constants = Texts("en"), keys_in_code()
    sections = {key.partition(".")[0] for key in texts}
    shaped = {c for c in constants if re.fullmatch(r"[a-z]+(\.[a-z_]+)+", c)}
    keys = {c for c in shaped if c.partition(".")[0] in sections}
    begun = {c for c in keys if c.endswith("_")}  # completed by a value
    assert keys - begun - set(texts) - {"rules.packs"} == set()
    begun |= {c for c in constants if re.fullmatch(r"([a-z]+\.)+", c)}
    # The completed ones end in a word of the code, or in a name that another test asks for.
    words = {word for c in constants for word in re.split(r"[^A-Za-z0-9_]+", c)}
    elsewhere = ("help.", "measure.", "unit.", "stage.", "settings.", "spikes.dimension.")
    elsewhere += ("party.", "language.", "rules.example_", "publish.", "hotwords.effect.")
    elsewhere += ("effort.sign_", "reasons.of_", "reasons.part_", "reasons.at_", "ask.")
    elsewhere += ("hotwords.denominator.", "alerts.of_")
    unused = {
        key
        for key in texts
        if key not in constants
        and not key.startswith(elsewhere)
        and not any(key.startswith(start) and key.removeprefix(start) in words for start in begun)
    }
    assert unused == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_other_packages_have_a_text(language: str) -> None:
    texts = Texts(language)
    for stage in STAGES:
        assert f"stage.{stage}" in texts
    for measure, unit in UNITS.items():
        assert f"measure.{measure}" in texts
        assert f"unit.{unit}" in texts
    for dimension in ("channel", "product", "queue", "team", "region", "reason"):
        assert f"spikes.dimension.{dimension}" in texts
    for outcome in (*REASONS, *set(Outcome) - {Outcome.NOT_MEASURED}):
        assert f"hotwords.effect.{outcome}" in texts
    for name in (CONTACTS, CUSTOMERS):
        assert f"hotwords.denominator.{name}" in texts
    for code in OBJECTIONS:
        assert f"publish.{code}" in texts
    assert Slice().dimension == "all"  # the whole has a text of its own


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_reasons_and_effort_have_a_text(language: str) -> None:
    texts = Texts(language)
    for sign in WEIGHTS:
        assert f"effort.sign_{sign}" in texts
    for one in Dimension:
        assert dimension_key(one) in texts
    for part in Part:
        assert f"reasons.part_{part}" in texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 中文", "plain 中文"),
        ("a\nb\tc\rd\u2028e", "a b c d e"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\x9b31m\x07\x00\x7f", "\ufffd31m\ufffd\ufffd\ufffd"),
        ("\u202egnp.exe", "\ufffdgnp.exe"),
        ("\udcff.wav", "\ufffd.wav"),
    ],
)
def test_text_from_outside_cannot_drive_the_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown
    assert Texts("en")("show.none", id=text) == (
        f"no interaction begins with {shown}; `tingjian worklist` shows ids"
    )


@pytest.mark.parametrize(
    ("asked", "written", "environment", "language"),
    [
        ("en", 'language = "zh"', {"LANG": "zh_CN.UTF-8"}, "en"),
        ("", 'language = "en"', {"LANG": "zh_CN.UTF-8"}, "en"),
        ("", 'language = "zh"', {}, "zh"),
        ("", "", {"LANG": "zh_CN.UTF-8"}, "zh"),
        ("", "", {"LC_ALL": "en_GB", "LANG": "zh_CN.UTF-8"}, "en"),
        ("", "", {}, "en"),
        ("", "language = ", {"LANG": "zh_TW"}, "zh"),
        ("", 'language = "fr"', {}, "en"),
        ("fr", 'language = "zh"', {}, "zh"),
    ],
)
def test_which_language_is_spoken(
    tmp_path: Path, asked: str, written: str, environment: dict[str, str], language: str
) -> None:
    (tmp_path / "tingjian.toml").write_text(f"[centre]\n{written}\n", encoding="utf-8")
    assert preferred(asked, tmp_path, environment) == language


def test_no_centre_and_no_locale_is_english(tmp_path: Path) -> None:
    assert preferred("", tmp_path / "nowhere", {}) == "en"
