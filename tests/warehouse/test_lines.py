"""The worklist's lines, a page at a time: whatever is looked through first, nothing is left out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from warehouse import read_lines
from warehouse.read import LineFilter, lines
from warehouse.store import Warehouse

COUNT = 40
_LINES = """
INSERT INTO lines BY NAME
SELECT i::INTEGER AS position, 'chat-' || i AS interaction_id, 0.5 AS risk, false AS is_control,
    [] AS rules, 'chat' AS channel, TIMESTAMPTZ '2026-03-01 15:59:00+00' + INTERVAL (i) MINUTE
    AS started_at, 0 AS duration_ms, 'A' || (i % 7) AS agent, 'Q' || (i % 2) AS queue,
    'zh' AS language, 1 AS findings, ['rule-' || (i % 3)] AS rule_ids,
    [if(i % 5 = 0, 'critical', 'minor')] AS severities, 100 + i AS number
FROM range(1, 41) t(i)
"""
_VERDICTS = """
INSERT INTO verdicts SELECT 'v' || i, 'f' || i, 'chat-' || i, 'r', '1', 'confirmed', NULL, 'rui',
    TIMESTAMPTZ '2026-03-02 00:00:00+00', '' FROM range(1, 41) t(i) WHERE i % 4 = 0
"""
_WITHDRAWN = """
INSERT INTO withdrawals VALUES ('e', 'v8', 'f8', 'rui', TIMESTAMPTZ '2026-03-03 00:00:00+00')
"""
_HEARD = """
INSERT INTO reviews
VALUES ('r', 'chat-1', [], 'rui', TIMESTAMPTZ '2026-03-03 00:00:00+00', '')
"""
_GIVEN = """
INSERT INTO assignments SELECT 'a' || i, 'chat-' || i, if(i % 2 = 0, 'min', 'rui'), 'lead',
    TIMESTAMPTZ '2026-03-03 00:00:00+00' FROM range(1, 41) t(i) WHERE i % 6 < 2
"""
_MEASURED = """
INSERT INTO measures
SELECT 'chat-' || i, 'talk_share', 'agent', i / 40.0, 'share', '', 'e' FROM range(1, 41) t(i)
"""
JUDGED = {i for i in range(1, COUNT + 1) if (i % 4 == 0 and i != 8) or i == 1}
GIVEN = {i: ("min", "rui")[i % 2] for i in range(1, COUNT + 1) if i % 6 < 2}
NOT_OTHERS = {i for i in range(1, COUNT + 1) if GIVEN.get(i, "rui") == "rui"}
EVERY = set(range(1, COUNT + 1))


@pytest.fixture
def listed(store: Warehouse) -> Warehouse:
    store.change(_LINES, _VERDICTS, _WITHDRAWN, _HEARD, _GIVEN, _MEASURED)
    return store


@pytest.mark.parametrize("steps", [(1, 3), (4_000, 64_000)])
@pytest.mark.parametrize(
    ("only", "meant"),
    [
        (LineFilter(), EVERY),
        (LineFilter(state="open"), EVERY - JUDGED),
        (LineFilter(state="done"), JUDGED),
        (LineFilter(state="mine", person="rui"), {i for i in GIVEN if i % 2} - JUDGED),
        (LineFilter(state="free", person="rui"), NOT_OTHERS - JUDGED),
        (LineFilter(agent="A3", state="open"), {i for i in EVERY - JUDGED if i % 7 == 3}),
        (LineFilter(severity="critical", queue="Q1"), {5, 15, 25, 35}),
        (LineFilter(rule_id="rule-2", severity="critical"), {5, 20, 35}),
        (LineFilter(measure="talk_share", at_least=0.9), {36, 37, 38, 39, 40}),
        (LineFilter(measure="talk_share", at_most=0.1, state="open"), {2, 3}),
        (LineFilter(numbers=np.array([140, 102, 999])), {2, 40}),
        (LineFilter(numbers=np.array([], np.int64)), set()),
        (LineFilter(last_day=date(2026, 3, 1)), set()),  # in Shanghai the day is over by then
        (LineFilter(first_day=date(2026, 3, 2), last_day=date(2026, 3, 2)), EVERY),
        (LineFilter(last_day=date(2026, 3, 1), timezone="UTC"), EVERY),
    ],
)
def test_pages_hold_every_line_once(
    listed: Warehouse,
    monkeypatch: pytest.MonkeyPatch,
    only: LineFilter,
    meant: set[int],
    steps: tuple[int, ...],
) -> None:
    monkeypatch.setattr(read_lines, "STEPS", steps)
    found: list[int] = []
    after = 0
    while page := lines(listed, only, after=after, limit=3):
        found += [line.position for line in page]
        after = found[-1]
    assert found == sorted(meant)
