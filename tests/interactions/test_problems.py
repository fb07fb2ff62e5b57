from __future__ import annotations

import re
from string import Formatter

import pytest

from interactions.problems import PROBLEMS, Unreadable, explain


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", PROBLEMS)
def test_both_languages_say_the_same_values(code: str) -> None:
    explanation = PROBLEMS[code]
    zh = places(explanation.because["zh"] + explanation.remedy["zh"])
    en = places(explanation.because["en"] + explanation.remedy["en"])
    values = dict.fromkeys(zh | en, "1")
    assert zh == en
    assert re.search("[\u4e00-\u9fff]", explain(code, values, "zh"))
    assert not re.search("[\u4e00-\u9fff]", explain(code, values, "en"))


def test_a_problem_reads_as_one_line() -> None:
    problem = Unreadable("a.csv#7", "unreadable_time", column="时间", value="soon")
    assert str(problem) == (
        "a.csv#7: the time 'soon' in 时间 cannot be read; "
        "write it like 2026-01-31 09:05:00, or give its format in the settings"
    )
