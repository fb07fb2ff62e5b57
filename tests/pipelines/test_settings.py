"""The settings file: what is wrong is said by name, with the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.settings import SettingsError, load


def written(folder: Path, text: str) -> Path:
    (folder / "tingjian.toml").write_text(text, encoding="utf-8")
    return folder


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    settings = load(written(tmp_path, ""))
    assert settings.centre.timezone == "Asia/Shanghai"
    assert settings.inbox == tmp_path.resolve() / "inbox"
    assert settings.speech.weights == "none"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[night]\nworkers = 0\n", ["night.workers", "greater than or equal to 1", "0"]),
        ("[nights]\n", ["nights", "Extra inputs"]),
        ("[centre]\ntimezone = 'Mars/Base'\n", ["centre.timezone", "Asia/Shanghai"]),
        ("[intake]\nfile_pattern = '('\n", ["intake.file_pattern", "regular expression"]),
        ("[intake]\nassumed_date = 'soon'\n", ["intake.assumed_date"]),
        ("[centre\n", ["TOML"]),
        ("folder = '/tmp'\n", ["folder", "no setting"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, text))
    for word in ["tingjian.toml", *words]:
        assert word in str(caught.value)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tingjian init"):
        load(tmp_path)
