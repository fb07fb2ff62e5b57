"""Sequence, near, anchor, only and finding: in time, in messages, under three-valued logic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.evidence import Evidence
from detectors.examples import Example, Line
from detectors.features import Features
from detectors.place import Distance
from detectors.rule_nodes import Any, Leaf, Near, Not
from detectors.rule_orders import Course, chains, clusters
from detectors.rule_tree import answer
from detectors.rules import Rule, load_rules
from detectors.wording.phrase import Phrase
from interactions.interaction import Channel, Interaction, Language
from interactions.sound import Party

A, C = Party.AGENT, Party.CUSTOMER
HEAD = "rules:\n  - {id: r, version: 1, severity: minor, title: {zh: 规, en: R}, find: "


def rules_of(tmp_path: Path, text: str) -> tuple[Rule, ...]:
    path = tmp_path / "r.yaml"
    path.write_text(text, "utf-8")
    return load_rules([path]).rules


def talk(said: str, channel: Channel = Channel.CHAT) -> Interaction:
    """``c`` and ``a`` before each message say who; a message every 10 s."""
    says = tuple(
        Line(A if part[0] == "a" else C, part[1:], 10.0 * i) for i, part in enumerate(said.split())
    )
    return Example(says=says, seconds=10.0 * len(says)).interaction(channel, Language.ZH)


def found(tmp_path: Path, find: str, interaction: Interaction) -> list[list[tuple[str, int]]]:
    (rule,) = rules_of(tmp_path, f"{HEAD}{find}}}\n")
    groups = answer(rule.tree, Features(interaction)).groups
    return [[(e.because, e.start_ms // 1000) for e in group] for group in groups]


X, Y, Z = (f"{{phrase: {{any: {word}}}}}" for word in ("甲", "乙", "丙"))


@pytest.mark.parametrize("channel", [Channel.CHAT, Channel.VOICE])
@pytest.mark.parametrize(
    ("find", "said", "at"),
    [
        (f"{{sequence: {{steps: [{X}, {Y}]}}}}", "c甲 a丁 a乙", [[0, 20]]),
        (f"{{sequence: {{steps: [{X}, {Y}]}}}}", "a乙 c甲", []),
        (f"{{sequence: {{steps: [{X}, {Y}], within: 1 messages}}}}", "c甲 a丁 a乙", []),
        (f"{{sequence: {{steps: [{X}, {Y}], within: 2 messages}}}}", "c甲 a丁 a乙", [[0, 20]]),
        (
            f"{{sequence: {{steps: [{X}, {Y}], within: 1 agent messages}}}}",
            "c甲 c丁 a乙",
            [[0, 20]],
        ),
        (f"{{sequence: {{steps: [{X}, {Y}], within: 15 s}}}}", "c甲 a丁 a乙", []),
        (f"{{sequence: {{steps: [{X}, {Y}], within: 25 s}}}}", "c甲 a丁 a乙", [[0, 20]]),
        (f"{{sequence: {{steps: [{X}, {Y}]}}}}", "c甲 c甲 a乙 a乙", [[10, 20]]),
        (f"{{sequence: {{steps: [{X}, {Y}]}}}}", "c甲 a乙 c甲 a乙", [[0, 10], [20, 30]]),
        (
            f"{{sequence: {{steps: [{X}, {Y}, {Z}], within: 1 messages}}}}",
            "c甲 a乙 c丙",
            [[0, 10, 20]],
        ),
        (f"{{near: {{parts: [{X}, {Y}], within: 1 messages}}}}", "a乙 c甲 c丁 a乙", [[0, 10]]),
        (f"{{near: {{parts: [{X}, {Y}], within: 0 messages}}}}", "a乙 c甲 c乙甲", [[20, 20]]),
        (
            f"{{near: {{parts: [{X}, {Y}], within: 1 messages, same_party: true}}}}",
            "a乙 c甲 c乙",
            [[10, 20]],
        ),
        (f"{{near: {{parts: [{X}, {Y}], within: 5 s}}}}", "a乙 c甲", []),
    ],
)
def test_order(tmp_path: Path, find: str, said: str, at: list[list[int]], channel: Channel) -> None:
    groups = found(tmp_path, find, talk(said, channel))
    whole = [[second // 10 * 10 for _, second in group] for group in groups]
    assert whole == at


def anchor(more: str) -> str:
    return f"{{anchor: {{anchor: {X}, find: {Y}, {more}}}}}"


@pytest.mark.parametrize(
    ("more", "said", "at"),
    [
        ("look: after", "c甲 a乙 a乙", [[0, 10, 20]]),
        ("look: after, within: 1 messages", "c甲 a乙 a乙", [[0, 10]]),
        ("look: after", "a乙 c甲", []),
        ("look: before", "a乙 c甲", [[0, 10]]),
        ("look: before, within: 1 messages", "a乙 c丁 c甲", []),
        ("look: around, within: 1 messages", "a乙 c甲 a乙 a乙", [[0, 10, 20]]),
        ("look: same", "c甲乙 c甲 a乙", [[0, 0]]),
        ("hit: any", "c甲 a乙 c甲", [[0, 10]]),
        ("hit: every", "c甲 a乙 c甲", []),
        ("hit: every", "c甲 c甲 a乙", [[0, 20], [10, 20]]),
        ("hit: first", "c甲 a乙 c甲 a乙", [[0, 10, 30]]),
        ("hit: last", "c甲 a乙 c甲 a乙", [[20, 30]]),
        ("hit: 2", "c甲 a乙 c甲 a乙", [[20, 30]]),
        ("hit: 3", "c甲 a乙 c甲 a乙", []),
        ("missing: true", "c甲 a丁", [[0, 0]]),
        ("missing: true", "c甲 a乙", []),
        ("missing: true, within: 1 agent messages", "c甲 a丁 a乙", [[0, 0]]),
        ("missing: true, hit: every", "c甲 a乙 c甲", []),
        ("missing: true, hit: last", "c甲 a乙 c甲", [[20, 20]]),
        ("missing: true, look: before", "c甲 a乙 c甲", [[0, 0]]),
        ("missing: true, look: same", "c甲乙 c甲", [[10, 10]]),
    ],
)
def test_anchor(tmp_path: Path, more: str, said: str, at: list[list[int]]) -> None:
    groups = found(tmp_path, anchor(more), talk(said))
    assert [[second for _, second in group] for group in groups] == at


def test_what_is_missing_tells_where_it_was_looked_for(tmp_path: Path) -> None:
    (rule,) = rules_of(tmp_path, f"{HEAD}{anchor('missing: true, within: 15 s')}}}\n")
    ((said, gap),) = answer(rule.tree, Features(talk("c我甲 a丁 a乙"))).groups
    assert (said.because, said.quote) == ("phrase", "甲")
    assert (gap.because, gap.quote, gap.utterance_seq) == ("missing_after", "甲", 0)
    assert (gap.start_ms, gap.end_ms) == (0, 15_000)


@pytest.mark.parametrize(
    ("more", "said", "at"),
    [
        ("party: customer", "c甲 a甲", [[0]]),
        ("within: last 1 message", "c甲 a甲", [[10]]),
        ("within: between 5 and 15 s", "c甲 a甲 a甲", [[10]]),
        ("channels: [voice]", "c甲", []),
        ("channels: [chat, voice]", "c甲", [[0]]),
        ("min_count: 2", "c甲", []),
        ("min_count: 2", "c甲 a甲", [[0], [10]]),
        ("every_message: true, party: customer", "c甲 a丁 c甲", [[0], [20]]),
        ("every_message: true, party: customer", "c甲 a丁 c丁", []),
        ("every_message: true, party: customer, within: first 1 messages", "c甲 a丁 c丁", [[0]]),
    ],
)
def test_only(tmp_path: Path, more: str, said: str, at: list[list[int]]) -> None:
    groups = found(tmp_path, f"{{only: {{find: {X}, {more}}}}}", talk(said))
    assert [[second for _, second in group] for group in groups] == at


@pytest.mark.parametrize(
    ("find", "change", "because"),
    [
        (f"{{not: {{sequence: {{steps: [{Y}, {X}]}}}}}}", {"trust": 0.2}, "low_trust"),
        (f"{{not: {{near: {{parts: [{X}, {Y}], within: 1 s}}}}}}", {"trust": 0.2}, "low_trust"),
        (f"{{not: {{only: {{find: {X}, within: last 1 s}}}}}}", {"trust": 0.2}, "low_trust"),
        (anchor("missing: true, within: 1 s"), {"trust": 0.2}, "low_trust"),
        (f"{{only: {{find: {X}, party: agent}}}}", {"role_confidence": 0.2}, "unknown_roles"),
        (f"{{sequence: {{steps: [{X}, {{silence: }}]}}}}", {}, "no_sound"),
        (f"{{near: {{parts: [{X}, {{silence: }}], within: 9 s}}}}", {}, "no_sound"),
        (f"{{anchor: {{anchor: {{silence: }}, find: {X}}}}}", {}, "no_sound"),
        (f"{{anchor: {{anchor: {X}, find: {{silence: }}}}}}", {}, "no_sound"),
        ("{only: {find: {silence: }}}", {}, "no_sound"),
    ],
)
def test_three_values_stay(
    tmp_path: Path, find: str, change: dict[str, object], because: str
) -> None:
    (rule,) = rules_of(tmp_path, f"{HEAD}{find}}}\n")
    said = answer(rule.tree, Features(replace(talk("c甲 a丁 c乙"), **change)))
    assert (said.groups, said.because) == ((), because)


def test_not_found_beats_not_measured(tmp_path: Path) -> None:
    (rule,) = rules_of(tmp_path, f"{HEAD}{{sequence: {{steps: [{Z}, {{silence: }}]}}}}}}\n")
    assert answer(rule.tree, Features(talk("c甲"))).because == ""


words = st.lists(st.sampled_from(["c甲", "a甲", "c乙", "a乙", "c丁", "c甲乙"]), max_size=12)
distances = st.sampled_from([None, "0 messages", "2 messages", "15 s", "3 agent messages"])


def marks(interaction: Interaction, word: str) -> list[tuple[Evidence, ...]]:
    return [(e,) for e in Phrase(any=(word,)).find(Features(interaction))]


@given(words, distances)
def test_chains_keep_order_and_distance(said: list[str], text: str | None) -> None:
    interaction = talk(" ".join(said))
    course = Course(Features(interaction))
    most = Distance.parse("within", text) if text else None
    first, then = marks(interaction, "甲"), marks(interaction, "乙")
    chained = chains(course, [first, then], most)
    for group in chained:
        a, b = (course.spots([(e,)])[0] for e in sorted(group, key=lambda e: e.quote != "甲"))
        assert a.last < b.first
        assert course.is_within(a, b, most)
    pairs = [
        (a, b)
        for a in course.spots(first)
        for b in course.spots(then)
        if a.last < b.first and course.is_within(a, b, most)
    ]
    assert bool(chained) is bool(pairs)


@given(words)
def test_clusters_share_no_evidence(said: list[str]) -> None:
    interaction = talk(" ".join(said))
    parts = [marks(interaction, "甲"), marks(interaction, "乙")]
    within = Distance.parse("within", "2 messages")
    every = clusters(Course(Features(interaction)), parts, within, same_party=False)
    evidence = [e for group in every for e in group]
    assert len(evidence) == len(set(evidence))
    tree = Near(
        parts=(Leaf("p", Phrase(any=("甲",))), Leaf("p", Phrase(any=("乙",)))), within=within
    )
    features = Features(interaction)
    assert bool(answer(tree, features).groups) is bool(every)
    both = Any((tree, Not(tree)))
    assert answer(both, features).groups or not said
