"""Agreement, against figures that were published."""

from __future__ import annotations

import pytest

from pipelines.agreement import agreement, fleiss, interval, krippendorff, severity

# Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section D: four observers,
# twelve units; alpha is 0.743 for nominal and 0.849 for interval data.
UNITS = [
    ["1", "1", "1"], ["2", "2", "3", "2"], ["3", "3", "3", "3"], ["3", "3", "3", "3"],
    ["2", "2", "2", "2"], ["1", "2", "3", "4"], ["4", "4", "4", "4"], ["1", "1", "2", "1"],
    ["2", "2", "2", "2"], ["5", "5", "5"], ["1", "1"], ["3"],
]  # fmt: skip
# Fleiss, "Measuring nominal scale agreement among many raters" (1971), as tabled by many: ten
# subjects, fourteen raters, five categories; kappa is 0.210.
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def test_krippendorffs_own_example() -> None:
    assert krippendorff(UNITS) == pytest.approx(0.743, abs=0.001)
    assert krippendorff(UNITS, interval) == pytest.approx(0.849, abs=0.001)


def test_fleiss_own_example() -> None:
    units = [[str(c) for c, n in enumerate(row) for _ in range(n)] for row in FLEISS]
    assert fleiss(units) == pytest.approx(0.210, abs=0.001)


def test_shares_and_interval() -> None:
    found = agreement(UNITS, distance=interval, tolerance=1)
    assert found.units == 11
    assert found.exact == pytest.approx(43 / 55, abs=0.001)
    assert found.near is not None
    assert found.near > found.exact
    assert found.low < found.alpha < found.high  # type: ignore[operator]
    assert agreement(UNITS) == agreement(UNITS)  # drawn with a fixed seed


@pytest.mark.parametrize("units", [[], [["a"]], [["a"], ["b"]]])
def test_nobody_to_agree_with(units: list[list[str]]) -> None:
    assert agreement(units).exact is None
    assert agreement(units).alpha is None


def test_where_nothing_varies_there_is_nothing_to_agree_on() -> None:
    found = agreement([["a", "a"], ["a", "a"]])
    assert (found.exact, found.kappa, found.alpha) == (1.0, None, None)


def test_severity_compares_the_same_things_only() -> None:
    given = {
        "hard": {"1": 0.0, "2": 0.5},
        "mild": {"1": 1.0, "2": 0.5, "3": 1.0},
        "alone": {"9": 1.0},
    }
    assert severity(given) == {"hard": -0.5, "mild": 0.5}
