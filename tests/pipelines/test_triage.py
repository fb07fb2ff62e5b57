"""Which interactions stand first, and the control slice among them."""

from __future__ import annotations

import pytest

from detectors.evidence import Severity
from pipelines.triage import DISSATISFACTION_WEIGHT, LISTED, RISKY, UNHAPPIEST, WEIGHTS, rank
from warehouse.read import RankingFinding


def found(interaction_id: str, rule_id: str, severity: Severity, score: float = 1.0):
    return RankingFinding(interaction_id, f"f-{interaction_id}-{rule_id}", rule_id, severity, score)


def test_one_critical_finding_outweighs_two_minor_ones() -> None:
    entries = rank(
        [
            found("minor", "a", Severity.MINOR),
            found("minor", "b", Severity.MINOR),
            found("critical", "c", Severity.CRITICAL),
        ],
        ["minor", "critical"],
        control_share=0,
    )
    assert [entry.interaction_id for entry in entries] == ["critical", "minor"]
    assert [entry.position for entry in entries] == [1, 2]
    assert entries[1].risk == pytest.approx(1 - (1 - WEIGHTS[Severity.MINOR]) ** 2)


def test_a_rule_counts_once_however_often_it_found_something() -> None:
    once = rank([found("x", "a", Severity.MAJOR)], ["x"], control_share=0)
    often = rank(
        [found("x", "a", Severity.MAJOR, s) for s in (0.2, 1, 0.4)], ["x"], control_share=0
    )
    assert once[0].risk == often[0].risk == WEIGHTS[Severity.MAJOR]


def test_the_weightiest_rule_is_named_first() -> None:
    entries = rank(
        [found("x", "a", Severity.MINOR), found("x", "b", Severity.MAJOR)], ["x"], control_share=0
    )
    assert entries[0].rules == ("b", "a")


def test_the_control_slice_has_its_share_is_the_same_again_and_stands_anywhere() -> None:
    ids = [f"i{n:05d}" for n in range(5_000)]
    findings = [
        found(i, "a", Severity.CRITICAL, 0.5 + (n % 100) / 200) for n, i in enumerate(ids[:500])
    ]
    entries = rank(findings, ids, control_share=0.1)
    control = [entry for entry in entries if entry.is_control]
    # 5 000 draws at 0.1: the standard deviation is 21, so four of them are 85.
    assert 415 <= len(control) <= 585
    without = [entry.position for entry in control if not entry.rules]
    assert min(without) < len(entries) * 0.1 < len(entries) * 0.9 < max(without)
    assert rank(findings, ids, control_share=0.1) == entries
    assert rank(reversed(findings), list(reversed(ids)), control_share=0.1) == entries


def test_a_dissatisfied_customer_moves_up_and_is_listed_without_a_finding() -> None:
    findings = [found("a", "r", Severity.MINOR), found("b", "r", Severity.MINOR)]
    unhappy = {"b": 0.4, "c": RISKY, "d": RISKY - 0.01}
    entries = rank(findings, ["a", "b", "c", "d"], control_share=0, unhappy=unhappy)
    assert [entry.interaction_id for entry in entries] == ["b", "c"]
    weight = WEIGHTS[Severity.MINOR]
    assert entries[0].risk == pytest.approx(1 - (1 - weight) * (1 - DISSATISFACTION_WEIGHT * 0.4))
    assert entries[1].rules == ()


def test_one_minor_finding_alone_sends_nobody_and_two_do() -> None:
    assert WEIGHTS[Severity.MINOR] < LISTED < WEIGHTS[Severity.MAJOR]
    findings = [found("a", "r", Severity.MINOR), found("b", "r", Severity.MINOR)]
    findings.append(found("b", "s", Severity.MINOR))
    entries = rank(findings, ["a", "b"], control_share=0)
    assert [entry.interaction_id for entry in entries] == ["b"]


def test_without_a_finding_only_the_unhappiest_are_listed() -> None:
    ids = [f"i{n:03}" for n in range(100)]
    unhappy = {one: 0.6 + n / 1000 for n, one in enumerate(ids)}
    entries = rank([], ids, control_share=0, unhappy=unhappy)
    assert [e.interaction_id for e in entries] == ["i099", "i098", "i097", "i096", "i095"]
    assert len(entries) == UNHAPPIEST * len(ids)
