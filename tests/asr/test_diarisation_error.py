"""The diarisation error that the benchmarks report."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks._diarisation import Error, diarised, reference
from interactions.sound import Span

TRUE = ((Span(0, 4000), Span(8000, 10_000)), (Span(3000, 8000),))
ALL = 1100


@pytest.mark.parametrize(
    ("found", "collar_ms", "expected"),
    [
        (TRUE, 0, Error(0, 0, 0, ALL)),
        (TRUE[::-1], 0, Error(0, 0, 0, ALL)),
        (((Span(0, 10_000),), ()), 0, Error(100, 0, 400, ALL)),
        (((), ()), 0, Error(ALL, 0, 0, ALL)),
        (((Span(0, 4000), Span(8000, 11_000)), (Span(3000, 8000),)), 0, Error(0, 100, 0, ALL)),
        (((Span(0, 4200), Span(8000, 10_000)), (Span(3000, 8000),)), 0, Error(0, 20, 0, ALL)),
        (((Span(0, 4200), Span(8000, 10_000)), (Span(3000, 8000),)), 250, Error(0, 0, 0, 850)),
    ],
)
def test_error(found: tuple, collar_ms: int, expected: Error) -> None:
    assert diarised(found, TRUE, 12_000, collar_ms=collar_ms) == expected


def test_errors_add_up_to_a_rate() -> None:
    both = Error(1, 2, 3, 50) + Error(4, 0, 0, 50)
    assert both == Error(5, 2, 3, 100)
    assert both.rate == 0.1
    assert both.share(both.wrong_voice) == 0.03
    assert Error().rate == 0


def test_a_reference_may_hold_one_speaker(tmp_path: Path) -> None:
    path = tmp_path / "call.rttm"
    path.write_text("SPEAKER call 2 1.000 0.500 <NA> <NA> customer <NA> <NA>\n", "utf-8")
    assert reference(path) == [(), (Span(1000, 1500),)]
